"""`/inspections`, `/visits`, `/findings`: who is to be seen on the spot, visits, what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from ocop_workflow.access import Permission
from ocop_workflow.calendar.inspections import FindingResult, InspectionStatus
from ocop_workflow.monitoring.listing import (
    WantedFollowUps,
    WantedInspections,
    list_follow_ups,
    list_inspections,
    place_of_inspection,
)
from ocop_workflow.monitoring.reading import MOST_FINDINGS, Conclusion, Criterion, NewVisit, Sentence
from ocop_workflow.monitoring.views import FollowUpView, InspectionView, ProductVisitsView, VisitView
from ocop_workflow.monitoring.visiting import (
    do_follow_up,
    record_visit,
    reopen_follow_up,
    show_visit,
    visits_to,
    withdraw_visit,
)
from ocop_workflow.states.facts import Line
from ocop_workflow.web.contract import examples
from ocop_workflow.web.contract.monitoring_examples import FOLLOW_UP, INSPECTION, VISIT, VISITS
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, Paging, as_it_is, day_and_numbers, numbers, page
from ocop_workflow.web.exchange.schemas import Note, OnDay, Said, Slug, UndoIn
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.monitoring.listing import InspectionPlace
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["monitoring"], route_class=Gated)

_EDITS = Permission.EDIT_PRODUCTS


class InspectionsQuery(Paging):
    """Which certified products are asked for."""

    on: OnDay | None = Field(default=None, description="Tính vào ngày nào. / As of which day.")
    unit: Slug | None = Field(default=None, description="Mã địa phương. / A unit's id.")
    status: InspectionStatus | None = Field(default=None, description="Tình trạng. / How they stand.")


class FollowUpsQuery(Paging):
    """Which follow-ups are asked for."""

    unit: Slug | None = Field(default=None, description="Mã địa phương. / A unit's id.")


class VisitFindingIn(Said):
    """One thing that was found; with `follow_up` what has to be done, and until which day (`due_on`)."""

    criterion: Criterion | None = None
    what: Sentence | None = None
    result: Annotated[FindingResult, Field(strict=False)]
    follow_up: Sentence | None = None
    due_on: OnDay | None = None


class VisitIn(Said):
    """A visit: when, who was there of which offices, where, what was found, the conclusion."""

    visited_on: OnDay
    visitors: Line
    place: Line | None = None
    conclusion: Conclusion
    findings: Annotated[list[VisitFindingIn], Field(max_length=MOST_FINDINGS, default_factory=list)]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "visited_on": "2025-03-07",
                    "visitors": "Phòng Kinh tế thị xã, UBND xã Phổ An",
                    "conclusion": "Duy trì được tiêu chí, trừ nhãn.",
                    "findings": [
                        {
                            "criterion": "5.1",
                            "result": "not_met",
                            "follow_up": "In lại nhãn",
                            "due_on": "2025-03-31",
                        }
                    ],
                }
            ]
        }
    )


class DoneIn(Said):
    """That a follow-up is done: on which day (today if left out), and what was done."""

    on: OnDay | None = None
    note: Note = ""

    model_config = ConfigDict(json_schema_extra={"examples": [{"on": "2025-03-28", "note": "đã in lại"}]})


@router.get("/inspections", **operation("listInspections", Page[InspectionView], examples.page(INSPECTION)))
def list_all(visit: Visiting, asked: Annotated[InspectionsQuery, Query()]) -> Response:
    """Sản phẩm nào đến lượt kiểm tra, trễ nhất trước. / Who is to be inspected, late ones first."""
    after: InspectionPlace | None = None
    if asked.cursor:
        rank, day, certificate = numbers(asked.cursor, 3)
        after = rank, day, certificate

    def work(tx: Connection, actor: Actor) -> Answer:
        wanted = WantedInspections(asked.unit, asked.status, after, asked.and_one)
        found = list_inspections(tx, asked.on or visit.today, wanted, actor, visit.language)
        return page(visit, asked, found, as_it_is, lambda one: ".".join(map(str, place_of_inspection(one))))

    return visit.answer(work)


@router.get("/products/{code}/visits", **operation("listVisits", ProductVisitsView, VISITS))
def list_of(visit: Visiting, code: ProductCode) -> Response:
    """Các lần kiểm tra một sản phẩm, mới nhất trước. / The visits to a product, latest first."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(visits_to(tx, code, actor, today=visit.today, language=visit.language))

    return visit.answer(work)


