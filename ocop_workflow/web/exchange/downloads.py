"""How a file goes out, brought by people or drafted: to be saved, never to be shown or run in a browser."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol
from urllib.parse import quote

from starlette.responses import StreamingResponse

from ocop_workflow.files.keeping import PART

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.background import BackgroundTask


class Given(Protocol):
    """What is on record of a file that goes out."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def size(self) -> int:
        """How many bytes it has."""

    @property
    def media_type(self) -> str:
        """Of which kind it is."""


#: whatever a browser makes of it, it runs nothing and belongs to no page
_HEADERS: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
_D: Final = str.maketrans("đĐ", "dD")


def attachment(view: Given, file: BinaryIO, task: BackgroundTask | None = None) -> StreamingResponse:
    """Return a file as the answer to a request; the file is closed behind its last byte.

    Args:
        view: what is on record of it.
        file: its bytes, from the first.
        task: done afterwards.
    """
    headers = {**_HEADERS, "Content-Disposition": disposition(view.name), "Content-Length": str(view.size)}
    return StreamingResponse(_parts(file), headers=headers, media_type=view.media_type, background=task)


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(PART):
            yield part


def disposition(name: str) -> str:
    """Return the header that gives a file its name (RFC 6266): in plain letters, and as it is written."""
    bare = unicodedata.normalize("NFD", name.translate(_D)).encode("ascii", "ignore").decode()
    plain = "".join(letter if letter.isalnum() or letter in " ._-()" else "_" for letter in bare)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
