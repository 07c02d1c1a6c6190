"""What is shown of the programme as a whole: how far the products have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.errors import say
from ocop_workflow.states import State
from ocop_workflow.views import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.errors import Language
    from ocop_workflow.overview.list_queries import StateCount


@dataclass(frozen=True, slots=True)
class CountView(View):
    """How many products of a unit are in a state."""

    unit: str
    unit_name: str
    state: State
    state_label: str
    products: int
    overdue: int


@dataclass(frozen=True, slots=True)
class ProgressView(View):
    """Where the products stand, counted at one moment."""

    day: date
    products: int
    overdue: int
    counts: tuple[CountView, ...]

    @classmethod
    def of(cls, counts: Sequence[StateCount], day: date, language: Language = "vi") -> ProgressView:
        """Return what was counted on a local day, and its sums."""
        return cls(
            day=day,
            products=sum(count.products for count in counts),
            overdue=sum(count.overdue for count in counts),
            counts=tuple(
                CountView.alike(count, state_label=say(count.state.text, language)) for count in counts
            ),
        )
