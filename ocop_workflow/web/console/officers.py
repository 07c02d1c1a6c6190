"""`/officers`: who works where, for whoever manages officers there; roles, links, disabling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission, Role
from ocop_workflow.errors import NotFound, OcopError
from ocop_workflow.people import officers
from ocop_workflow.people.officer_addresses import officer_address, set_officer_address
from ocop_workflow.people.sign_in.coming_in import make_link
from ocop_workflow.people.staff import find_member, list_members
from ocop_workflow.people.tokens import list_tokens, revoke_token
from ocop_workflow.people.views import OfficerView, show_tokens
from ocop_workflow.places.queries import units_around
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Login, TokenPrefix
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_MANAGE = Permission.MANAGE_OFFICERS
_MOST = 500


@router.get("/officers", **needs(_MANAGE))
def show_list(call: Calling) -> Response:
    """Show the officers whom whoever looks manages."""
    return call.show(lambda tx, actor: _list(tx, call, actor))


def _list(tx: Connection, call: Call, actor: Actor, refusal: OcopError | None = None) -> Screen:
    members = list_members(tx, actor, _MOST)
    content = {
        "officers": [OfficerView.of(member, call.language) for member in members],
        **_offers(tx, call, actor),
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("officers/list.html", content, kind_of(refusal).status if refusal else 200)


def _offers(tx: Connection, call: Call, actor: Actor) -> dict[str, object]:
    around = units_around(tx, actor.units_with(_MANAGE))
    return {
        "roles": [(role.value, say(role.text, call.language)) for role in Role],
        "units": [(unit.slug, unit.name) for unit in around if unit.lives(call.today)],
    }


@router.post("/officers", **needs(_MANAGE))
def add(call: Calling) -> Response:
    """Add an officer with a first role, and show the link by which a password is set."""

    def work(tx: Connection, session: Session) -> Response:
        login = call.given("login").lower()
        role, unit = _role(call), call.given("unit")
        officers.add_officer(tx, session.actor, login, call.given("name"), role, unit, now=call.now)
        if call.given("email"):
            set_officer_address(tx, session.actor, login, call.given("email"), today=call.today, now=call.now)
        return _with_link(tx, call, session, login)

    return call.change_or_show(work, lambda tx, actor, error: _list(tx, call, actor, error))


def _role(call: Call) -> Role:
    given = call.given("role")
    try:
        return Role(given)
    except ValueError:
        raise NotFound(f"Không có vai trò {given}.", f"There is no role {given}.") from None


def _with_link(tx: Connection, call: Call, session: Session, login: str) -> Response:
    token = make_link(tx, session.actor, login, now=call.now)
    address = f"{call.request.url.scheme}://{call.request.url.netloc}/once/{token}"
    sheet = Screen("officers/link.html", {"login": login, "address": address})
    return call.write(sheet, call.around(tx, session))


@router.get("/officers/{login}", **needs(_MANAGE))
def show_officer(call: Calling, login: Login) -> Response:
    """Show one officer: roles, address, tokens."""
    return call.show(lambda tx, actor: _page(tx, call, actor, login))


def _page(tx: Connection, call: Call, actor: Actor, login: str, refusal: OcopError | None = None) -> Screen:
    member = find_member(tx, actor, login)
    address = officer_address(tx, actor, login)
    found = list_tokens(tx, actor, login, 50, None)
    content = {
        "officer": OfficerView.of(member, call.language),
        "email": address.address if address else "",
        "tokens": show_tokens(tx, found, call.now, call.language),
        "is_oneself": login == actor.login,
        **_offers(tx, call, actor),
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("officers/officer.html", content, kind_of(refusal).status if refusal else 200)


def _changed(call: Call, login: str, change: Callable[[Connection, Session], None]) -> Response:
    """Change an officer who was seen; whoever has no role in reach any more is not shown again."""

    def work(tx: Connection, session: Session) -> Response:
        find_member(tx, session.actor, login, seen={call.given("seen")})
        change(tx, session)
        try:
            find_member(tx, session.actor, login)
        except NotFound:
            return call.to("/officers")
        return call.to(f"/officers/{login}")

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, login, error))


@router.post("/officers/{login}/roles", **needs(_MANAGE))
def grant(call: Calling, login: Login) -> Response:
    """Give an officer one more role."""
    return _changed(
        call,
        login,
        lambda tx, session: officers.grant_role(
            tx, session.actor, login, _role(call), call.given("unit"), now=call.now
        ),
    )


@router.post("/officers/{login}/roles/revoke", **needs(_MANAGE))
def revoke(call: Calling, login: Login) -> Response:
    """Take a role back, at once."""
    return _changed(
        call,
        login,
        lambda tx, session: officers.revoke_role(
            tx, session.actor, login, _role(call), call.given("unit"), now=call.now
        ),
    )


@router.post("/officers/{login}/disable", **needs(_MANAGE))
def disable(call: Calling, login: Login) -> Response:
    """Disable an officer: whoever is signed in is so no more."""
    return _changed(
        call, login, lambda tx, session: officers.disable_officer(tx, session.actor, login, now=call.now)
    )


@router.post("/officers/{login}/email", **needs(_MANAGE))
def set_email(call: Calling, login: Login) -> Response:
    """Set, replace or remove the address of an officer's own letters."""
    return _changed(
        call,
        login,
        lambda tx, session: _set_email(tx, call, session, login),
    )


def _set_email(tx: Connection, call: Call, session: Session, login: str) -> None:
    given = call.given("email") or None
    set_officer_address(tx, session.actor, login, given, today=call.today, now=call.now)


@router.post("/officers/{login}/link", **needs(_MANAGE))
def give_link(call: Calling, login: Login) -> Response:
    """Make a link by which the officer sets a password, and show it once."""

    def work(tx: Connection, session: Session) -> Response:
        find_member(tx, session.actor, login)
        return _with_link(tx, call, session, login)

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, login, error))


@router.post("/officers/{login}/tokens/{prefix}/revoke", **needs(_MANAGE))
def revoke_one(call: Calling, login: Login, prefix: TokenPrefix) -> Response:
    """Revoke a token of an officer."""
    call.change(lambda tx, session: revoke_token(tx, session.actor, prefix, now=call.now))
    return call.to(f"/officers/{login}")
