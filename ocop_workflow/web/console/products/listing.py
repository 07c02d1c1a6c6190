"""`/products`, `/products/board`: finding products; the same as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.overview.list_queries import progress
from ocop_workflow.overview.products import count_products, list_products
from ocop_workflow.states import State
from ocop_workflow.states.lifecycle import DEAD_ENDS
from ocop_workflow.web.console.dossiers.files import as_csv, as_workbook
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.products.asked import AskedFor, ProductsAsked, choices
from ocop_workflow.web.console.products.rows import row_of
from ocop_workflow.web.exchange.languages import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Language
    from ocop_workflow.products.views import ProductView
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_PAGE: Final = 50
#: cards in one column of the board
_CARDS: Final = 8
#: products in one file
_MOST: Final = 25_000


@router.get("/products", **needs())
def show_list(call: Calling, asked: AskedFor) -> Response:
    """Show the products that match, fifty at a time."""

    def work(tx: Connection, actor: Actor) -> Screen:
        found = list_products(tx, call.today, asked.wanted(_PAGE + 1), actor, call.language, asked.order)
        shown = found[:_PAGE]
        more = asked.address("/products", after=shown[-1].code) if len(found) > _PAGE else ""
        return Screen(
            "products/list.html",
            {
                "asked": asked,
                "rows": [row_of(view, call.language) for view in shown],
                "count": count_products(tx, call.today, asked.everything(), actor),
                "more": more,
                "can_enter": actor.units_with(Permission.EDIT_PRODUCTS) != frozenset(),
                **choices(tx, actor, call.language),
            },
        )

    return call.show(work)


@router.get("/products/board", **needs())
def show_board(call: Calling, asked: AskedFor) -> Response:
    """Show the same products as columns by state: how many there are, and the first of each."""

    def work(tx: Connection, actor: Actor) -> Screen:
        return Screen(
            "products/board.html",
            {
                "asked": asked,
                "columns": list(_columns(tx, call, asked, actor)),
                **choices(tx, actor, call.language),
            },
        )

    return call.show(work)


def _columns(tx: Connection, call: Call, asked: ProductsAsked, actor: Actor) -> list[dict[str, Any]]:
    counts: dict[State, int] = {}
    for item in progress(tx, actor.units_with(Permission.READ), call.today):
        counts[item.state] = counts.get(item.state, 0) + item.products
    named = State(asked.state) if asked.state in set(State) else None
    there = [state for state in State if counts.get(state) and named in (None, state)]
    columns = []
    for state in there:
        one = asked.model_copy(update={"state": state.value, "after": None})
        count = count_products(tx, call.today, one.everything(), actor)
        found = list_products(tx, call.today, one.wanted(_CARDS), actor, call.language, asked.order)
        if count:
            columns.append(
                {
                    "label": say(state.text, call.language),
                    "count": count,
                    "rows": [row_of(view, call.language) for view in found],
                    "address": one.address("/products"),
                    "is_over": state in DEAD_ENDS,
                }
            )
    return columns


@router.get("/products.csv", **needs())
def show_csv(call: Calling, asked: AskedFor) -> Response:
    """Give the list as a file that Excel opens by a double click."""
    return _file(call, asked, "text/csv; charset=utf-8", "csv", as_csv)


@router.get("/products.xlsx", **needs())
def show_workbook(call: Calling, asked: AskedFor) -> Response:
    """Give the list as an Excel workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(call, asked, kind, "xlsx", as_workbook)


def _file(
    call: Call,
    asked: ProductsAsked,
    kind: str,
    ending: str,
    write: Callable[[list[ProductView], Language], bytes],
) -> Response:
    found = call.read(
        lambda tx, actor: list_products(
            tx, call.today, asked.wanted(_MOST), actor, call.language, asked.order
        )
    )
    name = f"san-pham-{call.today.isoformat()}.{ending}"
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(write(found, call.language), headers=headers, media_type=kind)
