"""`/councils/…`: founding a council, its rules, who sits in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.councils.desk import may_be_seated, show_council
from ocop_workflow.councils.founding import (
    NewCouncil,
    NewMember,
    change_rules,
    end_seat,
    found_council,
    seat_member,
)
from ocop_workflow.errors import OcopError, say
from ocop_workflow.places.queries import units_around
from ocop_workflow.regulations import Level, read_fields
from ocop_workflow.regulations.councils.words import CouncilDuty
from ocop_workflow.regulations.rubrics import CouncilRules
from ocop_workflow.web.console.councils.fields import required_day, required_text
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_RUN = Permission.RUN_SESSIONS
_NUMBERS = ("notice_days", "minimum_scores", "spread_limit")
_SWITCHES = ("chair_required", "secretary_scores")
_WORDS = ("source", "quorum", "gates", "knockouts", "after_spread", "step")


@router.get("/councils/new", **needs(_RUN))
def show_form(call: Calling) -> Response:
    """Show the form by which a council is founded."""
    return call.show(lambda tx, actor: _form(tx, call, actor))


def _form(tx: Connection, call: Call, actor: Actor, refusal: OcopError | None = None) -> Screen:
    around = units_around(tx, actor.units_with(_RUN))
    content = {
        "units": [
            (unit.slug, unit.name)
            for unit in around
            if unit.level is not Level.COMMUNE and unit.lives(call.today)
        ],
        "sent": call.sent,
        "key": call.given("key") or call.new_key(),
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("councils/new.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/councils/new", **needs(_RUN))
def found(call: Calling) -> Response:
    """Found a council."""

    def work(tx: Connection, session: Session) -> Response:
        given = NewCouncil(
            call.given("unit"),
            required_text(call, "name"),
            required_text(call, "decision_number", 100),
            required_day(call, "decided_on"),
        )

        def once() -> str:
            number = found_council(tx, given, actor=session.actor, today=call.today, now=call.now)
            return str(number)

        return call.to(f"/councils/{call.once(tx, session, once)}")

    return call.change_or_show(work, lambda tx, actor, error: _form(tx, call, actor, error))


@router.get("/councils/{number}", **needs())
def show(call: Calling, number: Number) -> Response:
    """Show a council."""
    return call.show(lambda tx, actor: _page(tx, call, actor, number))


def _page(tx: Connection, call: Call, actor: Actor, number: int, refusal: OcopError | None = None) -> Screen:
    council = show_council(tx, number, actor, call.language)
    runs = actor.units_with(_RUN) != frozenset()
    seated = {item.login for item in council.members if item.until is None}
    content: dict[str, Any] = {
        "council": council,
        "runs": runs,
        "duties": [(duty.value, say(duty.text, call.language)) for duty in CouncilDuty],
        "officers": [
            (login, name)
            for login, name in (may_be_seated(tx, number, actor) if runs else ())
            if login not in seated
        ],
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("councils/council.html", content, kind_of(refusal).status if refusal else 200)


def _changed(call: Call, number: int, change: Callable[[Connection, Actor], None]) -> Response:
    def work(tx: Connection, session: Session) -> Response:
        change(tx, session.actor)
        return call.to(f"/councils/{number}")

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, number, error))


@router.post("/councils/{number}/members", **needs(_RUN))
def seat(call: Calling, number: Number) -> Response:
    """Seat a member."""

    def change(tx: Connection, actor: Actor) -> None:
        duty = call.given("duty")
        known = CouncilDuty(duty) if duty in list(CouncilDuty) else CouncilDuty.MEMBER
        member = NewMember(
            call.given("login"), known, required_text(call, "position"), required_day(call, "since")
        )
        seat_member(tx, number, member, actor=actor, now=call.now)

    return _changed(call, number, change)


@router.post("/councils/{number}/members/{member}/end", **needs(_RUN))
def end(call: Calling, number: Number, member: Number) -> Response:
    """End a seat."""
    return _changed(
        call,
        number,
        lambda tx, actor: end_seat(
            tx, number, member, required_day(call, "until"), actor=actor, now=call.now
        ),
    )


@router.post("/councils/{number}/rules", **needs(_RUN))
def rules(call: Calling, number: Number) -> Response:
    """Give a council its rules."""

    def change(tx: Connection, actor: Actor) -> None:
        change_rules(tx, number, _rules(call), actor=actor, now=call.now)

    return _changed(call, number, change)


def _rules(call: Call) -> CouncilRules:
    """Read the rules as they were filled in.

    Raises:
        InvalidInput: every field that is at fault.
    """
    given: dict[str, Any] = {name: call.given(name) for name in _WORDS if call.given(name)}
    for name in _NUMBERS:
        written = call.given(name)
        if written:
            given[name] = int(written) if written.isascii() and written.isdecimal() else written
    given |= {name: bool(call.given(name)) for name in _SWITCHES}
    return read_fields(given, CouncilRules, "Quy chế", CouncilRules.model_fields)