@router.post(
    "/products/{code}/visits",
    **operation("recordVisit", VisitView, VISIT, status=201, changes=True, needs=_EDITS),
)
def record(visit: Visiting, code: ProductCode, given: VisitIn) -> Response:
    """Ghi một lần kiểm tra sản phẩm tại cơ sở. / Record a visit to a product."""

    def work(tx: Connection, actor: Actor) -> Answer:
        said = NewVisit.model_validate(given.model_dump())
        done = record_visit(
            tx, code, said, actor=actor, today=visit.today, now=visit.now, language=visit.language
        )
        return answer(done, 201)

    return visit.change(work)


@router.get("/visits/{number}", **operation("getVisit", VisitView, VISIT))
def show(visit: Visiting, number: Number) -> Response:
    """Một lần kiểm tra. / One visit."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(show_visit(tx, number, actor, today=visit.today, language=visit.language))

    return visit.answer(work)


@router.post(
    "/visits/{number}/withdrawal",
    **operation("withdrawVisit", ProductVisitsView, VISITS, changes=True, needs=_EDITS),
)
def withdraw(visit: Visiting, number: Number, given: UndoIn) -> Response:
    """Rút một lần kiểm tra ghi nhầm, có lý do. / Take back a visit that was recorded by mistake."""

    def work(tx: Connection, actor: Actor) -> Answer:
        code = withdraw_visit(tx, number, given.reason, actor=actor, now=visit.now)
        return answer(visits_to(tx, code, actor, today=visit.today, language=visit.language))

    return visit.change(work)


@router.get("/findings", **operation("listFollowUps", Page[FollowUpView], examples.page(FOLLOW_UP)))
def list_open(visit: Visiting, asked: Annotated[FollowUpsQuery, Query()]) -> Response:
    """Việc phải làm sau kiểm tra còn mở, trễ nhất trước. / What is still to be done, late ones first."""
    after = None
    if asked.cursor:
        day, (number,) = day_and_numbers(asked.cursor, 1)
        after = day, number

    def work(tx: Connection, actor: Actor) -> Answer:
        wanted = WantedFollowUps(asked.unit, after, asked.and_one)
        found = list_follow_ups(tx, visit.today, wanted, actor)
        return page(visit, asked, found, as_it_is, lambda one: f"{one.due_on}.{one.id}")

    return visit.answer(work)


@router.post(
    "/findings/{number}/done",
    **operation("finishFollowUp", FollowUpView, FOLLOW_UP, changes=True, needs=_EDITS),
)
def finish(visit: Visiting, number: Number, given: DoneIn) -> Response:
    """Ghi một việc phải làm đã xong. / Mark a follow-up as done."""

    def work(tx: Connection, actor: Actor) -> Answer:
        today = visit.today
        day = given.on or today
        done = do_follow_up(tx, number, actor=actor, done_on=day, today=today, now=visit.now, note=given.note)
        return answer(done)

    return visit.change(work)


@router.post(
    "/findings/{number}/reopening",
    **operation("reopenFollowUp", FollowUpView, FOLLOW_UP, changes=True, needs=_EDITS),
)
def reopen(visit: Visiting, number: Number, given: UndoIn) -> Response:
    """Mở lại một việc đã ghi xong nhầm, có lý do. / Take back that a follow-up was done."""

    def work(tx: Connection, actor: Actor) -> Answer:
        found = reopen_follow_up(tx, number, given.reason, actor=actor, today=visit.today, now=visit.now)
        return answer(found)

    return visit.change(work)
