"""`/products/{code}/papers`: the papers of a dossier as a list of tasks; recording one, withdrawing one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission, may
from ocop_workflow.dossiers.paper_queries import OTHER
from ocop_workflow.dossiers.paper_views import SOON
from ocop_workflow.errors import OcopError
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.products.evaluation.filing import choose_set
from ocop_workflow.products.papers.handing_in import waiting_beside
from ocop_workflow.products.papers.keeping import add_paper, list_ending, papers_beside, withdraw_paper
from ocop_workflow.products.papers.links import links_beside
from ocop_workflow.products.papers.reading import DAYS, read_paper
from ocop_workflow.products.papers.reusing import reuse_papers
from ocop_workflow.web.console.dossiers.sent_files import what_is_taken
from ocop_workflow.web.console.frame.call import Call, Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

#: rows that one page shows
_MOST: Final = 500
_TEXTS = ("name", "number", "issuer", "shelf")


@router.get("/papers", **needs())
def show_ending(call: Calling) -> Response:
    """Show the papers that run out soon, or have."""
    return call.show(
        lambda tx, actor: Screen(
            "products/ending.html", {"ending": list_ending(tx, actor, today=call.today, limit=_MOST)}
        )
    )


@router.get("/products/{code}/papers", **needs())
def show_papers(call: Calling, code: ProductCode) -> Response:
    """Show what the dossier has to hold and what it holds."""
    return call.show(lambda tx, actor: papers_screen(tx, call, actor, code))


def papers_screen(
    tx: Connection, call: Call, actor: Actor, code: str, refusal: OcopError | None = None
) -> Screen:
    """Return the page of a dossier's papers; `refusal`: why what was asked for there was not done."""
    record = find_product(tx, code)
    place = place_of(tx, actor, record)
    found = papers_beside(tx, record, today=call.today, language=call.language)
    content: dict[str, Any] = {
        "product": record,
        "papers": found,
        "soon": SOON,
        "kinds": [
            *((task.kind, task.name) for task in found.tasks),
            *((item.kind, item.name) for item in found.evidence),
        ],
        "other": OTHER,
        **what_is_taken(call),
        "links": links_beside(tx, record, call.today),
        "waiting": waiting_beside(tx, record, call.today),
        "may_edit": may(actor, Permission.EDIT_PRODUCTS, place) is not None,
        "key": call.given("key") or call.new_key(),
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
        "done": call.request.query_params.get("done", ""),
    }
    return Screen("products/papers.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/products/{code}/papers", **needs(Permission.EDIT_PRODUCTS))
def record(call: Calling, code: ProductCode) -> Response:
    """Record a paper."""

    def work(tx: Connection, session: Session) -> Response:
        given: dict[str, Any] = {name: call.given(name) or None for name in _TEXTS}
        given |= {
            "kind": call.given("kind"),
            "criteria": tuple(re.findall(r"[^\s,;]+", call.given("criteria"))),
        }
        given |= {name: day_of(call.given(name), name) for name in DAYS}

        def once() -> str:
            add_paper(tx, code, read_paper(given), actor=session.actor, today=call.today, now=call.now)
            return code

        call.once(tx, session, once)
        return call.to(f"/products/{code}/papers", done="added")

    return call.change_or_show(work, lambda tx, actor, error: papers_screen(tx, call, actor, code, error))


@router.post("/products/{code}/papers/reuse", **needs(Permission.EDIT_PRODUCTS))
def reuse(call: Calling, code: ProductCode) -> Response:
    """Take papers of an earlier dossier over."""

    def work(tx: Connection, session: Session) -> Response:
        numbers = [int(written) for written in call.chosen("paper") if re.fullmatch("[0-9]{1,9}", written)]
        reuse_papers(tx, code, numbers, actor=session.actor, today=call.today, now=call.now)
        return call.to(f"/products/{code}/papers", done="reused")

    return call.change_or_show(work, lambda tx, actor, error: papers_screen(tx, call, actor, code, error))


@router.post("/products/{code}/set", **needs(Permission.EDIT_PRODUCTS))
def choose(call: Calling, code: ProductCode) -> Response:
    """Choose the set of products by whose sheet the dossier is scored."""

    def work(tx: Connection, session: Session) -> Response:
        written = call.given("product_set")
        number = int(written) if written.isascii() and written.isdecimal() and len(written) < 3 else 0  # noqa: PLR2004 - digits
        choose_set(tx, code, number, actor=session.actor, today=call.today, now=call.now)
        return call.to(f"/products/{code}/papers", done="chosen")

    return call.change_or_show(work, lambda tx, actor, error: papers_screen(tx, call, actor, code, error))


@router.post("/products/{code}/papers/{number}/withdraw", **needs(Permission.EDIT_PRODUCTS))
def withdraw(call: Calling, code: ProductCode, number: Number) -> Response:
    """Take a paper out of the dossier."""

    def work(tx: Connection, session: Session) -> Response:
        withdraw_paper(tx, code, number, call.given("reason"), actor=session.actor, now=call.now)
        return call.to(f"/products/{code}/papers", done="withdrawn")

    return call.change_or_show(work, lambda tx, actor, error: papers_screen(tx, call, actor, code, error))
