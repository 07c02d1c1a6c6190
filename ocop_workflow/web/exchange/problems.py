"""Every refusal and every fault as one shape: problem details (RFC 9457) in the asker's language.

`type` is stable and is what a program may lean on; `title` and `detail` are for people. What was refused
is put on record; what nobody foresaw is logged and told to nobody.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from ocop_workflow import errors
from ocop_workflow.errors import OcopError, Text
from ocop_workflow.people.producers import ProducerLikely
from ocop_workflow.people.views import ProducerView
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.products.views import LackView
from ocop_workflow.states import Event
from ocop_workflow.sweep.holding import SweepHeld
from ocop_workflow.views import FaultView
from ocop_workflow.web.exchange.advice import over_http
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.conditions import PreconditionRequired
from ocop_workflow.web.exchange.languages import Language, language_of, say
from ocop_workflow.web.guard.methods import allowed
from ocop_workflow.web.guard.refusals import put_on_record
from ocop_workflow.wording import as_faults

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPE = "application/problem+json"

#: seconds after which it is worth asking again when the database was locked or away
RETRY_AFTER = 5

_log = logging.getLogger("ocop_workflow.web")


class Problem(BaseModel):
    """A refusal (RFC 9457). A program leans on `type` and `error`, people read `title` and `detail`."""

    type: str
    title: str
    status: int
    detail: str
    error: str
    request_id: str
    faults: list[FaultView] | None = None
    allowed: list[Event] | None = None
    needs: dict[Event, list[str]] | None = None
    missing: list[LackView] | None = None
    likely: list[ProducerView] | None = None
    current: dict[str, Any] | None = None

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem: its status and its title."""

    status: int
    title: Text


#: from the special to the general: the first that fits is meant
KINDS: tuple[tuple[type[OcopError], ProblemKind], ...] = (
    (errors.NotSignedIn, ProblemKind(401, Text("Chưa đăng nhập", "Not signed in"))),
    (errors.NotPermitted, ProblemKind(403, Text("Không có quyền", "Not permitted"))),
    (errors.NotFound, ProblemKind(404, Text("Không tìm thấy", "Not found"))),
    (PreconditionRequired, ProblemKind(428, Text("Cần nêu phiên bản đã xem", "Precondition required"))),
    (errors.Stale, ProblemKind(412, Text("Đã thay đổi từ lúc xem", "Changed since it was seen"))),
    (EventRefused, ProblemKind(409, Text("Chưa thể thực hiện thao tác", "The event is refused"))),
    (SweepHeld, ProblemKind(409, Text("Lần quét đang dừng, chờ xác nhận", "The sweep is held"))),
    (ProducerLikely, ProblemKind(409, Text("Có thể là chủ thể đã có", "The producer may be there already"))),
    (errors.Conflict, ProblemKind(409, Text("Trái với dữ liệu đang có", "In conflict with what is stored"))),
    (errors.TooManyAttempts, ProblemKind(429, Text("Thử quá nhiều lần", "Too many attempts"))),
    (errors.TooManyRequests, ProblemKind(429, Text("Quá nhiều yêu cầu", "Too many requests"))),
    (errors.TooLarge, ProblemKind(413, Text("Nội dung quá lớn", "Too large"))),
    (errors.TooSlow, ProblemKind(408, Text("Quá chậm", "Too slow"))),
    (errors.Unavailable, ProblemKind(503, Text("Tạm thời không dùng được", "Unavailable for now"))),
    (OcopError, ProblemKind(422, Text("Dữ liệu gửi lên có lỗi", "What was sent is at fault"))),
)

#: faults in one answer, and letters of one of them
_MOST, _LONGEST = 50, 300

_INTERNAL = Text("Lỗi bên trong dịch vụ", "An error inside the service")
_INTERNAL_DETAIL = Text(
    "Dịch vụ gặp lỗi ngoài dự kiến; hãy báo mã request_id cho người quản trị.",
    "The service has met an unforeseen error; tell its administrator the request_id.",
)
#: what the router itself refuses
_ROUTER = {
    404: (
        Text("Không tìm thấy", "Not found"),
        Text("Không có địa chỉ này.", "There is no such address."),
    ),
    405: (
        Text("Phương thức không được nhận", "Method not allowed"),
        Text("Địa chỉ này không nhận phương thức đó.", "This address does not take that method."),
    ),
}


