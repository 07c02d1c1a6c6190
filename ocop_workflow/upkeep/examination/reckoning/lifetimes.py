"""The life of a deadline as it ought to have been: opened and closed when, watched how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.calendar import Calendar, Deadline, DeadlineKind
    from ocop_workflow.calendar.stages import Watch
    from ocop_workflow.upkeep.examination.reckoning.timeline import Span


@dataclass(frozen=True, slots=True)
class Regime:
    """How a deadline was watched from a local day on: a change of plan may bring other reminders."""

    since: date
    recorded: Span
    watch: Watch


@dataclass(slots=True)
class Lifetime:
    """A deadline that ought to have been: opened and closed on which local days, recorded when.

    `regimes`: how it was watched, first to last. `certificate`: which of its product's it was about, by its
    place among them; none: about none.
    """

    plan_id: int | None
    deadline: Deadline
    opened_on: date
    opened: Span
    closed_on: date | None = None
    closed: Span | None = None
    regimes: tuple[Regime, ...] = ()
    certificate: int | None = None

    @classmethod
    def begin(
        cls, plan_id: int | None, deadline: Deadline, on: date, recorded: Span, calendar: Calendar
    ) -> Lifetime:
        """Open a deadline."""
        life = cls(plan_id, deadline, on, recorded)
        life.go_on(on, recorded, calendar)
        return life

    def go_on(self, on: date, recorded: Span, calendar: Calendar) -> None:
        """Let a calendar hold from now on, under which the deadline may be watched in another way."""
        watch = calendar.watch(self.deadline.kind, self.deadline.rule, self.deadline.due_on)
        if not self.regimes or self.regimes[-1].watch != watch:
            self.regimes = (*self.regimes, Regime(on, recorded, watch))

    @property
    def key(self) -> tuple[int | None, DeadlineKind, str, date, date]:
        """What tells it from the product's other deadlines; twins follow one another."""
        return self.plan_id, self.deadline.kind, self.deadline.rule, self.deadline.due_on, self.opened_on
