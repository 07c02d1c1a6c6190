"""`/certificates`: finding them, entering one, what its level says of one that a commune has named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from ocop_workflow.certificates.views import (
    CertificateStatus,
    ListedCertificateView,
    RegisteredCertificateView,
)
from ocop_workflow.changes.certificates.correcting import Correcting, correct_certificate
from ocop_workflow.documents.of_certificate import certificate_with_papers
from ocop_workflow.products.settling.confirming import Settlement, settle
from ocop_workflow.products.settling.entering import Entering, enter_certificate
from ocop_workflow.products.settling.register import WantedCertificates, list_certificates, show_certificate
from ocop_workflow.products.settling.reopening import Reopening, unsettle
from ocop_workflow.states import CertificateStanding, EvidenceLevel
from ocop_workflow.states.facts import Line
from ocop_workflow.web.contract import examples, product_examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.conditions import tags_seen
from ocop_workflow.web.exchange.pages import Page, Paging, as_it_is, numbers, page
from ocop_workflow.web.exchange.schemas import (
    UPDATED_SINCE,
    CertificateIn,
    Instant,
    Name,
    OnDay,
    Said,
    Slug,
    UndoIn,
    Word,
)
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["certificates"], route_class=Gated)


class CertificateQuery(Paging):
    """Which certificates are asked for."""

    unit: Slug | None = Field(default=None, description="Mã địa phương. / A unit's id.")
    star: int | None = Field(default=None, ge=3, le=5, description="Hạng sao. / Stars.")
    standing: CertificateStanding | None = Field(
        default=None, description="Đã được xác nhận chưa. / Whether it is confirmed."
    )
    ends_within: int | None = Field(
        default=None, ge=0, le=40_000, description="Hết hạn trong bao nhiêu ngày. / Ending in so many days."
    )
    status: CertificateStatus | None = Field(
        default=None, description="Tình trạng vào ngày ấy. / What it is on that day."
    )
    evidence: EvidenceLevel | None = Field(default=None, description="Mức chứng cứ. / What it is known by.")
    group: Word | None = Field(default=None, description="Ngành hàng. / The product's group.")
    q: Line | None = Field(
        default=None,
        description="Chữ trong tên, chủ thể, số quyết định. / Words of product, producer, decision.",
    )
    updated_since: Instant | None = Field(default=None, description=UPDATED_SINCE)
    on: OnDay | None = Field(default=None, description="Tính đến ngày nào. / As of which day.")


class ConfirmationIn(Said):
    """Whether a proposed certificate is confirmed, on what paper, or why not."""

    standing: Literal["confirmed", "refused"]
    paper_number: Line | None = None
    paper_date: OnDay | None = None
    signer: Line | None = None
    reason: Line | None = None
    note: Line | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"standing": "confirmed", "paper_number": "77/QĐ-UBND", "paper_date": "2024-04-22"},
                {"standing": "refused", "reason": "không có quyết định này"},
            ]
        }
    )


class CorrectionIn(Said):
    """What a certificate ought to say; what is not sent stays, null empties what may be empty; and why."""

    product: Name | None = None
    producer: Line | None = None
    commune: Name | None = None
    unit: Slug | None = None
    issuer: Line | None = None
    signer: Line | None = None
    number: Line | None = None
    decided_on: OnDay | None = None
    valid_until: OnDay | None = None
    star: int | None = Field(default=None, ge=3, le=5)
    evidence: EvidenceLevel | None = None
    source: Line | None = None
    published_on: OnDay | None = None
    reason: Line

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"decided_on": "2022-06-11", "reason": "gõ nhầm ngày quyết định"}]}
    )


@router.get(
    "/certificates",
    **operation(
        "listCertificates",
        Page[ListedCertificateView],
        examples.page(product_examples.CERTIFICATE),
    ),
)
def list_all(visit: Visiting, asked: Annotated[CertificateQuery, Query()]) -> Response:
    """Giấy chứng nhận trong phạm vi của cán bộ. / The certificates that the officer may see."""
    after = numbers(asked.cursor, 1)[0] if asked.cursor else 0
    wanted = WantedCertificates(
        asked.unit,
        asked.star,
        asked.standing,
        asked.ends_within,
        asked.updated_since,
        after,
        asked.and_one,
        asked.status,
        asked.evidence,
        asked.group,
        asked.q,
    )

    def work(tx: Connection, actor: Actor) -> Answer:
        found = list_certificates(tx, asked.on or visit.today, wanted, actor, visit.language)
        return page(visit, asked, found, as_it_is, lambda view: view.id)

    return visit.answer(work)


@router.post(
    "/certificates",
    **operation(
        "enterCertificate",
        ListedCertificateView,
        {**product_examples.CERTIFICATE, **product_examples.ENTERED},
        status=201,
        changes=True,
        carries=("ETag", "Location"),
    ),
)
def enter_one(visit: Visiting, given: CertificateIn) -> Response:
    """Ghi một giấy chứng nhận đã cấp ngoài hệ thống. / Enter one that was granted elsewhere."""
    data = given.model_dump(mode="json", exclude_none=True)

    def work(tx: Connection, actor: Actor) -> Answer:
        view = enter_certificate(tx, Entering(actor, data, visit.today, visit.now), visit.language)
        return answer(view, 201, Location=f"{visit.request.url.path}/{view.id}", ETag=view.etag)

    return visit.change(work)


@router.get(
    "/certificates/{number}",
    **operation("showCertificate", RegisteredCertificateView, product_examples.REGISTERED, carries=("ETag",)),
)
def show_one(visit: Visiting, number: Number) -> Response:
    """Một giấy chứng nhận, hôm nay. / One certificate as it stands today."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return _shown(certificate_with_papers(tx, number, visit.today, actor, visit.language))

    return visit.answer(work)


