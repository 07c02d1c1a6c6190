"""`/products/{code}/papers/links`, `…/handed-in`: links for a producer, and what has come by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from fastapi import APIRouter, Response
from markupsafe import Markup

from ocop_workflow.access import Permission
from ocop_workflow.dossiers.paper_queries import OTHER
from ocop_workflow.products.papers.handing_in import find_handed_in, return_handed_in, take_handed_in
from ocop_workflow.products.papers.links import make_upload_link, revoke_upload_link
from ocop_workflow.products.papers.reading import DAYS, read_paper
from ocop_workflow.web.console.dossiers.papers import papers_screen
from ocop_workflow.web.console.frame.call import Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.downloads import attachment

if TYPE_CHECKING:
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_EDIT = Permission.EDIT_PRODUCTS
_TEXTS = ("name", "number", "issuer")


@router.post("/products/{code}/papers/links", **needs(_EDIT))
def make_link(call: Calling, code: ProductCode) -> Response:
    """Make a link for the producer, and show it once, with its picture."""

    def work(tx: Connection, session: Session) -> Response:
        until = day_of(call.given("until"), "until")
        token, made = make_upload_link(tx, code, until, actor=session.actor, today=call.today, now=call.now)
        address = f"{call.request.url.scheme}://{call.request.url.netloc}/u/{token}"
        picture = segno.make(address, error="m").svg_inline(
            scale=5, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff"
        )
        content = {
            "link": made,
            "address": address,
            "picture": Markup(picture),  # noqa: S704 - drawn by the library from what we made
        }
        return call.write(Screen("products/link.html", content), call.around(tx, session))

    return call.change_or_show(work, lambda tx, actor, error: papers_screen(tx, call, actor, code, error))


@router.post("/products/{code}/papers/links/{number}/revoke", **needs(_EDIT))
def revoke_link(call: Calling, code: ProductCode, number: Number) -> Response:
    """Let a link be good no more."""

    def work(tx: Connection, session: Session) -> Response:
        revoke_upload_link(tx, code, number, actor=session.actor, today=call.today, now=call.now)
        return call.to(f"/products/{code}/papers", done="revoked")

    return call.change_or_show(work, lambda tx, actor, error: papers_screen(tx, call, actor, code, error))


@router.get("/products/{code}/handed-in/{number}", **needs())
def fetch(call: Calling, code: ProductCode, number: Number) -> Response:
    """Give a file that waits, to be saved."""
    view = call.read(lambda tx, actor: find_handed_in(tx, code, number, actor, call.today))
    return attachment(view, call.application.files.fetch(view.sha256))


@router.post("/products/{code}/handed-in/{number}/take", **needs(_EDIT))
def take(call: Calling, code: ProductCode, number: Number) -> Response:
    """Take a file as a paper."""

    def work(tx: Connection, session: Session) -> Response:
        given: dict[str, Any] = {name: call.given(name) or None for name in _TEXTS}
        given |= {name: day_of(call.given(name), name) for name in DAYS}
        paper = read_paper({"kind": OTHER, **given})  # its kind is the file's
        take_handed_in(tx, code, number, paper, actor=session.actor, today=call.today, now=call.now)
        return call.to(f"/products/{code}/papers", done="taken")

    return call.change_or_show(work, lambda tx, actor, error: papers_screen(tx, call, actor, code, error))


@router.post("/products/{code}/handed-in/{number}/return", **needs(_EDIT))
def give_back(call: Calling, code: ProductCode, number: Number) -> Response:
    """Return a file with a reason, which the producer reads."""

    def work(tx: Connection, session: Session) -> Response:
        return_handed_in(
            tx,
            code,
            number,
            call.given("reason"),
            actor=session.actor,
            today=call.today,
            now=call.now,
        )
        return call.to(f"/products/{code}/papers", done="returned")

    return call.change_or_show(work, lambda tx, actor, error: papers_screen(tx, call, actor, code, error))
