"""Dated activities of a plan (training in quarter II): reminded and flagged until somebody says: done.

Whoever has said so by mistake takes it back: the row stays on record, another one opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar.subjects import DONE, REACHED
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.alignment import Holder, catch_up, settle
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault
from ocop_workflow.people.officers import HOST, permitted
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of, find_plan, hold_calendar, plans_of
from ocop_workflow.products.undoing import checked_reason
from ocop_workflow.sweep.views import ActivityView, FinishedView, ReopenedView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar
    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


def list_activities(
    tx: Connection, today: date, actor: Actor = HOST, *, plan: str | None = None
) -> list[ActivityView]:
    """Return the dated activities of the plans that the actor may look at, in the order of their due days.

    Raises:
        NotFound: no such plan is loaded, or not for the actor.
    """
    seen = [find_plan(tx, plan, actor)] if plan else plans_of(tx, actor)
    found = [view for record in seen for view in _activities_of(tx, record, today)]
    return sorted(found, key=lambda item: (item.due_on, item.plan, item.activity))


def _activities_of(tx: Connection, record: PlanRecord, today: date) -> Iterator[ActivityView]:
    calendar = calendar_of(tx, record.id, record.sha256)
    for row in deadlines.activities_of_plan(tx, record.id):
        if row.closed_because in (None, *DONE) and calendar.knows(row.kind, row.rule):
            yield ActivityView(
                activity=row.rule,
                name=calendar.wording(row.kind, row.rule).name,
                plan=record.slug,
                unit=record.unit_name,
                due_on=row.due_on,
                days_left=(row.due_on - today).days,
                done_on=row.closed_on,
                days_late=_days_late(row.due_on, row.closed_on or today),
            )


def _days_late(due: date, on: date) -> int:
    return max((on - due).days, 0)


def finish_activity(
    tx: Connection,
    by: Actor,
    activity: str,
    *,
    plan: str | None,
    on: date | None,
    today: date,
    now: datetime,
) -> FinishedView:
    """Record that a dated activity of a plan is done; its flag is cleared, its lateness stays on record.

    Args:
        tx: a writing transaction.
        by: who records it.
        activity: its id in the plan; of one that comes each month also with the month (`report@2026-03`).
        plan: the plan's id; may be left out where only one loaded plan has the activity.
        on: the local day on which it was done; none: today.
        today: the local day.
        now: this instant.

    Raises:
        NotPermitted: the plan is not in the actor's hands.
        NotFound: no open activity of this id.
        Conflict: several plans have one and none is named, or it is done already.
        InvalidInput: the day is still to come, or lies before the plan.
    """
    seen = {record.slug for record in plans_of(tx, by)}
    named = [row for row in deadlines.activities_named(tx, activity) if row.plan_slug in seen]
    row = _the_one(named, activity, plan)
    record = plans.plans_by_id(tx, [row.subject_id])[row.subject_id]
    warrant = permitted(tx, by, Permission.CHANGE_PLANS, record.unit_id)
    day = on or today
    if day > today:
        raise InvalidInput(
            "Ngày thực hiện có lỗi.",
            "The day is at fault.",
            [fault("on", f"{day:%d/%m/%Y} còn ở tương lai", f"{day} is in the future")],
        )
    if row.closed_on is not None:
        raise Conflict(
            f"Hoạt động {activity} đã ghi hoàn thành ngày {row.closed_on:%d/%m/%Y}.",
            f"The activity {activity} was recorded as done on {row.closed_on}.",
        )
    calendar = hold_calendar(tx, record.id, record.sha256)
    _refuse_before_the_plan(tx, record, calendar, day)
    catch_up(tx, Holder(None, None, record.id, record.unit_id), calendar, row, day)
    settle(tx, row, day, REACHED)
    deed = Deed("activity.done", f"plan:{record.slug}:{row.rule}", after={"on": day.isoformat()})
    audit.record(tx, by, deed, now, warrant)
    return FinishedView(row.rule, record.slug, row.due_on, day, _days_late(row.due_on, day))


def reopen_activity(
    tx: Connection, by: Actor, activity: str, reason: str, *, plan: str | None, now: datetime
) -> ReopenedView:
    """Take back that an activity is done: its row stays, and another one opens as on the day of its end.

    So its reminders count anew, and its lateness is that of its due day.

    Args:
        tx: a writing transaction.
        by: who takes it back.
        activity: its id in the plan.
        reason: why.
        plan: the plan's id; may be left out where only one loaded plan has the activity.
        now: this instant.

    Raises:
        NotPermitted: the plan is not in the actor's hands.
        NotFound: no activity of this id.
        Conflict: several plans have one and none is named; it is not done; or its plan asks for it no more.
        InvalidInput: no reason is given, or one that is too long.
    """
    reason = checked_reason(reason)
    seen = {record.slug for record in plans_of(tx, by)}
    named = [row for row in deadlines.activities_named(tx, activity) if row.plan_slug in seen]
    row = _the_one([row for row in named if row.closed_on is not None] or named, activity, plan)
    record = plans.plans_by_id(tx, [row.subject_id])[row.subject_id]
    warrant = permitted(tx, by, Permission.CHANGE_PLANS, record.unit_id)
    if row.closed_on is None:
        raise Conflict(
            f"Hoạt động {activity} chưa ghi hoàn thành, nên không có gì để hoàn tác.",
            f"The activity {activity} is not recorded as done: there is nothing to undo.",
        )
    calendar = hold_calendar(tx, record.id, record.sha256)
    again = next((item for item in calendar.activities(row.closed_on) if item.rule == row.rule), None)
    if again is None:
        raise Conflict(
            f"Kế hoạch {record.slug} không còn nhắc hoạt động {activity}, nên không có gì để mở lại.",
            f"The plan {record.slug} no longer asks for the activity {activity}: there is nothing to open.",
        )
    deadlines.call_undone(tx, row.id)
    deadlines.open_deadlines(tx, [deadlines.opening(again, record.id, row.closed_on)])
    before, after = {"on": row.closed_on.isoformat()}, {"reason": reason}
    deed = Deed("activity.undo", f"plan:{record.slug}:{row.rule}", before, after)
    audit.record(tx, by, deed, now, warrant)
    return ReopenedView(row.rule, record.slug, again.due_on, row.closed_on)


def _refuse_before_the_plan(tx: Connection, record: PlanRecord, calendar: Calendar, day: date) -> None:
    first = calendar.plan.first_day
    if day >= first or day >= plans.first_loaded_on(tx, record.id):
        return
    raise InvalidInput(
        "Ngày thực hiện có lỗi.",
        "The day is at fault.",
        [
            fault(
                "on",
                f"{day:%d/%m/%Y} đứng trước ngày kế hoạch {record.slug} bắt đầu ({first:%d/%m/%Y})",
                f"{day} lies before the plan {record.slug} begins ({first})",
            )
        ],
    )


def _the_one(rows: list[DeadlineRecord], activity: str, plan: str | None) -> DeadlineRecord:
    matching = [row for row in rows if plan in (None, row.plan_slug)]
    if not matching:
        raise NotFound(
            f"Không có hoạt động có hạn nào mang mã {activity} trong các kế hoạch đã nạp.",
            f"No loaded plan has a dated activity of the id {activity}.",
        )
    if len({row.plan_slug for row in matching}) > 1:
        names = ", ".join(dict.fromkeys(row.plan_slug for row in matching))
        raise Conflict(
            f"Nhiều kế hoạch có hoạt động {activity}: {names}; hãy nêu rõ bằng --plan.",
            f"Several plans have the activity {activity}: {names}; name one with --plan.",
        )
    # of what comes each month the earliest that is still to be done is meant, else the last
    return next((row for row in matching if row.closed_on is None), matching[-1])
