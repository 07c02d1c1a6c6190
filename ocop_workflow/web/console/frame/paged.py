"""How a page is asked for: whoever may not is refused by a page, too, before a word of theirs is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from ocop_workflow.access import Permission, SessionStage
from ocop_workflow.errors import NotSignedIn, OcopError
from ocop_workflow.web.console.frame.door import (
    LOOKING,
    PERMISSION,
    STAGE,
    needs,
    refuse_strange_origin,
    signed_in,
    to_sign_in,
    without_sign_in,
)
from ocop_workflow.web.console.frame.packing import packed
from ocop_workflow.web.console.frame.refusals import refusal_page
from ocop_workflow.web.exchange.problems import unreadable
from ocop_workflow.web.guard.refusals import put_on_record
from ocop_workflow.wording import as_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import Request, Response

    from ocop_workflow.bootstrap import Application


class Paged(APIRoute):
    """A route of a page: its refusals come as pages, and whoever is not signed in is sent to the sign-in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, behind the door."""
        handle = super().get_route_handler()
        told = self.openapi_extra or {}
        stage = SessionStage(told[STAGE]) if told[STAGE] else None
        permission = Permission(told[PERMISSION]) if PERMISSION in told else None

        async def enter(request: Request) -> Response:
            request.state.stage = stage
            request.state.permission = permission
            try:
                refuse_strange_origin(request)
                if stage is not None and request.method not in LOOKING:
                    await run_in_threadpool(_admit, request)
                return packed(request, await handle(request))
            except NotSignedIn as error:
                if stage is None:
                    return await run_in_threadpool(refusal_page, request, error)
                return to_sign_in(request)
            except RequestValidationError as error:
                return await run_in_threadpool(refusal_page, request, unreadable(as_faults(error)))
            except OcopError as error:
                await run_in_threadpool(put_on_record, request, error)
                return await run_in_threadpool(refusal_page, request, error)

        return enter


def _admit(request: Request) -> None:
    application: Application = request.app.state.application
    with application.database.read() as tx:
        signed_in(tx, request)


__all__ = ["Paged", "needs", "without_sign_in"]
