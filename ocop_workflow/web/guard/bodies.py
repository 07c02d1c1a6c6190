"""How much a request may say, and how long it may take to say it. Plain ASGI."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from ocop_workflow.errors import TooLarge, TooSlow

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: bytes in one request's body
LARGEST = 1024 * 1024
#: where people bring files of lists
FILES, LARGEST_FILE = frozenset({"/imports", "/api/v1/certificate-lists"}), 8 * 1024 * 1024

#: seconds for the whole body to arrive
PATIENCE = 10.0

#: where people bring files of papers, and signed documents, by a program and by a form: as many bytes as a
#: setting says and what a form puts around them, for as long as something still arrives
UPLOADS = re.compile(
    r"(/api/v1)?/products/[^/]+/papers/[0-9]+/files|/u/[^/]+"
    r"|(/api/v1)?/(sessions|certificates|products)/[^/]+/(documents/[^/]+|notice)/issued"
)
AROUND_UPLOAD = 64 * 1024
#: seconds without a byte after which an upload is cut
SILENCE = 30.0


class BodyLimit:
    """Refuses a body that is too large or comes too slowly, where the application reads it."""

    def __init__(
        self,
        app: ASGIApp,
        largest: int = LARGEST,
        patience: float = PATIENCE,
        *,
        largest_upload: int = LARGEST,
        silence: float = SILENCE,
    ) -> None:
        self._app = app
        self._largest = largest
        self._patience = patience
        self._largest_upload = largest_upload
        self._silence = silence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a door-keeper before its body."""
        if scope["type"] == "http" and (announced := _announced(scope)) is not None:
            if scope["method"] == "POST" and UPLOADS.fullmatch(scope["path"]):
                most = self._largest_upload + AROUND_UPLOAD
                receive = _Keeper(receive, announced, most, self._silence, part_by_part=True)
            else:
                more = LARGEST_FILE // LARGEST if scope["path"] in FILES else 1
                receive = _Keeper(receive, announced, self._largest * more, self._patience * more)
        await self._app(scope, receive, send)


class _Keeper:
    """Hands on the parts of one body. `part_by_part`: it is as patient with each part as else with all."""

    def __init__(
        self,
        receive: Receive,
        announced: int,
        largest: int,
        patience: float,
        *,
        part_by_part: bool = False,
    ) -> None:
        self._receive = receive
        self._announced = announced
        self._largest = self._left = largest
        self._patience = patience
        self._part_by_part = part_by_part
        self._until = asyncio.get_running_loop().time() + patience
        self._complete = False

    async def __call__(self) -> Message:
        if self._complete:  # what follows is only ever that the client has gone
            return await self._receive()
        if self._announced > self._largest:
            raise _too_large(self._largest)
        if self._part_by_part:
            self._until = asyncio.get_running_loop().time() + self._patience
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow("Nội dung gửi lên quá chậm.", "The body came too slowly.") from None
        self._left -= len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        if self._left < 0:
            raise _too_large(self._largest)
        return message


def _announced(scope: Scope) -> int | None:
    """Return how many octets are said to come, 0 where nobody says; none: no body (RFC 9112, 6.3)."""
    found = None
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
        if name == b"transfer-encoding":
            found = 0
    return found


def _too_large(largest: int) -> TooLarge:
    most = max(largest // LARGEST, 1)
    return TooLarge(
        f"Nội dung gửi lên quá lớn (tối đa {most} MiB).", f"The body is too large ({most} MiB at most)."
    )
