"""`/sessions/{number}/documents`: the documents of a session, what each still lacks, and one to be saved."""

from __future__ import annotations

import io
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Response

from ocop_workflow.access import Permission
from ocop_workflow.documents.drafting import (
    DocumentOrder,
    draft_document,
    list_documents,
)
from ocop_workflow.documents.issuing import find_issued, issue_document, refuse_issuing
from ocop_workflow.documents.taking_back import take_back_document
from ocop_workflow.regulations.councils.documents import named
from ocop_workflow.web.api.councils.documents import around
from ocop_workflow.web.console.councils.signed import file_signed
from ocop_workflow.web.console.dossiers.sent_files import what_is_taken
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.downloads import attachment
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.documents.clerk import Issue
    from ocop_workflow.documents.drafting import DraftedDocument
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.errors import OcopError
    from ocop_workflow.files import KeptFile
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)


_RUN = Permission.RUN_SESSIONS


@router.get("/sessions/{number}/documents", **needs())
def show_list(call: Calling, number: Number) -> Response:
    """List the documents of a session."""
    return call.show(lambda tx, actor: _screen(tx, call, actor, number))


#: whose document is meant, where there is one for each
Whose = Annotated[str, Query(max_length=60)]


def _order(kind: str, commune: str, product: str) -> DocumentOrder:
    return DocumentOrder(named(kind), commune or None, product or None)


def _screen(
    tx: Connection, call: Call, actor: Actor, number: int, refusal: OcopError | None = None
) -> Screen:
    found = list_documents(tx, number, actor, around(call.application), call.language)
    content = {
        "found": found,
        "kinds": [(kind, list(lines)) for kind, lines in groupby(found.documents, attrgetter("kind"))],
        "runs": actor.units_with(_RUN) != frozenset(),
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
        **what_is_taken(call),
    }
    return Screen("councils/documents.html", content, kind_of(refusal).status if refusal else 200)


@router.get("/sessions/{number}/documents/{kind}", **needs())
def draft(
    call: Calling,
    number: Number,
    kind: Annotated[str, Path(max_length=40)],
    commune: Whose = "",
    product: Whose = "",
) -> Response:
    """Give a document, to be saved."""

    def work(tx: Connection, actor: Actor) -> DraftedDocument:
        return draft_document(tx, number, _order(kind, commune, product), actor, around(call.application))

    drafted: DraftedDocument = call.read(work)
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content))


@router.get("/sessions/{number}/documents/{kind}/issued", **needs())
def fetch(
    call: Calling,
    number: Number,
    kind: Annotated[str, Path(max_length=40)],
    commune: Whose = "",
    product: Whose = "",
) -> Response:
    """Give a document as it was issued, to be saved."""

    def work(tx: Connection, actor: Actor) -> IssuedRecord:
        return find_issued(tx, number, _order(kind, commune, product), actor, around(call.application))

    found: IssuedRecord = call.read(work)
    return attachment(found, call.application.files.fetch(found.sha256))


@router.post("/sessions/{number}/documents/{kind}/issued", **needs(_RUN))
def issue(call: Calling, number: Number, kind: Annotated[str, Path(max_length=40)]) -> Response:
    """File the signed document."""
    here = around(call.application)

    def order() -> DocumentOrder:
        return _order(kind, call.given("commune")[:60], call.given("product")[:60])

    def turn_away(tx: Connection, actor: Actor) -> None:
        refuse_issuing(tx, number, order(), actor, here)

    def work(tx: Connection, session: Session, given: Issue, kept: KeptFile) -> Response:
        issue_document(
            tx,
            number,
            order(),
            given,
            kept,
            actor=session.actor,
            around=here,
            today=call.today,
            now=call.now,
        )
        return call.to(f"/sessions/{number}/documents")

    return file_signed(
        call, turn_away, work, lambda tx, actor, error: _screen(tx, call, actor, number, error)
    )


@router.post("/sessions/{number}/documents/{kind}/issued/withdrawal", **needs(_RUN))
def withdraw(call: Calling, number: Number, kind: Annotated[str, Path(max_length=40)]) -> Response:
    """Take back what was filed by mistake."""
    order = _order(kind, call.given("commune")[:60], call.given("product")[:60])

    def work(tx: Connection, session: Session) -> Response:
        here, reason = around(call.application), call.given("reason")
        take_back_document(tx, number, order, reason, actor=session.actor, around=here, now=call.now)
        return call.to(f"/sessions/{number}/documents")

    return call.change_or_show(work, lambda tx, actor, error: _screen(tx, call, actor, number, error))
