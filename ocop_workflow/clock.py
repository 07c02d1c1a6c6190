"""The only place that asks the time.

Days that the law speaks of are local days of the programme's time zone; instants are UTC.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Protocol
from zoneinfo import ZoneInfo

#: the programme's time zone, unless a setting names another
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Tells the instant and the local day."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the day that it is now in the programme's time zone."""
        ...

    def elsewhere(self) -> datetime:
        """Return this instant as other machines have it, in UTC: a telephone knows of no simulation."""
        ...

    def local(self, instant: datetime) -> datetime:
        """Return an instant as the programme's time zone reads it: what people are shown."""
        ...


def span_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants at which a local day begins and the next one does."""
    begins = datetime.combine(day, clock_time.min, zone)
    return begins, datetime.combine(day + timedelta(days=1), clock_time.min, zone)


def utc_text(instant: datetime) -> str:
    """Write an instant for machines: in UTC, `2024-04-22T23:00:00Z`."""
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


class SystemClock:
    """The host's clock, read in the programme's time zone whatever the host's own zone is."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def now(self) -> datetime:
        """Return this instant in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the place

    def today(self) -> date:
        """Return today in the programme's time zone."""
        return self.local(self.now()).date()

    def elsewhere(self) -> datetime:
        """Return this instant in UTC."""
        return self.now()

    def local(self, instant: datetime) -> datetime:
        """Return an instant in the programme's time zone."""
        return instant.astimezone(self._zone)


class SimulatedClock:
    """A clock that was set to `start` when it was made, and runs on from there.

    For demonstrations and tests (`OCOP_NOW`); whoever shows it says that it is simulated.
    """

    def __init__(self, start: datetime, zone: ZoneInfo) -> None:
        self._start = start.astimezone(UTC)
        self._made = time.monotonic()
        self._zone = zone

    def now(self) -> datetime:
        """Return the simulated instant in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._made)

    def today(self) -> date:
        """Return the simulated day in the programme's time zone."""
        return self.local(self.now()).date()

    def elsewhere(self) -> datetime:
        """Return the true instant in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the place

    def local(self, instant: datetime) -> datetime:
        """Return an instant in the programme's time zone."""
        return instant.astimezone(self._zone)
