"""`/certificates`: the register, asked by star, group, place, status; one certificate; the same as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ocop_workflow.access import Permission
from ocop_workflow.certificates.qr import as_png, as_svg, as_svg_inline
from ocop_workflow.certificates.views import CertificateStatus
from ocop_workflow.changes.certificates.correcting import may_correct
from ocop_workflow.documents.of_certificate import certificate_with_papers
from ocop_workflow.errors import Conflict, Text
from ocop_workflow.places.queries import units_around
from ocop_workflow.products.settling.register import (
    WantedCertificates,
    count_certificates,
    list_certificates,
    page_address,
    show_certificate,
)
from ocop_workflow.regulations import Level, regulation_on
from ocop_workflow.states import CertificateStanding, EvidenceLevel
from ocop_workflow.states.facts import Line
from ocop_workflow.web.console.dossiers.files import csv_of, workbook_of
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.schemas import Slug, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.views import ListedCertificateView
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_PAGE: Final = 50
#: certificates in one file
_MOST: Final = 50_000
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CertificatesAsked(BaseModel):
    """What stands in the address; an empty field of the form asks for nothing."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    q: Line | None = None
    star: int | None = Field(default=None, ge=3, le=5)
    group: Word | None = None
    unit: Slug | None = None
    status: CertificateStatus | None = None
    standing: CertificateStanding | None = None
    evidence: EvidenceLevel | None = None
    ends_within: int | None = Field(default=None, ge=0, le=40_000)
    after: int = Field(default=0, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, given: Any) -> Any:  # noqa: ANN401 - what the address holds
        return {name: value for name, value in dict(given).items() if value != ""}

    def wanted(self, limit: int) -> WantedCertificates:
        """Return what is asked of the service."""
        return WantedCertificates(
            self.unit,
            self.star,
            self.standing,
            self.ends_within,
            after=self.after,
            limit=limit,
            status=self.status,
            evidence=self.evidence,
            group=self.group,
            words=self.q,
        )

    def address(self, path: str, **other: object) -> str:
        """Return the address of the same with something other; without `after` it is the first page."""
        known = self.model_dump(mode="json", exclude_none=True, exclude={"after"})
        query = urlencode({name: value for name, value in {**known, **other}.items() if value})
        return f"{path}?{query}" if query else path


AskedFor = Annotated[CertificatesAsked, Query()]


@router.get("/certificates", **needs())
def show_list(call: Calling, asked: AskedFor) -> Response:
    """Show the certificates that match, fifty at a time."""

    def work(tx: Connection, actor: Actor) -> Screen:
        found = list_certificates(tx, call.today, asked.wanted(_PAGE + 1), actor, call.language)
        shown = found[:_PAGE]
        more = asked.address("/certificates", after=shown[-1].id) if len(found) > _PAGE else ""
        content = {
            "asked": asked,
            "rows": shown,
            "count": count_certificates(tx, call.today, asked.wanted(_PAGE), actor),
            "more": more,
            "announces": actor.units_with(Permission.READ_SHEETS) != frozenset(),
            "can_enter": actor.units_with(Permission.EDIT_PRODUCTS) != frozenset(),
            **_choices(tx, call, actor),
        }
        return Screen("certificates/list.html", content)

    return call.show(work)


def _choices(tx: Connection, call: Call, actor: Actor) -> dict[str, Any]:
    """Return what the fields of the filter offer."""
    regulation, around = regulation_on(call.today), units_around(tx, actor.units_with(Permission.READ))
    return {
        "statuses": [(word.value, say(word.text, call.language)) for word in CertificateStatus],
        "standings": [(word.value, say(word.text, call.language)) for word in CertificateStanding],
        "levels": [(word.value, say(word.text, call.language)) for word in EvidenceLevel],
        "groups": [(group.id, group.name) for group in regulation.groups] if regulation else [],
        "units": [(unit.slug, unit.name) for unit in around if unit.level is Level.COMMUNE],
    }


