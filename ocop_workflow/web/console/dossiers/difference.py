"""`/products/{code}/difference`: a renewal or an upgrade beside what was recognised; saying what changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission, may
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.products.differing.declaring import LONGEST, Declaration, declare_change
from ocop_workflow.products.differing.showing import difference_beside
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import ProductCode
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.errors import OcopError
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

#: what a heading's choice says: nothing yet, nothing has changed, something has
_UNSAID, _CHANGED = "", "changed"
_NUMBER: Final = re.compile("[0-9]{1,9}")


@router.get("/products/{code}/difference", **needs())
def show(call: Calling, code: ProductCode) -> Response:
    """Show what differs from the recognised dossier, and what the producer says of it."""
    return call.show(lambda tx, actor: _screen(tx, call, actor, code))


def _screen(tx: Connection, call: Call, actor: Actor, code: str, refusal: OcopError | None = None) -> Screen:
    record = find_product(tx, code)
    place = place_of(tx, actor, record)
    sees_people = may(actor, Permission.READ_HOMES, place) is not None
    content: dict[str, Any] = {
        "product": record,
        "difference": difference_beside(tx, record, call.today, call.language, sees_people=sees_people),
        "may_edit": may(actor, Permission.EDIT_PRODUCTS, place) is not None,
        "longest": LONGEST,
        "sent": call.sent,
        "sent_papers": call.chosen("paper"),
        "refusal": told(refusal, call.language) if refusal else None,
        "done": call.request.query_params.get("done", ""),
    }
    return Screen("products/difference.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/products/{code}/difference", **needs(Permission.EDIT_PRODUCTS))
def declare(call: Calling, code: ProductCode) -> Response:
    """Keep what is said under one heading."""

    def work(tx: Connection, session: Session) -> Response:
        said = call.given("said")
        papers = [int(written) for written in call.chosen("paper") if _NUMBER.fullmatch(written)]
        given = Declaration(
            call.given("heading"),
            said != _UNSAID,
            call.given("change") or None if said == _CHANGED else None,
            tuple(papers) if said == _CHANGED else (),
        )
        declare_change(tx, code, given, actor=session.actor, now=call.now)
        return call.to(f"/products/{code}/difference", done="saved")

    return call.change_or_show(work, lambda tx, actor, error: _screen(tx, call, actor, code, error))
