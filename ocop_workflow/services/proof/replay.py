"""A product's life told again from its import and history: which deadlines it ought to have had, and when.

Written apart from the alignment that opens and closes them, so that the proof does not lean on what it
is to prove.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from ocop_workflow.calendar import Deadline, DeadlineKind, Standing
from ocop_workflow.regulations import Anchor, last_valid_day
from ocop_workflow.states import Dossier, Event, EventData, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.storage.proving import ProductFact, StepFact

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """When something was recorded, as closely as it is known: not before `first`, not after `last`."""

    first: datetime
    last: datetime

    @classmethod
    def at(cls, instant: datetime) -> Span:
        """Return the span of an instant that is known."""
        return cls(instant, instant)

    @classmethod
    def on(cls, day: date, zone: ZoneInfo) -> Span:
        """Return the span of a local day."""
        start = datetime.combine(day, time(), zone).astimezone(UTC)
        return cls(start, start + timedelta(days=1))

    @classmethod
    def not_before(cls, day: date, zone: ZoneInfo) -> Span:
        """Return the span from a local day on: what happened then may have been recorded later."""
        return cls(cls.on(day, zone).first, _NEVER)


@dataclass(slots=True)
class Life:
    """A deadline that ought to have been: opened and closed on which local days, recorded when."""

    plan_id: int
    deadline: Deadline
    opened_on: date
    opened: Span
    closed_on: date | None = None
    closed: Span | None = None

    @property
    def key(self) -> tuple[int, DeadlineKind, str, date, date]:
        """What tells it from the product's other deadlines; twins follow one another."""
        return self.plan_id, self.deadline.kind, self.deadline.rule, self.deadline.due_on, self.opened_on


@dataclass
class _Telling:
    """Where the product stands while its life is told."""

    calendars: Mapping[int, Calendar]
    plan_id: int
    state: State
    dossier: Dossier = Dossier.FIRST
    received_on: date | None = None
    valid_until: date | None = None
    reached: dict[str, date] = field(default_factory=dict)
    lives: list[Life] = field(default_factory=list)

    def align(self, on: date, recorded: Span) -> None:
        """Close the deadlines that no longer ought to be open, and open those that ought to."""
        calendar = self.calendars[self.plan_id]
        is_open = [life for life in self.lives if life.closed_on is None]
        own = [life for life in is_open if life.plan_id == self.plan_id]
        anchors = dict(self.reached) if calendar.counts_from_states else {}
        for name, day in ((Anchor.RECEIVED, self.received_on), (Anchor.EXPIRY, self.valid_until)):
            if day is not None:
                anchors[name.value] = day
        opened = {life.deadline.rule: life.opened_on for life in own}
        wanted = calendar.deadlines(Standing(self.state, self.dossier, on, anchors, opened))
        for life in is_open:
            if life not in own or life.deadline not in wanted:
                life.closed_on, life.closed = on, recorded
        kept = [life.deadline for life in own if life.closed_on is None]
        self.lives += [
            Life(self.plan_id, deadline, on, recorded) for deadline in wanted if deadline not in kept
        ]

    def take(self, step: StepFact) -> None:
        """Let one entry of the history happen."""
        data = EventData.model_validate(step.data)
        self.plan_id, self.state = step.plan_id, step.target
        if step.event in (Event.OPEN_RE_RATING, Event.RESUBMIT):
            self.dossier = Dossier(data.kind.value) if data.kind else Dossier.FIRST
            self.received_on, self.reached = None, {}
        self.reached[step.target.value] = step.on
        self.received_on = data.received_on or self.received_on
        self.valid_until = self._expiry(step, data)
        self.align(step.on, Span.at(step.at))

    def _expiry(self, step: StepFact, data: EventData) -> date | None:
        if step.event is Event.CERTIFY:
            validity = self.calendars[self.plan_id].regulation.validity
            return data.valid_until or last_valid_day(validity, data.decision_date or step.on)
        if step.target in (State.REVOKED, State.LAPSED):
            return None
        return self.valid_until or (data.certificate.valid_until if data.certificate else None)


def tell(
    product: ProductFact,
    steps: Sequence[StepFact],
    calendars: Mapping[int, Calendar],
    first_day: date | None,
    zone: ZoneInfo,
) -> list[Life]:
    """Return the deadlines that a product ought to have had, in the order in which they opened.

    Args:
        product: the product and its import.
        steps: its history, oldest first.
        calendars: the calendar of every plan that it belonged to.
        first_day: the local day on which a product that was not imported came in, if that is known.
        zone: the programme's time zone.
    """
    began = steps[0].source if steps else product.state
    plan_id = product.imported_into or (steps[0].plan_id if steps else product.plan_id)
    telling = _Telling(calendars, plan_id, began)
    if product.imported_at is not None:
        telling.align(product.imported_at.astimezone(zone).date(), Span.at(product.imported_at))
    elif first_day is not None:
        telling.align(first_day, Span.on(first_day, zone))
    for step in steps:
        telling.take(step)
    return telling.lives


def plans_in(product: ProductFact, steps: Sequence[StepFact]) -> set[int]:
    """Return the numbers of the plans on which a product's life rests."""
    return {product.imported_into or product.plan_id, *(step.plan_id for step in steps)}
