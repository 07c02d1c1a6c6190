"""How a dossier is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.errors import say
from ocop_workflow.states import Dossier
from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.dossiers.queries import DossierRecord
    from ocop_workflow.errors import Language


@dataclass(frozen=True, slots=True)
class DossierRunView(View):
    """A run of a product through evaluation, in its plan; `mean`: the exact mean that it was given.

    `product_set`: the set of products (Phụ lục I) whose sheet it is scored by.
    """

    number: int
    kind: Dossier
    label: str
    plan: str
    received_on: date | None
    product_set: int | None
    mean: str | None

    @classmethod
    def of(cls, record: DossierRecord, language: Language = "vi") -> DossierRunView:
        """Return how a stored dossier is shown."""
        return cls(
            number=record.number,
            kind=record.kind,
            label=say(record.kind.text, language),
            plan=record.plan_slug,
            received_on=record.received_on,
            product_set=record.product_set,
            mean=str(record.score.mean) if record.score else None,
        )
