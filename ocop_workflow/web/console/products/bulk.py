"""`/products/bulk`: one event for many products: chosen, filled in, looked at row by row, then done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from ocop_workflow.audit.seals import Seal
from ocop_workflow.errors import OcopError, WrongUse
from ocop_workflow.overview.products import WantedProducts, list_products
from ocop_workflow.plans.loaded import calendar_of, plans_of
from ocop_workflow.products import bulk
from ocop_workflow.products.advance import read_event
from ocop_workflow.states import Event
from ocop_workflow.web.console.frame.call import Call, Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.console.products.fields import Offer, boxes, data_of, every_field, fields_of
from ocop_workflow.web.exchange.advice import on_pages
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.states.forms import Field
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)


@router.post("/products/bulk", **needs())
def choose(call: Calling) -> Response:
    """Take the products that were chosen, and show which steps there are for them."""
    return call.show(lambda tx, actor: _form(tx, call, actor))


@router.post("/products/bulk/preview", **needs())
def preview(call: Calling) -> Response:
    """Show for each product what would become of it; nothing is written."""

    def work(tx: Connection, actor: Actor) -> Screen:
        try:
            event = read_event(call.given("event"))
            found = bulk.preview(tx, _order(call, actor, event), call.today, _seal(call))
        except OcopError as refusal:
            return _form(tx, call, actor, refusal)
        names = _names(tx, call, actor)
        verdicts = [
            {
                "code": verdict.code,
                "name": names.get(verdict.code, ""),
                "allowed": verdict.allowed,
                "because": say(on_pages(verdict.refusal.text), call.language) if verdict.refusal else "",
            }
            for verdict in found.verdicts
        ]
        return Screen(
            "products/bulk_preview.html",
            {
                "label": say(event.text, call.language),
                "event": event.value,
                "verdicts": verdicts,
                "allowed": [verdict["code"] for verdict in verdicts if verdict["allowed"]],
                "all_allowed": all(verdict["allowed"] for verdict in verdicts),
                "token": found.token,
                "sent": {name: value for name, value in call.sent.items() if name not in ("code", "token")},
                "codes": _codes(call),
            },
        )

    return call.show(work)


@router.post("/products/bulk/carry-out", **needs())
def carry_out(call: Calling) -> Response:
    """Move every product on that the preview allowed, or none."""

    def work(tx: Connection, session: Session) -> Response:
        order = _order(call, session.actor, read_event(call.given("event")))
        sender = call.application.sender
        done = bulk.carry_out(
            tx, order, call.given("token"), seal=_seal(call), sender=sender, today=call.today
        )
        return call.to("/products", state=done[0].state.value, done=str(len(done)))

    return call.change_or_show(work, lambda tx, actor, refusal: _form(tx, call, actor, refusal))


def _codes(call: Call) -> list[str]:
    return list(dict.fromkeys(call.chosen("code")))[: bulk.AT_MOST]


def _order(call: Call, actor: Actor, event: Event) -> bulk.BulkOrder:
    data = data_of(_fields(event, {field.key for field in every_field(event)}), call.sent)
    on = day_of(call.given("on"), "on")
    return bulk.BulkOrder(_codes(call), event.value, actor, data, on, call.given("note")[:300])


def _fields(event: Event, needed: Collection[str]) -> list[Field]:
    """Return the fields that are alike for many; what each product says for itself stands on its own page."""
    return [field for field in fields_of(event, needed) if not field.parts]


def _seal(call: Call) -> Seal:
    return Seal(call.application.secret.keys(bulk.LABEL), call.now)


def _names(tx: Connection, call: Call, actor: Actor) -> dict[str, str]:
    wanted = WantedProducts(codes=tuple(_codes(call)))
    return {view.code: view.name for view in list_products(tx, call.today, wanted, actor, call.language)}


def _form(tx: Connection, call: Call, actor: Actor, refusal: OcopError | None = None) -> Screen:
    codes = _codes(call)
    if not codes:
        raise WrongUse("Chưa chọn sản phẩm nào.", "No product is chosen.")
    wanted = WantedProducts(codes=tuple(codes))
    views = list_products(tx, call.today, wanted, actor, call.language)
    possible: dict[Event, int] = {}
    for view in views:
        for event in view.allowed:
            possible[event] = possible.get(event, 0) + 1
    named = call.given("event")
    needed = {field for view in views for event in view.allowed for field in view.needs[event]}
    chosen = Event(named) if named in {one.value for one in possible} else None
    plans = plans_of(tx, actor)
    groups: dict[str, str] = {}
    for plan in plans:
        groups |= calendar_of(tx, plan.id, plan.sha256).regulation.group_names
    offered = Offer(tuple(groups.items()), tuple((plan.slug, plan.title) for plan in plans))
    content: dict[str, Any] = {
        "views": views,
        "codes": codes,
        "possible": [
            (one.value, say(one.text, call.language), count) for one, count in sorted(possible.items())
        ],
        "event": chosen.value if chosen else "",
        "label": say(chosen.text, call.language) if chosen else "",
        "boxes": boxes(_fields(chosen, needed), offered, call.sent, call.language) if chosen else [],
        "on": call.given("on") or call.today.isoformat(),
        "note": call.given("note"),
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("products/bulk.html", content, kind_of(refusal).status if refusal else 200)
