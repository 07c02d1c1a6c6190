"""Documents outside sessions: of a certificate, and of a product that was sent up, or not recognised.

How their signed files come in: `filing`.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Response

from ocop_workflow.access import Permission
from ocop_workflow.documents.outside.drafting import (
    draft_of_certificate,
    draft_of_product,
    list_certificate_documents,
    list_product_documents,
)
from ocop_workflow.documents.outside.filing import OutsideOrder, find_filed, take_back_outside
from ocop_workflow.documents.outside.kinds import (
    OF_CERTIFICATE,
    OF_PRODUCT,
    OutsideDocument,
    outside_document,
)
from ocop_workflow.documents.outside.views import OutsideDocumentsView
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.files import FileKind
from ocop_workflow.web.api.councils.documents import around
from ocop_workflow.web.api.councils.sessions import BecauseIn
from ocop_workflow.web.api.products.files import BYTES
from ocop_workflow.web.contract.council_examples import ISSUED, OUTSIDE, TAKEN_BACK
from ocop_workflow.web.contract.operations import operation, refusals
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.downloads import attachment
from ocop_workflow.web.exchange.visits import Visit, Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(route_class=Gated)

_RUN = Permission.RUN_SESSIONS

Kind = Annotated[
    OutsideDocument,
    Path(
        examples=["notice"],
        description="Văn bản nào, như trong danh sách. / Which document, as the list names it.",
    ),
]


def _given_as_it_is(told: dict[str, Any]) -> dict[str, Any]:
    """Say in the document that the answer is a Word file, and when there is none."""
    told["responses"] |= refusals(409)
    told["responses"][200] = {
        "description": "Tệp Word, để lưu. / The Word file, to be saved.",
        "content": {FileKind.DOCX.media_type: {**BYTES, "example": f"({FileKind.DOCX.label})"}},
    }
    return {**told, "response_class": Response}


@router.get(
    "/certificates/{number}/documents",
    tags=["certificates"],
    **operation("listCertificateDocuments", OutsideDocumentsView, OUTSIDE),
)
def list_of_certificate(visit: Visiting, number: Number) -> Response:
    """Văn bản của một giấy, ngoài phiên họp. / What can be drafted of a certificate, outside sessions."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(list_certificate_documents(tx, number, actor, visit.today, visit.language))

    return visit.answer(work)


@router.get(
    "/certificates/{number}/documents/{kind}",
    tags=["certificates"],
    **_given_as_it_is(operation("draftCertificateDocument", OutsideDocumentsView, OUTSIDE)),
)
def draft_for_certificate(visit: Visiting, number: Number, kind: Kind) -> Response:
    """Dự thảo một văn bản của giấy, hay trích sổ. / Draft a certificate's document, or an extract."""
    here = around(visit.application)
    with visit.reading() as (tx, actor):
        wanted = outside_document(kind, OF_CERTIFICATE)
        drafted = draft_of_certificate(tx, number, wanted, actor=actor, around=here, today=visit.today)
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content), visit.afterwards)


@router.get(
    "/certificates/{number}/documents/{kind}/issued",
    tags=["certificates"],
    **_given_as_it_is(operation("fetchCertificateDocument", IssuedView, ISSUED)),
)
def fetch_for_certificate(visit: Visiting, number: Number, kind: Kind) -> Response:
    """Tải bản đã ký của một văn bản của giấy. / Fetch a certificate's document as it was issued."""
    return _fetched(visit, OutsideOrder(kind, certificate=number), OF_CERTIFICATE)


@router.post(
    "/certificates/{number}/documents/{kind}/issued/withdrawal",
    tags=["certificates"],
    **operation("takeCertificateDocumentBack", IssuedView, TAKEN_BACK, changes=True, needs=_RUN),
)
def take_back_for_certificate(visit: Visiting, number: Number, kind: Kind, given: BecauseIn) -> Response:
    """Rút lại bản lưu nhầm của giấy: bản ấy vẫn giữ. / Take back what was filed by mistake."""
    return _taken_back(visit, OutsideOrder(kind, certificate=number), OF_CERTIFICATE, given)


@router.get(
    "/products/{code}/documents",
    tags=["products"],
    **operation(
        "listProductDocuments",
        OutsideDocumentsView,
        {**OUTSIDE, "of": "DP24-002", "name": "Nén Phổ An"},
    ),
)
def list_of_product(visit: Visiting, code: ProductCode) -> Response:
    """Văn bản của bước chuyển cấp trên, không công nhận. / What can be drafted of a product's last step."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(list_product_documents(tx, code, actor, visit.today, visit.language))

    return visit.answer(work)


@router.get(
    "/products/{code}/documents/{kind}",
    tags=["products"],
    **_given_as_it_is(operation("draftProductDocument", OutsideDocumentsView, OUTSIDE)),
)
def draft_for_product(visit: Visiting, code: ProductCode, kind: Kind) -> Response:
    """Dự thảo công văn, phê duyệt, thông báo. / Draft a letter upward, an approval, a notice."""
    here = around(visit.application)
    with visit.reading() as (tx, actor):
        wanted = outside_document(kind, OF_PRODUCT)
        drafted = draft_of_product(tx, code, wanted, actor=actor, around=here, today=visit.today)
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content), visit.afterwards)


@router.get(
    "/products/{code}/documents/{kind}/issued",
    tags=["products"],
    **_given_as_it_is(operation("fetchProductDocument", IssuedView, ISSUED)),
)
def fetch_for_product(visit: Visiting, code: ProductCode, kind: Kind) -> Response:
    """Tải bản đã ký của một văn bản của bước ấy. / Fetch a product's document as it was issued."""
    return _fetched(visit, OutsideOrder(kind, product=code), OF_PRODUCT)


@router.post(
    "/products/{code}/documents/{kind}/issued/withdrawal",
    tags=["products"],
    **operation("takeProductDocumentBack", IssuedView, TAKEN_BACK, changes=True, needs=_RUN),
)
def take_back_for_product(visit: Visiting, code: ProductCode, kind: Kind, given: BecauseIn) -> Response:
    """Rút lại bản lưu nhầm của bước ấy: bản ấy vẫn giữ. / Take back what was filed by mistake."""
    return _taken_back(visit, OutsideOrder(kind, product=code), OF_PRODUCT, given)


def _fetched(visit: Visit, order: OutsideOrder, among: tuple[OutsideDocument, ...]) -> Response:
    with visit.reading() as (tx, actor):
        outside_document(order.kind, among)
        found = find_filed(tx, order, actor, visit.today)
    return attachment(found, visit.application.files.fetch(found.sha256), visit.afterwards)


def _taken_back(
    visit: Visit, order: OutsideOrder, among: tuple[OutsideDocument, ...], given: BecauseIn
) -> Response:
    def work(tx: Connection, actor: Actor) -> Answer:
        outside_document(order.kind, among)
        done = take_back_outside(tx, order, given.reason, actor=actor, today=visit.today, now=visit.now)
        return answer(done)

    return visit.change(work)
