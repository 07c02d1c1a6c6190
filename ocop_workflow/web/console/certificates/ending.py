"""`/certificates/expired/notice`: the notice of certificates that ran out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from ocop_workflow.documents.ending.drafting import draft_expiry_notice
from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.web.console.frame.call import Calling, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.downloads import attachment

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.drafting import DraftedDocument
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

Text = Annotated[str, Query(max_length=60)]


@router.get("/certificates/expired/notice", **needs())
def notice(call: Calling, unit: Text = "", since: Text = "", until: Text = "") -> Response:
    """Give the notice of a unit's certificates that ran out in a span of days, to be saved."""

    def work(tx: Connection, actor: Actor) -> DraftedDocument:
        span = _day(since, "since"), _day(until, "until")
        return draft_expiry_notice(tx, unit, span, actor, call.today)

    return _file(call.read(work))


def _day(given: str, name: str) -> date:
    day = day_of(given, name)
    if day is None:
        raise InvalidInput(
            "Khoảng ngày có lỗi.", "The span of days is at fault.", [fault(name, "phải có ngày", "is needed")]
        )
    return day


def _file(drafted: DraftedDocument) -> Response:
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content))
