"""`/products/{code}/papers`: what a dossier has to hold, what it holds, recording and withdrawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from ocop_workflow.dossiers.paper_views import SOON, EndingPapersView, PapersView, PaperView
from ocop_workflow.products.evaluation.filing import choose_set
from ocop_workflow.products.papers.keeping import (
    MOST_CRITERIA,
    NewPaper,
    add_paper,
    list_ending,
    list_papers,
    withdraw_paper,
)
from ocop_workflow.products.papers.reusing import reuse_papers
from ocop_workflow.states.facts import Line
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.schemas import AddressQuery, Name, OnDay, Said, UndoIn, Word
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["products"], route_class=Gated)

_PAPER: dict[str, Any] = {
    "id": 1,
    "kind": "registration",
    "name": None,
    "number": "12/PĐK",
    "issuer": None,
    "issued_on": "2024-04-20",
    "expires_on": None,
    "expired": False,
    "days_left": None,
    "shelf": "tủ 2, ngăn 1",
    "criteria": [],
    "reused_from": None,
    "recorded_by": "lan",
    "files": [],
}
PAPERS: dict[str, Any] = {
    "code": "DP24-002",
    "dossier": 1,
    "dossier_kind": "first",
    "regulation": "148/QĐ-TTg",
    "product_set": None,
    "sets": [],
    "tasks": [
        {
            "kind": "registration",
            "name": "Phiếu đăng ký (lần đầu, nâng hạng hoặc đánh giá lại)",
            "brought_by": "producer",
            "brought_by_label": "chủ thể",
            "mandatory": True,
            "lacking": False,
            "source": "…",
            "papers": [_PAPER],
        }
    ],
    "evidence": [],
    "other": [],
    "before": [],
    "lacking": 1,
    "expired": 0,
}


_ENDING: dict[str, Any] = {
    "within": 60,
    "count": 1,
    "papers": [
        {
            "code": "DP24-002",
            "product": "Khô Bò",
            "unit": "Xã Phổ An",
            "kind": "other",
            "name": "Giấy chứng nhận an toàn thực phẩm",
            "number": "7/ATTP",
            "expires_on": "2024-05-20",
            "days_left": 27,
        }
    ],
}


class EndingQuery(AddressQuery):
    """Which papers are asked for."""

    within: int = Field(
        default=SOON, ge=0, le=3660, description="Trong bao nhiêu ngày. / Within how many days."
    )
    limit: int = Field(default=200, ge=1, le=1000, description="Nhiều nhất mấy giấy. / How many at most.")


class PaperIn(Said):
    """A paper of the current dossier; `kind` as the list names it, or `other` with a name."""

    kind: Word
    name: Name | None = None
    number: Annotated[Line, Field(max_length=100)] | None = None
    issuer: Name | None = None
    issued_on: OnDay | None = None
    expires_on: OnDay | None = None
    shelf: Name | None = None
    criteria: Annotated[
        list[Annotated[str, Field(max_length=10)]], Field(max_length=MOST_CRITERIA, default_factory=list)
    ]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "registration", "number": "12/PĐK", "issued_on": "2024-04-20"}]
        }
    )


@router.get("/papers", **operation("listEndingPapers", EndingPapersView, _ENDING))
def list_ending_papers(visit: Visiting, asked: Annotated[EndingQuery, Query()]) -> Response:
    """Giấy tờ của các hồ sơ sắp hết hạn hoặc đã hết. / Papers of dossiers that run out soon, or have."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(list_ending(tx, actor, today=visit.today, within=asked.within, limit=asked.limit))

    return visit.answer(work)


@router.get("/products/{code}/papers", **operation("listPapers", PapersView, PAPERS))
def list_all(visit: Visiting, code: ProductCode) -> Response:
    """Hồ sơ cần giấy tờ nào, đã có gì, còn thiếu gì. / What the dossier needs, and what is there."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(list_papers(tx, code, actor, today=visit.today, language=visit.language))

    return visit.answer(work)


@router.post("/products/{code}/papers", **operation("addPaper", PaperView, _PAPER, status=201, changes=True))
def add(visit: Visiting, code: ProductCode, given: PaperIn) -> Response:
    """Ghi một giấy tờ vào hồ sơ hiện tại. / Record a paper of the current dossier."""

    def work(tx: Connection, actor: Actor) -> Answer:
        paper = NewPaper(**{**given.model_dump(), "criteria": tuple(given.criteria)})
        done = add_paper(tx, code, paper, actor=actor, today=visit.today, now=visit.now)
        return answer(done, 201)

    return visit.change(work)


class ReuseIn(Said):
    """The papers of earlier dossiers that go on being good, by their numbers (`before`)."""

    papers: Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(min_length=1, max_length=200)]

    model_config = ConfigDict(json_schema_extra={"examples": [{"papers": [1]}]})


@router.post("/products/{code}/papers/reuse", **operation("reusePapers", PapersView, PAPERS, changes=True))
def reuse(visit: Visiting, code: ProductCode, given: ReuseIn) -> Response:
    """Dùng lại giấy tờ của hồ sơ trước còn giá trị. / Take papers of an earlier dossier over."""

    def work(tx: Connection, actor: Actor) -> Answer:
        reuse_papers(tx, code, given.papers, actor=actor, today=visit.today, now=visit.now)
        return answer(list_papers(tx, code, actor, today=visit.today, language=visit.language))

    return visit.change(work)


class ProductSetIn(Said):
    """The number of the set (Phụ lục I) by whose sheet the dossier is scored."""

    number: Annotated[int, Field(ge=1, le=99)]

    model_config = ConfigDict(json_schema_extra={"examples": [{"number": 5}]})


@router.put("/products/{code}/set", **operation("chooseSet", PapersView, PAPERS, changes=True))
def choose(visit: Visiting, code: ProductCode, given: ProductSetIn) -> Response:
    """Chọn bộ sản phẩm của hồ sơ, trước khi vào phiên họp. / Choose the dossier's set of products."""

    def work(tx: Connection, actor: Actor) -> Answer:
        choose_set(tx, code, given.number, actor=actor, today=visit.today, now=visit.now)
        return answer(list_papers(tx, code, actor, today=visit.today, language=visit.language))

    return visit.change(work)


@router.post(
    "/products/{code}/papers/{number}/withdrawal",
    **operation("withdrawPaper", PapersView, PAPERS, changes=True),
)
def withdraw(visit: Visiting, code: ProductCode, number: Number, given: UndoIn) -> Response:
    """Rút một giấy tờ khỏi hồ sơ, có lý do. / Take a paper out of the dossier."""

    def work(tx: Connection, actor: Actor) -> Answer:
        withdraw_paper(tx, code, number, given.reason, actor=actor, now=visit.now)
        return answer(list_papers(tx, code, actor, today=visit.today, language=visit.language))

    return visit.change(work)
