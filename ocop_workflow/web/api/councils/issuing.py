"""`POST /sessions/{number}/documents/{kind}/issued`: the signed file, under the clerk's number."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from ocop_workflow.access import Permission
from ocop_workflow.bootstrap import Application
from ocop_workflow.documents.clerk import Issue
from ocop_workflow.documents.drafting import DocumentOrder
from ocop_workflow.documents.issuing import issue_document, refuse_issuing
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.files.uploads import Upload
from ocop_workflow.states.facts import Line
from ocop_workflow.web.api.councils.documents import DocumentQuery, Kind, around
from ocop_workflow.web.api.products.uploads import sent_as_it_is, taken
from ocop_workflow.web.contract.council_examples import ISSUED
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.schemas import AddressQuery, Name, OnDay
from ocop_workflow.web.exchange.visits import Visit
from ocop_workflow.web.guard.gate import GatedStream

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["sessions"], route_class=GatedStream)


class SignedQuery(AddressQuery):
    """Number and sign, day and signer as they stand on the document; `name`: of the file."""

    number: Annotated[Line, Field(max_length=100)] = Field(
        examples=["12/BC-HĐOCOP"], description="Số, ký hiệu do văn thư cấp. / As the clerk gave it."
    )
    issued_on: OnDay = Field(description="Ngày của văn bản. / Its day.")
    signer: Name = Field(description="Người ký, chức vụ. / Who signed.")
    name: str = Field(default="", max_length=1000, description="Tên tệp. / The file's name.")

    @property
    def given(self) -> Issue:
        """How it was issued."""
        return Issue(self.number, self.issued_on, self.signer)


class IssueQuery(DocumentQuery, SignedQuery):
    """Which document of a session, and what stands on it."""


Asked = Annotated[IssueQuery, Query()]


async def received(request: Request, number: Number, kind: Kind, asked: Asked) -> AsyncIterator[Upload]:
    """Take a file as it comes, of whoever may issue this document."""
    order = DocumentOrder(kind, asked.commune, asked.product)

    def turn_away(visit: Visit) -> None:
        with visit.reading() as (tx, actor):
            refuse_issuing(tx, number, order, actor, around(visit.application))

    async for upload in taken(request, turn_away):
        yield upload


@router.post(
    "/sessions/{number}/documents/{kind}/issued",
    **sent_as_it_is(
        operation(
            "issueDocument", IssuedView, ISSUED, status=201, changes=True, needs=Permission.RUN_SESSIONS
        )
    ),
)
def issue(
    request: Request,
    number: Number,
    kind: Kind,
    upload: Annotated[Upload, Depends(received)],
    asked: Asked,
) -> Response:
    """Lưu bản đã ký cạnh dự thảo, không lập lại nữa; nội dung là chính tệp ấy. / File the signed document."""
    application: Application = request.app.state.application
    kept = application.files.keep(upload, asked.name)
    visit = Visit(request, kept.sha256.encode())
    order = DocumentOrder(kind, asked.commune, asked.product)

    def work(tx: Connection, actor: Actor) -> Answer:
        done = issue_document(
            tx,
            number,
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
