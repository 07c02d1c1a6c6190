"""`/certificates/expired`: the notice of certificates that ran out, drafted, filed signed, taken back."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from ocop_workflow.access import Permission
from ocop_workflow.documents.ending.drafting import draft_expiry_notice
from ocop_workflow.documents.ending.filing import (
    file_expiry_notice,
    find_expiry_notice,
    refuse_filing_notice,
    show_expiry_notice,
    take_back_expiry_notice,
)
from ocop_workflow.documents.ending.record import ExpirySpan
from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.places.queries import units_around
from ocop_workflow.regulations import Level
from ocop_workflow.renewals.announcing import draft_coming_notice
from ocop_workflow.web.console.councils.signed import file_signed
from ocop_workflow.web.console.dossiers.sent_files import what_is_taken
from ocop_workflow.web.console.frame.call import Call, Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.downloads import attachment
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.clerk import Issue
    from ocop_workflow.documents.drafting import DraftedDocument
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.errors import OcopError
    from ocop_workflow.files import KeptFile
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_PAGE: Final = "/certificates/expired"
_RUN = Permission.RUN_SESSIONS

Words = Annotated[str, Query(max_length=60)]


@router.get(_PAGE, **needs())
def show(call: Calling, unit: Words = "", since: Words = "", until: Words = "") -> Response:
    """Show how the notice of a unit's span of days stands, once both are chosen."""

    def work(tx: Connection, actor: Actor) -> Screen:
        if not (unit or since or until):
            return _screen(tx, call, actor, None)
        try:
            return _screen(tx, call, actor, _span(unit, since, until))
        except InvalidInput as error:
            return _screen(tx, call, actor, None, error)

    return call.show(work)


@router.get(f"{_PAGE}/notice", **needs())
def draft(call: Calling, unit: Words = "", since: Words = "", until: Words = "") -> Response:
    """Give the notice of a unit's certificates that ran out in a span of days, to be saved."""
    drafted: DraftedDocument = call.read(
        lambda tx, actor: draft_expiry_notice(tx, _span(unit, since, until), actor, call.today)
    )
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content))


@router.get("/certificates/ending/notice", **needs())
def announce(call: Calling, unit: Words = "", since: Words = "", until: Words = "") -> Response:
    """Give the notice of a unit's certificates that are about to run out, to be saved."""
    drafted: DraftedDocument = call.read(
        lambda tx, actor: draft_coming_notice(tx, _span(unit, since, until), actor, call.today)
    )
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content))


@router.get(f"{_PAGE}/notice/issued", **needs())
def fetch(call: Calling, unit: Words = "", since: Words = "", until: Words = "") -> Response:
    """Give the notice as it was issued, to be saved."""
    found: IssuedRecord = call.read(
        lambda tx, actor: find_expiry_notice(tx, _span(unit, since, until), actor)
    )
    return attachment(found, call.application.files.fetch(found.sha256))


@router.post(f"{_PAGE}/notice/issued", **needs(_RUN))
def file(call: Calling, unit: Words = "", since: Words = "", until: Words = "") -> Response:
    """File the signed notice."""

    def turn_away(tx: Connection, actor: Actor) -> None:
        refuse_filing_notice(tx, _span(unit, since, until), actor, call.today)

    def work(tx: Connection, session: Session, given: Issue, kept: KeptFile) -> Response:
        span = _span(unit, since, until)
        file_expiry_notice(tx, span, given, kept, actor=session.actor, today=call.today, now=call.now)
        return call.to(_PAGE, unit=unit, since=since, until=until)

    return file_signed(
        call,
        turn_away,
        work,
        lambda tx, actor, error: _screen(tx, call, actor, _span(unit, since, until), error),
    )


@router.post(f"{_PAGE}/notice/issued/withdrawal", **needs(_RUN))
def withdraw(call: Calling, unit: Words = "", since: Words = "", until: Words = "") -> Response:
    """Take back what was filed by mistake."""

    def work(tx: Connection, session: Session) -> Response:
        span, reason = _span(unit, since, until), call.given("reason")
        take_back_expiry_notice(tx, span, reason, actor=session.actor, now=call.now)
        return call.to(_PAGE, unit=unit, since=since, until=until)

    return call.change_or_show(
        work, lambda tx, actor, error: _screen(tx, call, actor, _span(unit, since, until), error)
    )


def _screen(
    tx: Connection, call: Call, actor: Actor, span: ExpirySpan | None, refusal: OcopError | None = None
) -> Screen:
    found = show_expiry_notice(tx, span, actor, call.today, call.language) if span else None
    around = units_around(tx, actor.units_with(Permission.READ_SHEETS))
    asked = {"unit": span.unit, "since": f"{span.since}", "until": f"{span.until}"} if span else {}
    content = {
        "found": found,
        "soon": call.today + timedelta(days=30),  # who is told in writing has that long (QĐ 148/2023)
        "later": call.today + timedelta(days=90),
        "yesterday": call.today - timedelta(days=1),  # the last day of which everything ran out
        "query": f"?{urlencode(asked)}",
        "units": [(one.slug, one.name) for one in around if one.level is not Level.COMMUNE],
        "runs": actor.units_with(_RUN) != frozenset(),
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
        **what_is_taken(call),
    }
    return Screen("certificates/expired.html", content, kind_of(refusal).status if refusal else 200)


def _span(unit: str, since: str, until: str) -> ExpirySpan:
    return ExpirySpan(unit, _day(since, "since"), _day(until, "until"))


def _day(given: str, name: str) -> date:
    day = day_of(given, name)
    if day is None:
        raise InvalidInput(
            "Khoảng ngày có lỗi.", "The span of days is at fault.", [fault(name, "phải có ngày", "is needed")]
        )
    return day
