"""`/products/{code}/difference`: what a renewal or an upgrade says otherwise than what was recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from ocop_workflow.dossiers.change_views import DifferenceView
from ocop_workflow.products.differing.declaring import LONGEST, Declaration, declare_change
from ocop_workflow.products.differing.showing import show_difference
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.schemas import Name, Said
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["products"], route_class=Gated)

#: how many papers prove one change at most
_MOST_PAPERS = 40

_DIFFERENCE: dict[str, Any] = {
    "code": "DP24-002",
    "dossier": 2,
    "kind": "upgrade",
    "kind_label": "nâng hạng",
    "applies": True,
    "recognised": {
        "dossier": 1,
        "number": "12/QĐ-UBND",
        "star": 3,
        "decided_on": "2024-11-25",
        "valid_until": "2027-11-25",
        "regulation": "148/QĐ-TTg",
        "mean": "65",
    },
    "star": None,
    "mean": None,
    "changes": [
        {
            "kind": "paper",
            "kind_label": "giấy tờ",
            "label": "Phiếu kết quả kiểm nghiệm",
            "before": "Phiếu kết quả kiểm nghiệm số KN-1 ngày 02/01/2024",
            "now": "Phiếu kết quả kiểm nghiệm số KN-9 ngày 05/05/2026",
            "hidden": False,
        }
    ],
    "declared": [
        {
            "heading": "bao bì",
            "said": True,
            "change": "hũ thủy tinh thay túi ni lông",
            "papers": [{"id": 7, "told": "Hợp đồng mua hũ số 3", "expired": False}],
            "unproven": False,
            "saved_by": "lan",
            "saved_at": "2026-09-02T02:00:00Z",
        }
    ],
    "papers": [{"id": 7, "told": "Hợp đồng mua hũ số 3", "expired": False}],
    "ran_out": [],
    "undeclared": 8,
    "unproven": 0,
}


class ChangeIn(Said):
    """What is said under a heading of Mẫu 02; `said` false takes it out, no `change`: nothing has changed."""

    heading: Name
    said: bool = True
    change: Annotated[str, Field(max_length=LONGEST)] | None = None
    papers: Annotated[
        list[Annotated[int, Field(ge=1, le=2**31 - 1)]],
        Field(max_length=_MOST_PAPERS, default_factory=list),
    ]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"heading": "bao bì", "change": "hũ thủy tinh thay túi ni lông", "papers": [7]}]
        }
    )


@router.get("/products/{code}/difference", **operation("showDifference", DifferenceView, _DIFFERENCE))
def show(visit: Visiting, code: ProductCode) -> Response:
    """Hồ sơ đánh giá lại, nâng hạng khác hồ sơ đã công nhận ở đâu. / What has changed since."""
    return visit.answer(
        lambda tx, actor: answer(show_difference(tx, code, actor, visit.today, visit.language))
    )


@router.post(
    "/products/{code}/difference", **operation("declareChange", DifferenceView, _DIFFERENCE, changes=True)
)
def declare(visit: Visiting, code: ProductCode, given: ChangeIn) -> Response:
    """Ghi một nội dung đã thay đổi, và giấy tờ chứng minh. / Say what has changed, and what proves it."""

    def work(tx: Connection, actor: Actor) -> Answer:
        change = Declaration(given.heading, given.said, given.change, tuple(given.papers))
        declare_change(tx, code, change, actor=actor, now=visit.now)
        return answer(show_difference(tx, code, actor, visit.today, visit.language))

    return visit.change(work)
