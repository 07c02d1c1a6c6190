"""`POST /products/events`: one event for many products, seen before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response

from ocop_workflow.access import Scope
from ocop_workflow.audit.seals import Seal
from ocop_workflow.errors import WrongUse
from ocop_workflow.products import bulk
from ocop_workflow.products.refusals import EventRefused, InOtherHands
from ocop_workflow.products.step_views import AdvancedView, BulkView, VerdictView
from ocop_workflow.views import FaultView
from ocop_workflow.web.contract import product_examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.advice import over_http
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.languages import Language, say
from ocop_workflow.web.exchange.schemas import BulkEvents
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["products"], route_class=Gated)


@router.post(
    "/products/events",
    **operation(
        "addEvents",
        BulkView,
        product_examples.BULK,
        changes=True,
        needs=Scope.READ,  # which is enough for a preview
    ),
)
def add_events(visit: Visiting, given: BulkEvents) -> Response:
    """Một thao tác cho nhiều sản phẩm: xem trước, rồi làm tất cả hoặc không làm gì. / All or nothing."""
    if given.dry_run != (given.token is None):
        raise WrongUse(
            "Xem trước bằng dry_run: true; thực hiện bằng token của lần xem trước.",
            "Preview with dry_run: true; carry out with the token of the preview.",
        )

    seal = Seal(visit.application.secret.keys(bulk.LABEL), visit.now)

    def order(actor: Actor) -> bulk.BulkOrder:
        return bulk.BulkOrder(given.codes, given.event.value, actor, given.data, given.on, given.note)

    def look(tx: Connection, actor: Actor) -> Answer:
        found = bulk.preview(tx, order(actor), visit.today, seal)
        verdicts = tuple(_verdict(verdict, visit.language) for verdict in found.verdicts)
        return answer(BulkView(dry_run=True, token=found.token, verdicts=verdicts))

    def carry_out(tx: Connection, actor: Actor) -> Answer:
        sender, token = visit.application.sender, given.token or ""
        done = bulk.carry_out(tx, order(actor), token, seal=seal, sender=sender, today=visit.today)
        advanced = tuple(AdvancedView.of(one, visit.language) for one in done)
        return answer(BulkView(dry_run=False, advanced=advanced))

    return visit.answer(look) if given.dry_run else visit.change(carry_out, Scope.ACT)


def _verdict(verdict: bulk.BulkVerdict, language: Language) -> VerdictView:
    refusal = verdict.refusal
    if refusal is None:
        return VerdictView(verdict.code, allowed=True)
    way_on = refusal.way_on if isinstance(refusal, EventRefused | InOtherHands) else None
    return VerdictView(
        code=verdict.code,
        allowed=False,
        error=refusal.name,
        detail=say(over_http(refusal.text), language),
        faults=tuple(FaultView(item.place, say(item.text, language)) for item in refusal.faults) or None,
        missing=way_on.missing if way_on else None,
        possible=way_on.allowed if way_on else None,
        needs=way_on.needs if way_on else None,
    )
