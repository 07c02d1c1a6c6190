"""`/certificates/expired/notice`: the notice of certificates that ran out, drafted, fetched, taken back.

How its signed file comes in: `filing`.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ocop_workflow.access import Permission
from ocop_workflow.documents.ending import filing
from ocop_workflow.documents.ending.drafting import draft_expiry_notice
from ocop_workflow.documents.ending.record import ExpirySpan
from ocop_workflow.documents.ending.views import ExpiryNoticeView
from ocop_workflow.documents.views import IssuedView
from ocop_workflow.files import FileKind
from ocop_workflow.renewals.announcing import draft_coming_notice
from ocop_workflow.web.api.councils.sessions import BecauseIn
from ocop_workflow.web.api.products.files import BYTES
from ocop_workflow.web.contract.council_examples import EXPIRY, EXPIRY_ISSUED, TAKEN_BACK
from ocop_workflow.web.contract.operations import operation, refusals
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.downloads import attachment
from ocop_workflow.web.exchange.schemas import AddressQuery, OnDay, Slug
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.documents.drafting import DraftedDocument
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["certificates"], route_class=Gated)

_RUN = Permission.RUN_SESSIONS


class ExpiredQuery(AddressQuery):
    """Whose certificates are announced, and between which last days."""

    unit: Slug = Field(description="Mã địa phương. / A unit's id.", examples=["duc-pho"])
    since: OnDay = Field(description="Hết hạn từ ngày nào. / The first last day.", examples=["2027-01-01"])
    until: OnDay = Field(description="Đến ngày nào. / The last one.", examples=["2027-12-31"])

    @property
    def span(self) -> ExpirySpan:
        """The unit and its span of days."""
        return ExpirySpan(self.unit, self.since, self.until)


Asked = Annotated[ExpiredQuery, Query()]


def _given_as_a_file(name: str, what: str, kind: str) -> dict[str, Any]:
    told = operation(name, IssuedView, EXPIRY_ISSUED)
    told["responses"] |= refusals(409)
    told["responses"][200] = {"description": what, "content": {kind: {**BYTES, "example": "(…)"}}}
    return {**told, "response_class": Response}


@router.get("/certificates/expired", **operation("showExpiryNotice", ExpiryNoticeView, EXPIRY))
def show(visit: Visiting, asked: Asked) -> Response:
    """Thông báo hết hạn: lập được chưa, đã lưu bản nào. / How the notice of what ran out stands."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(filing.show_expiry_notice(tx, asked.span, actor, visit.today, visit.language))

    return visit.answer(work)


@router.get(
    "/certificates/expired/notice",
    **_given_as_a_file(
        "draftExpiryNotice", "Tệp Word, để lưu. / The Word file, to be saved.", FileKind.DOCX.media_type
    ),
)
def notice(visit: Visiting, asked: Asked) -> Response:
    """Dự thảo thông báo hết hạn, đưa ra khỏi danh sách. / Draft the notice of what ran out."""
    return _drafted(visit, asked, draft_expiry_notice)


@router.get(
    "/certificates/ending/notice",
    **_given_as_a_file(
        "draftEndingNotice", "Tệp Word, để lưu. / The Word file, to be saved.", FileKind.DOCX.media_type
    ),
)
def coming(visit: Visiting, asked: Asked) -> Response:
    """Dự thảo thông báo giấy sắp hết hạn, gửi chủ thể. / Draft the notice of what is about to run out."""
    return _drafted(visit, asked, draft_coming_notice)


def _drafted(
    visit: Visiting, asked: Asked, draft: Callable[[Connection, ExpirySpan, Actor, date], DraftedDocument]
) -> Response:
    with visit.reading() as (tx, actor):
        drafted = draft(tx, asked.span, actor, visit.today)
    file = drafted.written()
    return attachment(file, io.BytesIO(file.content), visit.afterwards)


@router.get(
    "/certificates/expired/notice/issued",
    **_given_as_a_file(
        "fetchExpiryNotice", "Tệp đã ký, để lưu. / The signed file, to be saved.", "application/octet-stream"
    ),
)
def fetch(visit: Visiting, asked: Asked) -> Response:
    """Tải bản đã ký của thông báo hết hạn. / Fetch the notice as it was issued."""
    with visit.reading() as (tx, actor):
        found = filing.find_expiry_notice(tx, asked.span, actor)
    return attachment(found, visit.application.files.fetch(found.sha256), visit.afterwards)


@router.post(
    "/certificates/expired/notice/issued/withdrawal",
    **operation(
        "takeExpiryNoticeBack",
        IssuedView,
        {**TAKEN_BACK, "kind": "expiry-notice"},
        changes=True,
        needs=_RUN,
    ),
)
def take_back(visit: Visiting, asked: Asked, given: BecauseIn) -> Response:
    """Rút lại bản lưu nhầm: bản ấy vẫn giữ. / Take back what was filed by mistake."""

    def work(tx: Connection, actor: Actor) -> Answer:
        done = filing.take_back_expiry_notice(tx, asked.span, given.reason, actor=actor, now=visit.now)
        return answer(done)

    return visit.change(work)
