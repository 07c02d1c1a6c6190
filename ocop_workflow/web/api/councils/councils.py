"""`/councils`: founding one, its rules, who sits in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import AfterValidator, ConfigDict, Field

from ocop_workflow.access import Permission
from ocop_workflow.councils.desk import list_councils, show_council
from ocop_workflow.councils.founding import (
    NewCouncil,
    NewMember,
    change_rules,
    end_seat,
    found_council,
    seat_member,
)
from ocop_workflow.councils.session_views import CouncilView
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.regulations.rubrics import CouncilRules
from ocop_workflow.regulations.rubrics.rules import read_quorum
from ocop_workflow.states.facts import Line
from ocop_workflow.web.contract import council_examples as examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, items
from ocop_workflow.web.exchange.schemas import Name, OnDay, Said, Slug
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["councils"], route_class=Gated)

Paper = Annotated[Line, Field(max_length=100)]


class CouncilRulesIn(Said):
    """How a council works, as its own rules say; what is left out is a choice of the service."""

    source: Annotated[Line, Field(max_length=500)]
    quorum: Annotated[
        str, Field(max_length=7, pattern=r"^[1-9][0-9]?(/[1-9][0-9]?)?$"), AfterValidator(read_quorum)
    ] = "2/3"
    chair_required: bool = True
    notice_days: Annotated[int, Field(ge=0, le=30)] = 1
    gates: Literal["majority", "every"] = "majority"
    knockouts: Literal["majority", "every", "any"] = "majority"
    minimum_scores: Annotated[int, Field(ge=1, le=50)] | None = None
    spread_limit: Annotated[int, Field(ge=0, le=100)] = 10
    after_spread: Literal["mean", "defer"] = "mean"
    secretary_scores: bool = False
    step: Literal["1", "1/2", "1/4", "0.1"] | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RULES]})


class CouncilIn(Said):
    """A council: whose, by which decision, with which rules of its own."""

    unit: Slug
    name: Name
    decision_number: Paper
    decided_on: OnDay
    rules: CouncilRulesIn | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "unit": "duc-pho",
                    "name": "Hội đồng đánh giá, phân hạng sản phẩm OCOP",
                    "decision_number": "9/QĐ-UBND",
                    "decided_on": "2024-04-23",
                }
            ]
        }
    )


class MemberIn(Said):
    """An officer who is to sit in a council; `position`: for which body."""

    login: Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{1,59}$")]
    duty: Annotated[CouncilDuty, Field(strict=False)]
    position: Name
    since: OnDay

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"login": "binh", "duty": "member", "position": "Phòng Y tế", "since": "2024-04-23"}]
        }
    )


class SeatEndIn(Said):
    """From which local day on somebody sits there no more."""

    until: OnDay

    model_config = ConfigDict(json_schema_extra={"examples": [{"until": "2024-12-31"}]})


@router.get("/councils", **operation("listCouncils", Page[CouncilView], {"items": [examples.COUNCIL]}))
def list_all(visit: Visiting) -> Response:
    """Các hội đồng. / The councils."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return items(list_councils(tx, actor, visit.language))

    return visit.answer(work)


@router.post(
    "/councils",
    **operation(
        "foundCouncil",
        CouncilView,
        examples.COUNCIL,
        status=201,
        changes=True,
        needs=Permission.RUN_SESSIONS,
    ),
)
def found(visit: Visiting, given: CouncilIn) -> Response:
    """Thành lập hội đồng. / Found a council."""

    def work(tx: Connection, actor: Actor) -> Answer:
        rules = CouncilRules.model_validate(given.rules.model_dump()) if given.rules else None
        new = NewCouncil(given.unit, given.name, given.decision_number, given.decided_on, rules)
        number = found_council(tx, new, actor=actor, today=visit.today, now=visit.now)
        return answer(show_council(tx, number, actor, visit.language), 201)

    return visit.change(work)


@router.get("/councils/{number}", **operation("showCouncil", CouncilView, examples.COUNCIL))
def show(visit: Visiting, number: Number) -> Response:
    """Một hội đồng: quy chế, thành viên. / A council: its rules and members."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(show_council(tx, number, actor, visit.language))

    return visit.answer(work)


@router.put(
    "/councils/{number}/rules",
    **operation(
        "changeCouncilRules", CouncilView, examples.COUNCIL, changes=True, needs=Permission.RUN_SESSIONS
    ),
)
def rules(visit: Visiting, number: Number, given: CouncilRulesIn) -> Response:
    """Đổi quy chế; phiên đã khai mạc giữ quy chế cũ. / Change the rules; open sessions keep theirs."""

    def work(tx: Connection, actor: Actor) -> Answer:
        change_rules(tx, number, CouncilRules.model_validate(given.model_dump()), actor=actor, now=visit.now)
        return answer(show_council(tx, number, actor, visit.language))

    return visit.change(work)


@router.post(
    "/councils/{number}/members",
    **operation(
        "seatMember",
        CouncilView,
        examples.COUNCIL,
        status=201,
        changes=True,
        needs=Permission.RUN_SESSIONS,
    ),
)
def seat(visit: Visiting, number: Number, given: MemberIn) -> Response:
    """Giao nhiệm vụ trong hội đồng. / Seat a member."""

    def work(tx: Connection, actor: Actor) -> Answer:
        member = NewMember(given.login, given.duty, given.position, given.since)
        seat_member(tx, number, member, actor=actor, now=visit.now)
        return answer(show_council(tx, number, actor, visit.language), 201)

    return visit.change(work)


@router.post(
    "/councils/{number}/members/{member}/end",
    **operation("endSeat", CouncilView, examples.COUNCIL, changes=True, needs=Permission.RUN_SESSIONS),
)
def end(visit: Visiting, number: Number, member: Number, given: SeatEndIn) -> Response:
    """Kết thúc nhiệm vụ của một thành viên. / End a seat."""

    def work(tx: Connection, actor: Actor) -> Answer:
        end_seat(tx, number, member, given.until, actor=actor, now=visit.now)
        return answer(show_council(tx, number, actor, visit.language))

    return visit.change(work)
