"""Read model: an open deadline as it stands on a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ocop_workflow.calendar import stage_label, stages

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.calendar import Calendar, DeadlineKind
    from ocop_workflow.deadlines.queries import DeadlineRecord


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """An open deadline as it stands on a day."""

    milestone: str
    name: str
    due_on: date
    days_left: int
    stage: str | None
    overdue: bool
    acknowledged: bool

    def as_json(self) -> dict[str, object]:
        """Return it under the keys that others may lean on."""
        return {
            "milestone": self.milestone,
            "due_on": self.due_on.isoformat(),
            "days_left": self.days_left,
            "stage": self.stage,
            "overdue": self.overdue,
        }


def deadline_view(calendar: Calendar, row: DeadlineRecord, today: date) -> DeadlineView:
    """Return an open deadline as it stands on a local day, with the last stage whose day has come."""
    name, stage = _as_it_stands(_Same(calendar), row.kind, row.rule, row.due_on, row.opened_on, today)
    return DeadlineView(
        milestone=row.rule,
        name=name,
        due_on=row.due_on,
        days_left=(row.due_on - today).days,
        stage=stage,
        overdue=row.due_on < today,
        acknowledged=row.acknowledged_on is not None and row.cleared_on is None,
    )


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
) -> tuple[str, str | None]:
    """Return the name and the stage of all deadlines of a rule that were opened and are due on one day."""
    current, calendar = None, by.calendar
    for stage in stages(calendar.watch(kind, rule, due_on), calendar.workdays):
        if stage.day > today:
            break
        if stage.day >= opened_on:
            current = stage
    return calendar.wording(kind, rule).name, stage_label(current.offset) if current else None
