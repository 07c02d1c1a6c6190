"""`/sessions/{number}/products/{code}/…`: a member's sheet, what the sheets come to, its confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from ocop_workflow.access import Permission
from ocop_workflow.councils.desk import look_at_again, show_result, show_results
from ocop_workflow.councils.scoring import results
from ocop_workflow.councils.scoring.answering import answer_in_writing
from ocop_workflow.councils.scoring.filling import MOST_ENTRIES, my_sheet, save_entries, sign_sheet
from ocop_workflow.councils.scoring.paper import TypedSheet, type_sheet
from ocop_workflow.councils.scoring.views import (
    AttentionView,
    MySheetView,
    SessionResultView,
    SheetSavedView,
    SheetSignedView,
    SheetTypedView,
)
from ocop_workflow.people.sign_in.coming_in import Knock
from ocop_workflow.people.sign_in.proving import SigningProof
from ocop_workflow.products.evaluation.confirming import confirm_result
from ocop_workflow.web.api.councils.sessions import Because, BecauseIn
from ocop_workflow.web.contract import council_examples as examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, items
from ocop_workflow.web.exchange.schemas import Name, Note, RowNumber, Said
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated
from ocop_workflow.web.guard.identity import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["sessions"], route_class=Gated)

Place = Annotated[str, Field(pattern=r"^[a-z]{1,12}(\.[A-Za-z0-9.]{1,12})?$")]
SheetEntries = Annotated[dict[Place, Any], Field(min_length=1, max_length=MOST_ENTRIES)]


class EntriesIn(Said):
    """Entries of one's own sheet, each under its place (`docs/councils.md`)."""

    entries: SheetEntries

    model_config = ConfigDict(json_schema_extra={"examples": [{"entries": {"parts.A": "38"}}]})


class SignatureIn(Said):
    """The password once more, or a one-time code."""

    password: Annotated[str, Field(max_length=256)] = ""
    code: Annotated[str, Field(max_length=40)] = ""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "123456"}]})


class AnswerInWritingIn(Said):
    """Whether a member agrees with the agency's sheet; where not, why."""

    agrees: bool
    reason: Note = ""

    model_config = ConfigDict(json_schema_extra={"examples": [{"agrees": True}]})


class PaperSheetIn(Said):
    """A sheet on paper: whose, what it says, where the signed paper lies."""

    member: RowNumber
    entries: SheetEntries
    shelf: Name

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "member": 1,
                    "entries": {"parts.A": "30", "parts.B": "20", "parts.C": "20"},
                    "shelf": "tủ 3",
                }
            ]
        }
    )


def _comes_to(name: str, needs: Permission) -> dict[str, Any]:
    """Return how an operation stands in the document that answers with a result."""
    return operation(name, SessionResultView, examples.RESULT, changes=True, needs=needs)


@router.get(
    "/sessions/{number}/results",
    **operation("listResults", Page[SessionResultView], {"items": [examples.RESULT]}),
)
def list_results(visit: Visiting, number: Number) -> Response:
    """Kết quả các sản phẩm, tính lại từ phiếu. / Results, worked out from the sheets each time."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return items(show_results(tx, number, actor, visit.language))

    return visit.answer(work)


@router.get(
    "/sessions/{number}/attention",
    **operation("lookAgain", Page[AttentionView], {"items": [examples.ATTENTION]}),
)
def attention(visit: Visiting, number: Number) -> Response:
    """Những gì chủ tịch nên xem lại. / What the chair may want to look at again."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return items(look_at_again(tx, number, actor, visit.language))

    return visit.answer(work)


@router.get(
    "/sessions/{number}/products/{code}/sheet", **operation("showMySheet", MySheetView, examples.SHEET)
)
def sheet(visit: Visiting, number: Number, code: ProductCode) -> Response:
    """Phiếu của chính mình. / One's own sheet."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(my_sheet(tx, number, code, actor=actor, language=visit.language))

    return visit.answer(work)


@router.patch(
    "/sessions/{number}/products/{code}/sheet",
    **operation(
        "saveMySheet", SheetSavedView, examples.SAVED, changes=True, secret=True, needs=Permission.SCORE
    ),
)
def save(visit: Visiting, number: Number, code: ProductCode, given: EntriesIn) -> Response:
    """Lưu từng mục của phiếu mình. / Save entries of one's own sheet."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(save_entries(tx, number, code, given.entries, actor=actor, now=visit.now))

    return visit.change_secretly(work)  # an answer that is kept would tell the points to whoever reads tables


@router.post(
    "/sessions/{number}/products/{code}/sheet/signature",
    **operation(
        "signMySheet", SheetSignedView, examples.SIGNED, changes=True, secret=True, needs=Permission.SCORE
    ),
)
def sign(visit: Visiting, number: Number, code: ProductCode, given: SignatureIn) -> Response:
    """Ký phiếu: nhập lại mật khẩu hoặc mã. / Sign one's own sheet."""
    clock = visit.application.clock
    agent = visit.request.headers.get("user-agent", "")
    proof = SigningProof(
        given.password, given.code, Knock(origin_of(visit.request), agent, visit.now, clock.elsewhere())
    )

    def work(actor: Actor) -> Answer:
        checksum = sign_sheet(visit.application.database, number, code, proof, actor=actor, now=visit.now)
        return answer(SheetSignedView(code, checksum))

    return visit.run_secretly(work)


