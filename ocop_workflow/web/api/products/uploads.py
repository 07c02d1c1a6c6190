"""`POST /products/{code}/papers/{number}/files`: a file is taken as it comes, of whoever may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from ocop_workflow.bootstrap import Application
from ocop_workflow.dossiers.file_views import PaperFileView
from ocop_workflow.files import Upload
from ocop_workflow.files.keeping import PART
from ocop_workflow.products.papers.attaching import attach_file, refuse_attaching
from ocop_workflow.web.api.products.files import BYTES, FILE
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.visits import Visit
from ocop_workflow.web.guard.gate import GatedStream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["products"], route_class=GatedStream)

FileName = Annotated[
    str,
    Query(
        max_length=1000,
        examples=["phieu-dang-ky.pdf"],
        description="Tên tệp. / The file's name, as it is to be saved again.",
    ),
]


def sent_as_it_is(told: dict[str, Any]) -> dict[str, Any]:
    """Say in the document that the body is the file itself."""
    body = {
        "description": "Chính tệp ấy. / The file itself.",
        "required": True,
        "content": {"application/octet-stream": BYTES},
    }
    told["openapi_extra"]["requestBody"] = body
    return told


async def _pour(request: Request, upload: Upload) -> None:
    """Take the body of a request as it comes, some parts at once."""
    waiting = bytearray()
    async for part in request.stream():
        waiting += part
        if len(waiting) >= PART:
            await run_in_threadpool(upload.add, bytes(waiting))
            waiting.clear()
    await run_in_threadpool(upload.add, bytes(waiting))


async def taken(request: Request, turn_away: Callable[[Visit], None]) -> AsyncIterator[Upload]:
    """Take a file as it comes, once nobody is turned away.

    Args:
        request: whose body is the file.
        turn_away: refuses who may not send it, before the first byte is read.
    """
    application: Application = request.app.state.application
    await run_in_threadpool(turn_away, Visit(request, b""))
    with application.files.upload() as upload:
        await _pour(request, upload)
        yield upload


async def received(request: Request, code: ProductCode, number: Number) -> AsyncIterator[Upload]:
    """Take a file as it comes, of whoever may put one to this paper."""

    def turn_away(visit: Visit) -> None:
        with visit.reading() as (tx, actor):
            refuse_attaching(tx, code, number, actor)

    async for upload in taken(request, turn_away):
        yield upload


@router.post(
    "/products/{code}/papers/{number}/files",
    **sent_as_it_is(operation("attachFile", PaperFileView, FILE, status=201, changes=True)),
)
def attach(
    request: Request,
    code: ProductCode,
    number: Number,
    upload: Annotated[Upload, Depends(received)],
    name: FileName = "",
) -> Response:
    """Gắn một tệp vào giấy tờ; nội dung là chính tệp ấy. / Put a file to a paper; the body is the file."""
    application: Application = request.app.state.application
    kept = application.files.keep(upload, name)
    visit = Visit(request, kept.sha256.encode())

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(attach_file(tx, code, number, kept, actor=actor, now=visit.now), 201)

    return visit.change(work)
