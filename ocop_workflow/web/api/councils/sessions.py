"""`/sessions`: a council's session from its list to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from ocop_workflow.access import Permission
from ocop_workflow.councils import attendance, listing, sittings
from ocop_workflow.councils.desk import list_sessions, show_session
from ocop_workflow.councils.session_views import CouncilSessionLineView, CouncilSessionView
from ocop_workflow.products.evaluation.deciding import SessionDecision, decide_session
from ocop_workflow.regulations.councils.words import SessionMode
from ocop_workflow.states.facts import Line
from ocop_workflow.web.contract import council_examples as examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, items
from ocop_workflow.web.exchange.schemas import Codes, Name, Note, OnDay, RowNumber, Said
from ocop_workflow.web.exchange.schemas import ProductCode as ProductCodeIn
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["sessions"], route_class=Gated)

Because = Annotated[Line, Field(max_length=sittings.LONGEST_REASON)]


class SessionIn(Said):
    """A session; `held_on`: the day on which it meets, in writing by which the answers are due."""

    council: RowNumber
    name: Name
    held_on: OnDay
    mode: Annotated[SessionMode, Field(strict=False)] = SessionMode.MEETING
    place: Name | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"council": 1, "name": "Phiên 1 năm 2024", "held_on": "2024-11-20"}]}
    )


class SessionListIn(Said):
    """Products for a session's list; `product_set` where it is not the dossier's, `due_on` where earlier."""

    codes: Codes
    product_set: Annotated[int, Field(ge=1, le=99)] | None = None
    due_on: OnDay | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"codes": ["DP24-002"]}]})


class BecauseIn(Said):
    """Why."""

    reason: Because

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "chủ thể xin rút"}]})


class SentIn(Said):
    """On which local day the members got the dossiers; today if it is left out."""

    on: OnDay | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"on": "2024-11-18"}]})


class PresenceIn(Said):
    """Whether a member is there; where not, why."""

    member: RowNumber
    present: bool
    reason: Note = ""

    model_config = ConfigDict(json_schema_extra={"examples": [{"member": 1, "present": True}]})


class ConflictIn(Said):
    """Which member does not score the product, and why."""

    member: RowNumber
    reason: Because

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"member": 1, "reason": "chủ thể là người thân"}]}
    )


class MeetingIn(Said):
    """On which day the council meets instead, and why."""

    held_on: OnDay
    reason: Because

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"held_on": "2024-11-27", "reason": "có ý kiến khác nhau"}]}
    )


def _run(name: str, status: int = 200) -> dict[str, Any]:
    """Return how an operation stands in the document by which a session is run."""
    return operation(
        name,
        CouncilSessionView,
        examples.SESSION,
        status=status,
        changes=True,
        needs=Permission.RUN_SESSIONS,
    )


@router.get(
    "/sessions", **operation("listSessions", Page[CouncilSessionLineView], {"items": [examples.LINE]})
)
def list_all(visit: Visiting) -> Response:
    """Các phiên họp, mới nhất trước. / The sessions, youngest first."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return items(list_sessions(tx, actor, visit.language))

    return visit.answer(work)


@router.post(
    "/sessions",
    **_run("draftSession", 201),
)
def draft(visit: Visiting, given: SessionIn) -> Response:
    """Lập phiên họp. / Prepare a session."""

    def work(tx: Connection, actor: Actor) -> Answer:
        new = sittings.NewSession(given.council, given.name, given.held_on, given.mode, given.place)
        number = sittings.draft_session(tx, new, actor=actor, now=visit.now)
        return answer(show_session(tx, number, actor, visit.language), 201)

    return visit.change(work)


