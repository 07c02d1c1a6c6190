"""`/certificates/expired/notice`: the notice of certificates that ran out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ocop_workflow.documents.ending.drafting import draft_expiry_notice
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.files import FileKind
from ocop_workflow.web.api.products.files import BYTES
from ocop_workflow.web.contract.council_examples import ISSUED
from ocop_workflow.web.contract.operations import operation, refusals
from ocop_workflow.web.exchange.downloads import attachment
from ocop_workflow.web.exchange.schemas import AddressQuery, OnDay, Slug
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.documents.drafting import DraftedDocument

router = APIRouter(tags=["certificates"], route_class=Gated)


class ExpiredQuery(AddressQuery):
    """Whose certificates are announced, and between which last days."""

    unit: Slug = Field(description="Mã địa phương. / A unit's id.", examples=["duc-pho"])
    since: OnDay = Field(description="Hết hạn từ ngày nào. / The first last day.", examples=["2027-01-01"])
    until: OnDay = Field(description="Đến ngày nào. / The last one.", examples=["2027-12-31"])


def _given_as_word(name: str) -> dict[str, Any]:
    told = operation(name, IssuedView, ISSUED)
    told["responses"] |= refusals(409)
    told["responses"][200] = {
        "description": "Tệp Word, để lưu. / The Word file, to be saved.",
        "content": {FileKind.DOCX.media_type: {**BYTES, "example": f"({FileKind.DOCX.label})"}},
    }
    return {**told, "response_class": Response}


@router.get("/certificates/expired/notice", **_given_as_word("draftExpiryNotice"))
def notice(visit: Visiting, asked: Annotated[ExpiredQuery, Query()]) -> Response:
    """Dự thảo thông báo hết hạn, đưa ra khỏi danh sách. / Draft the notice of what ran out."""
    with visit.reading() as (tx, actor):
        drafted = draft_expiry_notice(tx, asked.unit, (asked.since, asked.until), actor, visit.today)
    return _file(visit, drafted)


def _file(visit: Visiting, drafted: DraftedDocument) -> Response:
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content), visit.afterwards)
