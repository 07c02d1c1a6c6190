"""What goes out: JSON bytes made once, without passing any schema on their way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.background import BackgroundTask

JSON = "application/json"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it can also be kept and given again: status, headers, the finished body."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, task: BackgroundTask | None = None) -> Response:
        """Return what the server sends, and does after it."""
        return Response(
            self.body.encode("utf-8", "replace"),
            self.status,
            dict(self.headers),
            media_type=JSON,
            background=task,
        )


def answer(content: Any, status: int = 200, **headers: str) -> Answer:  # noqa: ANN401 - any JSON
    """Make an answer; a header's name is written with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, _encode(content), named)