def kind_of(error: OcopError) -> ProblemKind:
    """Return the kind of problem that an error is."""
    return next(kind for types, kind in KINDS if isinstance(error, types))


def install(app: FastAPI) -> None:
    """Let every error of the application come out as a problem."""
    app.add_exception_handler(OcopError, _known)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, of_the_router)
    app.add_middleware(Unforeseen)


def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, OcopError)  # noqa: S101 - as it was registered
    put_on_record(request, error)
    return problem(request, error)


def problem(request: Request, error: OcopError) -> Response:
    """Return an error as problem details."""
    kind, language = kind_of(error), language_of(request.headers.get("accept-language"))
    extra = {**_faults(error, language), **error.members}
    return _write(request, kind, error.name, error.text, extra, _headers(error))


def _write(
    request: Request,
    kind: ProblemKind,
    name: str,
    detail: Text,
    extra: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    language = language_of(request.headers.get("accept-language"))
    content = {
        "type": f"urn:ocop:problem:{name.replace('_', '-')}",
        "title": say(kind.title, language),
        "status": kind.status,
        "detail": say(over_http(detail), language),
        "error": name,
        **(extra or {}),
        "request_id": request.scope["state"]["request_id"],
    }
    response = answer(content, kind.status).response()
    response.headers["Content-Type"] = MEDIA_TYPE
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    response.headers.update(headers or {})
    return response


def _faults(error: OcopError, language: Language) -> dict[str, Any]:
    """Say each fault at its place; of a hostile request not more than anybody would read."""
    if not error.faults:
        return {}
    told = [
        (item.place[:_LONGEST], say(over_http(item.text), language)[:_LONGEST])
        for item in error.faults[:_MOST]
    ]
    return {"faults": [{"place": place, "detail": detail} for place, detail in told]}


def _headers(error: OcopError) -> dict[str, str]:
    if isinstance(error, errors.NotSignedIn):
        return {"WWW-Authenticate": 'Bearer realm="ocop"'}
    if isinstance(error, errors.TooManyAttempts | errors.TooManyRequests):
        return {"Retry-After": str(error.wait)}
    if isinstance(error, errors.Unavailable):
        return {"Retry-After": str(RETRY_AFTER)}
    return {}


def _unreadable(request: Request, error: Exception) -> Response:
    """Say what is wrong with a request's parts, each at its place."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as it was registered
    return problem(request, unreadable(as_faults(error)))


def unreadable(faults: list[errors.Fault]) -> errors.InvalidInput:
    """Return the error that says that a request cannot be read."""
    return errors.InvalidInput("Yêu cầu có lỗi.", "The request is at fault.", faults)


def of_the_router(request: Request, error: Exception) -> Response:
    """Return what the router itself has refused as a problem."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as it was registered
    if error.status_code == HTTPStatus.BAD_REQUEST:  # a body that the parser of JSON gave up
        return problem(request, unreadable([errors.fault("body", "không đọc được", "cannot be read")]))
    phrase = HTTPStatus(error.status_code).phrase
    title, detail = _ROUTER.get(error.status_code, (Text(phrase, phrase), Text(phrase, phrase)))
    kind, name = ProblemKind(error.status_code, title), phrase.lower().replace(" ", "_")
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": allowed(request)}  # the router names the methods of one route only
    return _write(request, kind, name, detail, headers=headers)


class Unforeseen:
    """Answers with a bare problem where a request has failed as nobody foresaw; the log has the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            request = Request(scope)
            _log.exception("unforeseen error in request %s", scope["state"]["request_id"])
            response = _write(request, ProblemKind(500, _INTERNAL), "internal", _INTERNAL_DETAIL)
            await response(scope, receive, send)
