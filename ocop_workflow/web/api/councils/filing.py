"""`POST …/documents/{kind}/issued` outside sessions: the signed file, under the clerk's number."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from ocop_workflow.access import Permission
from ocop_workflow.bootstrap import Application
from ocop_workflow.documents.outside.filing import OutsideOrder, file_outside, refuse_filing
from ocop_workflow.documents.outside.kinds import OF_CERTIFICATE, OF_PRODUCT, outside_document
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.files.uploads import Upload
from ocop_workflow.web.api.councils.documents import around
from ocop_workflow.web.api.councils.issuing import SignedQuery
from ocop_workflow.web.api.councils.outside import Kind
from ocop_workflow.web.api.products.uploads import pour, sent_as_it_is
from ocop_workflow.web.contract.council_examples import ISSUED
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


Asked = Annotated[SignedQuery, Query()]


async def sent_for_certificate(request: Request, number: Number, kind: Kind) -> AsyncIterator[Upload]:
    """Take a file as it comes, of whoever may file this document of a certificate."""
    async for upload in _received(request, OutsideOrder(kind, certificate=number)):
        yield upload


async def sent_for_product(request: Request, code: ProductCode, kind: Kind) -> AsyncIterator[Upload]:
    """Take a file as it comes, of whoever may file this document of a product."""
    async for upload in _received(request, OutsideOrder(kind, product=code)):
        yield upload


async def _received(request: Request, order: OutsideOrder) -> AsyncIterator[Upload]:
    application: Application = request.app.state.application
    await run_in_threadpool(_turn_away, Visit(request, b""), order)
    with application.files.upload() as upload:
        await pour(request, upload)
        yield upload


def _turn_away(visit: Visit, order: OutsideOrder) -> None:
    with visit.reading() as (tx, actor):
        outside_document(order.kind, OF_CERTIFICATE if order.certificate else OF_PRODUCT)
        refuse_filing(tx, order, actor, around(visit.application), visit.today)


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
