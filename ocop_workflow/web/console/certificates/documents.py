"""Documents outside sessions: what can be drafted of a certificate or a product's last step; filing it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Response

from ocop_workflow.access import Permission
from ocop_workflow.documents.outside.drafting import (
    draft_of_certificate,
    draft_of_product,
    list_certificate_documents,
    list_product_documents,
)
from ocop_workflow.documents.outside.filing import (
    OutsideOrder,
    file_outside,
    find_filed,
    refuse_filing,
    take_back_outside,
)
from ocop_workflow.documents.outside.kinds import OF_CERTIFICATE, OF_PRODUCT, outside_document
from ocop_workflow.web.api.councils.documents import around
from ocop_workflow.web.console.councils.signed import file_signed
from ocop_workflow.web.console.dossiers.sent_files import what_is_taken
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.downloads import attachment
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.clerk import Issue
    from ocop_workflow.documents.drafting import DraftedDocument
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.errors import OcopError
    from ocop_workflow.files import KeptFile
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

Kind = Annotated[str, Path(max_length=40)]
_RUN = Permission.RUN_SESSIONS


@router.get("/certificates/{number}/documents", **needs())
def show_of_certificate(call: Calling, number: Number) -> Response:
    """List what can be drafted of a certificate."""
    return call.show(lambda tx, actor: _of_certificate(tx, call, actor, number))


@router.get("/certificates/{number}/documents/{kind}", **needs())
def draft_for_certificate(call: Calling, number: Number, kind: Kind) -> Response:
    """Give a certificate's document, to be saved."""

    def work(tx: Connection, actor: Actor) -> DraftedDocument:
        wanted, here = outside_document(kind, OF_CERTIFICATE), around(call.application)
        return draft_of_certificate(tx, number, wanted, actor=actor, around=here, today=call.today)

    return _saved(call, work)


@router.get("/certificates/{number}/documents/{kind}/issued", **needs())
def fetch_for_certificate(call: Calling, number: Number, kind: Kind) -> Response:
    """Give a certificate's document as it was issued, to be saved."""
    return _fetched(call, lambda: _of(kind, number))


@router.post("/certificates/{number}/documents/{kind}/issued", **needs(_RUN))
def file_for_certificate(call: Calling, number: Number, kind: Kind) -> Response:
    """File a certificate's signed document."""
    return _filed(
        call,
        lambda: _of(kind, number),
        lambda tx, actor, error: _of_certificate(tx, call, actor, number, error),
    )


@router.post("/certificates/{number}/documents/{kind}/issued/withdrawal", **needs(_RUN))
def withdraw_for_certificate(call: Calling, number: Number, kind: Kind) -> Response:
    """Take back what was filed by mistake."""
    return _withdrawn(
        call,
        lambda: _of(kind, number),
        lambda tx, actor, error: _of_certificate(tx, call, actor, number, error),
    )


@router.get("/products/{code}/documents", **needs())
def show_of_product(call: Calling, code: ProductCode) -> Response:
    """List what can be drafted of the step by which a product was sent up, or not recognised."""
    return call.show(lambda tx, actor: _of_product(tx, call, actor, code))


@router.get("/products/{code}/documents/{kind}", **needs())
def draft_for_product(call: Calling, code: ProductCode, kind: Kind) -> Response:
    """Give a document of a product's last step, to be saved."""

    def work(tx: Connection, actor: Actor) -> DraftedDocument:
        wanted, here = outside_document(kind, OF_PRODUCT), around(call.application)
        return draft_of_product(tx, code, wanted, actor=actor, around=here, today=call.today)

    return _saved(call, work)


@router.get("/products/{code}/documents/{kind}/issued", **needs())
def fetch_for_product(call: Calling, code: ProductCode, kind: Kind) -> Response:
    """Give a document of a product's last step as it was issued, to be saved."""
    return _fetched(call, lambda: _of(kind, code))


@router.post("/products/{code}/documents/{kind}/issued", **needs(_RUN))
def file_for_product(call: Calling, code: ProductCode, kind: Kind) -> Response:
    """File the signed document of a product's last step."""
    return _filed(
        call,
        lambda: _of(kind, code),
        lambda tx, actor, error: _of_product(tx, call, actor, code, error),
    )


@router.post("/products/{code}/documents/{kind}/issued/withdrawal", **needs(_RUN))
def withdraw_for_product(call: Calling, code: ProductCode, kind: Kind) -> Response:
    """Take back what was filed by mistake."""
    return _withdrawn(
        call,
        lambda: _of(kind, code),
        lambda tx, actor, error: _of_product(tx, call, actor, code, error),
    )


def _of(kind: str, of: int | str) -> OutsideOrder:
    """Return which document is meant; asked only of whoever has been let in."""
    if isinstance(of, int):
        return OutsideOrder(outside_document(kind, OF_CERTIFICATE), certificate=of)
    return OutsideOrder(outside_document(kind, OF_PRODUCT), product=of)


def _of_certificate(
    tx: Connection, call: Call, actor: Actor, number: int, refusal: OcopError | None = None
) -> Screen:
    found = list_certificate_documents(tx, number, actor, call.today, call.language)
    return _screen(call, actor, {"found": found, "back": f"/certificates/{number}"}, refusal)


def _of_product(
    tx: Connection, call: Call, actor: Actor, code: str, refusal: OcopError | None = None
) -> Screen:
    found = list_product_documents(tx, code, actor, call.today, call.language)
    return _screen(call, actor, {"found": found, "back": f"/products/{found.of}"}, refusal)


def _screen(call: Call, actor: Actor, content: dict[str, object], refusal: OcopError | None) -> Screen:
    more = {
        "runs": actor.units_with(_RUN) != frozenset(),
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
        **what_is_taken(call),
    }
    return Screen(
        "certificates/documents.html", {**content, **more}, kind_of(refusal).status if refusal else 200
    )


def _saved(call: Call, work: Callable[[Connection, Actor], DraftedDocument]) -> Response:
    drafted: DraftedDocument = call.read(work)
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content))


def _fetched(call: Call, order: Callable[[], OutsideOrder]) -> Response:
    found: IssuedRecord = call.read(lambda tx, actor: find_filed(tx, order(), actor, call.today))
    return attachment(found, call.application.files.fetch(found.sha256))


def _filed(
    call: Call,
    order: Callable[[], OutsideOrder],
    again: Callable[[Connection, Actor, OcopError], Screen],
) -> Response:
    here = around(call.application)

    def turn_away(tx: Connection, actor: Actor) -> None:
        refuse_filing(tx, order(), actor, here, call.today)

    def work(tx: Connection, session: Session, given: Issue, kept: KeptFile) -> Response:
        file_outside(
            tx, order(), given, kept, actor=session.actor, around=here, today=call.today, now=call.now
        )
        return call.to(_list_of(order()))

    return file_signed(call, turn_away, work, again)


def _withdrawn(
    call: Call,
    order: Callable[[], OutsideOrder],
    again: Callable[[Connection, Actor, OcopError], Screen],
) -> Response:
    def work(tx: Connection, session: Session) -> Response:
        reason = call.given("reason")
        take_back_outside(tx, order(), reason, actor=session.actor, today=call.today, now=call.now)
        return call.to(_list_of(order()))

    return call.change_or_show(work, again)


def _list_of(order: OutsideOrder) -> str:
    of = f"certificates/{order.certificate}" if order.certificate else f"products/{order.product}"
    return f"/{of}/documents"
