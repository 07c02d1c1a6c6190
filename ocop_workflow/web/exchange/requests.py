"""Around every request: a number of its own, and headers that hold for every answer. Plain ASGI."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: a number that a proxy has given already is kept, if it looks like one
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")

#: unless an answer says otherwise: nothing is kept, guessed, framed, or tells others where one came from
_EVERYWHERE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_HEADERS = [(name.lower().encode(), value.encode()) for name, value in _EVERYWHERE.items()]


class RequestNumbers:
    """Gives each request a number: in `scope["state"]["request_id"]`, and in the answer's `X-Request-ID`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        number = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = number

        async def send_numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                said = {name for name, _ in headers}
                headers += [header for header in _HEADERS if header[0] not in said]
                headers.append((b"x-request-id", number.encode()))
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, send_numbered)
