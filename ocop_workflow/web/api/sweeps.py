"""`/sweeps`: the daily checks, and running today's."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from ocop_workflow.access import Permission
from ocop_workflow.overview.list_queries import newest_sweeps
from ocop_workflow.sweep.daily import SweepOrder, careful_sweep
from ocop_workflow.sweep.holding import SweepHeld
from ocop_workflow.sweep.views import SweepReportView, SweepView
from ocop_workflow.web.contract import examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, Paging, page
from ocop_workflow.web.exchange.schemas import SweepIn
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["sweeps"], route_class=Gated)


@router.get(
    "/sweeps",
    **operation("listSweeps", Page[SweepView], examples.page(examples.SWEEP)),
)
def list_sweeps(visit: Visiting, asked: Annotated[Paging, Query()]) -> Response:
    """Các lần quét thời hạn, mới nhất trước. / The daily checks, newest first."""
    before = asked.before

    def work(tx: Connection, actor: Actor) -> Answer:  # noqa: ARG001 - they are everybody's
        return page(
            visit, asked, newest_sweeps(tx, asked.and_one, before), SweepView.alike, lambda row: row.id
        )

    return visit.answer(work)


@router.post(
    "/sweeps",
    **operation(
        "runSweep",
        SweepReportView,
        examples.SWEEP_REPORT,
        changes=True,
        needs=Permission.SWEEP,
    ),
)
def run_sweep(visit: Visiting, given: SweepIn) -> Response:
    """Quét thời hạn hôm nay, hoặc chỉ xem trước. / Run today's check, or only see what it would do."""
    application = visit.application

    def work(actor: Actor) -> Answer:
        order = SweepOrder(rehearsal=given.dry_run, by=actor, confirm=given.confirm)
        try:
            report = careful_sweep(
                application.database, application.clock, application.sender, order, application.caution
            )
        except SweepHeld as held:
            raise _in_the_body(held) from None
        if report.held:
            report = replace(report, held=_in_the_body(report.held))
        return answer(SweepReportView.of(report, dry_run=given.dry_run))

    return visit.run(work)


def _in_the_body(held: SweepHeld) -> SweepHeld:
    """Say how whoever asks over HTTP confirms: by a member of the body, not by a command."""
    return SweepHeld(held.hold, json.dumps({"confirm": held.hold.day.isoformat()}))
