"""`/calendar.ics`: a unit's deadlines, for whatever calendar its office looks at."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ocop_workflow.bootstrap import Application
from ocop_workflow.overview.feed import Reading, calendar_feed
from ocop_workflow.people.tokens import authenticate
from ocop_workflow.web.contract.headers import IF_NONE_MATCH, referred
from ocop_workflow.web.contract.operations import refusals
from ocop_workflow.web.guard.identity import Uses, digest, met, origin_of
from ocop_workflow.web.guard.limits import RateLimits

router = APIRouter(tags=["calendar"])

Token = Annotated[str, Query(description="Mã phạm vi `feed`. / A token of scope `feed`.")]

_TAGGED = referred(["ETag"])
_HEADERS = {"Cache-Control": "private, no-cache", "Content-Disposition": 'inline; filename="ocop.ics"'}


@router.get(
    "/calendar.ics",
    operation_id="readCalendar",
    response_class=Response,
    responses={
        200: {
            "content": {"text/calendar": {"schema": {"type": "string"}, "example": "BEGIN:VCALENDAR\r\n…"}},
            "description": "Lịch. / The calendar.",
            "headers": _TAGGED,
        },
        304: {"description": "Chưa có gì đổi. / Nothing has changed since.", "headers": _TAGGED},
        **refusals(401, 403, 404, 422, 429, 503),
    },
    openapi_extra={"security": [{"feed": []}], "parameters": [IF_NONE_MATCH]},
)
def read_calendar(request: Request, token: Token = "") -> Response:
    """Lịch thời hạn của một địa phương (iCalendar). / A unit's deadlines as a calendar to subscribe to.

    The token stands in the address because calendar programs know no other way; it reads this and nothing
    else, and is never logged.
    """
    application: Application = request.app.state.application
    uses: Uses = request.app.state.uses
    limits: RateLimits = request.app.state.limits
    limits.count_token(digest(token))
    now = application.clock.now()
    settings = application.settings
    with application.database.read() as tx:
        actor = authenticate(tx, token, origin_of(request), now)
        met(request, actor)
        feed = calendar_feed(tx, actor, Reading(application.clock.today(), settings.zone))
    headers = {**_HEADERS, "ETag": f'"{hashlib.sha256(feed).hexdigest()[:32]}"'}
    task = uses.task_for(token)
    if headers["ETag"] in _known(request):
        return Response(status_code=304, headers=headers, background=task)
    return Response(feed, headers=headers, media_type="text/calendar; charset=utf-8", background=task)


def _known(request: Request) -> set[str]:
    """Return the versions that the client has already; how strongly they are tagged does not matter."""
    given = request.headers.get("if-none-match", "").split(",")
    return {tag.strip().removeprefix("W/") for tag in given}
