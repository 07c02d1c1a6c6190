"""Null implementations for tests: a clock that stands still, a mailer that remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from ocop_workflow.notifications import DeliveryError

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass
class FixedClock:
    """A clock that stands at an instant until it is moved."""

    instant: datetime

    @classmethod
    def at(cls, day: date, hour: int = 6, minute: int = 0) -> FixedClock:
        """Stand at a Vietnamese wall-clock time."""
        return cls(datetime.combine(day, time(hour, minute), VIETNAM).astimezone(UTC))

    def now(self) -> datetime:
        return self.instant

    def today(self) -> date:
        return self.local(self.instant).date()

    def elsewhere(self) -> datetime:
        return self.instant

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(VIETNAM)

    def move_to(self, day: date, hour: int = 6) -> None:
        self.instant = FixedClock.at(day, hour).instant

    def wait(self, pause: timedelta) -> None:
        self.instant += pause


@dataclass
class RecordingMailer:
    """Takes every letter; fails with the errors it was given, one after the other, first."""

    failures: list[DeliveryError] = field(default_factory=list)
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((sender, recipient, message))
        return "250 OK"

    def close(self) -> None:
        pass
