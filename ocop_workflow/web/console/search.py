"""`/search`: one box finds products, producers, places, decisions, letters and pages, marks or not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.overview.list_queries import search_products
from ocop_workflow.places.queries import units_around
from ocop_workflow.plans.loaded import plans_of
from ocop_workflow.regulations import Level
from ocop_workflow.vietnamese import search_key
from ocop_workflow.web.console.frame.around import doors_of
from ocop_workflow.web.console.frame.call import Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_MOST: Final = 20
_LETTER: Final = re.compile(r"(?:thư|letter)?\s*#?(\d{1,9})", re.IGNORECASE)


@router.get("/search", **needs())
def search(call: Calling) -> Response:
    """Show what the words have found, by what it is; of a code that is typed whole, the product itself."""
    words = call.request.query_params.get("q", "").strip()[:100]
    key = search_key(words)

    def work(tx: Connection, actor: Actor) -> Screen:
        roots = actor.units_with(Permission.READ)
        found = search_products(tx, roots, words, _MOST + 1) if key else []
        around = units_around(tx, roots) if key else []
        letter = _LETTER.fullmatch(words)
        return Screen(
            "search.html",
            {
                "words": words,
                "hits": found[:_MOST],
                "more": len(found) > _MOST,
                "units": [
                    unit
                    for unit in around
                    if unit.level is Level.COMMUNE and (key in search_key(unit.name) or words == unit.slug)
                ][:_MOST],
                "plans": [plan for plan in plans_of(tx, actor) if key and key in search_key(plan.title)],
                "pages": [door for door in doors_of(actor) if key and key in search_key(door.name)],
                "letter": int(letter[1]) if letter else None,
            },
        )

    return call.show(work)
