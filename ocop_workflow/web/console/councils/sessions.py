"""`/sessions`: the list, and a session's desk: who is there, what is scored, how far it has come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.councils import attendance, listing, sittings
from ocop_workflow.councils.desk import (
    list_councils,
    list_sessions,
    look_at_again,
    show_results,
    show_session,
)
from ocop_workflow.councils.scoring.results import reads_sheets
from ocop_workflow.errors import OcopError
from ocop_workflow.products.evaluation.deciding import SessionDecision, decide_session
from ocop_workflow.regulations.councils.words import SessionMode
from ocop_workflow.web.console.councils.fields import required_day, required_text, whole_number
from ocop_workflow.web.console.frame.call import Call, Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_RUN = Permission.RUN_SESSIONS


def _runs(actor: Actor) -> bool:
    return actor.units_with(_RUN) != frozenset()


@router.get("/sessions", **needs())
def show_list(call: Calling) -> Response:
    """List the sessions and the councils."""
    return call.show(
        lambda tx, actor: Screen(
            "councils/list.html",
            {
                "sessions": list_sessions(tx, actor, call.language),
                "councils": list_councils(tx, actor, call.language),
                "runs": _runs(actor),
            },
        )
    )


@router.get("/sessions/new", **needs(_RUN))
def show_form(call: Calling) -> Response:
    """Show the form by which a session is prepared."""
    return call.show(lambda tx, actor: _form(tx, call, actor))


def _form(tx: Connection, call: Call, actor: Actor, refusal: OcopError | None = None) -> Screen:
    content = {
        "councils": list_councils(tx, actor, call.language),
        "sent": call.sent,
        "key": call.given("key") or call.new_key(),
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("councils/new_session.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/sessions/new", **needs(_RUN))
def draft(call: Calling) -> Response:
    """Prepare a session."""

    def work(tx: Connection, session: Session) -> Response:
        council = call.given("council")
        written = call.given("mode") == SessionMode.WRITTEN
        given = sittings.NewSession(
            int(council) if council.isascii() and council.isdecimal() and len(council) < 9 else 0,  # noqa: PLR2004 - digits
            required_text(call, "name"),
            required_day(call, "held_on"),
            SessionMode.WRITTEN if written else SessionMode.MEETING,
            call.given("place")[:200] or None,
        )

        def once() -> str:
            return str(sittings.draft_session(tx, given, actor=session.actor, now=call.now))

        return call.to(f"/sessions/{call.once(tx, session, once)}")

    return call.change_or_show(work, lambda tx, actor, error: _form(tx, call, actor, error))


@router.get("/sessions/{number}", **needs())
def show(call: Calling, number: Number) -> Response:
    """Show a session's desk."""
    return call.show(lambda tx, actor: _desk(tx, call, actor, number))


