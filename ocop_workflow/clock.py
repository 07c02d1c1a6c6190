"""The only place that asks the time.

Days that the law speaks of are local days of the programme's time zone; instants are UTC.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the instant and the local day."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the day that it is now in the programme's time zone."""
        ...


class SystemClock:
    """The host's clock, read in the programme's time zone whatever the host's own zone is."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def now(self) -> datetime:
        """Return this instant in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the place

    def today(self) -> date:
        """Return today in the programme's time zone."""
        return self.now().astimezone(self._zone).date()


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
        return self.now().astimezone(self._zone).date()
