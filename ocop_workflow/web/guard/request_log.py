"""Sees every request off: one line in the log and one more in the figures. Plain ASGI."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ocop_workflow import logs

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ocop_workflow.web.metrics import Metrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """Logs path, status and duration of each request, never its query: one address carries a secret there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and see how it is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # what a request is answered that nobody has caught

        async def send_seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        begun = time.perf_counter()
        with logs.in_request(scope["state"]["request_id"]):
            try:
                await self._app(scope, receive, send_seen)
            finally:
                self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "(none)")
        method = scope["method"] if scope["method"] in _METHODS else "(other)"
        metrics: Metrics = scope["app"].state.metrics
        metrics.answered(route, method, status, seconds)
        logs.note(
            {
                "event": "request",
                "level": "info",
                "logger": "ocop_workflow.web.access",
                "request_id": scope["state"]["request_id"],
                "method": method,
                "path": logs.masked(scope["path"][:200]),
                "status": status,
                "ms": round(seconds * 1000, 1),
                "client": scope["client"][0] if scope.get("client") else None,
            }
        )
