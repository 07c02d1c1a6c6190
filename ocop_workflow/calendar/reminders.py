"""What a sweep has to say and do about a due date on a day.

Decided once per due date; the database applies the decision to all products that share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

from ocop_workflow.calendar.stages import Stage, Watch, stages
from ocop_workflow.calendar.withholding import said_from

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
    first = said_from(watch, met, since) if opened else since
    late_from = watch.due_on + timedelta(days=1)
    return Decision(
        sayings=tuple(
            Saying(stage, status, watch.nag_to if stage.offset > 0 else watch.remind_to)
            for stage, status in zip(met, _statuses(watch, met, first, today), strict=True)
        ),
        raise_flag_on=max(late_from, since)
        if late_from <= today and (opened or since <= late_from)
        else None,
        next_action_on=min(
            chain([next_stage.day] if next_stage else [], [late_from] if late_from > today else []),
            default=None,
        ),
    )


def _statuses(watch: Watch, met: list[Stage], first: date, today: date) -> Iterator[ReminderStatus]:
    """Yield what becomes of each stage: of several since the last sweep the latest is said.

    Nothing is said any more of what is late once the time of nagging is over, whenever a sweep runs.
    """
    is_over = watch.due_on < today and watch.nag_until < today
    for number, stage in enumerate(met, start=1):
        if stage.day < first:
            yield ReminderStatus.WITHHELD
        elif is_over or number < len(met):
            yield ReminderStatus.SUPERSEDED
        else:
            yield ReminderStatus.DUE
