"""What became of a plan: which version of it and which extensions held at which instant."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.storage.proving import ExtensionFact


@dataclass(frozen=True, slots=True)
class Turn:
    """An instant at which a plan's dates changed, and the local day from which the new ones hold."""

    plan_id: int
    at: datetime
    on: date


@dataclass(frozen=True)
class Past:
    """A plan's past.

    Attributes:
        plan_id: the plan.
        loaded_at: when it was first loaded.
        calendars: the calendar of each version, oldest first.
        replaced: when, and from which local day on, another version took the place of each but the last.
        extensions: its extensions, in the order in which they were granted.
    """

    plan_id: int
    loaded_at: datetime
    calendars: tuple[Calendar, ...]
    replaced: tuple[tuple[datetime, date], ...] = ()
    extensions: tuple[ExtensionFact, ...] = ()

    def calendar_at(self, instant: datetime) -> Calendar:
        """Return the calendar that held at an instant: at the instant of a change the new one does."""
        return self.calendars[bisect_right([at for at, _ in self.replaced], instant)]

    def extended_at(self, product_id: int, instant: datetime) -> dict[str, date]:
        """Return until when which milestones were extended for a product at an instant."""
        return {
            given.rule: given.due_on
            for given in self.extensions
            if product_id in given.products
            and given.granted_at <= instant
            and (given.revoked_at is None or instant < given.revoked_at)
        }

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """When dates changed, in order."""
        instants = [
            *self.replaced,
            *((given.granted_at, given.granted_on) for given in self.extensions),
            *(
                (given.revoked_at, given.revoked_on)
                for given in self.extensions
                if given.revoked_at and given.revoked_on
            ),
        ]
        return tuple(Turn(self.plan_id, at, on) for at, on in sorted(instants))
