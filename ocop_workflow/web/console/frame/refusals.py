"""Refusals as pages: one clear sentence, what to do, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData

from ocop_workflow.access import SessionStage
from ocop_workflow.errors import OcopError, Text
from ocop_workflow.web.console.frame import door
from ocop_workflow.web.console.frame.around import surroundings
from ocop_workflow.web.console.frame.call import Call, Screen
from ocop_workflow.web.exchange.advice import on_pages
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from fastapi import Request, Response

    from ocop_workflow.errors import Language


def told(error: OcopError, language: Language) -> dict[str, Any]:
    """Return what a page says of a refusal: the sentence, and each fault with its field."""
    return {
        "sentence": say(on_pages(error.text), language),
        "faults": [
            {"place": item.place, "words": say(on_pages(item.text), language)} for item in error.faults[:50]
        ],
    }


def refusal_page(request: Request, error: OcopError) -> Response:
    """Return a refusal as a page of its own, where there is no form to show again."""
    call, kind = Call(request, FormData()), kind_of(error)
    content = {"title": say(kind.title, call.language), "refusal": told(error, call.language)}
    return call.write(Screen("refusal.html", content, kind.status), _around(request))


def missing_page(request: Request) -> Response:
    """Say that there is no such page."""
    call = Call(request, FormData())
    words = Text("Không có trang này.", "There is no such page.")
    content = {
        "title": say(Text("Không tìm thấy", "Not found"), call.language),
        "refusal": {"sentence": say(words, call.language), "faults": []},
    }
    return call.write(Screen("refusal.html", content, 404), _around(request))


def _around(request: Request) -> dict[str, Any] | None:
    """Return what stands around the page, if whoever asks is signed in; a database that is away hides it."""
    application = request.app.state.application
    if getattr(request.state, "stage", None) is None:
        request.state.stage = SessionStage.FULL
    request.state.permission = None
    try:
        with application.database.read() as tx:
            return surroundings(tx, application, door.signed_in(tx, request))
    except OcopError:
        return None
