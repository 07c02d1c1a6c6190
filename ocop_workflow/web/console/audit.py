"""`/audit`: who did what, and whether anybody has changed what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, model_validator

from ocop_workflow.access import Permission
from ocop_workflow.audit.chain import verify
from ocop_workflow.audit.words import deed_text
from ocop_workflow.clock import span_of
from ocop_workflow.overview.audit_queries import AuditFilter, newest_audit
from ocop_workflow.web.console.frame.call import Call, Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.languages import say

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_READ = Permission.READ_AUDIT
_PAGE: Final = 50


class AskedEntries(BaseModel):
    """Which entries a page shows."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    actor: str | None = None
    action: str | None = None
    since: str | None = None
    until: str | None = None
    before: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, given: Any) -> Any:  # noqa: ANN401 - what the address holds
        return {name: value for name, value in dict(given).items() if value != ""}


@router.get("/audit", **needs(_READ))
def show_audit(call: Calling, asked: Annotated[AskedEntries, Query()]) -> Response:
    """Show what was done, the newest first."""
    return call.show(lambda tx, actor: _page(tx, call, actor, asked, None))


@router.post("/audit/verify", **needs(_READ))
def verify_all(call: Calling) -> Response:
    """Look at every entry whether it is as it was written, and show the newest."""

    def work(tx: Connection, actor: Actor) -> Screen:
        verdict = verify(tx)
        words = {
            "entries": verdict.entries,
            "head": f"{verdict.entries}:{verdict.head}",
            "bad": verdict.bad_seq,
            "reason": say(verdict.reason, call.language) if verdict.reason else "",
        }
        return _page(tx, call, actor, AskedEntries(), words)

    return call.show(work)


def _page(
    tx: Connection, call: Call, actor: Actor, asked: AskedEntries, verdict: dict[str, Any] | None
) -> Screen:
    zone = call.application.settings.zone
    since, until = day_of(asked.since or "", "since"), day_of(asked.until or "", "until")
    wanted = AuditFilter(
        asked.actor,
        asked.action,
        span_of(since, zone)[0] if since else None,
        span_of(until, zone)[1] if until else None,
        asked.before,
    )
    found = newest_audit(tx, actor.units_with(_READ), _PAGE + 1, wanted)
    shown = found[:_PAGE]
    more = ""
    if len(found) > _PAGE:
        known = asked.model_dump(exclude_none=True, exclude={"before"})
        more = f"/audit?{urlencode({**known, 'before': shown[-1].seq})}"
    named = {entry.action: say(deed_text(entry.action), call.language) for entry in shown}
    return Screen(
        "audit.html", {"entries": shown, "named": named, "asked": asked, "more": more, "verdict": verdict}
    )
