"""The gate before every route: who asks, then whether they may, then what they say; only then any work.

What a route needs stands in its row of the document (`operation`), so that one place says it to both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from ocop_workflow.access import Permission, Scope
from ocop_workflow.errors import OcopError
from ocop_workflow.web.guard.identity import Needs, actor_of, digest, token_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import Request, Response

    from ocop_workflow.bootstrap import Application
    from ocop_workflow.web.guard.limits import RateLimits

#: under these names the document tells what a route needs
SCOPE, PERMISSION = "x-scope", "x-permission"

#: methods that change nothing: who asks is found out in the one snapshot that answers
_LOOKING = frozenset({"GET", "HEAD"})


class Gated(APIRoute):
    """A route that reads no word of whoever may not speak there.

    A change is let in by a short look of its own, before its body is read; in its transaction whoever asks
    is looked up once more, so that a right taken away meanwhile is gone. What only looks is let in by the
    snapshot that answers it; if it is at fault before that, who asks is found out before the fault is told.
    """

    #: whether the body is read here, as a whole, before the route begins
    reads_body = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, behind the gate."""
        handle = super().get_route_handler()
        needs = needs_of(self)

        async def enter(request: Request) -> Response:
            request.state.needs = needs
            limits: RateLimits = request.app.state.limits
            limits.count_token(digest(token_of(request)))
            if request.method not in _LOOKING:
                await run_in_threadpool(_admit, request, needs)
                if self.reads_body:
                    await request.body()  # here, so that one too large or too slow is told as such
            try:
                return await handle(request)
            except (RequestValidationError, OcopError):
                if getattr(request.state, "actor", None) is None:
                    await run_in_threadpool(_admit, request, needs)
                raise

        return enter


class GatedStream(Gated):
    """A route that takes its body as it comes, once whoever asks was let in."""

    reads_body = False


def needs_of(route: APIRoute) -> Needs:
    """Return what a route asks of whoever comes."""
    told = route.openapi_extra or {}
    return Needs(Scope(told[SCOPE]), Permission(told[PERMISSION]) if PERMISSION in told else None)


def _admit(request: Request, needs: Needs) -> None:
    application: Application = request.app.state.application
    with application.database.read() as tx:
        actor_of(tx, request, needs, application.clock.now())
