"""`/certificate-lists`: a list of certificates kept, looked at, answered, published, dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field, StringConstraints

from ocop_workflow.access import Permission
from ocop_workflow.imports import staging
from ocop_workflow.imports.queries import staged_of
from ocop_workflow.imports.register.remembering import list_remembered, revoke
from ocop_workflow.imports.register.returning import register_back
from ocop_workflow.imports.register.staging import (
    StagedCertificates,
    look_at_certificates,
    publish_certificates,
    refuse_bringing,
    stage_certificates,
)
from ocop_workflow.imports.register.views import RegisterImportView, RememberedAnswerView, StagedListView
from ocop_workflow.states import EvidenceLevel
from ocop_workflow.web.contract import examples, product_examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, items
from ocop_workflow.web.exchange.schemas import Said
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.imports.queries import StagedRecord
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer
    from ocop_workflow.web.exchange.visits import Visit

router = APIRouter(tags=["certificates"], route_class=Gated)

_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
_EDIT: Final = Permission.EDIT_PRODUCTS

ListName = Annotated[
    str,
    Query(
        min_length=1,
        max_length=1000,
        examples=["so-2023.xlsx"],
        description="Tên tệp, đuôi .xlsx hoặc .csv. / The file's name, ending in .xlsx or .csv.",
    ),
]
Known = Annotated[
    EvidenceLevel,
    Query(
        description="Chứng cứ của dòng không ghi chứng cứ. / What a row is known by that does not say so.",
    ),
]
_Place = Annotated[str, StringConstraints(min_length=1, max_length=300)]
_Told = Annotated[str, StringConstraints(max_length=500)]


class ListAnswersIn(Said):
    """Answers by the `key` of a question, or by a place (`Trang!12`); an empty one is taken back."""

    answers: Annotated[dict[_Place, _Told], Field(max_length=2000)]

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"answers": {"xã pho ann: pho-an": "đúng", "Sheet1!9": "bỏ qua"}}]}
    )


def _view(staged: StagedRecord, report: RegisterImportView | None = None) -> StagedListView:
    evidence = EvidenceLevel(staged.evidence or EvidenceLevel.LEAD)
    return StagedListView(staged.id, staged.file_name, evidence, staged.at, staged.answers, report)


def _find(tx: Connection, actor: Actor, number: int) -> StagedRecord:
    """Return a waiting list of certificates; one of products is none.

    Raises:
        NotFound: see `staging.find_staged`.
    """
    staged = staging.find_staged(tx, actor, number)
    if staged.plan is not None:
        raise staging.no_list(number)
    return staged


def _taken_as_it_is(told: dict[str, Any]) -> dict[str, Any]:
    """Say in the document that the body is the list itself."""
    told["openapi_extra"]["requestBody"] = {
        "description": "Chính danh sách ấy. / The list itself.",
        "required": True,
        "content": {"application/octet-stream": _BYTES},
    }
    return told


@router.get(
    "/certificate-lists",
    **operation(
        "listCertificateLists",
        Page[StagedListView],
        examples.page(product_examples.STAGED),
        needs=_EDIT,
    ),
)
def list_waiting(visit: Visiting) -> Response:
    """Danh sách của mình đang chờ, giữ một ngày. / One's own lists that wait; they are kept for a day."""

    def work(tx: Connection, actor: Actor) -> Answer:
        refuse_bringing(actor)
        return items([_view(one) for one in staged_of(tx, actor.officer_id or 0) if one.plan is None])

    return visit.answer(work)


@router.post(
    "/certificate-lists",
    **_taken_as_it_is(
        operation(
            "stageCertificateList",
            StagedListView,
            product_examples.STAGED,
            status=201,
            changes=True,
            needs=_EDIT,
            carries=("Location",),
        )
    ),
)
def stage(visit: Visiting, name: ListName, evidence: Known = EvidenceLevel.LEAD) -> Response:
    """Gửi một danh sách giấy chứng nhận; chưa ghi gì. / Bring a list; nothing of it counts yet."""

    def work(tx: Connection, actor: Actor) -> Answer:
        number = stage_certificates(tx, actor, evidence, name, visit.body, now=visit.now)
        staged = _find(tx, actor, number)
        return answer(_view(staged), 201, Location=f"{visit.request.url.path}/{number}")

    return visit.change(work)


def _look(visit: Visit, number: int) -> tuple[StagedRecord, StagedCertificates]:
    """Say what would become of a list.

    Raises:
        NotFound: see `_find`.
        OcopError: it is no list that can be read.
    """
    with visit.reading() as (tx, actor):
        staged = _find(tx, actor, number)
    database = visit.application.database
    outlook = look_at_certificates(database, actor, staged, today=visit.today, now=visit.now)
    if outlook.refusal is not None:
        raise outlook.refusal
    return staged, outlook


