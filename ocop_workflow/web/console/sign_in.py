"""`/sign-in`, `/once/…`, `/sign-out`, `/language`: coming in, and going."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import segno
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from ocop_workflow.access import SessionStage
from ocop_workflow.errors import NotPermitted, OcopError
from ocop_workflow.people.sign_in import codes
from ocop_workflow.people.sign_in.coming_in import enrol, enter, find_link, give_code, use_link
from ocop_workflow.people.sign_in.sessions import authenticate, sign_out
from ocop_workflow.web.console.frame import door
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs, without_sign_in
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.console.frame.words import LANGUAGE_COOKIE
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_YEAR: Final = 31_536_000  # seconds


@router.get("/sign-in", **without_sign_in())
def ask(call: Calling) -> Response:
    """Ask who it is; whoever is signed in already goes on."""
    behind = door.page_behind(call.request.query_params.get("next"))
    with call.application.database.read() as tx:
        for stage, page in ((SessionStage.FULL, behind), (SessionStage.CODE, "/sign-in/code")):
            if _has_come(call, tx, stage):
                return call.to(page)
    return call.write(Screen("sign_in/ask.html", {"next": behind, "login": "", "refusal": None}))


def _has_come(call: Call, tx: Connection, stage: SessionStage) -> bool:
    try:
        authenticate(
            tx,
            door.token_of(call.request),
            call.knock.origin,
            call.now,
            call.application.session_terms,
            stage,
        )
    except OcopError:
        return False
    return True


@router.post("/sign-in", **without_sign_in())
def come_in(call: Calling) -> Response:
    """Check login and password; then the code is asked for, or has to be set up, or one is in."""
    behind = door.page_behind(call.secret("next"))
    login = call.given("login").lower()
    try:
        _refuse_open_line(call.request)
        token = enter(call.application.database, login, call.secret("password"), call.knock)
    except OcopError as error:
        content = {"next": behind, "login": login, "refusal": told(error, call.language)}
        return call.write(Screen("sign_in/ask.html", content, kind_of(error).status))
    return _hold(call, token, behind)


def _refuse_open_line(request: Request) -> None:
    """Take no password over a line on which others can read along.

    Raises:
        NotPermitted: it is one.
    """
    if not door.is_safe(request) and not door.is_from_this_machine(request):
        raise NotPermitted(
            "Không nhận mật khẩu qua http: người khác trên đường truyền đọc được. Hãy vào bằng địa chỉ "
            "https; người phụ trách máy chủ đặt proxy theo mẫu docs/nginx/ocop.conf.",
            "No password is taken over http: others on the way could read it. Use the https address; whoever "
            "looks after the server sets a proxy up as in docs/nginx/ocop.conf.",
        )


def _hold(call: Call, token: str, behind: str) -> Response:
    """Let the browser hold this; then to where the sign-in has come."""
    with call.application.database.read() as tx:
        stages = {
            stage: page
            for stage, page in ((SessionStage.CODE, "/sign-in/code"), (SessionStage.ENROL, "/sign-in/set-up"))
            if _reaches(call, tx, token, stage)
        }
    page = next(iter(stages.values()), None)
    response = call.to(page, next=behind) if page else call.to(behind)
    door.hold(call.request, response, token)
    return response


def _reaches(call: Call, tx: Connection, token: str, stage: SessionStage) -> bool:
    try:
        authenticate(tx, token, call.knock.origin, call.now, call.application.session_terms, stage)
    except OcopError:
        return False
    return True


# -- the code ------------------------------------------------------------------------------------------


@router.get("/sign-in/code", **needs(stage=SessionStage.CODE))
def ask_code(call: Calling) -> Response:
    """Ask for the code that the telephone shows."""
    behind = door.page_behind(call.request.query_params.get("next"))
    return _bare(call, Screen("sign_in/code.html", {"next": behind, "refusal": None}))


@router.post("/sign-in/code", **needs(stage=SessionStage.CODE))
def take_code(call: Calling) -> Response:
    """Check the code; then one is in."""
    behind = door.page_behind(call.secret("next"))
    with call.application.database.read() as tx:
        session = door.signed_in(tx, call.request)
    try:
        token = give_code(call.application.database, session, call.given("code"), call.knock)
    except OcopError as error:
        content = {"next": behind, "refusal": told(error, call.language)}
        return call.write(Screen("sign_in/code.html", content, kind_of(error).status))
    response = call.to(behind)
    door.hold(call.request, response, token)
    return response


@router.get("/sign-in/set-up", **needs(stage=SessionStage.ENROL))
def show_set_up(call: Calling) -> Response:
    """Show what the telephone has to read, for whoever may not sign in without a code."""
    behind = door.page_behind(call.request.query_params.get("next"))
    return _bare(call, lambda actor: set_up_sheet(actor.login, codes.new_secret(), next=behind))


@router.post("/sign-in/set-up", **needs(stage=SessionStage.ENROL))
def set_up(call: Calling) -> Response:
    """Take the first code of a telephone; show the recovery codes, once."""
    return take_set_up(call, door.page_behind(call.secret("next")))


def set_up_sheet(login: str, secret: str, **more: Any) -> Screen:  # noqa: ANN401 - what else stands in the page
    """Return the page on which a telephone is made known."""
    picture = segno.make(codes.address_of(secret, login), error="m").svg_inline(
        scale=5, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
    readable = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    content = {
        "secret": secret,
        "readable": readable,
        "picture": Markup(picture),  # noqa: S704 - drawn by the library from what we made
        "refusal": None,
        "next": "/",
        "place": "/sign-in/set-up",
    }
    return Screen("sign_in/set_up.html", {**content, **more})


def take_set_up(call: Call, behind: str, place: str = "/sign-in/set-up") -> Response:
    """Take the first code of a telephone; if it does not fit, the same picture is shown again."""
    secret = call.given("secret")

    def work(tx: Connection, session: Session) -> Response:
        done = enrol(tx, session, secret, call.given("code"), call.knock)
        content = {"recovery": done.recovery, "next": behind}
        response = call.write(Screen("sign_in/recovery.html", content))
        door.hold(call.request, response, done.token)
        return response

    try:
        done: Response = call.change(work)
    except OcopError as error:
        if not codes.is_secret(secret):
            raise
        refusal, status = told(error, call.language), kind_of(error).status
    else:
        return done

    def again(actor: Actor) -> Screen:
        sheet = set_up_sheet(actor.login, secret, refusal=refusal, next=behind, place=place)
        return Screen(sheet.template, sheet.content, status)

    return _bare(call, again)


def _bare(call: Call, sheet: Any) -> Response:  # noqa: ANN401 - a page, or what makes one for whoever asks
    """Show a page to somebody who is not wholly in: nothing stands around it."""
    with call.application.database.read() as tx:
        session = door.signed_in(tx, call.request)
    return call.write(sheet(session.actor) if callable(sheet) else sheet)


# -- links ---------------------------------------------------------------------------------------------


@router.get("/once/{token}", **without_sign_in())
def show_link(call: Calling, token: str) -> Response:
    """Ask for a new password, of whoever has a link that is still good."""
    with call.application.database.read() as tx:
        link = find_link(tx, token, call.now)
    return call.write(Screen("sign_in/once.html", {"login": link.login, "name": link.name, "refusal": None}))


@router.post("/once/{token}", **without_sign_in())
def follow_link(call: Calling, token: str) -> Response:
    """Set the password and come in; the link is good for nothing any more."""
    with call.application.database.read() as tx:
        link = find_link(tx, token, call.now)
    try:
        _refuse_open_line(call.request)
        made = use_link(call.application.database, token, call.secret("password"), call.knock)
    except OcopError as error:
        content = {"login": link.login, "name": link.name, "refusal": told(error, call.language)}
        return call.write(Screen("sign_in/once.html", content, kind_of(error).status))
    return _hold(call, made, "/")


# -- going ---------------------------------------------------------------------------------------------


@router.post("/sign-out", **needs())
def go(call: Calling) -> Response:
    """End the session, here and in the browser."""
    call.change(lambda tx, session: sign_out(tx, session, call.now))
    response = call.to("/sign-in")
    door.let_go(call.request, response)
    return response


@router.post("/language", **without_sign_in())
def choose_language(call: Calling) -> Response:
    """Let the browser keep in which language it is answered."""
    response = RedirectResponse(door.page_behind(call.secret("next")), 303)
    language = "en" if call.given("language") == "en" else "vi"
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=_YEAR,
        secure=door.is_safe(call.request),
        httponly=True,
        samesite="lax",
    )
    return response
