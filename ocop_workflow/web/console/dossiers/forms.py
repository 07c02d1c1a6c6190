"""`/products/{code}/forms`: the forms of a dossier, filled in and printed; revenue by year; blank forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission, may
from ocop_workflow.errors import OcopError, Stale
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.products.forms.keeping import discard_form, save_form
from ocop_workflow.products.forms.proposing import dong
from ocop_workflow.products.forms.reading import read_revenue
from ocop_workflow.products.forms.revenues import list_revenues, remove_revenue, save_revenue
from ocop_workflow.products.forms.showing import Showing, list_forms, show_form
from ocop_workflow.regulations.forms import load_form
from ocop_workflow.web.console.dossiers.form_boxes import (
    labels_of,
    saved_otherwise,
    sent_answers,
    shown_values,
)
from ocop_workflow.web.console.dossiers.form_print import AROUND, blank_form, dated, print_lines
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import FormId, ProductCode, Year
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.dossiers.form_views import FormView
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)


@router.get("/products/{code}/forms", **needs())
def show_forms(call: Calling, code: ProductCode) -> Response:
    """Show the forms of the dossier, and what the product brings in by year."""
    return call.show(lambda tx, actor: _forms(tx, call, actor, code))


def _forms(tx: Connection, call: Call, actor: Actor, code: str, refusal: OcopError | None = None) -> Screen:
    record = find_product(tx, code)
    content: dict[str, Any] = {
        "product": record,
        "forms": list_forms(tx, code, actor, call.today, call.language),
        "revenues": list_revenues(tx, code, actor),
        "dong": dong,
        "may_edit": may(actor, Permission.EDIT_PRODUCTS, place_of(tx, actor, record)) is not None,
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
        "done": call.request.query_params.get("done", ""),
    }
    return Screen("products/forms.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/products/{code}/revenues", **needs(Permission.EDIT_PRODUCTS))
def record_revenue(call: Calling, code: ProductCode) -> Response:
    """Record a year's revenue."""

    def work(tx: Connection, session: Session) -> Response:
        given = {name: _amount(call.given(name)) for name in ("year", "revenue", "profit")}
        year = read_revenue({**given, "source": call.given("source") or None})
        save_revenue(tx, code, year, actor=session.actor, today=call.today, now=call.now)
        return call.to(f"/products/{code}/forms", done="revenue")

    return call.change_or_show(work, lambda tx, actor, error: _forms(tx, call, actor, code, error))


def _amount(written: str) -> object:
    """Read a whole number as people write it: 1.250.000; what is none is left to be told."""
    bare = written.replace(".", "").replace(" ", "")
    digits = bare.removeprefix("-")
    return int(bare) if digits.isascii() and digits.isdecimal() and len(digits) < 20 else written or None  # noqa: PLR2004 - of digits, more than any amount has


@router.post("/products/{code}/revenues/{year}/remove", **needs(Permission.EDIT_PRODUCTS))
def drop_revenue(call: Calling, code: ProductCode, year: Year) -> Response:
    """Take a year's revenue out."""

    def work(tx: Connection, session: Session) -> Response:
        remove_revenue(tx, code, year, call.given("reason"), actor=session.actor, now=call.now)
        return call.to(f"/products/{code}/forms", done="removed")

    return call.change_or_show(work, lambda tx, actor, error: _forms(tx, call, actor, code, error))


@router.get("/products/{code}/forms/{form}", **needs())
def show(call: Calling, code: ProductCode, form: FormId) -> Response:
    """Show a form to be filled in, with what is known already and what is missing."""
    return call.show(lambda tx, actor: _form(tx, call, actor, code, form))


def _form(
    tx: Connection, call: Call, actor: Actor, code: str, form_id: str, refusal: OcopError | None = None
) -> Screen:
    record = find_product(tx, code)
    view = Showing(tx, record, actor, call.today, call.language).form(load_form(form_id))
    content: dict[str, Any] = {
        "product": record,
        "form": view,
        "values": shown_values(call, view, is_refused=refusal is not None),
        "stands": saved_otherwise(call, view) if isinstance(refusal, Stale) else {},
        "rows": range(len(view.opinions) + 2),
        "may_edit": may(actor, Permission.EDIT_PRODUCTS, place_of(tx, actor, record)) is not None,
        "labels": labels_of(view),
        "refusal": told(refusal, call.language) if refusal else None,
        "done": call.request.query_params.get("done", ""),
    }
    return Screen("products/form.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/products/{code}/forms/{form}", **needs(Permission.EDIT_PRODUCTS))
def save(call: Calling, code: ProductCode, form: FormId) -> Response:
    """Save what was written so far."""

    def work(tx: Connection, session: Session) -> Response:
        given = sent_answers(call, show_form(tx, code, form, session.actor, call.today))
        tags = frozenset({call.given("seen")})
        actor, today, now = session.actor, call.today, call.now
        save_form(tx, code, form, given, tags=tags, actor=actor, today=today, now=now)
        return call.to(f"/products/{code}/forms/{form}", done="saved")

    return call.change_or_show(work, lambda tx, actor, error: _form(tx, call, actor, code, form, error))


@router.post("/products/{code}/forms/{form}/discard", **needs(Permission.EDIT_PRODUCTS))
def discard(call: Calling, code: ProductCode, form: FormId) -> Response:
    """Take out all that was saved in a form."""

    def work(tx: Connection, session: Session) -> Response:
        discard_form(tx, code, form, call.given("reason"), actor=session.actor, now=call.now)
        return call.to(f"/products/{code}/forms", done="discarded")

    return call.change_or_show(work, lambda tx, actor, error: _form(tx, call, actor, code, form, error))


@router.get("/products/{code}/forms/{form}/print", **needs())
def show_printed(call: Calling, code: ProductCode, form: FormId) -> Response:
    """Show a form as it is printed."""

    def work(tx: Connection, actor: Actor) -> Screen:
        record = find_product(tx, code)
        showing = Showing(tx, record, actor, call.today, call.language)
        view = showing.form(load_form(form))
        back = f"/products/{record.code}/forms/{form}"
        return Screen("products/form_print.html", _printed(view, back, record.unit_name))

    return call.show(work)


@router.get("/forms/{form}", **needs())
def show_blank(call: Calling, form: FormId) -> Response:
    """Show a blank form as it is printed."""
    content = _printed(blank_form(load_form(form)), "/products", "")
    return call.show(lambda _tx, _actor: Screen("products/form_print.html", content))


def _printed(view: FormView, back: str, commune: str) -> dict[str, Any]:
    """Return what stands on a printed form; a report of the commune bears its number and date."""
    said = {field.name: field.value for section in view.sections if section.added for field in section.fields}
    day = said.get("x_date")
    return {
        "form": view,
        "lines": print_lines(view),
        "said": AROUND,
        "commune": commune,
        "number": said.get("x_number"),
        "day": dated(str(day) if day else None),
        "back": back,
    }
