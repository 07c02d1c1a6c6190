"""`/products/{code}/visits`, `/visits/{number}`: writing a visit on a phone, and what came of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission, may
from ocop_workflow.calendar.inspections import FindingResult
from ocop_workflow.errors import NotFound, OcopError, Text
from ocop_workflow.monitoring.reading import read_visit
from ocop_workflow.monitoring.visiting import (
    LONGEST_NOTE,
    do_follow_up,
    record_visit,
    reopen_follow_up,
    show_visit,
    visits_beside,
    withdraw_visit,
)
from ocop_workflow.overview.products import product_page
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.states import Event
from ocop_workflow.web.console.frame.call import Call, Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.access import Actor
    from ocop_workflow.monitoring.views import VisitView
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_EDITS: Final = Permission.EDIT_PRODUCTS
#: findings that one form takes; a visit with more is written with the API
ROWS: Final = 8
_FIELDS = ("criterion", "what", "result", "follow_up", "due_on")
#: where a fault lies, as the use case says it
_AT = re.compile(r"findings\[([0-9]+)\]\.([a-z_]+)")
_LABELS = {
    "visited_on": Text("Ngày kiểm tra", "Day of the visit"),
    "visitors": Text("Ai kiểm tra, của cơ quan nào", "Who was there, of which offices"),
    "place": Text("Ở đâu", "Where"),
    "conclusion": Text("Kết luận", "Conclusion"),
    "criterion": Text("Tiêu chí", "Criterion"),
    "what": Text("Thấy gì", "What was found"),
    "result": Text("Kết quả", "Result"),
    "follow_up": Text("Việc phải làm", "What has to be done"),
    "due_on": Text("Hạn", "Until"),
}


_DAY, _NOTE = Text("Ngày làm xong", "Done on"), Text("Đã làm gì", "What was done")


@router.get("/products/{code}/visits", **needs())
def show_visits(call: Calling, code: ProductCode) -> Response:
    """Show the visits to a product."""

    def work(tx: Connection, actor: Actor) -> Screen:
        record = find_product(tx, code)
        place = place_of(tx, actor, record)
        content = {
            "product": record,
            "visits": visits_beside(tx, record, call.today, call.language).visits,
            "may_edit": may(actor, _EDITS, place) is not None,
            "done": call.request.query_params.get("done", ""),
        }
        return Screen("monitoring/visits.html", content)

    return call.show(work)


@router.get("/products/{code}/visits/new", **needs(_EDITS))
def new_visit(call: Calling, code: ProductCode) -> Response:
    """Show the form of a visit."""
    return call.show(lambda tx, actor: _form(tx, call, actor, code))


@router.post("/products/{code}/visits/new", **needs(_EDITS))
def record(call: Calling, code: ProductCode) -> Response:
    """Record a visit."""

    def work(tx: Connection, session: Session) -> Response:
        def once() -> str:
            visit = read_visit(_given(call))
            done = record_visit(tx, code, visit, actor=session.actor, today=call.today, now=call.now)
            return str(done.id)

        return call.to(f"/visits/{call.once(tx, session, once)}", done="recorded")

    return call.change_or_show(work, lambda tx, actor, error: _form(tx, call, actor, code, error))


def _rows(sent: Mapping[str, str]) -> list[int]:
    """Return the rows of findings in which something was written."""
    return [row for row in range(ROWS) if any(sent.get(f"{name}-{row}") for name in _FIELDS)]


def _given(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = {
        "visited_on": day_of(call.given("visited_on"), "visited_on"),
        **{name: call.given(name) or None for name in ("place", "visitors", "conclusion")},
    }
    found = {name: value for name, value in found.items() if value is not None}
    findings = []
    for row in _rows(call.sent):
        said: dict[str, Any] = {name: call.given(f"{name}-{row}") or None for name in _FIELDS}
        said["due_on"] = day_of(call.given(f"due_on-{row}"), f"due_on-{row}")
        findings.append({name: value for name, value in said.items() if value is not None})
    return {**found, "findings": findings}


def _form(tx: Connection, call: Call, actor: Actor, code: str, refusal: OcopError | None = None) -> Screen:
    record = find_product(tx, code)
    place_of(tx, actor, record)
    written = _rows(call.sent)
    labels = {name: say(text, call.language) for name, text in _LABELS.items()}
    for row in range(ROWS):
        labels |= {f"{name}-{row}": f"{row + 1}. {labels[name]}" for name in _FIELDS}
    said = told(refusal, call.language) if refusal else None
    for item in said["faults"] if said else ():
        item["place"] = _field_of(item["place"], written)
    content: dict[str, Any] = {
        "product": record,
        "labels": labels,
        "rows": list(range(ROWS)),
        "written": written,
        "results": [(one.value, say(one.text, call.language)) for one in FindingResult],
        "key": call.given("key") or call.new_key(),
        "sent": call.sent_over({"visited_on": call.today.isoformat()}),
        "refusal": said,
    }
    return Screen("monitoring/visit_form.html", content, kind_of(refusal).status if refusal else 200)


def _field_of(place: str, written: list[int]) -> str:
    """Return the field of the form in which a fault lies: only written rows are handed on."""
    at = _AT.fullmatch(place)
    return f"{at[2]}-{written[int(at[1])]}" if at else place


@router.get("/visits/{number}", **needs())
def show_one(call: Calling, number: Number) -> Response:
    """Show one visit, what it found, and what is to be done."""
    return call.show(lambda tx, actor: _page(tx, call, actor, number))


def _page(
    tx: Connection,
    call: Call,
    actor: Actor,
    number: int,
    refusal: OcopError | None = None,
    finding: int = 0,
) -> Screen:
    """Return the page of a visit; `finding`: of which one something was refused."""
    visit = show_visit(tx, number, actor, today=call.today, language=call.language)
    record = find_product(tx, visit.code)
    place = place_of(tx, actor, record)
    allowed = product_page(tx, visit.code, call.today, actor).product.allowed
    said = told(refusal, call.language) if refusal else None
    for item in said["faults"] if said and finding else ():
        item["place"] = f"{item['place']}-{finding}"
    content: dict[str, Any] = {
        "product": record,
        "visit": visit,
        "may_edit": may(actor, _EDITS, place) is not None,
        "labels": {name: say(text, call.language) for name, text in _LABELS.items()},
        "day_words": say(_DAY, call.language),
        "note_words": say(_NOTE, call.language),
        "faulty": {f"on-{finding}": say(_DAY, call.language), f"note-{finding}": say(_NOTE, call.language)},
        "conclude": say(Event.CONCLUDE.text, call.language) if Event.CONCLUDE in allowed else "",
        "sent": call.sent,
        "at": finding,
        "longest": LONGEST_NOTE,
        "refusal": said,
        "done": call.request.query_params.get("done", ""),
    }
    return Screen("monitoring/visit.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/visits/{number}/findings/{finding}/done", **needs(_EDITS))
def finish(call: Calling, number: Number, finding: Number) -> Response:
    """Mark what a visit asked for as done."""

    def work(tx: Connection, session: Session) -> Response:
        _of_this(tx, call, session.actor, number, finding)
        day = day_of(call.given("on"), "on") or call.today
        note = call.given("note")
        do_follow_up(tx, finding, actor=session.actor, done_on=day, today=call.today, now=call.now, note=note)
        return call.to(f"/visits/{number}", done="finished")

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, number, error, finding))


@router.post("/visits/{number}/findings/{finding}/reopen", **needs(_EDITS))
def reopen(call: Calling, number: Number, finding: Number) -> Response:
    """Take back that something was done."""

    def work(tx: Connection, session: Session) -> Response:
        _of_this(tx, call, session.actor, number, finding)
        reason = call.given("reason")
        reopen_follow_up(tx, finding, reason, actor=session.actor, today=call.today, now=call.now)
        return call.to(f"/visits/{number}", done="reopened")

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, number, error, finding))


@router.post("/visits/{number}/withdraw", **needs(_EDITS))
def withdraw(call: Calling, number: Number) -> Response:
    """Take back a visit that was recorded by mistake."""

    def work(tx: Connection, session: Session) -> Response:
        code = withdraw_visit(tx, number, call.given("reason"), actor=session.actor, now=call.now)
        return call.to(f"/products/{code}/visits", done="withdrawn")

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, number, error))


def _of_this(tx: Connection, call: Call, actor: Actor, number: int, finding: int) -> None:
    visit = show_visit(tx, number, actor, today=call.today)
    if finding not in {one.id for one in visit.findings}:
        raise NotFound(f"Không có việc phải làm số {finding}.", f"There is no follow-up {finding}.")


def evidence_of(tx: Connection, call: Call, actor: Actor, code: str) -> dict[str, str]:
    """Return what a visit, named in the address, says to a conclusion against its product's certificate.

    Raises:
        NotFound: there is no such visit to this product.
    """
    asked = call.request.query_params.get("visit", "")
    if not re.fullmatch("[0-9]{1,9}", asked):
        return {}
    visit: VisitView = show_visit(tx, int(asked), actor, today=call.today)
    if visit.code != code:
        raise NotFound(f"Không có lần kiểm tra số {asked}.", f"There is no visit {asked}.")
    said = f"Kiểm tra ngày {visit.visited_on:%d/%m/%Y} (lần kiểm tra số {visit.id}): {visit.conclusion}"
    return {"conclusion": said[:300]}
