"""`/sessions/{number}/products/{code}`: a member's sheet, a sheet from paper, the result and what follows it.

Each option of a sheet is a button: pressing it saves that one choice at once, with its time, and nothing else
has to be sent or can be lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.councils.desk import show_result, show_session
from ocop_workflow.councils.listing import take_out
from ocop_workflow.councils.scoring import results
from ocop_workflow.councils.scoring.answering import answer_in_writing
from ocop_workflow.councils.scoring.filling import my_sheet, save_entries, sign_sheet
from ocop_workflow.councils.scoring.paper import TypedSheet, type_sheet
from ocop_workflow.dossiers.paper_queries import papers_of
from ocop_workflow.errors import InvalidInput, OcopError
from ocop_workflow.people.sign_in.proving import SigningProof
from ocop_workflow.products.checks import find_product
from ocop_workflow.products.evaluation.confirming import confirm_result
from ocop_workflow.regulations import load_regulation
from ocop_workflow.regulations.councils.words import sheet_named
from ocop_workflow.regulations.rubrics import load_rubric
from ocop_workflow.regulations.rubrics.entries import marks_so_far, titles_of
from ocop_workflow.regulations.rubrics.views import RubricView
from ocop_workflow.web.console.councils.answers import answers_of, marked_gates, read_answer
from ocop_workflow.web.console.councils.fields import required_text
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.door import signed_in
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.councils.scoring.views import SessionResultView
    from ocop_workflow.councils.session_views import CouncilSessionView, ListedProductView
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_RUN, _SCORE = Permission.RUN_SESSIONS, Permission.SCORE


def _printed(sheet: str, language: Any) -> dict[str, Any]:  # noqa: ANN401 - a language
    """Return the sheet as it is printed: of a set, or the parts of a regulation."""
    if sheet.isdecimal():
        rubric = load_rubric(int(sheet))
        return {"rubric": RubricView.of(rubric, language), "printed": rubric.parts, "parts_of": ()}
    return {"rubric": None, "printed": (), "parts_of": load_regulation(sheet).parts}


@router.get("/sessions/{number}/products/{code}/sheet", **needs())
def show_sheet(call: Calling, number: Number, code: ProductCode) -> Response:
    """Show a member's own sheet."""
    return call.show(lambda tx, actor: _sheet(tx, call, actor, number, code))


def _sheet(
    tx: Connection, call: Call, actor: Actor, number: int, code: str, refusal: OcopError | None = None
) -> Screen:
    sheet = my_sheet(tx, number, code, actor=actor, language=call.language)
    product = find_product(tx, code)
    proofs: dict[str, list[str]] = {}
    for paper in papers_of(tx, product.id, product.dossier_no):
        for criterion in paper.criteria:
            proofs.setdefault(criterion, []).append(
                f"{paper.name or paper.kind} {paper.number or ''}".strip()
            )
    content: dict[str, Any] = {
        "sheet": sheet,
        "session": show_session(tx, number, actor, call.language),
        "proofs": proofs,
        "gates": marked_gates(sheet.sheet, marks_so_far(sheet.sheet, sheet.entries))
        if sheet.sheet.isdecimal()
        else (),
        "may_fill": sheet.barred is None
        and not sheet.is_signed
        and sheet.stage == "scoring"
        and sheet.session_stage == "open",
        "refusal": told(refusal, call.language) if refusal else None,
        **_printed(sheet.sheet, call.language),
    }
    return Screen("councils/sheet.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/sessions/{number}/products/{code}/sheet", **needs(_SCORE))
