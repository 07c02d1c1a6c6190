"""What goes out: JSON bytes made once, without passing any schema on their way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi import Response

from ocop_workflow.views import View, to_json, to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.background import BackgroundTask

    from ocop_workflow.web.exchange.languages import Language

JSON = "application/json"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=to_plain).encode


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it can also be kept and given again: status, headers, the finished body."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, task: BackgroundTask | None = None, language: Language | None = None) -> Response:
        """Return what the server sends, and does after it; `language`: the one of its labels."""
        spoken = {"Content-Language": language, "Vary": "Accept-Language"} if language else {}
        return Response(
            self.body.encode("utf-8", "replace"),
            self.status,
            {**self.headers, **spoken},
            media_type=JSON,
            background=task,
        )


def answer(content: Any, status: int = 200, **headers: str) -> Answer:  # noqa: ANN401 - a view, or any JSON
    """Make an answer; a header's name is written with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, to_json(content) if isinstance(content, View) else _encode(content), named)
