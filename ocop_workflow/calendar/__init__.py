"""PURE. What is due when: the plan as data, its dates, the working days, the stages of a due date."""

from ocop_workflow.calendar.deadlines import Calendar
from ocop_workflow.calendar.plan import Activity, Milestone, Plan
from ocop_workflow.calendar.reading.loading import (
    plan_remarks,
    read_loaded_plan,
    read_plan,
    shipped_plan_ids,
    shipped_plan_text,
)
from ocop_workflow.calendar.reading.quotes import check_quotes, quotations
from ocop_workflow.calendar.reading.yearless import is_template, text_for_year
from ocop_workflow.calendar.reminders import Decision, ReminderStatus, decide_day
from ocop_workflow.calendar.stages import Stage, Watch, stage_label, stages
from ocop_workflow.calendar.standing import Standing, standing_of
from ocop_workflow.calendar.subjects import Deadline, DeadlineKind, Subject, is_of_certificate
from ocop_workflow.calendar.withholding import WithheldBecause
from ocop_workflow.calendar.workdays import WorkCalendar, load_work_calendar, year_missing, years_known

__all__ = [
    "Activity",
    "Calendar",
    "Deadline",
    "DeadlineKind",
    "Decision",
    "Milestone",
    "Plan",
    "ReminderStatus",
    "Stage",
    "Standing",
    "Subject",
    "Watch",
    "WithheldBecause",
    "WorkCalendar",
    "check_quotes",
    "decide_day",
    "is_of_certificate",
    "is_template",
    "load_work_calendar",
    "plan_remarks",
    "quotations",
    "read_loaded_plan",
    "read_plan",
    "shipped_plan_ids",
    "shipped_plan_text",
    "stage_label",
    "stages",
    "standing_of",
    "text_for_year",
    "year_missing",
    "years_known",
]