def save(call: Calling, number: Number, code: ProductCode) -> Response:
    """Save what was pressed or written in one's own sheet."""
    pressed = call.given("press")

    def work(tx: Connection, session: Session) -> Response:
        sheet = my_sheet(tx, number, code, actor=session.actor, language=call.language)
        written = answers_of(call, sheet.sheet)
        changed = {place: value for place, value in written.items() if sheet.entries.get(place, "") != value}
        if pressed:
            changed |= dict([read_answer(sheet.sheet, pressed)])
        if changed:
            save_entries(tx, number, code, changed, actor=session.actor, now=call.now)
        place = pressed.partition("=")[0]
        return call.to(f"/sessions/{number}/products/{code}/sheet" + (f"#f-{place}" if place else "#h-left"))

    return call.change_or_show(work, lambda tx, actor, error: _sheet(tx, call, actor, number, code, error))


@router.post("/sessions/{number}/products/{code}/sheet/sign", **needs(_SCORE))
def sign(call: Calling, number: Number, code: ProductCode) -> Response:
    """Sign one's own sheet: the password or a code is given once more."""
    with call.application.database.read() as tx:
        actor = signed_in(tx, call.request).actor
    proof = SigningProof(call.secret("password"), call.given("code"), call.knock)
    try:
        if not proof.password and not proof.code:
            raise InvalidInput("Ký phiếu cần mật khẩu hoặc mã.", "Signing takes the password or a code.")
        sign_sheet(call.application.database, number, code, proof, actor=actor, now=call.now)
    except OcopError as error:
        refusal = error
        return call.show(lambda tx, actor: _sheet(tx, call, actor, number, code, refusal))
    return call.to(f"/sessions/{number}", done="signed")


@router.post("/sessions/{number}/products/{code}/opinion", **needs(_SCORE))
def answer(call: Calling, number: Number, code: ProductCode) -> Response:
    """Agree or disagree in writing."""
    return _changed(
        call,
        number,
        code,
        lambda tx, actor: answer_in_writing(
            tx,
            number,
            code,
            agrees=call.given("agrees") == "yes",
            reason=call.given("reason"),
            actor=actor,
            now=call.now,
        ),
    )


@router.get("/sessions/{number}/products/{code}", **needs())
def show_product(call: Calling, number: Number, code: ProductCode) -> Response:
    """Show what a product has come to in a session."""
    return call.show(lambda tx, actor: _product(tx, call, actor, number, code))


def _listed(session: CouncilSessionView, result: SessionResultView) -> tuple[ListedProductView, str]:
    """Return a product as it was last put on the session's list, and by which sheet it is scored."""
    listed = next(item for item in reversed(session.products) if item.code == result.code)
    return listed, sheet_named(listed.product_set, listed.regulation)


