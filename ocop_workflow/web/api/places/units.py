"""`/units`, `/reports/progress`: where one works, and how far the products have come there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ocop_workflow.access import Permission
from ocop_workflow.changes.mergers.succession import merge
from ocop_workflow.changes.mergers.views import SuccessionView
from ocop_workflow.overview.list_queries import progress
from ocop_workflow.overview.views import ProgressView
from ocop_workflow.places.queries import units_around
from ocop_workflow.places.views import UnitView
from ocop_workflow.plans.loaded import find_plan
from ocop_workflow.web.contract import examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import UnitId
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, items
from ocop_workflow.web.exchange.schemas import AddressQuery, Slug, SuccessorIn
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["units"], route_class=Gated)


@router.get(
    "/units",
    **operation("listUnits", Page[UnitView], examples.page(examples.UNIT)),
)
def list_units(visit: Visiting) -> Response:
    """Địa phương của cán bộ, cấp trên và cấp dưới. / The officer's units, those above and below."""

    def work(tx: Connection, actor: Actor) -> Answer:
        found = units_around(tx, actor.units_with(Permission.READ))
        by_id = {unit.id: unit for unit in found}
        return items([UnitView.of(unit, by_id) for unit in found])

    return visit.answer(work)


@router.post(
    "/units/{unit}/successor",
    **operation(
        "mergeUnit",
        SuccessionView,
        {"unit": "pho-an", "heir": "pho-phong", "on": "2025-07-01", "done": False},
        changes=True,
        needs=Permission.MANAGE_UNITS,
    ),
)
def merge_unit(visit: Visiting, unit: UnitId, given: SuccessorIn) -> Response:
    """Ghi nhận một địa phương sáp nhập vào địa phương khác từ một ngày. / Merge a unit into another."""

    def work(tx: Connection, actor: Actor) -> Answer:
        done = merge(tx, actor, unit, given.heir, given.on, today=visit.today, now=visit.now)
        return answer(SuccessionView.of(done, visit.today))

    return visit.change(work)


class ProgressQuery(AddressQuery):
    """Of which plan's products."""

    plan: Slug | None = Field(default=None, description="Mã kế hoạch. / A plan's id.")


@router.get("/reports/progress", **operation("showProgress", ProgressView, examples.PROGRESS))
def show_progress(visit: Visiting, asked: Annotated[ProgressQuery, Query()]) -> Response:
    """Số sản phẩm theo địa phương và trạng thái, cùng một thời điểm. / Products by unit and state."""

    def work(tx: Connection, actor: Actor) -> Answer:
        plan = find_plan(tx, asked.plan, actor) if asked.plan else None
        counts = progress(tx, actor.units_with(Permission.READ), visit.today, plan.id if plan else None)
        return answer(ProgressView.of(counts, visit.today, visit.language))

    return visit.answer(work)
