"""`/products/{code}/papers/{number}/files`: a paper's files: one fetched to be saved, one withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Response

from ocop_workflow.dossiers.file_views import PaperFileView
from ocop_workflow.dossiers.paper_views import PapersView
from ocop_workflow.files import FileKind
from ocop_workflow.products.papers.attaching import find_file, withdraw_file
from ocop_workflow.products.papers.keeping import list_papers
from ocop_workflow.web.api.products.papers import PAPERS
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.downloads import attachment
from ocop_workflow.web.exchange.schemas import UndoIn
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["products"], route_class=Gated)

FileNumber = Annotated[
    int,
    Path(
        ge=1,
        le=2**31 - 1,
        examples=[1],
        description="`id` của tệp như trong danh sách. / The file's `id` that the list shows.",
    ),
]
FILE: dict[str, Any] = {
    "id": 1,
    "name": "phieu-dang-ky.pdf",
    "size": 183204,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "media_type": "application/pdf",
    "added_by": "lan",
    "added_at": "2024-04-23T01:12:00Z",
}
BYTES = {"schema": {"type": "string", "format": "binary"}}


def given_as_it_is(told: dict[str, Any]) -> dict[str, Any]:
    """Say in the document that the answer is the file itself, in one of the kinds that are taken."""
    told["responses"][200] = {
        "description": "Tệp, để lưu. / The file, to be saved.",
        "content": {kind.media_type: {**BYTES, "example": f"({kind.label})"} for kind in FileKind},
    }
    return {**told, "response_class": Response}


@router.get(
    "/products/{code}/papers/{number}/files/{file}",
    **given_as_it_is(operation("fetchFile", PaperFileView, FILE)),
)
def fetch(visit: Visiting, code: ProductCode, number: Number, file: FileNumber) -> Response:
    """Tải một tệp của giấy tờ về. / Fetch a file of a paper, to be saved."""
    with visit.reading() as (tx, actor):
        view = find_file(tx, code, number, file, actor)
    return attachment(view, visit.application.files.fetch(view.sha256), visit.afterwards)


@router.post(
    "/products/{code}/papers/{number}/files/{file}/withdrawal",
    **operation("withdrawFile", PapersView, PAPERS, changes=True),
)
def withdraw(visit: Visiting, code: ProductCode, number: Number, file: FileNumber, given: UndoIn) -> Response:
    """Rút một tệp khỏi giấy tờ, có lý do. / Take a file from a paper."""

    def work(tx: Connection, actor: Actor) -> Answer:
        withdraw_file(tx, code, number, file, given.reason, actor=actor, now=visit.now)
        return answer(list_papers(tx, code, actor, today=visit.today, language=visit.language))

    return visit.change(work)
