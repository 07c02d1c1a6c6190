"""`POST …/documents/{kind}/issued` outside sessions: the signed file, under the clerk's number."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from ocop_workflow.access import Permission
from ocop_workflow.bootstrap import Application
from ocop_workflow.documents.ending.filing import file_expiry_notice, refuse_filing_notice
from ocop_workflow.documents.outside.filing import OutsideOrder, file_outside, refuse_filing
from ocop_workflow.documents.outside.kinds import OF_CERTIFICATE, OF_PRODUCT, outside_document
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.files.uploads import Upload
from ocop_workflow.web.api.councils.documents import around
from ocop_workflow.web.api.councils.ending import ExpiredQuery
from ocop_workflow.web.api.councils.issuing import SignedQuery
from ocop_workflow.web.api.councils.outside import Kind
from ocop_workflow.web.api.products.uploads import sent_as_it_is, taken
from ocop_workflow.web.contract.council_examples import EXPIRY_ISSUED, ISSUED
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.visits import Visit
from ocop_workflow.web.guard.gate import GatedStream

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(route_class=GatedStream)


class SignedNoticeQuery(ExpiredQuery, SignedQuery):
    """Which notice of what ran out, and what stands on it."""


Asked = Annotated[SignedQuery, Query()]
AskedOfSpan = Annotated[SignedNoticeQuery, Query()]


async def sent_for_certificate(request: Request, number: Number, kind: Kind) -> AsyncIterator[Upload]:
    """Take a file as it comes, of whoever may file this document of a certificate."""
    async for upload in _received(request, OutsideOrder(kind, certificate=number)):
        yield upload


async def sent_for_product(request: Request, code: ProductCode, kind: Kind) -> AsyncIterator[Upload]:
    """Take a file as it comes, of whoever may file this document of a product."""
    async for upload in _received(request, OutsideOrder(kind, product=code)):
        yield upload


async def sent_for_span(request: Request, asked: AskedOfSpan) -> AsyncIterator[Upload]:
    """Take a file as it comes, of whoever may file the notice of what ran out."""

    def turn_away(visit: Visit) -> None:
        with visit.reading() as (tx, actor):
            refuse_filing_notice(tx, asked.span, actor, visit.today)

    async for upload in taken(request, turn_away):
        yield upload


async def _received(request: Request, order: OutsideOrder) -> AsyncIterator[Upload]:
    def turn_away(visit: Visit) -> None:
        with visit.reading() as (tx, actor):
            outside_document(order.kind, OF_CERTIFICATE if order.certificate else OF_PRODUCT)
            refuse_filing(tx, order, actor, around(visit.application), visit.today)

    async for upload in taken(request, turn_away):
        yield upload


@router.post(
    "/certificates/{number}/documents/{kind}/issued",
    tags=["certificates"],
    **sent_as_it_is(
        operation(
            "fileCertificateDocument",
            IssuedView,
            {**ISSUED, "kind": "notice"},
            status=201,
            changes=True,
            needs=Permission.RUN_SESSIONS,
        )
    ),
)
def file_for_certificate(
    request: Request,
    number: Number,
    kind: Kind,
    upload: Annotated[Upload, Depends(sent_for_certificate)],
    asked: Asked,
) -> Response:
    """Lưu bản đã ký của một văn bản của giấy; nội dung là chính tệp ấy. / File a certificate's document."""
    return _filed(request, OutsideOrder(kind, certificate=number), upload, asked)


@router.post(
    "/products/{code}/documents/{kind}/issued",
    tags=["products"],
    **sent_as_it_is(
        operation(
            "fileProductDocument",
            IssuedView,
            {**ISSUED, "kind": "letter-up"},
            status=201,
            changes=True,
            needs=Permission.RUN_SESSIONS,
        )
    ),
)
def file_for_product(
    request: Request,
    code: ProductCode,
    kind: Kind,
    upload: Annotated[Upload, Depends(sent_for_product)],
    asked: Asked,
) -> Response:
    """Lưu bản đã ký của văn bản của bước ấy; nội dung là chính tệp ấy. / File a product's document."""
    return _filed(request, OutsideOrder(kind, product=code), upload, asked)


@router.post(
    "/certificates/expired/notice/issued",
    tags=["certificates"],
    **sent_as_it_is(
        operation(
            "fileExpiryNotice",
            IssuedView,
            EXPIRY_ISSUED,
            status=201,
            changes=True,
            needs=Permission.RUN_SESSIONS,
        )
    ),
)
def file_for_span(
    request: Request, upload: Annotated[Upload, Depends(sent_for_span)], asked: AskedOfSpan
) -> Response:
    """Lưu bản đã ký của thông báo hết hạn; nội dung là chính tệp ấy. / File the notice of what ran out."""
    application: Application = request.app.state.application
    kept = application.files.keep(upload, asked.name)
    visit = Visit(request, kept.sha256.encode())

    def work(tx: Connection, actor: Actor) -> Answer:
        done = file_expiry_notice(
            tx,
            asked.span,
            asked.given,
            kept,
            actor=actor,
            today=visit.today,
            now=visit.now,
            language=visit.language,
        )
        return answer(done, 201)

    return visit.change(work)


def _filed(request: Request, order: OutsideOrder, upload: Upload, asked: SignedQuery) -> Response:
    application: Application = request.app.state.application
    kept = application.files.keep(upload, asked.name)
    visit = Visit(request, kept.sha256.encode())

    def work(tx: Connection, actor: Actor) -> Answer:
        done = file_outside(
            tx,
            order,
            asked.given,
            kept,
            actor=actor,
            around=around(application),
            today=visit.today,
            now=visit.now,
            language=visit.language,
        )
        return answer(done, 201)

    return visit.change(work)
