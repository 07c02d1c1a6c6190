"""The door of the console: who is signed in, before a word of theirs is read; where others are sent.

What a page needs stands beside its route (`needs`), as with the API: so a table can be made of all pages.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from fastapi.responses import RedirectResponse

from ocop_workflow.access import SessionStage
from ocop_workflow.errors import NotPermitted
from ocop_workflow.people.sign_in.sessions import authenticate, checksum
from ocop_workflow.web.guard.identity import met, origin_of

if TYPE_CHECKING:
    from fastapi import Request, Response

    from ocop_workflow.access import Permission
    from ocop_workflow.bootstrap import Application
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

#: under these names a route says what it needs
STAGE, PERMISSION = "x-stage", "x-permission"
#: what the browser holds it under; over https nobody but this very host can set it
SAFE_COOKIE, COOKIE = "__Host-ocop", "ocop"
LOOKING: Final = frozenset({"GET", "HEAD"})


def needs(permission: Permission | None = None, stage: SessionStage = SessionStage.FULL) -> dict[str, Any]:
    """Return what a route's decorator is told: how far one is to be signed in, and a right on some unit."""
    told = {STAGE: stage.value} | ({PERMISSION: permission.value} if permission else {})
    return {"openapi_extra": told, "include_in_schema": False}


def without_sign_in() -> dict[str, Any]:
    """Return what a route's decorator is told that is open to everybody; a test lists all of them."""
    return {"openapi_extra": {STAGE: None}, "include_in_schema": False}


def signed_in(tx: Connection, request: Request) -> Session:
    """Return who asks, as it holds in this transaction, and may come as far as this page asks for.

    Raises:
        NotSignedIn: nobody is signed in, or not so far.
        NotPermitted: the officer has not the right.
    """
    application: Application = request.app.state.application
    now = application.clock.now()
    session = authenticate(
        tx, token_of(request), origin_of(request), now, application.session_terms, request.state.stage
    )
    met(request, session.actor)
    request.state.session = session
    permission: Permission | None = request.state.permission
    if permission and session.actor.units_with(permission) == frozenset():
        raise NotPermitted(
            f"{session.actor.login} không có quyền {permission.label} ở địa phương nào.",
            f"{session.actor.login} may not {permission.value.replace('_', ' ')} in any unit.",
        )
    return session


def token_of(request: Request) -> str:
    """Return what the browser holds; empty: nothing."""
    return request.cookies.get(_cookie(request), "")


def hold(request: Request, response: Response, token: str) -> None:
    """Let the browser hold this until it is closed."""
    response.set_cookie(
        _cookie(request), token, secure=is_safe(request), httponly=True, samesite="lax", path="/"
    )


def let_go(request: Request, response: Response) -> None:
    """Let the browser hold nothing any more."""
    response.delete_cookie(_cookie(request), secure=is_safe(request), httponly=True, samesite="lax", path="/")


def _cookie(request: Request) -> str:
    return SAFE_COOKIE if is_safe(request) else COOKIE


def is_safe(request: Request) -> bool:
    """Tell whether nobody on the way can read along."""
    return request.url.scheme == "https"


def is_from_this_machine(request: Request) -> bool:
    """Tell whether the browser has asked for this very machine by a name that leads nowhere else."""
    host = request.url.hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"


def to_sign_in(request: Request) -> Response:
    """Send whoever is not signed in to the sign-in, and from there back to a page that was only looked at."""
    path = request.url.path if request.method in LOOKING else "/"
    query = f"?{request.url.query}" if request.method in LOOKING and request.url.query else ""
    return RedirectResponse(f"/sign-in?next={quote(path + query, safe='')}", 303)


def page_behind(asked: str | None) -> str:
    r"""Return the page of ours that an address names; the first page if it names anything else.

    Only paths count: no other host, however it is written (`//host`, `/\\host`, `https:host`).
    """
    given = asked or "/"
    parts = urlsplit(given)
    is_path = given.startswith("/") and not given.startswith("//") and not parts.scheme and not parts.netloc
    is_plain = given.isprintable() and "\\" not in given and len(given) <= 1000  # noqa: PLR2004 - of one line
    return given if is_path and is_plain and parts.path != "/sign-in" else "/"


# -- forms that are really ours ------------------------------------------------------------------------


def refuse_strange_origin(request: Request) -> None:
    """Take no form from another site: browsers say from which one it comes.

    Raises:
        NotPermitted: it is another one's.
    """
    if request.method in LOOKING:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site not in (None, "same-origin", "none") or (origin is not None and not _is_ours(request, origin)):
        raise _strange()


def _is_ours(request: Request, origin: str) -> bool:
    return urlsplit(origin).netloc == request.url.netloc and origin != "null"


def form_token(token: str, salt: str | None = None) -> str:
    """Return what stands in every form of a session: whoever only knows this cannot sign in by it.

    It is another one on every page, so that nobody who sees how small a page is packed learns it.
    """
    salt = secrets.token_urlsafe(9) if salt is None else salt
    return f"{salt}.{checksum(f'form:{salt}:{token}')}"


def refuse_strange_form(request: Request, given: str) -> None:
    """Take no form that was not made for this session.

    Raises:
        NotPermitted: it was not.
    """
    ours = form_token(token_of(request), given.partition(".")[0])
    if not hmac.compare_digest(ours.encode("utf-8", "replace"), given.encode("utf-8", "replace")):
        raise _strange()


def _strange() -> NotPermitted:
    return NotPermitted(
        "Biểu mẫu này không phải của phiên làm việc hiện tại; hãy mở lại trang rồi làm lại.",
        "This form does not belong to the present session; open the page again and repeat.",
    )
