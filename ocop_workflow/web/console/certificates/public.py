"""`/c/{token}`, `/c/{token}.json`: whether a star still holds, for everybody, without sign-in.

The language stands in the address, nothing of whoever asks stands in the answer: anybody on the way may keep
it, if only it is asked each time whether it is still true.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from ocop_workflow.certificates.looking_up import PublicCertificateView, look_up
from ocop_workflow.certificates.qr import address_of_page
from ocop_workflow.errors import NotFound, say
from ocop_workflow.views import to_json
from ocop_workflow.web.console.frame.call import POLICY
from ocop_workflow.web.console.frame.paged import Paged, without_sign_in
from ocop_workflow.web.console.frame.words import templates
from ocop_workflow.web.guard.identity import digest

if TYPE_CHECKING:
    from ocop_workflow.bootstrap import Application
    from ocop_workflow.errors import Language
    from ocop_workflow.web.guard.limits import RateLimits

router = APIRouter(route_class=Paged)

_HEADERS: Final = {
    "Cache-Control": "public, no-cache",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_PAGE, _JSON = "text/html; charset=utf-8", "application/json"


@router.get("/c/{token}.json", **without_sign_in())
def show_as_json(request: Request, token: str) -> Response:
    """Say what everybody may know of a certificate, for a program."""
    language = _language(request)
    try:
        found = _found(request, token, language)
    except NotFound as error:
        body = f'{{"error":"not_found","detail":"{say(error.text, language)}"}}'
        return _answer(request, body, _JSON, language, 404)
    return _answer(request, to_json(found), _JSON, language)


@router.get("/c/{token}", **without_sign_in())
def show_page(request: Request, token: str) -> Response:
    """Show what everybody may know of a certificate."""
    language = _language(request)
    try:
        found = _found(request, token, language)
    except NotFound:
        return _answer(request, _page("certificates/unknown.html", language), _PAGE, language, 404)
    public = request.app.state.application.settings.public_address
    address = address_of_page(public, found.path) if public else ""
    page = _page("certificates/public.html", language, found=found, address=address)
    return _answer(request, page, _PAGE, language)


def _language(request: Request) -> Language:
    """Return the language that the address asks for: what a cookie says would belong to one reader alone."""
    return "en" if request.query_params.get("lang") == "en" else "vi"


def _found(request: Request, token: str, language: Language) -> PublicCertificateView:
    limits: RateLimits = request.app.state.limits
    limits.count_token(digest(token))
    application: Application = request.app.state.application
    with application.database.read() as tx:
        return look_up(tx, token, application.clock.today(), language)


def _page(template: str, language: Language, **content: Any) -> str:  # noqa: ANN401 - what a template takes
    return templates(language).get_template(template).render(around=None, path="", **content)


def _answer(request: Request, body: str, kind: str, language: Language, status: int = 200) -> Response:
    """Answer with what was written, or that it is what was seen before."""
    written = body.encode()
    tag = f'W/"{hashlib.sha256(written).hexdigest()[:32]}"'
    headers = {**_HEADERS, "Content-Language": language, "ETag": tag}
    if status == 200 and _is_seen(request, tag):  # noqa: PLR2004 - the one that can be seen again
        return Response(None, 304, headers)
    return Response(written, status, headers, media_type=kind)


def _is_seen(request: Request, tag: str) -> bool:
    """Tell whether whoever asks has this already (RFC 9110, 13.1.2): compared weakly."""
    given = request.headers.get("if-none-match", "")[:1000]
    seen = {item.strip().removeprefix("W/") for item in given.split(",")}
    return given.strip() == "*" or tag.removeprefix("W/") in seen