@router.get(
    "/certificate-lists/{number}",
    **operation("showCertificateList", StagedListView, product_examples.LOOKED_AT, needs=_EDIT),
)
def show(visit: Visiting, number: Number) -> Response:
    """Từng dòng sẽ ra sao, điều gì cần hỏi. / What would become of each row, and what is asked."""
    staged, outlook = _look(visit, number)
    return visit.respond(answer(_view(staged, outlook.report)))


def _given_as_workbook(told: dict[str, Any]) -> dict[str, Any]:
    """Say in the document that the answer is a workbook."""
    told["responses"][200] = {
        "description": "Danh sách trả lại, có cột kết quả. / The list back, with its verdicts.",
        "content": {_WORKBOOK: {**_BYTES, "example": "(xlsx)"}},
    }
    return {**told, "response_class": Response}


@router.get(
    "/certificate-lists/{number}/workbook",
    **_given_as_workbook(
        operation("fetchCertificateList", StagedListView, product_examples.STAGED, needs=_EDIT)
    ),
)
def give_back(visit: Visiting, number: Number) -> Response:
    """Danh sách trả lại, có cột kết quả. / The list as a workbook, with the verdict beside each row."""
    _, outlook = _look(visit, number)
    assert outlook.file and outlook.report  # noqa: S101, PT018 - or it was refused
    headers = {
        "Content-Disposition": f'attachment; filename="ket-qua-{number}.xlsx"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    content = register_back(outlook.file, outlook.report)
    return Response(content, headers=headers, media_type=_WORKBOOK, background=visit.afterwards)


@router.post(
    "/certificate-lists/{number}/answers",
    **operation(
        "answerCertificateList",
        StagedListView,
        product_examples.LIST_ANSWERED,
        changes=True,
        needs=_EDIT,
    ),
)
def answer_list(visit: Visiting, number: Number, given: ListAnswersIn) -> Response:
    """Trả lời điều danh sách hỏi. / Answer what a list has asked."""

    def work(tx: Connection, actor: Actor) -> Answer:
        _find(tx, actor, number)
        staging.answer(tx, actor, number, given.answers)
        return answer(_view(_find(tx, actor, number)))

    return visit.change(work)


@router.post(
    "/certificate-lists/{number}/publication",
    **operation(
        "publishCertificateList",
        RegisterImportView,
        product_examples.LIST_PUBLISHED,
        changes=True,
        needs=_EDIT,
    ),
)
def publish(visit: Visiting, number: Number) -> Response:
    """Ghi cả danh sách vào sổ, khi mọi dòng sạch. / Let the whole list count, once all of it is clean."""

    def work(tx: Connection, actor: Actor) -> Answer:
        _find(tx, actor, number)
        return answer(publish_certificates(tx, actor, number, today=visit.today, now=visit.now))

    return visit.change(work)


@router.delete(
    "/certificate-lists/{number}",
    **operation("dropCertificateList", StagedListView, product_examples.STAGED, changes=True, needs=_EDIT),
)
def drop(visit: Visiting, number: Number) -> Response:
    """Bỏ một danh sách đang chờ. / Keep a waiting list no longer."""

    def work(tx: Connection, actor: Actor) -> Answer:
        staged = _find(tx, actor, number)
        staging.drop(tx, actor, number)
        return answer(_view(staged))

    return visit.change(work)


# -- answers that are remembered -------------------------------------------------------------------------


@router.get(
    "/certificate-answers",
    **operation(
        "listRememberedAnswers",
        Page[RememberedAnswerView],
        examples.page(product_examples.REMEMBERED),
        needs=_EDIT,
    ),
)
def list_answers(visit: Visiting) -> Response:
    """Câu trả lời đã nhớ cho các danh sách sau. / What lists have asked and need not ask again."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return items([RememberedAnswerView.alike(held) for held in list_remembered(tx, actor)])

    return visit.answer(work)


@router.post(
    "/certificate-answers/{number}/revocation",
    **operation(
        "revokeRememberedAnswer",
        Page[RememberedAnswerView],
        examples.page(product_examples.REMEMBERED),
        changes=True,
        needs=_EDIT,
    ),
)
def revoke_answer(visit: Visiting, number: Number) -> Response:
    """Bỏ một câu trả lời đã nhớ; trả về những câu còn lại. / Revoke one; the next list asks again."""

    def work(tx: Connection, actor: Actor) -> Answer:
        revoke(tx, actor, number, visit.now)
        return items([RememberedAnswerView.alike(held) for held in list_remembered(tx, actor)])

    return visit.change(work)
