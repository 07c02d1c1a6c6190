"""The stages of a due date: on which working day each is said.

A due date never shifts: D-n is said on the last working day on or before it, D+n on the first on or after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.calendar.workdays import WorkCalendar
    from ocop_workflow.regulations import Recipient


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


def stages(watch: Watch, workdays: WorkCalendar) -> Iterator[Stage]:
    """Yield the stages of a due date in the order in which they are said."""
    for days in sorted({*watch.days_before}, reverse=True):
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