@router.get("/certificates.csv", **needs())
def show_csv(call: Calling, asked: AskedFor) -> Response:
    """Give the register as a file that Excel opens by a double click."""
    return _file(call, asked, "text/csv; charset=utf-8", "csv", csv_of)


@router.get("/certificates.xlsx", **needs())
def show_workbook(call: Calling, asked: AskedFor) -> Response:
    """Give the register as an Excel workbook."""
    return _file(call, asked, _WORKBOOK, "xlsx", workbook_of)


_COLUMNS: Final = (
    (Text("Số", "Id"), 8),
    (Text("Sản phẩm", "Product"), 36),
    (Text("Chủ thể", "Producer"), 36),
    (Text("Địa phương", "Commune"), 24),
    (Text("Địa phương hiện nay", "Commune today"), 24),
    (Text("Sao", "Stars"), 6),
    (Text("Số quyết định", "Decision"), 20),
    (Text("Ngày quyết định", "Decided on"), 14),
    (Text("Cơ quan quyết định", "Decided by"), 28),
    (Text("Có giá trị đến", "Valid until"), 14),
    (Text("Tình trạng", "Status"), 22),
    (Text("Chấm dứt từ", "Ended on"), 14),
    (Text("Xác nhận", "Standing"), 26),
    (Text("Chứng cứ", "Evidence"), 10),
    (Text("Mã sản phẩm", "Product's code"), 14),
)


def _row(view: ListedCertificateView) -> tuple[object, ...]:
    return (
        view.id,
        view.name,
        view.producer or "",
        view.unit,
        view.unit_now,
        view.star,
        view.decision,
        view.decided_on,
        view.issuer or "",
        view.valid_until,
        view.status_label,
        view.ended.on if view.ended else "",
        view.standing_label,
        view.evidence.value,
        view.product,
    )


def _file(
    call: Call,
    asked: CertificatesAsked,
    kind: str,
    ending: str,
    write: Callable[[Sequence[tuple[Text, int]], Sequence[Sequence[object]], Any], bytes],
) -> Response:
    found = call.read(
        lambda tx, actor: list_certificates(tx, call.today, asked.wanted(_MOST), actor, call.language)
    )
    name = f"giay-chung-nhan-{call.today.isoformat()}.{ending}"
    content = write(_COLUMNS, [_row(view) for view in found], call.language)
    return Response(content, headers=_to_save(name), media_type=kind)


def _to_save(name: str) -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{name}"',
    }


@router.get("/certificates/{number}", **needs())
def show_one(call: Calling, number: Number) -> Response:
    """Show one certificate: its papers, what became of it, and how everybody finds its page."""

    def work(tx: Connection, actor: Actor) -> Screen:
        found = certificate_with_papers(tx, number, call.today, actor, call.language)
        try:
            address = page_address(call.application.settings.public_address, found)
        except Conflict:
            address = ""
        content = {
            "found": found,
            "address": address,
            "may_correct": may_correct(tx, number, actor, call.today),
            "done": call.request.query_params.get("done", ""),
            "picture": Markup(as_svg_inline(address)) if address else "",  # noqa: S704 - drawn from what we made
        }
        return Screen("certificates/certificate.html", content)

    return call.show(work)


@router.get("/certificates/{number}/qr.svg", **needs())
def give_svg(call: Calling, number: Number) -> Response:
    """Give the QR code of a certificate's page as a picture that grows with the paper."""
    return _picture(call, number, "image/svg+xml", "svg", as_svg)


@router.get("/certificates/{number}/qr.png", **needs())
def give_png(call: Calling, number: Number) -> Response:
    """Give the QR code of a certificate's page as a picture of points."""
    return _picture(call, number, "image/png", "png", as_png)


def _picture(call: Call, number: int, kind: str, ending: str, draw: Callable[[str], bytes]) -> Response:
    def work(tx: Connection, actor: Actor) -> str:
        found = show_certificate(tx, number, call.today, actor, call.language)
        return page_address(call.application.settings.public_address, found)

    content = draw(call.read(work))
    return Response(content, headers=_to_save(f"ma-qr-{number}.{ending}"), media_type=kind)
