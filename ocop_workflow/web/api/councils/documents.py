"""`/sessions/{number}/documents`: what can be drafted of a session's documents, and one as a file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from ocop_workflow.access import Permission
from ocop_workflow.documents.drafting import (
    DocumentOrder,
    draft_document,
    list_documents,
)
from ocop_workflow.documents.issuing import find_issued
from ocop_workflow.documents.record import Surroundings
from ocop_workflow.documents.taking_back import take_back_document
from ocop_workflow.documents.views import IssuedView, SessionDocumentsView
from ocop_workflow.files import FileKind
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.web.api.councils.sessions import BecauseIn
from ocop_workflow.web.api.products.files import BYTES
from ocop_workflow.web.contract.council_examples import DOCUMENTS, ISSUED, TAKEN_BACK
from ocop_workflow.web.contract.operations import operation, refusals
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.downloads import attachment
from ocop_workflow.web.exchange.schemas import AddressQuery, ProductCode, Slug
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.bootstrap import Application
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["sessions"], route_class=Gated)

Kind = Annotated[
    SessionDocument,
    Path(
        examples=["minutes"],
        description="Văn bản nào, như trong danh sách. / Which document, as the list names it.",
    ),
]


class DocumentQuery(AddressQuery):
    """Which of several: of a commune, or of a product, as the list names it."""

    commune: Slug | None = Field(default=None, description="Mã xã, phường. / A commune's id.")
    product: ProductCode | None = Field(default=None, description="Mã sản phẩm. / A product's code.")


def around(application: Application) -> Surroundings:
    """Return what documents say beside the database."""
    return Surroundings.of(application.sender, application.settings.public_address)


def _given_as_it_is(told: dict[str, Any]) -> dict[str, Any]:
    """Say in the document that the answer is a Word or Excel file, and when there is none yet."""
    told["responses"] |= refusals(409)
    told["responses"][200] = {
        "description": "Tệp, để lưu. / The file, to be saved.",
        "content": {kind.media_type: {**BYTES, "example": f"({kind.label})"} for kind in FileKind},
    }
    return {**told, "response_class": Response}


@router.get(
    "/sessions/{number}/documents",
    **operation("listSessionDocuments", SessionDocumentsView, DOCUMENTS),
)
def list_all(visit: Visiting, number: Number) -> Response:
    """Văn bản của phiên: lập được chưa, còn thiếu gì. / What can be drafted, what each still lacks."""

    def work(tx: Connection, actor: Actor) -> Answer:
        found = list_documents(tx, number, actor, around(visit.application), visit.language)
        return answer(found)

    return visit.answer(work)


@router.get(
    "/sessions/{number}/documents/{kind}",
    **_given_as_it_is(operation("draftSessionDocument", SessionDocumentsView, DOCUMENTS)),
)
def draft(visit: Visiting, number: Number, kind: Kind, asked: Annotated[DocumentQuery, Query()]) -> Response:
    """Dự thảo một văn bản từ dữ liệu đang có. / Draft a document from what is on record."""
    order = DocumentOrder(kind, asked.commune, asked.product)
    with visit.reading() as (tx, actor):
        drafted = draft_document(tx, number, order, actor, around(visit.application))
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content), visit.afterwards)


@router.get(
    "/sessions/{number}/documents/{kind}/issued",
    **_given_as_it_is(operation("fetchIssuedDocument", IssuedView, ISSUED)),
)
def fetch(visit: Visiting, number: Number, kind: Kind, asked: Annotated[DocumentQuery, Query()]) -> Response:
    """Tải bản đã ban hành, đúng tệp đã ký. / Fetch a document as it was issued."""
    order = DocumentOrder(kind, asked.commune, asked.product)
    with visit.reading() as (tx, actor):
        found = find_issued(tx, number, order, actor, around(visit.application))
    return attachment(found, visit.application.files.fetch(found.sha256), visit.afterwards)


@router.post(
    "/sessions/{number}/documents/{kind}/issued/withdrawal",
    **operation("takeDocumentBack", IssuedView, TAKEN_BACK, changes=True, needs=Permission.RUN_SESSIONS),
)
def take_back(
    visit: Visiting, number: Number, kind: Kind, asked: Annotated[DocumentQuery, Query()], given: BecauseIn
) -> Response:
    """Rút lại bản lưu nhầm: bản ấy vẫn giữ, văn bản lưu lại được. / Take back what was filed by mistake."""
    order = DocumentOrder(kind, asked.commune, asked.product)

    def work(tx: Connection, actor: Actor) -> Answer:
        here = around(visit.application)
        done = take_back_document(tx, number, order, given.reason, actor=actor, around=here, now=visit.now)
        return answer(done)

    return visit.change(work)
