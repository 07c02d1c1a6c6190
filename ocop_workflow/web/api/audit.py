"""`/audit`: who did what, for whoever may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ocop_workflow.access import Permission
from ocop_workflow.audit.views import AuditEntryView
from ocop_workflow.clock import span_of
from ocop_workflow.overview.audit_queries import AuditFilter, newest_audit
from ocop_workflow.web.contract import examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.pages import Page, Paging, page
from ocop_workflow.web.exchange.schemas import OnDay
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["audit"], route_class=Gated)


class AuditQuery(Paging):
    """Which entries are asked for."""

    actor: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="Tên đăng nhập. / A login."
    )
    action: Annotated[str, Field(pattern=r"^[a-z_.]{1,60}$")] | None = Field(
        default=None, description="Việc, như plan.load; plan. là mọi việc về kế hoạch. / An action."
    )
    on: OnDay | None = Field(default=None, description="Trong ngày nào. / On which local day.")


@router.get(
    "/audit",
    **operation(
        "listAudit",
        Page[AuditEntryView],
        examples.page(examples.AUDIT),
        needs=Permission.READ_AUDIT,
    ),
)
def list_audit(visit: Visiting, asked: Annotated[AuditQuery, Query()]) -> Response:
    """Nhật ký kiểm tra, mới nhất trước. / The audit, newest first.

    Whoever administers every unit sees all of it, others whatever concerns their units and officers.
    """
    since, until = span_of(asked.on, visit.application.settings.zone) if asked.on else (None, None)
    wanted = AuditFilter(asked.actor, asked.action, since, until, asked.before)

    def work(tx: Connection, actor: Actor) -> Answer:
        roots = actor.units_with(Permission.READ_AUDIT)
        found = newest_audit(tx, roots, asked.and_one, wanted)
        return page(visit, asked, found, AuditEntryView.alike, lambda entry: entry.seq)

    return visit.answer(work)
