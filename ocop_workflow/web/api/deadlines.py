"""`/deadlines`, `/overdue`, `/reminders`: what is due, what is late, what was said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ocop_workflow.access import Permission
from ocop_workflow.deadlines.views import DeadlineView, ReminderView
from ocop_workflow.overview.deadlines import WantedDeadlines, acknowledge, reminder_view, watch_deadlines
from ocop_workflow.overview.list_queries import ListedReminder, newest_reminders
from ocop_workflow.web.contract import examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, Paging, as_it_is, day_and_numbers, page
from ocop_workflow.web.exchange.schemas import OnDay, Slug
from ocop_workflow.web.exchange.visits import Visit, Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["deadlines"], route_class=Gated)

Asked = Annotated[Paging, Query()]


class DeadlineQuery(Paging):
    """Which deadlines are asked for."""

    unit: Slug | None = Field(default=None, description="Mã địa phương. / A unit's id.")
    plan: Slug | None = Field(default=None, description="Mã kế hoạch. / A plan's id.")
    milestone: Slug | None = Field(default=None, description="Mã mốc hoặc hoạt động. / A milestone's id.")
    due_from: OnDay | None = Field(default=None, description="Hạn từ ngày. / Due on this day or later.")
    due_to: OnDay | None = Field(default=None, description="Hạn đến ngày. / Due on this day or before.")


Sought = Annotated[DeadlineQuery, Query()]
_LISTED = Page[DeadlineView], examples.page(examples.DEADLINE)


@router.get("/deadlines", **operation("listDeadlines", *_LISTED))
def list_deadlines(visit: Visiting, asked: Sought) -> Response:
    """Thời hạn đang mở, sớm nhất trước. / Open deadlines, earliest first."""
    return _deadlines(visit, asked, overdue=False)


@router.get("/overdue", **operation("listOverdue", *_LISTED))
def list_overdue(visit: Visiting, asked: Sought) -> Response:
    """Thời hạn đã quá, lâu nhất trước. / What is overdue, longest first."""
    return _deadlines(visit, asked, overdue=True)


def _deadlines(visit: Visit, asked: DeadlineQuery, *, overdue: bool) -> Response:
    after = _due_and_id(asked.cursor) if asked.cursor else None
    wanted = WantedDeadlines(asked.unit, asked.plan, asked.milestone, asked.due_from, asked.due_to)

    def work(tx: Connection, actor: Actor) -> Answer:
        found = watch_deadlines(
            tx, actor, visit.today, asked.and_one, overdue=overdue, after=after, wanted=wanted
        )
        return page(visit, asked, found, as_it_is, lambda one: f"{one.due_on}.{one.id}")

    return visit.answer(work)


def _due_and_id(cursor: str) -> tuple[date, int]:
    day, (number,) = day_and_numbers(cursor, 1)
    return day, number


@router.post(
    "/overdue/{number}/acknowledgement",
    **operation("acknowledge", DeadlineView, examples.DEADLINE, changes=True),
)
def acknowledge_overdue(visit: Visiting, number: Number) -> Response:
    """Ghi nhận đã biết một thời hạn quá hạn: bỏ qua lần nhắc kế tiếp. / Take note; one nag is skipped."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(acknowledge(tx, actor, number, visit.today, visit.now))

    return visit.change(work)


@router.get(
    "/reminders",
    **operation("listReminders", Page[ReminderView], examples.page(examples.REMINDER)),
)
def list_reminders(visit: Visiting, asked: Asked) -> Response:
    """Đã nhắc gì, nhắc ai; mới nhất trước. / What was said to whom, newest first."""
    after = _after(asked.cursor) if asked.cursor else None

    def work(tx: Connection, actor: Actor) -> Answer:
        roots = actor.units_with(Permission.READ)
        found = newest_reminders(tx, roots, asked.and_one, after)
        return page(visit, asked, found, reminder_view, _place)

    return visit.answer(work)


def _after(cursor: str) -> tuple[date, int, int, int]:
    day, (deadline, stage, unit) = day_and_numbers(cursor, 3)
    return day, deadline, stage, unit


def _place(row: ListedReminder) -> str:
    return f"{row.day}.{row.deadline_id}.{row.stage}.{row.unit_id}"