def _desk(tx: Connection, call: Call, actor: Actor, number: int, refusal: OcopError | None = None) -> Screen:
    session = show_session(tx, number, actor, call.language)
    mine = next((item for item in session.members if item.login == actor.login), None)
    reads = reads_sheets(tx, actor, sittings.find_session(tx, actor, number))
    content: dict[str, Any] = {
        "session": session,
        "runs": _runs(actor),
        "drafts": reads,
        "mine": mine,
        "my_conflicts": {
            item.code
            for item in session.products
            if any(conflict.member == actor.login for conflict in item.conflicts)
        },
        "my_signed": {item.code for item in session.products if mine and mine.name in item.signed},
        "results": {item.code: item for item in show_results(tx, number, actor, call.language)},
        "attention": look_at_again(tx, number, actor, call.language) if reads else [],
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("councils/session.html", content, kind_of(refusal).status if refusal else 200)


def _changed(
    call: Call, number: int, change: Callable[[Connection, Actor], None], place: str = ""
) -> Response:
    """Change something in a session and show its desk again."""

    def work(tx: Connection, session: Session) -> Response:
        change(tx, session.actor)
        return call.to(f"/sessions/{number}{place}")

    return call.change_or_show(work, lambda tx, actor, error: _desk(tx, call, actor, number, error))


@router.post("/sessions/{number}/products", **needs(_RUN))
def add(call: Calling, number: Number) -> Response:
    """Put products on the list: their codes, however they are set apart."""

    def change(tx: Connection, actor: Actor) -> None:
        codes = list(dict.fromkeys(re.findall(r"[^\s,;]+", required_text(call, "codes", 20_000))))
        due = day_of(call.given("due_on"), "due_on")
        entries = [listing.ListEntry(code, None, due) for code in codes]
        listing.put_on_list(tx, number, entries, actor=actor, now=call.now)

    return _changed(call, number, change)


@router.post("/sessions/{number}/dossiers", **needs(_RUN))
def send(call: Calling, number: Number) -> Response:
    """Note on which day the members got the dossiers."""
    return _changed(
        call,
        number,
        lambda tx, actor: sittings.send_dossiers(
            tx,
            number,
            day_of(call.given("on"), "on") or call.today,
            actor=actor,
            today=call.today,
            now=call.now,
        ),
    )


@router.post("/sessions/{number}/attendance", **needs(_RUN))
def attend(call: Calling, number: Number) -> Response:
    """Note who is there: whoever is ticked is, everybody else is not."""

    def change(tx: Connection, actor: Actor) -> None:
        there = set(call.chosen("present"))
        session = show_session(tx, number, actor, call.language)
        for member in session.members:
            attendance.note_attendance(
                tx,
                number,
                member.id,
                is_present=str(member.id) in there,
                reason=call.given(f"why:{member.id}")[:300],
                actor=actor,
                now=call.now,
            )

    return _changed(call, number, change, "#h-members")


@router.post("/sessions/{number}/opening", **needs(_RUN))
def begin(call: Calling, number: Number) -> Response:
    """Open the session."""
    return _changed(
        call,
        number,
        lambda tx, actor: sittings.open_session(tx, number, actor=actor, today=call.today, now=call.now),
    )


@router.post("/sessions/{number}/closing", **needs(_RUN))
def end(call: Calling, number: Number) -> Response:
    """Close the session."""
    return _changed(
        call, number, lambda tx, actor: sittings.close_session(tx, number, actor=actor, now=call.now)
    )


@router.post("/sessions/{number}/decision", **needs(_RUN))
def decide(call: Calling, number: Number) -> Response:
    """Record the decision on the session's results."""

    def change(tx: Connection, actor: Actor) -> None:
        given = SessionDecision(
            required_text(call, "decision_number", 100),
            required_day(call, "decided_on"),
            required_text(call, "signer"),
            required_day(call, "published_on"),
            tuple(call.chosen("send_up")),
            day_of(call.given("sent_on"), "sent_on"),
            whole_number(call, "samples"),
        )
        decide_session(
            tx, number, given, actor=actor, sender=call.application.sender, today=call.today, now=call.now
        )

    return _changed(call, number, change)


@router.post("/sessions/{number}/meeting", **needs(_RUN))
def meet(call: Calling, number: Number) -> Response:
    """Let the council meet instead of answering in writing."""
    return _changed(
        call,
        number,
        lambda tx, actor: sittings.meet_instead(
            tx, number, required_day(call, "held_on"), call.given("reason"), actor=actor, now=call.now
        ),
    )


@router.post("/sessions/{number}/products/{code}/conflicts", **needs())
def declare(call: Calling, number: Number, code: ProductCode) -> Response:
    """Declare a conflict of interest: one's own, or the secretary anybody's."""

    def change(tx: Connection, actor: Actor) -> None:
        written = call.given("member")
        member = int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else 0  # noqa: PLR2004 - digits
        attendance.declare_conflict(tx, number, code, member, call.given("reason"), actor=actor, now=call.now)

    return _changed(call, number, change)