def come_to(visit: Visiting, number: int, code: str, work: Callable[[Connection, Actor], object]) -> Response:
    """Do something with a product of a session, and answer with what it has come to since."""

    def all_of_it(tx: Connection, actor: Actor) -> Answer:
        work(tx, actor)
        return answer(show_result(tx, number, code, actor, visit.language))

    return visit.change(all_of_it)


@router.get(
    "/sessions/{number}/products/{code}/result",
    **operation("showResult", SessionResultView, examples.RESULT),
)
def result(visit: Visiting, number: Number, code: ProductCode) -> Response:
    """Kết quả một sản phẩm. / What one product has come to."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(show_result(tx, number, code, actor, visit.language))

    return visit.answer(work)


@router.post(
    "/sessions/{number}/products/{code}/closing",
    **_comes_to("closeScoring", Permission.RUN_SESSIONS),
)
def close(visit: Visiting, number: Number, code: ProductCode) -> Response:
    """Đóng chấm một sản phẩm. / Close the scoring of a product."""
    return come_to(
        visit,
        number,
        code,
        lambda tx, actor: results.close_scoring(tx, number, code, actor=actor, now=visit.now),
    )


@router.post(
    "/sessions/{number}/products/{code}/rescoring",
    **_comes_to("scoreAgain", Permission.RUN_SESSIONS),
)
def again(visit: Visiting, number: Number, code: ProductCode, given: BecauseIn) -> Response:
    """Cho chấm lại một lần sau thảo luận. / Let all score again, once."""
    return come_to(
        visit,
        number,
        code,
        lambda tx, actor: results.score_again(tx, number, code, given.reason, actor=actor, now=visit.now),
    )


@router.post(
    "/sessions/{number}/products/{code}/chair-note",
    **operation("noteSpread", SessionResultView, examples.RESULT, changes=True),
)
def chair_note(visit: Visiting, number: Number, code: ProductCode, given: BecauseIn) -> Response:
    """Ý kiến chủ tịch Hội đồng về điểm chênh. / The chair's note to a spread."""
    return come_to(
        visit,
        number,
        code,
        lambda tx, actor: results.note_spread(tx, number, code, given.reason, actor=actor, now=visit.now),
    )


class AdviceIn(Said):
    """What the advisory team reports on a product."""

    advice: Because

    model_config = ConfigDict(json_schema_extra={"examples": [{"advice": "đủ hồ sơ; nên xem lại nhãn"}]})


@router.post(
    "/sessions/{number}/products/{code}/advice",
    **_comes_to("noteAdvice", Permission.RUN_SESSIONS),
)
def advice(visit: Visiting, number: Number, code: ProductCode, given: AdviceIn) -> Response:
    """Ý kiến Tổ tư vấn. / The advisory team's report."""
    return come_to(
        visit,
        number,
        code,
        lambda tx, actor: results.note_advice(tx, number, code, given.advice, actor=actor, now=visit.now),
    )


@router.post(
    "/sessions/{number}/products/{code}/opinion",
    **_comes_to("answerInWriting", Permission.SCORE),
)
def opinion(visit: Visiting, number: Number, code: ProductCode, given: AnswerInWritingIn) -> Response:
    """Trả lời bằng văn bản: đồng ý hay không với phiếu của cơ quan. / Agree or disagree in writing."""
    return come_to(
        visit,
        number,
        code,
        lambda tx, actor: answer_in_writing(
            tx, number, code, agrees=given.agrees, reason=given.reason, actor=actor, now=visit.now
        ),
    )


@router.post(
    "/sessions/{number}/products/{code}/paper-sheets",
    **operation("typeSheet", SheetTypedView, examples.TYPED, changes=True, needs=Permission.RUN_SESSIONS),
)
def type_paper(visit: Visiting, number: Number, code: ProductCode, given: PaperSheetIn) -> Response:
    """Nhập phiếu giấy, hai cán bộ nhập độc lập. / Type a sheet from paper; two officers do."""

    def work(tx: Connection, actor: Actor) -> Answer:
        typed = TypedSheet(given.entries, given.shelf)
        done = type_sheet(tx, number, code, given.member, typed, actor=actor, now=visit.now)
        return answer(SheetTypedView(done.is_signed, done.differing))

    return visit.change(work)


@router.post(
    "/sessions/{number}/products/{code}/confirmation",
    **_comes_to("confirmResult", Permission.RUN_SESSIONS),
)
def confirm(visit: Visiting, number: Number, code: ProductCode) -> Response:
    """Xác nhận kết quả: thành điểm của sản phẩm. / Confirm the result: it becomes the product's score."""
    return come_to(
        visit,
        number,
        code,
        lambda tx, actor: confirm_result(
            tx,
            number,
            code,
            actor=actor,
            sender=visit.application.sender,
            today=visit.today,
            now=visit.now,
        ),
    )
