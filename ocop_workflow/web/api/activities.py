"""`/activities`: a plan's dated activities, and that one is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ocop_workflow.access import Permission
from ocop_workflow.sweep.activities import finish_activity, list_activities, reopen_activity
from ocop_workflow.sweep.views import ActivityView, FinishedView, ReopenedView
from ocop_workflow.web.contract import examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import ActivityId
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, items
from ocop_workflow.web.exchange.schemas import ActivityIn, ActivityUndoIn, AddressQuery, Slug
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["activities"], route_class=Gated)


class ActivitiesQuery(AddressQuery):
    """Of which plan."""

    plan: Slug | None = Field(default=None, description="Mã kế hoạch. / A plan's id.")


@router.get(
    "/activities",
    **operation("listActivities", Page[ActivityView], examples.page(examples.ACTIVITY)),
)
def list_dated(visit: Visiting, asked: Annotated[ActivitiesQuery, Query()]) -> Response:
    """Hoạt động có hạn của các kế hoạch, sớm nhất trước. / Dated activities, earliest first."""

    def work(tx: Connection, actor: Actor) -> Answer:
        found = list_activities(tx, visit.today, actor, plan=asked.plan)
        return items(found)

    return visit.answer(work)


@router.post(
    "/activities/{activity}/done",
    **operation(
        "finishActivity",
        FinishedView,
        examples.FINISHED,
        changes=True,
        needs=Permission.CHANGE_PLANS,
    ),
)
def finish(visit: Visiting, activity: ActivityId, given: ActivityIn) -> Response:
    """Ghi một hoạt động đã hoàn thành. / Record that a dated activity is done."""

    def work(tx: Connection, actor: Actor) -> Answer:
        done = finish_activity(
            tx,
            actor,
            activity,
            plan=given.plan,
            on=given.on,
            today=visit.today,
            now=visit.now,
        )
        return answer(done)

    return visit.change(work)


@router.post(
    "/activities/{activity}/undo",
    **operation(
        "undoActivity",
        ReopenedView,
        examples.REOPENED,
        changes=True,
        needs=Permission.CHANGE_PLANS,
    ),
)
def undo(visit: Visiting, activity: ActivityId, given: ActivityUndoIn) -> Response:
    """Hoàn tác việc đã ghi hoàn thành: hạn mở lại. / Take back that an activity is done."""

    def work(tx: Connection, actor: Actor) -> Answer:
        found = reopen_activity(tx, actor, activity, given.reason, plan=given.plan, now=visit.now)
        return answer(found)

    return visit.change(work)
