"""`/products/{code}/occurrences`: what happens to a product for itself, from which its plan counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from ocop_workflow.products.occurrences import Happening, record_occurrence, undo_occurrence
from ocop_workflow.products.step_views import OccurredView
from ocop_workflow.web.api.products.products import guarded
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.conditions import tags_seen
from ocop_workflow.web.exchange.schemas import OccurrenceIn, OccurrenceUndoIn
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["products"], route_class=Gated)

_RECORDED: dict[str, Any] = {
    "code": "TV26-001",
    "event": "business-plan-approved",
    "name": "Kế hoạch kinh doanh được duyệt",
    "on": "2026-07-10",
    "by": "lan",
    "undone": None,
    "deadlines": [{"milestone": "consulting", "due_on": "2026-09-08"}],
}


@router.post(
    "/products/{code}/occurrences",
    **operation("recordOccurrence", OccurredView, _RECORDED, changes=True, guarded=True),
)
def record(visit: Visiting, code: ProductCode, given: OccurrenceIn) -> Response:
    """Ghi một sự kiện riêng của sản phẩm: hạn đếm từ đó mở ra. / Record an event of a product's own."""
    tags = tags_seen(visit.request)

    def work(tx: Connection, actor: Actor) -> Answer:
        happening = Happening(code, given.event, actor, tags)
        return _told(record_occurrence(tx, happening, given.on, today=visit.today, now=visit.now))

    return guarded(visit, code, work)


@router.post(
    "/products/{code}/occurrences/undo",
    **operation(
        "undoOccurrence",
        OccurredView,
        {**_RECORDED, "on": None, "undone": "ghi nhầm sản phẩm", "deadlines": []},
        changes=True,
        guarded=True,
    ),
)
def undo(visit: Visiting, code: ProductCode, given: OccurrenceUndoIn) -> Response:
    """Hoàn tác một sự kiện đã ghi: hạn đếm từ đó đóng lại. / Take back that it has happened."""
    tags = tags_seen(visit.request)

    def work(tx: Connection, actor: Actor) -> Answer:
        happening = Happening(code, given.event, actor, tags)
        return _told(undo_occurrence(tx, happening, given.reason, today=visit.today, now=visit.now))

    return guarded(visit, code, work)


def _told(done: OccurredView) -> Answer:
    return answer(done, ETag=done.etag)
