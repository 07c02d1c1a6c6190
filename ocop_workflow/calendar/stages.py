"""Where a day stands toward a due date, and what a sweep on that day has to say and do about it.

Decided once per due date; the database applies the decision to all products that share it. A due date
never shifts: D-n is said on the last working day on or before it, D+n on the first on or after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, count, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.calendar.workdays import WorkCalendar
    from ocop_workflow.regulations import Recipient


class ReminderStatus(StrEnum):
    """What became of a reminder. `due`: said, or to be said in the next letter."""

    DUE = "due"
    WITHHELD = "withheld"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class WithheldBecause(StrEnum):
    """Why a reminder was withheld: its day lay before its deadline was opened, or the lateness was noted."""

    BEFORE_OPENED = "before_opened"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Watch:
    """How a due date is watched.

    Attributes:
        due_on: the last local day on which the thing is in time.
        days_before: calendar days before it on which it is spoken of, and to whom.
        nag_every: calendar days between two words about its lateness; none: never.
        nag_until: the last local day of nagging.
    """

    due_on: date
    nag_until: date
    days_before: tuple[int, ...] = ()
    remind_to: tuple[Recipient, ...] = ()
    nag_every: int | None = None
    nag_to: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: its offset from the due date in calendar days (-7 is D-7), and the day it is said."""

    offset: int
    day: date

    @property
    def label(self) -> str:
        """The stage as people write it: D-30, due, D+7."""
        return stage_label(self.offset)


def stage_label(offset: int) -> str:
    """Return `D-30`, `due` or `D+7`."""
    return f"D{offset:+d}" if offset else "due"


@dataclass(frozen=True, slots=True)
class Saying:
    """What is recorded for one stage on the day of a sweep."""

    stage: Stage
    status: ReminderStatus
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a sweep does with the open deadlines of one due date.

    Attributes:
        sayings: reminders to record, earliest stage first.
        raise_flag_on: the day on which the overdue flag rose, if it has to be raised now.
        next_action_on: the next day on which there will be something to do; none: never.
    """

    sayings: tuple[Saying, ...]
    raise_flag_on: date | None
    next_action_on: date | None


def decide_day(watch: Watch, workdays: WorkCalendar, since: date, today: date, *, opened: bool) -> Decision:
    """Decide what a sweep on `today` does.

    Args:
        watch: the due date and how it is watched.
        workdays: the working-day calendar.
        since: the first local day that no sweep has dealt with yet.
        today: the local day of the sweep.
        opened: the deadline opened on `since`. The stage in force on that day is said; those before it are
            withheld, never said late.
    """
    met: list[Stage] = []
    next_stage: Stage | None = None
    for stage in stages(watch, workdays):
        if stage.day > today:
            next_stage = stage
            break
        if opened or stage.day >= since:
            met.append(stage)
    said_from = _said_from(watch, met, since) if opened else since
    late_from = watch.due_on + timedelta(days=1)
    return Decision(
        sayings=tuple(
            Saying(stage, status, watch.nag_to if stage.offset > 0 else watch.remind_to)
            for stage, status in zip(met, _statuses(watch, met, said_from, today), strict=True)
        ),
        raise_flag_on=max(late_from, since)
        if late_from <= today and (opened or since <= late_from)
        else None,
        next_action_on=min(
            chain([next_stage.day] if next_stage else [], [late_from] if late_from > today else []),
            default=None,
        ),
    )


def _said_from(watch: Watch, met: list[Stage], opened_on: date) -> date:
    """Return the day of the stage that is in force when a deadline opens: none is said for an earlier one.

    Of a deadline that is past already only what comes later is said.
    """
    if watch.due_on < opened_on:
        return opened_on
    return max((stage.day for stage in met if stage.day <= opened_on), default=opened_on)


def _statuses(watch: Watch, met: list[Stage], said_from: date, today: date) -> Iterator[ReminderStatus]:
    """Yield what becomes of each stage: of several since the last sweep the latest is said.

    Nothing is said any more of what is late once the time of nagging is over, whenever a sweep runs.
    """
    is_over = watch.due_on < today and watch.nag_until < today
    for number, stage in enumerate(met, start=1):
        if stage.day < said_from:
            yield ReminderStatus.WITHHELD
        elif is_over or number < len(met):
            yield ReminderStatus.SUPERSEDED
        else:
            yield ReminderStatus.DUE


def stages(watch: Watch, workdays: WorkCalendar) -> Iterator[Stage]:
    """Yield the stages of a due date in the order in which they are said."""
    for days in sorted(watch.days_before, reverse=True):
        yield Stage(-days, workdays.last_on_or_before(watch.due_on - timedelta(days=days)))
    if watch.nag_every is None:
        return
    nags = (_nag(watch, offset, workdays) for offset in _nag_offsets(watch.nag_every))
    yield from takewhile(lambda stage: stage.day <= watch.nag_until, nags)


def _nag(watch: Watch, offset: int, workdays: WorkCalendar) -> Stage:
    return Stage(offset, workdays.first_on_or_after(watch.due_on + timedelta(days=offset)))


def _nag_offsets(every: int) -> Iterator[int]:
    """Yield 1, then every so many days: 1, 7, 14 and so on."""
    yield 1
    yield from (offset for offset in count(every, every) if offset > 1)
