"""`/products/{code}/upload-links`, `…/handed-in`: a producer's links, and what came by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from ocop_workflow.dossiers.handing_views import (
    HandedInFilesView,
    HandedInView,
    MadeLinkView,
    UploadLinksView,
)
from ocop_workflow.dossiers.paper_queries import OTHER
from ocop_workflow.dossiers.paper_views import PapersView
from ocop_workflow.products.papers.handing_in import (
    find_handed_in,
    list_handed_in,
    return_handed_in,
    take_handed_in,
)
from ocop_workflow.products.papers.keeping import MOST_CRITERIA, NewPaper, list_papers
from ocop_workflow.products.papers.links import (
    address_of_link,
    list_upload_links,
    make_upload_link,
    revoke_upload_link,
)
from ocop_workflow.states.facts import Line
from ocop_workflow.web.api.products.files import given_as_it_is
from ocop_workflow.web.api.products.papers import PAPERS
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.downloads import attachment
from ocop_workflow.web.exchange.schemas import Name, OnDay, Said, UndoIn
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["products"], route_class=Gated)

_LINK: dict[str, Any] = {
    "id": 1,
    "code": "DP24-002",
    "dossier": 1,
    "ends_on": "2024-05-23",
    "made_by": "lan",
}
_LINKS: dict[str, Any] = {"code": "DP24-002", "links": [_LINK]}
_MADE: dict[str, Any] = {
    "id": 1,
    "code": "DP24-002",
    "ends_on": "2024-05-23",
    "address": "https://ocop.example/u/…",
}
_FILE: dict[str, Any] = {
    "id": 1,
    "kind": "registration",
    "kind_name": "Phiếu đăng ký",
    "name": "phieu-dang-ky.jpg",
    "size": 183204,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "media_type": "image/jpeg",
    "brought_at": "2024-04-23T01:12:00Z",
}
_FILES: dict[str, Any] = {"code": "DP24-002", "files": [_FILE]}


class UploadLinkIn(Said):
    """A link for a producer; `until`: the last local day on which it is good (30 days ahead)."""

    until: OnDay | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"until": "2024-05-23"}]})


class TakenIn(Said):
    """What stands on the paper as which a file is taken; its kind is the file's."""

    name: Name | None = None
    number: Annotated[Line, Field(max_length=100)] | None = None
    issuer: Name | None = None
    issued_on: OnDay | None = None
    expires_on: OnDay | None = None
    shelf: Name | None = None
    criteria: Annotated[
        list[Annotated[str, Field(max_length=10)]], Field(max_length=MOST_CRITERIA, default_factory=list)
    ]

    model_config = ConfigDict(json_schema_extra={"examples": [{"number": "12/PĐK"}]})


@router.get("/products/{code}/upload-links", **operation("listUploadLinks", UploadLinksView, _LINKS))
def list_links(visit: Visiting, code: ProductCode) -> Response:
    """Liên kết nộp giấy tờ còn dùng được. / A producer's links that are good."""
    return visit.answer(lambda tx, actor: answer(list_upload_links(tx, code, actor, today=visit.today)))


@router.post(
    "/products/{code}/upload-links",
    **operation("makeUploadLink", MadeLinkView, _MADE, status=201, changes=True, secret=True),
)
def make_link(visit: Visiting, code: ProductCode, given: UploadLinkIn) -> Response:
    """Tạo liên kết để chủ thể tự nộp giấy tờ; chỉ hiện một lần. / Make a link; it is shown this once."""

    def work(tx: Connection, actor: Actor) -> Answer:
        token, made = make_upload_link(tx, code, given.until, actor=actor, today=visit.today, now=visit.now)
        address = address_of_link(visit.application.settings.public_url, token)
        return answer(MadeLinkView(made.id, made.code, made.ends_on, address), 201)

    return visit.change_secretly(work)


@router.post(
    "/products/{code}/upload-links/{number}/revocation",
    **operation("revokeUploadLink", UploadLinksView, _LINKS, changes=True),
)
def revoke_link(visit: Visiting, code: ProductCode, number: Number) -> Response:
    """Thu hồi một liên kết; tệp đã gửi vẫn còn. / Revoke a link; what has come by it stays."""

    def work(tx: Connection, actor: Actor) -> Answer:
        revoke_upload_link(tx, code, number, actor=actor, today=visit.today, now=visit.now)
        return answer(list_upload_links(tx, code, actor, today=visit.today))

    return visit.change(work)


@router.get("/products/{code}/handed-in", **operation("listHandedIn", HandedInFilesView, _FILES))
def list_files(visit: Visiting, code: ProductCode) -> Response:
    """Tệp chủ thể gửi, chờ xem. / What a producer has handed in and nobody has looked at."""
    return visit.answer(lambda tx, actor: answer(list_handed_in(tx, code, actor, visit.today)))


@router.get(
    "/products/{code}/handed-in/{number}", **given_as_it_is(operation("fetchHandedIn", HandedInView, _FILE))
)
def fetch(visit: Visiting, code: ProductCode, number: Number) -> Response:
    """Tải một tệp chờ xem về. / Fetch a file that waits, to be saved."""
    with visit.reading() as (tx, actor):
        view = find_handed_in(tx, code, number, actor, visit.today)
    return attachment(view, visit.application.files.fetch(view.sha256), visit.afterwards)


@router.post(
    "/products/{code}/handed-in/{number}/acceptance",
    **operation("takeHandedIn", PapersView, PAPERS, changes=True),
)
def take(visit: Visiting, code: ProductCode, number: Number, given: TakenIn) -> Response:
    """Nhận tệp chủ thể gửi thành giấy tờ của hồ sơ. / Take a file that waits as a paper of the dossier."""

    def work(tx: Connection, actor: Actor) -> Answer:
        paper = NewPaper(OTHER, **{**given.model_dump(), "criteria": tuple(given.criteria)})
        take_handed_in(tx, code, number, paper, actor=actor, today=visit.today, now=visit.now)
        return answer(list_papers(tx, code, actor, today=visit.today, language=visit.language))

    return visit.change(work)


@router.post(
    "/products/{code}/handed-in/{number}/return",
    **operation("returnHandedIn", HandedInFilesView, _FILES, changes=True),
)
def give_back(visit: Visiting, code: ProductCode, number: Number, given: UndoIn) -> Response:
    """Trả lại tệp chủ thể gửi, có lý do mà chủ thể đọc được. / Return a file; its producer reads why."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return_handed_in(tx, code, number, given.reason, actor=actor, today=visit.today, now=visit.now)
        return answer(list_handed_in(tx, code, actor, visit.today))

    return visit.change(work)
