"""The headers of the contract: what each means, and which stand on which answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


_PLACE = "#/components/headers/"


def _header(words: str, example: str, *, always: bool = True, kind: str = "string") -> dict[str, Any]:
    shown: str | int = int(example) if kind == "integer" else example
    return {"description": words, "required": always, "schema": {"type": kind}, "example": shown}


ACCEPT_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200, "examples": ["vi"]},
    "description": "`vi` (mặc định) hoặc `en`. / `vi` unless `en` is preferred.",
}

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "examples": ['"0"']},
    "description": "ETag của bản đã xem. / The ETag of what was seen.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200, "pattern": "^[!-~]{1,200}$"},
    "description": "Gửi lại cùng khóa thì nhận lại đúng câu trả lời cũ trong 24 giờ. / Repeats safely.",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 1000},
    "description": "ETag đã có: chưa đổi thì 304. / The ETag that one has: 304 if nothing has changed.",
}

#: by their names, as the document's parts
HEADERS: Mapping[str, dict[str, Any]] = {
    "Content-Language": _header("Ngôn ngữ của nhãn và câu. / The language of labels and sentences.", "vi"),
    "ETag": _header("Dấu của bản này, cho If-Match. / The tag of this version, for If-Match.", '"1"'),
    "Idempotency-Replayed": _header(
        "`true`: câu trả lời cũ của cùng Idempotency-Key. / The earlier answer to the same key.",
        "true",
        always=False,
    ),
    "Link": _header(
        'Trang sau (`rel="next"`), nếu còn. / The next page, if there is one (RFC 8288).',
        '</api/v1/products?limit=50&cursor=DP24-050>; rel="next"',
        always=False,
    ),
    "Location": _header("Địa chỉ của cái vừa tạo. / Where it is to be found.", "/api/v1/products/DP24-015"),
    "Retry-After": _header("Chờ bao nhiêu giây rồi thử lại. / Seconds to wait.", "5", kind="integer"),
    "WWW-Authenticate": _header("Cách đăng nhập. / How to sign in.", 'Bearer realm="ocop"'),
    "X-Request-ID": _header(
        "Số của yêu cầu, có trong nhật ký máy chủ. / The request's number, in the server's log.",
        "1f0c5a4be09d7732",
    ),
}

#: what a refusal carries beside its language and its number
_OF_STATUS = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}


def of_refusal(status: int) -> list[str]:
    """Return the headers of a refusal of this status."""
    return ["Content-Language", "X-Request-ID", *([_OF_STATUS[status]] if status in _OF_STATUS else [])]


def of_answer(operation: dict[str, Any], content: Iterable[str]) -> Iterator[str]:
    """Yield the headers that every answer of an operation carries, beside those that it names itself."""
    named = {parameter.get("name") for parameter in operation.get("parameters", [])}
    yield "X-Request-ID"
    if "application/json" in content:
        yield "Content-Language"
    if "cursor" in named:
        yield "Link"
    if "Idempotency-Key" in named:
        yield "Idempotency-Replayed"


def referred(names: Iterable[str]) -> dict[str, Any]:
    """Return the headers of these names as an answer refers to them."""
    return {name: {"$ref": f"{_PLACE}{name}"} for name in names}
