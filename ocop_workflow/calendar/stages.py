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
        opened: the deadline opened on `since`; stages before that day are withheld, never said late.
    """
    sayings: list[Saying] = []
    next_stage: Stage | None = None
    for stage in stages(watch, workdays):
        if stage.day > today:
            next_stage = stage
            break
        if opened or stage.day >= since:
            sayings.append(_saying(watch, stage, since))
    late_from = watch.due_on + timedelta(days=1)
    return Decision(
        sayings=_only_the_last_is_said(sayings),
        raise_flag_on=max(late_from, since)
        if late_from <= today and (opened or since <= late_from)
        else None,
        next_action_on=min(
            chain([next_stage.day] if next_stage else [], [late_from] if late_from > today else []),
            default=None,
        ),
    )


def _saying(watch: Watch, stage: Stage, since: date) -> Saying:
    return Saying(
        stage,
        ReminderStatus.WITHHELD if stage.day < since else ReminderStatus.DUE,
        watch.nag_to if stage.offset > 0 else watch.remind_to,
    )


def _only_the_last_is_said(sayings: list[Saying]) -> tuple[Saying, ...]:
    """Of several stages since the last sweep the latest is said; the others are recorded superseded."""
    last = len(sayings) - 1
    return tuple(
        Saying(saying.stage, ReminderStatus.SUPERSEDED, saying.recipients)
        if saying.status is ReminderStatus.DUE and index < last
        else saying
        for index, saying in enumerate(sayings)
    )


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
