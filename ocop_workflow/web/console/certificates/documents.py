"""Documents outside sessions: what can be drafted of a certificate or a product's last step, and one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Response

from ocop_workflow.documents.outside.drafting import (
    draft_of_certificate,
    draft_of_product,
    list_certificate_documents,
    list_product_documents,
)
from ocop_workflow.documents.outside.kinds import OF_CERTIFICATE, OF_PRODUCT, outside_document
from ocop_workflow.web.api.councils.documents import around
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.downloads import attachment

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.drafting import DraftedDocument
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

Kind = Annotated[str, Path(max_length=40)]


@router.get("/certificates/{number}/documents", **needs())
def show_of_certificate(call: Calling, number: Number) -> Response:
    """List what can be drafted of a certificate."""

    def work(tx: Connection, actor: Actor) -> Screen:
        found = list_certificate_documents(tx, number, actor, call.today, call.language)
        return Screen("certificates/documents.html", {"found": found, "back": f"/certificates/{number}"})

    return call.show(work)


@router.get("/certificates/{number}/documents/{kind}", **needs())
def draft_for_certificate(call: Calling, number: Number, kind: Kind) -> Response:
    """Give a certificate's document, to be saved."""

    def work(tx: Connection, actor: Actor) -> DraftedDocument:
        wanted, here = outside_document(kind, OF_CERTIFICATE), around(call.application)
        return draft_of_certificate(tx, number, wanted, actor=actor, around=here, today=call.today)

    return _saved(call, work)


@router.get("/products/{code}/documents", **needs())
def show_of_product(call: Calling, code: ProductCode) -> Response:
    """List what can be drafted of the step by which a product was sent up, or not recognised."""

    def work(tx: Connection, actor: Actor) -> Screen:
        found = list_product_documents(tx, code, actor, call.today, call.language)
        return Screen("certificates/documents.html", {"found": found, "back": f"/products/{found.of}"})

    return call.show(work)


@router.get("/products/{code}/documents/{kind}", **needs())
def draft_for_product(call: Calling, code: ProductCode, kind: Kind) -> Response:
    """Give a document of a product's last step, to be saved."""

    def work(tx: Connection, actor: Actor) -> DraftedDocument:
        wanted, here = outside_document(kind, OF_PRODUCT), around(call.application)
        return draft_of_product(tx, code, wanted, actor=actor, around=here, today=call.today)

    return _saved(call, work)


def _saved(call: Call, work: Callable[[Connection, Actor], DraftedDocument]) -> Response:
    drafted: DraftedDocument = call.read(work)
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content))
