"""When something was recorded, as closely as the clock's readings tell."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from zoneinfo import ZoneInfo

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """When something was recorded: not before `first`, not after `last`; `read` is what the clock said.

    `step`: of a product's step, its number among all steps; `entry`: the number of its entry in the audit.
    Where they are known they say what came first: the clock may have stood still or been set back.
    """

    read: datetime
    first: datetime
    last: datetime
    step: int | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The order of what was recorded.

    Attributes:
        zone: the programme's time zone.
        twice: the stretches through which the clock went twice, because it was set back: in order, apart.
            What was recorded in one of them may have been in any order.
    """

    zone: ZoneInfo
    twice: tuple[tuple[datetime, datetime], ...] = ()

    @classmethod
    def of(cls, zone: ZoneInfo, setbacks: Iterable[tuple[datetime, datetime]]) -> Timeline:
        """Return the timeline of a clock that was set back from the second to the first of these instants."""
        apart: list[tuple[datetime, datetime]] = []
        for first, last in sorted(setbacks):
            if apart and first <= apart[-1][1]:
                apart[-1] = apart[-1][0], max(apart[-1][1], last)
            else:
                apart.append((first, last))
        return cls(zone, tuple(apart))

    def at(self, instant: datetime, *, step: int | None = None, entry: int | None = None) -> Span:
        """Return the span of a reading of the clock; see `Span` for the numbers."""
        number = bisect_right(self.twice, (instant, _NEVER)) - 1
        if number >= 0 and instant <= self.twice[number][1]:
            return Span(instant, *self.twice[number], step, entry)
        return Span(instant, instant, instant, step, entry)

    def on(self, day: date) -> Span:
        """Return the span of a local day."""
        start = self._start(day)
        return Span(start, start, start + timedelta(days=1))

    def during(self, day: date) -> Span:
        """Return the span of whatever the clock read within a local day, however often it came by."""
        start = self._start(day)
        return Span(start, self.at(start).first, self.at(self._start(day + timedelta(days=1))).last)

    def not_before(self, day: date) -> Span:
        """Return the span from a local day on: what happened then may have been recorded later."""
        start = self._start(day)
        return Span(start, start, _NEVER)

    def day_of(self, instant: datetime) -> date:
        """Return the local day of an instant."""
        return instant.astimezone(self.zone).date()

    def _start(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)
