"""What an officer watches: open deadlines, what is overdue, taking note of it, what was said about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar import stage_label
from ocop_workflow.calendar.laws import unlegislated
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.views import DeadlineView, ReminderView, certificate_of
from ocop_workflow.errors import NotFound
from ocop_workflow.overview import list_queries as listing
from ocop_workflow.people.officers import find_unit, permitted, sees
from ocop_workflow.plans.loaded import calendar_of, find_plan

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.overview.list_queries import ListedDeadline, ListedReminder
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class WantedDeadlines:
    """Which deadlines a list shows, by the names that people give; none: all."""

    unit: str | None = None
    plan: str | None = None
    milestone: str | None = None
    due_from: date | None = None
    due_to: date | None = None


EVERYTHING = WantedDeadlines()


def watch_deadlines(
    tx: Connection,
    actor: Actor,
    today: date,
    limit: int,
    *,
    overdue: bool = False,
    after: tuple[date, int] | None = None,
    wanted: WantedDeadlines = EVERYTHING,
) -> list[DeadlineView]:
    """Return the open deadlines in an officer's reach, earliest first; see `listing.open_deadlines`.

    Raises:
        NotFound: there is no such unit, or no such plan that the officer may look at.
    """
    sought = listing.SoughtDeadlines(
        find_unit(tx, wanted.unit).id if wanted.unit else None,
        find_plan(tx, wanted.plan, actor).id if wanted.plan else None,
        wanted.milestone,
        wanted.due_from,
        wanted.due_to,
    )
    late_on = today if overdue else None
    roots = actor.units_with(Permission.READ)
    rows = listing.open_deadlines(tx, roots, limit, late_on=late_on, after=after, sought=sought)
    return [_watched(tx, row, today) for row in rows]


def _watched(tx: Connection, row: ListedDeadline, today: date) -> DeadlineView:
    calendar, days_left = calendar_of(tx, row.plan_id, row.plan_sha256), (row.due_on - today).days
    name = calendar.wording(row.kind, row.rule).name
    return DeadlineView.alike(
        row,
        milestone=unlegislated(row.rule),
        name=name,
        days_left=days_left,
        overdue=days_left < 0,
        certificate=certificate_of(row.subject, row.subject_id),
    )


def acknowledge(tx: Connection, actor: Actor, deadline_id: int, today: date, now: datetime) -> DeadlineView:
    """Take note of a flag that is up: the next nag is skipped.

    Raises:
        NotFound: no flag is up on a deadline of this number that the actor may see.
        NotPermitted: the actor does not take note of flags there.
    """
    unit_id = listing.unit_of_deadline(tx, deadline_id)
    if unit_id is None or not sees(tx, actor, unit_id):
        raise _no_flag(deadline_id)
    warrant = permitted(tx, actor, Permission.ACKNOWLEDGE, unit_id)
    if not deadlines.acknowledge_flag(tx, deadline_id, today, actor.login):
        raise _no_flag(deadline_id)
    audit.record(tx, actor, Deed("flag.acknowledge", f"deadline:{deadline_id}"), now, warrant)
    (row,) = listing.open_deadlines(tx, None, 1, flagged=deadline_id)
    return _watched(tx, row, today)


def _no_flag(deadline_id: int) -> NotFound:
    return NotFound(
        f"Không có cờ quá hạn nào mang số {deadline_id}.", f"No overdue flag has the number {deadline_id}."
    )


def reminder_view(row: ListedReminder) -> ReminderView:
    """Return what is shown of a reminder."""
    return ReminderView.alike(row, stage=stage_label(row.stage), milestone=unlegislated(row.rule))