def _product(
    tx: Connection, call: Call, actor: Actor, number: int, code: str, refusal: OcopError | None = None
) -> Screen:
    session = show_session(tx, number, actor, call.language)
    result = show_result(tx, number, code, actor, call.language)
    listed, sheet = _listed(session, result)
    mine = next((item for item in session.members if item.login == actor.login), None)
    content: dict[str, Any] = {
        "session": session,
        "listed": listed,
        "result": result,
        "runs": actor.units_with(_RUN) != frozenset(),
        "is_chair": mine is not None and mine.duty == "chair",
        "mine": mine,
        "missing": [item for item in session.members if item.name in result.missing],
        "titles": titles_of(sheet),
        "done": call.request.query_params.get("done", ""),
        "at": call.request.query_params.get("at", "")[:200],
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("councils/product.html", content, kind_of(refusal).status if refusal else 200)


def _changed(call: Call, number: int, code: str, change: Callable[[Connection, Actor], object]) -> Response:
    def work(tx: Connection, session: Session) -> Response:
        change(tx, session.actor)
        return call.to(f"/sessions/{number}/products/{code}")

    return call.change_or_show(work, lambda tx, actor, error: _product(tx, call, actor, number, code, error))


@router.post("/sessions/{number}/products/{code}/closing", **needs(_RUN))
def close(call: Calling, number: Number, code: ProductCode) -> Response:
    """Close the scoring of a product."""
    return _changed(
        call,
        number,
        code,
        lambda tx, actor: results.close_scoring(tx, number, code, actor=actor, now=call.now),
    )


@router.post("/sessions/{number}/products/{code}/rescoring", **needs(_RUN))
def again(call: Calling, number: Number, code: ProductCode) -> Response:
    """Let all score a product again, once."""
    return _changed(
        call,
        number,
        code,
        lambda tx, actor: results.score_again(
            tx, number, code, call.given("reason"), actor=actor, now=call.now
        ),
    )


@router.post("/sessions/{number}/products/{code}/chair-note", **needs())
def chair_note(call: Calling, number: Number, code: ProductCode) -> Response:
    """Keep the chair's note to a spread."""
    return _changed(
        call,
        number,
        code,
        lambda tx, actor: results.note_spread(
            tx, number, code, call.given("note"), actor=actor, now=call.now
        ),
    )


@router.post("/sessions/{number}/products/{code}/advice", **needs(_RUN))
def advice(call: Calling, number: Number, code: ProductCode) -> Response:
    """Keep what the advisory team reports."""
    return _changed(
        call,
        number,
        code,
        lambda tx, actor: results.note_advice(
            tx, number, code, call.given("advice"), actor=actor, now=call.now
        ),
    )


@router.post("/sessions/{number}/products/{code}/removal", **needs(_RUN))
def remove(call: Calling, number: Number, code: ProductCode) -> Response:
    """Take a product out of the session."""
    return _changed(
        call,
        number,
        code,
        lambda tx, actor: take_out(tx, number, code, call.given("reason"), actor=actor, now=call.now),
    )


@router.post("/sessions/{number}/products/{code}/confirmation", **needs(_RUN))
def confirm(call: Calling, number: Number, code: ProductCode) -> Response:
    """Confirm a result: it becomes the product's score."""
    return _changed(
        call,
        number,
        code,
        lambda tx, actor: confirm_result(
            tx,
            number,
            code,
            actor=actor,
            sender=call.application.sender,
            today=call.today,
            now=call.now,
        ),
    )


@router.get("/sessions/{number}/products/{code}/paper/{member}", **needs(_RUN))
def show_paper(call: Calling, number: Number, code: ProductCode, member: Number) -> Response:
    """Show the form into which a sheet on paper is typed."""
    return call.show(lambda tx, actor: _paper(tx, call, actor, number, (code, member)))


def _paper(
    tx: Connection,
    call: Call,
    actor: Actor,
    number: int,
    of: tuple[str, int],
    refusal: OcopError | None = None,
) -> Screen:
    code, member = of
    session = show_session(tx, number, actor, call.language)
    listed, sheet = _listed(session, show_result(tx, number, code, actor, call.language))
    content: dict[str, Any] = {
        "session": session,
        "listed": listed,
        "member": next((item for item in session.members if item.id == member), None),
        "member_id": member,
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
        **_printed(sheet, call.language),
    }
    return Screen("councils/paper.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/sessions/{number}/products/{code}/paper/{member}", **needs(_RUN))
def type_paper(call: Calling, number: Number, code: ProductCode, member: Number) -> Response:
    """Type a sheet from paper; it counts when a second officer has typed the same."""

    def work(tx: Connection, session: Session) -> Response:
        result = show_result(tx, number, code, session.actor, call.language)
        _, sheet = _listed(show_session(tx, number, session.actor), result)
        said = answers_of(call, sheet, chosen=True)
        typed = TypedSheet(said, required_text(call, "shelf"))
        done = type_sheet(tx, number, code, member, typed, actor=session.actor, now=call.now)
        told_of = "counted" if done.is_signed else "differs" if done.differing else "typed"
        return call.to(f"/sessions/{number}/products/{code}", done=told_of, at=",".join(done.differing)[:200])

    return call.change_or_show(
        work, lambda tx, actor, error: _paper(tx, call, actor, number, (code, member), error)
    )