@router.get("/sessions/{number}", **operation("showSession", CouncilSessionView, examples.SESSION))
def show(visit: Visiting, number: Number) -> Response:
    """Một phiên họp: ai có mặt, chấm gì, ai đã ký. / A session: who is there, what it scores, who signed."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(show_session(tx, number, actor, visit.language))

    return visit.answer(work)


def changed(visit: Visiting, number: int, work: Callable[[Connection, Actor], object]) -> Response:
    """Do something in a session, and answer with how it stands since."""

    def all_of_it(tx: Connection, actor: Actor) -> Answer:
        work(tx, actor)
        return answer(show_session(tx, number, actor, visit.language))

    return visit.change(all_of_it)


@router.post(
    "/sessions/{number}/products",
    **_run("listForSession"),
)
def add(visit: Visiting, number: Number, given: SessionListIn) -> Response:
    """Đưa sản phẩm vào phiên. / Put products on the list."""
    entries = [listing.ListEntry(code, given.product_set, given.due_on) for code in given.codes]
    return changed(
        visit, number, lambda tx, actor: listing.put_on_list(tx, number, entries, actor=actor, now=visit.now)
    )


@router.post(
    "/sessions/{number}/products/{code}/removal",
    **_run("takeOutOfSession"),
)
def take_out(visit: Visiting, number: Number, code: ProductCode, given: BecauseIn) -> Response:
    """Rút sản phẩm khỏi phiên, không có kết quả. / Take a product out, without a result."""
    return changed(
        visit,
        number,
        lambda tx, actor: listing.take_out(tx, number, code, given.reason, actor=actor, now=visit.now),
    )


@router.post(
    "/sessions/{number}/dossiers",
    **_run("sendDossiers"),
)
def send(visit: Visiting, number: Number, given: SentIn) -> Response:
    """Ghi ngày gửi hồ sơ cho thành viên. / Note when the members got the dossiers."""
    day = given.on or visit.today
    return changed(
        visit,
        number,
        lambda tx, actor: sittings.send_dossiers(
            tx, number, day, actor=actor, today=visit.today, now=visit.now
        ),
    )


@router.post(
    "/sessions/{number}/attendance",
    **_run("noteAttendance"),
)
def attend(visit: Visiting, number: Number, given: PresenceIn) -> Response:
    """Điểm danh một thành viên. / Note whether a member is there."""
    return changed(
        visit,
        number,
        lambda tx, actor: attendance.note_attendance(
            tx,
            number,
            given.member,
            is_present=given.present,
            reason=given.reason,
            actor=actor,
            now=visit.now,
        ),
    )


@router.post(
    "/sessions/{number}/products/{code}/conflicts",
    **operation("declareConflict", CouncilSessionView, examples.SESSION, changes=True),
)
def declare(visit: Visiting, number: Number, code: ProductCode, given: ConflictIn) -> Response:
    """Khai xung đột lợi ích: của mình, hoặc thư ký ghi. / Declare a conflict of interest."""
    return changed(
        visit,
        number,
        lambda tx, actor: attendance.declare_conflict(
            tx, number, code, given.member, given.reason, actor=actor, now=visit.now
        ),
    )


@router.post(
    "/sessions/{number}/opening",
    **_run("openSession"),
)
def begin(visit: Visiting, number: Number) -> Response:
    """Khai mạc: đủ thành viên, đúng ngày, hồ sơ gửi kịp. / Open the session."""
    return changed(
        visit,
        number,
        lambda tx, actor: sittings.open_session(tx, number, actor=actor, today=visit.today, now=visit.now),
    )


@router.post(
    "/sessions/{number}/closing",
    **_run("closeSession"),
)
def end(visit: Visiting, number: Number) -> Response:
    """Bế mạc: mọi sản phẩm đã có kết quả hoặc đã rút. / Close the session."""
    return changed(
        visit, number, lambda tx, actor: sittings.close_session(tx, number, actor=actor, now=visit.now)
    )


class SessionDecisionIn(Said):
    """The decision on a session's results; `send_up`: products that go to the level above all the same.

    `sent_on`, `samples`: when the dossiers that go up left, with how many samples of each.
    """

    number: Annotated[Line, Field(max_length=100)]
    decided_on: OnDay
    signer: Name
    published_on: OnDay
    send_up: Annotated[list[ProductCodeIn], Field(max_length=1000, default_factory=list)]
    sent_on: OnDay | None = None
    samples: Annotated[int, Field(ge=0, le=1000)] | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": "1234/QĐ-UBND",
                    "decided_on": "2024-11-25",
                    "signer": "Chủ tịch UBND thị xã",
                    "published_on": "2024-11-26",
                }
            ]
        }
    )


@router.post("/sessions/{number}/decision", **_run("decideSession"))
def decide(visit: Visiting, number: Number, given: SessionDecisionIn) -> Response:
    """Ghi quyết định cho cả phiên: công nhận, chuyển cấp trên, không xếp hạng. / Record the decision."""
    decision = SessionDecision(
        given.number,
        given.decided_on,
        given.signer,
        given.published_on,
        tuple(given.send_up),
        given.sent_on,
        given.samples,
    )
    return changed(
        visit,
        number,
        lambda tx, actor: decide_session(
            tx,
            number,
            decision,
            actor=actor,
            sender=visit.application.sender,
            today=visit.today,
            now=visit.now,
        ),
    )


@router.post(
    "/sessions/{number}/meeting",
    **_run("meetInstead"),
)
def meet(visit: Visiting, number: Number, given: MeetingIn) -> Response:
    """Chuyển lấy ý kiến bằng văn bản sang họp. / Let the council meet instead of answering in writing."""
    return changed(
        visit,
        number,
        lambda tx, actor: sittings.meet_instead(
            tx, number, given.held_on, given.reason, actor=actor, now=visit.now
        ),
    )
