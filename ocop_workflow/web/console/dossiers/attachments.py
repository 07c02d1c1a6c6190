"""`/products/{code}/papers/{number}/files`: putting a file to a paper, saving one, taking one out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.errors import NotSignedIn, OcopError
from ocop_workflow.products.papers.attaching import attach_file, find_file, refuse_attaching, withdraw_file
from ocop_workflow.web.api.products.files import FileNumber
from ocop_workflow.web.console.dossiers.papers import papers_screen
from ocop_workflow.web.console.dossiers.sent_files import keep_sent_file
from ocop_workflow.web.console.frame.call import Calling
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.addresses import Number, ProductCode
from ocop_workflow.web.exchange.downloads import attachment

if TYPE_CHECKING:
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)


@router.post("/products/{code}/papers/{number}/files", **needs(Permission.EDIT_PRODUCTS))
def attach(call: Calling, code: ProductCode, number: Number) -> Response:
    """Put a file to a paper."""
    try:
        call.read(lambda tx, actor: refuse_attaching(tx, code, number, actor))
        kept = keep_sent_file(call)
    except NotSignedIn:
        raise
    except OcopError as error:
        refusal = error
        return call.show(lambda tx, actor: papers_screen(tx, call, actor, code, refusal))

    def work(tx: Connection, session: Session) -> Response:
        attach_file(tx, code, number, kept, actor=session.actor, now=call.now)
        return call.to(f"/products/{code}/papers", done="attached")

    return call.change_or_show(work, lambda tx, actor, error: papers_screen(tx, call, actor, code, error))


@router.get("/products/{code}/papers/{number}/files/{file}", **needs())
def fetch(call: Calling, code: ProductCode, number: Number, file: FileNumber) -> Response:
    """Give a file to be saved."""
    view = call.read(lambda tx, actor: find_file(tx, code, number, file, actor))
    return attachment(view, call.application.files.fetch(view.sha256))


@router.post("/products/{code}/papers/{number}/files/{file}/withdraw", **needs(Permission.EDIT_PRODUCTS))
def withdraw(call: Calling, code: ProductCode, number: Number, file: FileNumber) -> Response:
    """Take a file from its paper."""

    def work(tx: Connection, session: Session) -> Response:
        withdraw_file(tx, code, number, file, call.given("reason"), actor=session.actor, now=call.now)
        return call.to(f"/products/{code}/papers", done="detached")

    return call.change_or_show(work, lambda tx, actor, error: papers_screen(tx, call, actor, code, error))
