"""What is shown of deadlines: of one product's, of all that are open, of what was said about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from ocop_workflow.calendar import ReminderStatus, Subject, stage_label, stages
from ocop_workflow.calendar.laws import unlegislated
from ocop_workflow.views import UNSENT, View

if TYPE_CHECKING:
    from ocop_workflow.calendar import Calendar, Deadline, DeadlineKind
    from ocop_workflow.calendar.wordings import Wording
    from ocop_workflow.deadlines.queries import DeadlineRecord


@dataclass(frozen=True, slots=True)
class DeadlineView(View):
    """An open deadline: a product's, or an activity of the plan. `id` acknowledges it once its flag is up.

    `subject`: what it is about; `certificate`: the number of which, if it is about one.
    """

    id: int
    code: str | None
    product: str | None
    unit: str
    plan: str
    milestone: str
    name: str
    due_on: date
    days_left: int
    overdue: bool
    raised_on: date | None
    acknowledged_on: date | None
    acknowledged_by: str | None
    subject: Subject
    certificate: int | None


@dataclass(frozen=True, slots=True)
class ReminderView(View):
    """What was said, or not said, about a deadline to a unit."""

    day: date
    stage: str
    code: str | None
    milestone: str
    due_on: date
    unit: str
    status: ReminderStatus
    reason: str | None
    letter_day: date | None


@dataclass(frozen=True, slots=True)
class ProductDeadlineView(View):
    """An open deadline of a product."""

    milestone: str
    due_on: date
    days_left: int
    stage: str | None
    overdue: bool
    name: Annotated[str, UNSENT] = ""
    basis: Annotated[str, UNSENT] = ""
    acknowledged: Annotated[bool, UNSENT] = False

    @classmethod
    def of(cls, calendar: Calendar, row: DeadlineRecord, today: date) -> ProductDeadlineView:
        """Return how an open deadline stands on a local day, with the last stage whose day has come."""
        wording, stage = _as_it_stands(_Same(calendar), row.kind, row.rule, row.due_on, row.opened_on, today)
        return cls(
            milestone=unlegislated(row.rule),
            due_on=row.due_on,
            days_left=(row.due_on - today).days,
            stage=stage,
            overdue=row.due_on < today,
            name=wording.name,
            basis=wording.basis,
            acknowledged=row.acknowledged_on is not None and row.cleared_on is None,
        )


@dataclass(frozen=True, slots=True)
class OpenedDeadlineView(View):
    """A deadline that is open after an event."""

    milestone: str
    due_on: date

    @classmethod
    def of(cls, deadline: Deadline) -> OpenedDeadlineView:
        """Return what is shown of a deadline that a step has left open."""
        return cls(deadline.rule, deadline.due_on)


@dataclass(frozen=True, slots=True)
class PastDeadlineView(View):
    """A deadline that a product has or had; `subject`, `certificate`: see `DeadlineView`."""

    id: int
    plan: str
    milestone: str
    due_on: date
    opened_on: date
    closed_on: date | None
    closed_because: str | None
    raised_on: date | None
    acknowledged_on: date | None
    cleared_on: date | None
    subject: Subject
    certificate: int | None

    @classmethod
    def of(cls, row: DeadlineRecord) -> PastDeadlineView:
        """Return what is shown of a stored deadline."""
        return cls.alike(
            row,
            plan=row.plan_slug,
            milestone=unlegislated(row.rule),
            certificate=certificate_of(row.subject, row.subject_id),
        )


def certificate_of(subject: Subject, number: int) -> int | None:
    """Return the number of the certificate that a deadline is about; none: it is about something else."""
    return number if subject is Subject.CERTIFICATE else None


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A calendar, compared by which it is: its content is long and never changes."""

    calendar: Calendar

    def __hash__(self) -> int:
        return id(self.calendar)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.calendar is other.calendar


@lru_cache(maxsize=10_000)
def _as_it_stands(
    by: _Same, kind: DeadlineKind, rule: str, due_on: date, opened_on: date, today: date
) -> tuple[Wording, str | None]:
    """Return the words and the stage of all deadlines of a rule that were opened and are due on one day."""
    current, calendar = None, by.calendar
    for stage in stages(calendar.watch(kind, rule, due_on), calendar.workdays):
        if stage.day > today:
            break
        if stage.day >= opened_on:
            current = stage
    return calendar.wording(kind, rule), stage_label(current.offset) if current else None
