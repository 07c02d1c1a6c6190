"""What a list shows of a product: where it stands, what is due first, the next step of whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import ONWARD
from ocop_workflow.states import Event
from ocop_workflow.web.exchange.languages import say

if TYPE_CHECKING:
    from ocop_workflow.deadlines.views import ProductDeadlineView
    from ocop_workflow.errors import Language
    from ocop_workflow.products.views import ProductView


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in a list. `next_event`: the step that whoever looks may take; `next_label`: in words."""

    view: ProductView
    due: ProductDeadlineView | None
    next_event: str
    next_label: str


def row_of(view: ProductView, language: Language) -> ProductRow:
    """Return what a list shows of a product."""
    due = min(view.deadlines, key=lambda line: line.due_on, default=None)
    event = next_step(view)
    return ProductRow(view, due, event.value if event else "", say(event.text, language) if event else "")


def next_step(view: ProductView) -> Event | None:
    """Return the step that leads a product on and that whoever looks may take; none: there is none."""
    return next((event for event in Event if event in ONWARD and event in view.allowed), None)
