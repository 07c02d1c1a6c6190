"""`/products/{code}/events/…`, `/undo`, `/occurrences`: what happens to a product, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.errors import OcopError, Stale
from ocop_workflow.overview.products import product_page
from ocop_workflow.products.advance import Order, advance, decide_step, read_event
from ocop_workflow.products.checks import find_product
from ocop_workflow.products.evaluation.signing import doubt_about_signer
from ocop_workflow.products.forms.evaluation import evaluation_of
from ocop_workflow.products.occurrences import Happening, record_occurrence, undo_occurrence
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.states import Event
from ocop_workflow.states.lifecycle import ACTS
from ocop_workflow.web.console.frame.call import Call, Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.console.monitoring.visits import evidence_of
from ocop_workflow.web.console.products.fields import boxes, data_of, fields_of, offer
from ocop_workflow.web.exchange.addresses import ProductCode
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Text
    from ocop_workflow.overview.products import ProductPage
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.states.forms import Field
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

#: what is looked at once more before it is done: others are told of it, or a dossier ends by it
CHECKED: Final = frozenset(
    {
        Event.DECLINE,
        Event.CERTIFY,
        Event.ESCALATE,
        Event.REJECT,
        Event.REVOKE,
        Event.LAPSE,
        Event.WITHDRAW,
    }
)
#: what rests on a score, which the form shows: nobody certifies a star that they do not see
_DECIDING: Final = frozenset({Event.CERTIFY, Event.ESCALATE, Event.REJECT})
#: what every event takes beside its data
_OURS: Final = (("on", "Ngày thực hiện", "Day"), ("note", "Ghi chú", "Note"))


@router.get("/products/{code}/events/{event}", **needs())
def ask(call: Calling, code: ProductCode, event: str) -> Response:
    """Show the form of an event, or why it may not happen."""
    return call.show(lambda tx, actor: _form(tx, call, actor, code, read_event(event)))


@router.post("/products/{code}/events/{event}", **needs())
def record(call: Calling, code: ProductCode, event: str) -> Response:
    """Record an event; some are shown once more before they are done."""
    named = read_event(event)

    def work(tx: Connection, session: Session) -> Response:
        page = product_page(tx, code, call.today, session.actor, call.language)
        fields = _fields(page, named)
        order = Order(
            code,
            named.value,
            session.actor,
            data_of(fields, call.sent),
            day_of(call.given("on"), "on"),
            call.given("note")[:300],
            tags=frozenset({call.given("seen")}),
        )
        if named in CHECKED and not call.given("confirmed"):
            step, _ = decide_step(tx, order, call.today)
            check = _check(call, page, named, fields, doubt_about_signer(step))
            return call.write(check, call.around(tx, session))
        sender = call.application.sender
        advance(tx, order, sender=sender, today=call.today, now=call.now)
        return call.to(f"/products/{code}", done=named.value)

    def again(tx: Connection, actor: Actor, refusal: OcopError) -> Screen:
        return _form(tx, call, actor, code, named, refusal)

    return call.change_or_show(work, again)


def _fields(page: ProductPage, event: Event) -> list[Field]:
    return fields_of(event, page.product.needs.get(event, ()))


def _form(
    tx: Connection,
    call: Call,
    actor: Actor,
    code: str,
    event: Event,
    refusal: OcopError | None = None,
) -> Screen:
    page = product_page(tx, code, call.today, actor, call.language)
    product = page.product
    fields = _fields(page, event)
    report = evaluation_of(tx, find_product(tx, code)) if event is Event.COMMUNE_EVALUATE else {}
    evidence = evidence_of(tx, call, actor, product.code) if event is Event.CONCLUDE else {}
    sent = call.sent if refusal else {**_known(page), **report, **evidence}
    seen = call.given("seen") or product.etag.strip('"')
    since = _since(page, seen) if isinstance(refusal, Stale) else []
    return Screen(
        "products/event.html",
        {
            "product": product,
            "event": event.value,
            "label": say(event.text, call.language),
            "boxes": boxes(fields, offer(tx, code, actor, call.today), sent, call.language),
            "on": sent.get("on", call.today.isoformat()),
            "note": sent.get("note", ""),
            "seen": product.etag.strip('"'),
            "since": since,
            "reports": event is Event.COMMUNE_EVALUATE,
            "decides": event in _DECIDING,
            "is_prefilled": bool(report) and refusal is None,
            "allowed": event in product.allowed and event in ACTS,
            "lacks": [
                lack.vi if call.language == "vi" else lack.en for lack in product.missing.get(event, ())
            ],
            "refusal": told(refusal, call.language) if refusal else None,
            "labels": _labels(fields, call),
        },
        kind_of(refusal).status if refusal else 200,
    )


def _known(page: ProductPage) -> dict[str, str]:
    """Return what is on record and need not be typed again."""
    product = page.product
    return {
        name: value
        for name, value in (
            ("producer", product.producer),
            ("group", product.group),
            ("address", product.address),
        )
        if value
    }


def _since(page: ProductPage, seen: str) -> list[Any]:
    """Return the steps that somebody else has made since a version was seen."""
    version = seen.partition(".")[0]
    number = int(version) if version.isdecimal() else 0
    return [step for step in page.history if step.seq > number]


def _labels(fields: list[Field], call: Call) -> dict[str, str]:
    found = {name: vi if call.language == "vi" else en for name, vi, en in _OURS}
    for field in fields:
        found[field.key] = say(field.text, call.language)
        found |= {f"{field.key}.{part.key}": say(part.text, call.language) for part in field.parts}
    return found


def _check(call: Call, page: ProductPage, event: Event, fields: list[Field], doubt: Text | None) -> Screen:
    """Return the page that shows once more what is about to be done, and what speaks against it."""
    labels = _labels(fields, call)
    sent = {name: value for name, value in call.sent.items() if value}
    ours = {name for name, _, _ in _OURS}
    days = _days_among(fields)
    lines: list[tuple[str, str | date | None]] = [
        (labels[name], day_of(value, name) if name in days else value)
        for name, value in sent.items()
        if name in labels and name not in ours
    ]
    content = {
        "product": page.product,
        "event": event.value,
        "label": say(event.text, call.language),
        "decides": event in _DECIDING,
        "doubt": say(doubt, call.language) if doubt else "",
        "lines": [*lines, *_more(call, sent)],
        "sent": sent,
    }
    return Screen("products/check.html", content)


def _days_among(fields: list[Field]) -> set[str]:
    """Return the places of fields that hold a day."""
    parts = [(f"{field.key}.{part.key}", part) for field in fields for part in field.parts]
    every = [*((field.key, field) for field in fields), *parts]
    return {place for place, field in every if field.schema.get("format") == "date"}


def _more(call: Call, sent: Mapping[str, str]) -> list[tuple[str, str | date | None]]:
    return [
        (vi if call.language == "vi" else en, day_of(sent[name], name) if name == "on" else sent[name])
        for name, vi, en in _OURS
        if sent.get(name)
    ]


@router.get("/products/{code}/undo", **needs())
def ask_undo(call: Calling, code: ProductCode) -> Response:
    """Ask why the last step is taken back, and show which it is."""
    return call.show(lambda tx, actor: _undo_form(tx, call, actor, code))


@router.post("/products/{code}/undo", **needs())
def take_back(call: Calling, code: ProductCode) -> Response:
    """Take the last step back."""

    def work(tx: Connection, session: Session) -> Response:
        order = UndoOrder(code, session.actor, call.given("reason"), tags=frozenset({call.given("seen")}))
        undo(tx, order, sender=call.application.sender, today=call.today, now=call.now)
        return call.to(f"/products/{code}", done="undone")

    return call.change_or_show(work, lambda tx, actor, refusal: _undo_form(tx, call, actor, code, refusal))


def _undo_form(
    tx: Connection, call: Call, actor: Actor, code: str, refusal: OcopError | None = None
) -> Screen:
    page = product_page(tx, code, call.today, actor, call.language)
    return Screen(
        "products/undo.html",
        {
            "product": page.product,
            "last": page.history[-1] if page.history else None,
            "reason": call.given("reason"),
            "seen": page.product.etag.strip('"'),
            "refusal": told(refusal, call.language) if refusal else None,
        },
        kind_of(refusal).status if refusal else 200,
    )


@router.post("/products/{code}/occurrences", **needs())
def note_occurrence(call: Calling, code: ProductCode) -> Response:
    """Record, or take back, that an event of its plan has happened to a product."""

    def work(tx: Connection, session: Session) -> Response:
        happening = Happening(code, call.given("event"), session.actor, frozenset({call.given("seen")}))
        if call.given("undo"):
            undo_occurrence(tx, happening, call.given("reason"), today=call.today, now=call.now)
        else:
            on = day_of(call.given("on"), "on")
            record_occurrence(tx, happening, on, today=call.today, now=call.now)
        return call.to(f"/products/{code}", done="occurred")

    done: Response = call.change(work)
    return done
