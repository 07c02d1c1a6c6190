"""What is shown of daily checks, of a held one, and of a plan's dated activities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from ocop_workflow.errors import Text
from ocop_workflow.views import OMITTED, View

if TYPE_CHECKING:
    from ocop_workflow.sweep.daily import SweepReport
    from ocop_workflow.sweep.holding import SweepHeld


@dataclass(frozen=True, slots=True)
class SweepView(View):
    """A daily check that ran."""

    id: int
    day: date
    finished_at: datetime | None
    reminders: int
    withheld: int
    superseded: int
    flags_raised: int
    letters: int
    faults: list[str]


@dataclass(frozen=True, slots=True)
class HeldSweepView(View):
    """That a daily check would stop and ask, why, and how its day is confirmed."""

    detail: str
    day: date
    last_day: date | None
    letters: int | None
    confirm: str

    @classmethod
    def of(cls, held: SweepHeld) -> HeldSweepView:
        """Return what is shown of a check that was held."""
        return cls.alike(held.hold, detail=held.text.vi, confirm=held.confirm)


@dataclass(frozen=True, slots=True)
class SweepReportView(View):
    """What a daily check did, or `dry_run`: would do; `notes`: what somebody has to see to some day."""

    day: date
    reminders: int
    withheld: int
    superseded: int
    flags_raised: int
    letters: int
    faults: tuple[Text, ...]
    notes: Annotated[tuple[Text, ...] | None, OMITTED] = None
    held: Annotated[HeldSweepView | None, OMITTED] = None
    dry_run: Annotated[bool | None, OMITTED] = None

    @classmethod
    def of(cls, report: SweepReport, *, dry_run: bool | None = None) -> SweepReportView:
        """Return what is shown of what a check did."""
        return cls.alike(
            report.counts,
            day=report.day,
            faults=report.faults,
            notes=report.notes or None,
            held=HeldSweepView.of(report.held) if report.held else None,
            dry_run=dry_run,
        )


@dataclass(frozen=True, slots=True)
class ActivityView(View):
    """A dated activity of a plan as it stands; `done_on` none: it is still to be done.

    `days_late`: calendar days behind the due day; of what is done, at its end; else so far, 0 if in time.
    """

    activity: str
    name: str
    plan: str
    unit: str
    due_on: date
    days_left: int
    done_on: date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class FinishedView(View):
    """An activity that is done: on which local day, and how many calendar days late; 0 if in time."""

    activity: str
    plan: str
    due_on: date
    done_on: date
    days_late: int


@dataclass(frozen=True, slots=True)
class ReopenedView(View):
    """An activity that is to be done after all, and the day on which it was said to be done."""

    activity: str
    plan: str
    due_on: date
    done_on: date
