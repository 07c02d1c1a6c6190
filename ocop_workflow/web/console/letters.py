"""`/letters`: what was sent, what the server said, sending again, holding back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, model_validator

from ocop_workflow.access import Permission
from ocop_workflow.errors import NotFound
from ocop_workflow.letters.outbox import Which, dead_letters, hold, release, resend, resend_dead, show_letter
from ocop_workflow.letters.views import LetterTextView, html_of
from ocop_workflow.notifications import LetterKind, LetterState
from ocop_workflow.overview.list_queries import newest_letters
from ocop_workflow.people.officers import find_unit
from ocop_workflow.places.queries import units_around
from ocop_workflow.web.console.frame.call import Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.addresses import Number
from ocop_workflow.web.exchange.advice import on_pages
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.schemas import Slug

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

#: under which a letter is shown as it was sent: nothing of it runs, and nothing is fetched for it
AS_SENT: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

_PAGE: Final = 50


class AskedLetters(BaseModel):
    """Which letters a page shows."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: LetterState | None = None
    kind: LetterKind | None = None
    unit: Slug | None = None
    before: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, given: Any) -> Any:  # noqa: ANN401 - what the address holds
        return {name: value for name, value in dict(given).items() if value != ""}


@router.get("/letters", **needs())
def show_list(call: Calling, asked: Annotated[AskedLetters, Query()]) -> Response:
    """Show the letters, the newest first."""

    def work(tx: Connection, actor: Actor) -> Screen:
        unit_id = find_unit(tx, asked.unit).id if asked.unit else None
        found = newest_letters(
            tx,
            actor,
            _PAGE + 1,
            state=asked.state,
            kind=asked.kind,
            unit_id=unit_id,
            before=asked.before,
        )
        shown = found[:_PAGE]
        return Screen(
            "letters/list.html",
            {
                "asked": asked,
                "letters": shown,
                "states": [(state.value, say(state.text, call.language)) for state in LetterState],
                "kinds": [(kind.value, say(kind.text, call.language)) for kind in LetterKind],
                "labels": {state: say(state.text, call.language) for state in LetterState},
                "units": [
                    (unit.slug, unit.name) for unit in units_around(tx, actor.units_with(Permission.READ))
                ],
                "before": shown[-1].id if len(found) > _PAGE else None,
                "may_handle": actor.units_with(Permission.HANDLE_LETTERS) != frozenset(),
            },
        )

    return call.show(work)


@router.get("/letters/{number}", **needs())
def show_one(call: Calling, number: Number) -> Response:
    """Show one letter: its plain text; the HTML of it never stands in a page of ours."""

    def work(tx: Connection, actor: Actor) -> Screen:
        view = LetterTextView.in_full(show_letter(tx, number, actor))
        return Screen(
            "letters/letter.html",
            {
                "letter": view,
                "state": say(view.state.text, call.language),
                "may_handle": actor.units_with(Permission.HANDLE_LETTERS) != frozenset(),
            },
        )

    return call.show(work)


@router.get("/letters/{number}/message.eml", **needs())
def give_message(call: Calling, number: Number) -> Response:
    """Give the letter's bytes as a file, for the program that reads mail."""
    page = call.read(lambda tx, actor: show_letter(tx, number, actor))
    headers = {
        "Content-Disposition": f'attachment; filename="thu-{number}.eml"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(page.mime, headers=headers, media_type="message/rfc822")


@router.get("/letters/{number}/as-sent", **needs())
def show_as_sent(call: Calling, number: Number) -> Response:
    """Show the letter as its reader sees it, shut off from everything: no script, no form, no page of ours.

    Raises:
        NotFound: there is none that the officer may read, or it has no such part.
    """
    page = call.read(lambda tx, actor: show_letter(tx, number, actor))
    seen = html_of(page)
    if not seen:
        raise NotFound(
            f"Thư số {number} chỉ có chữ; xem ở trang của thư.",
            f"The letter {number} is plain text; see its page.",
        )
    headers = {
        "Content-Security-Policy": AS_SENT,
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(seen, headers=headers, media_type="text/html; charset=utf-8")


@router.get("/letters/dead/again", **needs(Permission.HANDLE_LETTERS))
def look_at_dead(call: Calling) -> Response:
    """Show which of the letters that were given up would be sent again, and why others would not."""

    def work(tx: Connection, actor: Actor) -> Screen:
        found = dead_letters(tx, actor, Which(), call.application.clock)
        rows = [
            {
                "letter": one.record,
                "because": say(on_pages(one.refusal), call.language) if one.refusal else "",
            }
            for one in found.letters
        ]
        return Screen("letters/again.html", {"rows": rows, "confirm": found.hash})

    return call.show(work)


@router.post("/letters/dead/again", **needs(Permission.HANDLE_LETTERS))
def send_dead(call: Calling) -> Response:
    """Send all of them again."""
    call.change(
        lambda tx, session: resend_dead(
            tx,
            session.actor,
            Which(),
            call.given("confirm"),
            call.application.sender,
            call.application.clock,
        )
    )
    return call.to("/letters", state="pending")


@router.post("/letters/{number}/{deed}", **needs(Permission.HANDLE_LETTERS))
def handle(call: Calling, number: Number, deed: Literal["resend", "hold", "release"]) -> Response:
    """Send a letter again, hold it back, or let it go."""

    def work(tx: Connection, session: Session) -> None:
        if deed == "resend":
            resend(tx, session.actor, number, call.application.sender, call.now)
        elif deed == "hold":
            hold(tx, session.actor, number, call.now)
        else:
            release(tx, session.actor, number, call.now)

    call.change(work)
    return call.to("/letters" if deed == "resend" else f"/letters/{number}")
