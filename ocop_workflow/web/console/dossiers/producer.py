"""`/u/{token}`: what a producer without an account sees and hands in, by a link of the commune's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from ocop_workflow.errors import OcopError
from ocop_workflow.products.papers.handing_in import hand_in, list_wanted, refuse_handing_in
from ocop_workflow.web.console.dossiers.sent_files import keep_sent_file, what_is_taken
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, without_sign_in
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.problems import kind_of
from ocop_workflow.web.guard.identity import digest, origin_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ocop_workflow.bootstrap import Application
    from ocop_workflow.web.guard.limits import RateLimits

router = APIRouter(route_class=Paged)

#: fields of the form: which paper, and the file
_MOST_FIELDS = 10


@router.get("/u/{token}", **without_sign_in())
def show_wanted(call: Calling, token: str) -> Response:
    """Show whoever holds a link what the dossier needs and what has come."""
    _count(call.request, token)
    return _page(call, token)


def _count(request: Request, token: str) -> None:
    limits: RateLimits = request.app.state.limits
    limits.count_token(digest(token))


def _page(call: Call, token: str, refusal: OcopError | None = None) -> Response:
    with call.application.database.read() as tx:
        found = list_wanted(tx, token, today=call.today, language=call.language)
    content = {
        "found": found,
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
        "done": call.request.query_params.get("done", ""),
        **what_is_taken(call),
    }
    return call.write(Screen("products/hand_in.html", content, kind_of(refusal).status if refusal else 200))


async def _bringing(request: Request, token: str) -> AsyncIterator[Call]:
    """Read the form of whoever holds a good link; of nobody else a byte."""
    await run_in_threadpool(_turn_away, request, token)
    try:
        form = await request.form(max_fields=_MOST_FIELDS, max_files=1)
    except OcopError as error:  # too large or too slow: told on the page on which it was sent
        request.state.unread = error
        yield Call(request, FormData())
        return
    yield Call(request, form)
    await form.close()


def _turn_away(request: Request, token: str) -> None:
    _count(request, token)
    application: Application = request.app.state.application
    clock = application.clock
    with application.database.read() as tx:
        refuse_handing_in(tx, token, today=clock.today(), now=clock.now())


@router.post("/u/{token}", **without_sign_in())
def bring(call: Annotated[Call, Depends(_bringing)], token: str) -> Response:
    """Keep a file for an officer to look at."""
    unread: OcopError | None = getattr(call.request.state, "unread", None)
    if unread is not None:
        return _page(call, token, unread)
    try:
        kept = keep_sent_file(call)
        with call.application.database.write() as tx:
            hand_in(
                tx,
                token,
                call.given("kind"),
                kept,
                origin=origin_of(call.request),
                today=call.today,
                now=call.now,
            )
    except OcopError as error:
        return _page(call, token, error)
    return call.to(f"/u/{token}", done="sent")