@router.post(
    "/certificates/{number}/confirmation",
    **operation(
        "settleCertificate",
        ListedCertificateView,
        {**product_examples.CERTIFICATE, **product_examples.CONFIRMED},
        changes=True,
        guarded=True,
    ),
)
def settle_one(visit: Visiting, number: Number, given: ConfirmationIn) -> Response:
    """Xác nhận, hoặc không xác nhận, giấy mà xã đã khai báo. / Confirm or refuse what a commune has named."""
    tags = tags_seen(visit.request)
    data = given.model_dump(mode="json", exclude={"standing"}, exclude_none=True)

    def work(tx: Connection, actor: Actor) -> Answer:
        order = Settlement(number, CertificateStanding(given.standing), actor, data, tags)
        return _shown(settle(tx, order, today=visit.today, now=visit.now, language=visit.language))

    return _guarded(visit, number, work)


@router.post(
    "/certificates/{number}/corrections",
    **operation(
        "correctCertificate",
        RegisteredCertificateView,
        {**product_examples.REGISTERED, **product_examples.CORRECTED},
        changes=True,
        guarded=True,
    ),
)
def correct_one(visit: Visiting, number: Number, given: CorrectionIn) -> Response:
    """Đính chính điều ghi sai trong sổ, có lý do. / Put right what the register says wrongly."""
    tags = tags_seen(visit.request)
    data = given.model_dump(mode="json", exclude_unset=True)

    def work(tx: Connection, actor: Actor) -> Answer:
        order, sender = Correcting(number, actor, data, tags), visit.application.sender
        return _shown(
            correct_certificate(
                tx, order, sender=sender, today=visit.today, now=visit.now, language=visit.language
            )
        )

    return _guarded(visit, number, work)


@router.post(
    "/certificates/{number}/undo",
    **operation(
        "unsettleCertificate",
        ListedCertificateView,
        product_examples.CERTIFICATE,
        changes=True,
        guarded=True,
    ),
)
def unsettle_one(visit: Visiting, number: Number, given: UndoIn) -> Response:
    """Hoàn tác việc xác nhận, hay không xác nhận: giấy lại chờ. / Take a confirmation or refusal back."""
    tags = tags_seen(visit.request)

    def work(tx: Connection, actor: Actor) -> Answer:
        order, sender = Reopening(number, actor, given.reason, tags), visit.application.sender
        return _shown(
            unsettle(tx, order, sender=sender, today=visit.today, now=visit.now, language=visit.language)
        )

    return _guarded(visit, number, work)


def _guarded(visit: Visiting, number: int, work: Callable[[Connection, Actor], Answer]) -> Response:
    """Change a certificate that is the one that was seen; else say what it is by now."""

    def look(tx: Connection, actor: Actor) -> ListedCertificateView:
        return show_certificate(tx, number, visit.today, actor, visit.language)

    return visit.change_seen(work, look)


def _shown(view: ListedCertificateView) -> Answer:
    return answer(view, ETag=view.etag)
