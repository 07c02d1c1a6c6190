"""What is shown of a step of a product: what it did, or would do, and what taking it back did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

from ocop_workflow.deadlines.views import OpenedDeadlineView
from ocop_workflow.errors import say
from ocop_workflow.products.views import LackView
from ocop_workflow.states import Event, State
from ocop_workflow.views import OMITTED, UNSENT, FaultView, View

if TYPE_CHECKING:
    from ocop_workflow.errors import Language
    from ocop_workflow.products.advance import Advanced
    from ocop_workflow.products.undoing import Undone


@dataclass(frozen=True, slots=True)
class AdvancedView(View):
    """What an event did."""

    code: str
    event: Event
    source: State
    state: State
    state_label: str
    version: int
    deadlines: tuple[OpenedDeadlineView, ...]

    @classmethod
    def of(cls, done: Advanced, language: Language = "vi") -> AdvancedView:
        """Return what a step of a product did."""
        deadlines = tuple(map(OpenedDeadlineView.of, done.deadlines))
        return cls.alike(done, state_label=say(done.state.text, language), deadlines=deadlines)


@dataclass(frozen=True, slots=True)
class UndoneView(AdvancedView):
    """What undoing did: which step, and how many letters were cancelled and corrected."""

    undoes: int
    cancelled: int
    corrections: int

    @classmethod
    def of_undoing(cls, done: Undone, language: Language = "vi") -> UndoneView:
        """Return what taking a step back did."""
        deadlines = tuple(map(OpenedDeadlineView.of, done.deadlines))
        label = say(done.state.text, language)
        return cls.alike(done, state_label=label, deadlines=deadlines, undoes=done.seq)


@dataclass(frozen=True, slots=True)
class OccurredView(View):
    """What recording such an event, or taking it back, did: the deadlines that are open since."""

    code: str
    event: str
    name: str
    on: date | None
    by: str | None
    undone: str | None
    deadlines: tuple[OpenedDeadlineView, ...]
    etag: Annotated[str, UNSENT] = ""


@dataclass(frozen=True, slots=True)
class VerdictView(View):
    """What would become of one product: allowed, or why not."""

    code: str
    allowed: bool
    error: Annotated[str | None, OMITTED] = None
    detail: Annotated[str | None, OMITTED] = None
    faults: Annotated[tuple[FaultView, ...] | None, OMITTED] = None
    missing: Annotated[tuple[LackView, ...] | None, OMITTED] = None
    possible: Annotated[tuple[Event, ...] | None, OMITTED] = None
    needs: Annotated[dict[Event, tuple[str, ...]] | None, OMITTED] = None


@dataclass(frozen=True, slots=True)
class BulkView(View):
    """A verdict for each product and the token of the allowed ones; or what was done."""

    dry_run: bool
    token: Annotated[str | None, OMITTED] = None
    verdicts: Annotated[tuple[VerdictView, ...] | None, OMITTED] = None
    advanced: Annotated[tuple[AdvancedView, ...] | None, OMITTED] = None
