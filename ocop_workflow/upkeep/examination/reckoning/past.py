"""What became of a plan: which version of it and which extensions held at which instant."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.upkeep.examination.plan_queries import ExtensionFact, OccurrenceFact
    from ocop_workflow.upkeep.examination.reckoning.timeline import Span


@dataclass(frozen=True, slots=True)
class Turn:
    """That a plan's dates changed: when, and the local day from which the new ones hold.

    `plan_id`: none: whatever plan a product is in, a law did it. `entry`: the number of its entry in the
    audit; `last_step`: the last step of any product before it.
    """

    plan_id: int | None
    at: datetime
    on: date
    entry: int | None = None
    last_step: int | None = None

    def is_before(self, moment: Span) -> bool:
        """Tell whether something was recorded after the change, or with it."""
        if moment.step is not None and self.last_step is not None:
            return self.last_step < moment.step
        if moment.entry is not None and self.entry is not None:
            return self.entry <= moment.entry
        return self.at <= moment.read


@dataclass(frozen=True)
class Past:
    """A plan's past.

    Attributes:
        plan_id: the plan; none: what a product had outside every plan.
        loaded_at: when it was first loaded.
        calendars: the calendar of each version, oldest first.
        replaced: when another version took the place of each but the last.
        extensions: its extensions, each with its grant and, if there is one, its revocation.
        occurrences: by product what has happened to it for itself: recorded and, if so, taken back.
    """

    plan_id: int | None
    loaded_at: datetime
    calendars: tuple[Calendar, ...]
    replaced: tuple[Turn, ...] = ()
    extensions: tuple[tuple[ExtensionFact, Turn, Turn | None], ...] = ()
    occurrences: Mapping[int, Sequence[tuple[OccurrenceFact, Turn, Turn | None]]] = field(
        default_factory=dict
    )

    def calendar_at(self, moment: Span) -> Calendar:
        """Return the calendar that held at a moment: at that of a change the new one does."""
        return self.calendars[sum(turn.is_before(moment) for turn in self.replaced)]

    def extended_at(self, product_id: int, moment: Span) -> dict[str, date]:
        """Return until when which milestones were extended for a product at a moment."""
        return {
            given.rule: given.due_on
            for given, granted, revoked in self.extensions
            if product_id in given.products
            and granted.is_before(moment)
            and (revoked is None or not revoked.is_before(moment))
        }

    def happened_at(self, product_id: int, moment: Span) -> dict[str, date]:
        """Return what had happened to a product for itself, and when, as was known at a moment."""
        return {
            fact.event: fact.happened_on
            for fact, recorded, undone in self.occurrences.get(product_id, ())
            if recorded.is_before(moment) and (undone is None or not undone.is_before(moment))
        }

    def turns_of(self, product_id: int) -> tuple[Turn, ...]:
        """Return when the dates of a product changed, in order: its plan's, and those of its own events."""
        own = [
            turn
            for _, recorded, undone in self.occurrences.get(product_id, ())
            for turn in (recorded, undone)
            if turn is not None
        ]
        return tuple(sorted([*self.turns, *own], key=_in_order)) if own else self.turns

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """When dates changed, in order."""
        all_turns = [*self.replaced]
        for _, granted, revoked in self.extensions:
            all_turns += [turn for turn in (granted, revoked) if turn is not None]
        return tuple(sorted(all_turns, key=_in_order))


@dataclass(frozen=True, slots=True)
class NewLaw:
    """That certificates of the products numbered `first` to `last` went over to a law, when, since when."""

    first: int
    last: int
    turn: Turn


def _in_order(turn: Turn) -> tuple[int, datetime]:
    return turn.entry or 0, turn.at
