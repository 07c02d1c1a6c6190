"""`/account`: one's own password, code, sign-ins, tokens and calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission, Scope
from ocop_workflow.errors import InvalidInput, OcopError, fault
from ocop_workflow.people.sign_in import codes
from ocop_workflow.people.sign_in import session_queries as kept
from ocop_workflow.people.sign_in.coming_in import (
    change_password,
    drop_code,
    renew_recovery_codes,
    requires_code,
)
from ocop_workflow.people.sign_in.passwords import sign_in
from ocop_workflow.people.sign_in.sessions import end_session, list_sessions
from ocop_workflow.people.tokens import LONGEST, TokenOrder, create_token, list_tokens, revoke_token
from ocop_workflow.people.views import HeldRoleView, show_tokens
from ocop_workflow.places.queries import units_around
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.console.sign_in import set_up_sheet, take_set_up
from ocop_workflow.web.exchange.addresses import Number, TokenPrefix
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)


@router.get("/account", **needs())
def show_account(call: Calling) -> Response:
    """Show who one is, and what signs in as that."""
    return call.show(lambda tx, actor: _page(tx, call, actor))


def _page(
    tx: Connection, call: Call, actor: Actor, refusal: OcopError | None = None, made: str = ""
) -> Screen:
    officer_id = actor.officer_id or 0
    secret, _ = kept.code_of(tx, officer_id)
    session: Session = call.request.state.session
    tokens = list_tokens(tx, actor, actor.login, 50, None)
    content: dict[str, Any] = {
        "roles": [HeldRoleView.of(grant, call.language) for grant in actor.grants],
        "has_code": secret is not None,
        "must_have_code": requires_code(actor.grants),
        "codes_left": kept.recovery_codes_left(tx, officer_id),
        "sessions": list_sessions(tx, officer_id, call.now, call.application.session_terms),
        "here": session.id,
        "links": kept.newest_links(tx, officer_id, 3),
        "tokens": show_tokens(tx, tokens, call.now, call.language),
        "units": [
            (unit.slug, unit.name)
            for unit in units_around(tx, actor.units_with(Permission.READ))
            if unit.lives(call.today)
        ],
        "scopes": [(scope.value, say(scope.text, call.language)) for scope in Scope],
        "made": made,
        "done": call.request.query_params.get("done", ""),
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("account/page.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/account/password", **needs())
def give_password(call: Calling) -> Response:
    """Give oneself another password; the present one is asked for, other sign-ins end."""
    try:
        login = call.read(lambda _tx, actor: actor.login)
        sign_in(call.application.database, login, call.secret("present"), call.knock.origin, now=call.now)
    except OcopError as error:
        wrong = error
        return call.show(lambda tx, actor: _page(tx, call, actor, wrong))

    def work(tx: Connection, session: Session) -> Response:
        change_password(tx, session, call.secret("password"), call.now)
        return call.to("/account", done="password")

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, error))


@router.get("/account/code", **needs())
def show_set_up(call: Calling) -> Response:
    """Show what a telephone has to read."""
    more = {"next": "/account", "place": "/account/code"}
    return call.show(lambda _tx, actor: set_up_sheet(actor.login, codes.new_secret(), **more))


@router.post("/account/code", **needs())
def set_up(call: Calling) -> Response:
    """Take the first code of a telephone; show the recovery codes, once."""
    return take_set_up(call, "/account", "/account/code")


@router.post("/account/recovery", **needs())
def renew(call: Calling) -> Response:
    """Make new recovery codes, shown once."""

    def work(tx: Connection, session: Session) -> Response:
        made = renew_recovery_codes(tx, session, call.now)
        sheet = Screen("sign_in/recovery.html", {"recovery": made, "next": "/account"})
        return call.write(sheet, call.around(tx, session))

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, error))


@router.post("/account/code/off", **needs())
def leave_code(call: Calling) -> Response:
    """Ask for no code any more."""

    def work(tx: Connection, session: Session) -> Response:
        drop_code(tx, session, call.now)
        return call.to("/account", done="code")

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, error))


@router.post("/account/sessions/{number}/end", **needs())
def end_one(call: Calling, number: Number) -> Response:
    """End one of one's own sign-ins."""
    call.change(lambda tx, session: end_session(tx, session, number, call.now))
    return call.to("/account", done="session")


@router.post("/account/tokens", **needs())
def make_token(call: Calling) -> Response:
    """Make a token for a program, or the address of a calendar; it is shown once."""

    def work(tx: Connection, session: Session) -> Response:
        days = call.given("days")
        scope = call.given("scope")
        if not days.isdecimal() or not 1 <= int(days[:4]) <= LONGEST or scope not in set(Scope):
            wrong = fault("days", f"từ 1 đến {LONGEST} ngày", f"1 to {LONGEST} days")
            raise InvalidInput("Mã truy cập có lỗi.", "The token is at fault.", [wrong])
        unit = call.given("unit") if scope == Scope.FEED else None
        order = TokenOrder(session.actor.login, Scope(scope), int(days[:4]), call.given("label"), unit)
        token = create_token(tx, session.actor, order, now=call.now)
        site = f"{call.request.url.scheme}://{call.request.url.netloc}"
        made = f"{site}/api/v1/calendar.ics?token={token}" if unit else token
        return call.write(_page(tx, call, session.actor, made=made), call.around(tx, session))

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, error))


@router.post("/account/tokens/{prefix}/revoke", **needs())
def revoke_one(call: Calling, prefix: TokenPrefix) -> Response:
    """Revoke one of one's own tokens."""
    call.change(lambda tx, session: revoke_token(tx, session.actor, prefix, now=call.now))
    return call.to("/account", done="token")
