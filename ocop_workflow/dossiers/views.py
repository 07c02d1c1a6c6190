"""How a dossier is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.errors import say
from ocop_workflow.regulations import load_regulation
from ocop_workflow.states import Dossier
from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.dossiers.queries import DossierRecord
    from ocop_workflow.errors import Language


@dataclass(frozen=True, slots=True)
class DossierRunView(View):
    """A run of a product through evaluation, in its plan; `mean`: the exact mean that it was given.

    `product_set`: the set of products (Phụ lục I) whose sheet it is scored by. `regulation`: the rule pack in
    force on the day on which it was received, by which it is rated, and its number; none: not received yet.
    """

    number: int
    kind: Dossier
    label: str
    plan: str
    received_on: date | None
    regulation: str | None
    regulation_number: str | None
    official_code: str | None
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
            regulation=record.regulation,
            regulation_number=load_regulation(record.regulation).number if record.regulation else None,
            official_code=record.official_code,
            product_set=record.product_set,
            mean=str(record.score.mean) if record.score else None,
        )
