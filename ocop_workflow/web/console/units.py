"""`/units`: places, where their letters go and from when, and which is merged into which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission, Place, may
from ocop_workflow.changes.mergers.succession import merge
from ocop_workflow.errors import InvalidInput, OcopError, fault
from ocop_workflow.overview.products import WantedProducts, count_products
from ocop_workflow.people.address_book import find_contact, list_contacts
from ocop_workflow.people.contacts import add_contact, end_contact
from ocop_workflow.people.officers import find_unit
from ocop_workflow.places import queries as places
from ocop_workflow.places.queries import units_around
from ocop_workflow.web.console.frame.call import Call, Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number, UnitId
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_MANAGE = Permission.MANAGE_UNITS


@router.get("/units", **needs())
def show_list(call: Calling) -> Response:
    """Show the places of whoever looks, those above and those below."""

    def work(tx: Connection, actor: Actor) -> Screen:
        roots = actor.units_with(Permission.READ)
        found = units_around(tx, roots)
        lines = places.lineages(tx, {unit.id for unit in found})
        mail = places.addresses(tx, [unit.id for unit in found], call.today)
        content = {
            "units": [
                {
                    "unit": unit,
                    "level": say(unit.level.text, call.language),
                    "emails": mail.get(unit.id, ()),
                    "over": not unit.lives(call.today),
                    "seen": roots is None or bool(roots & set(lines[unit.id])),
                }
                for unit in found
            ]
        }
        return Screen("units/list.html", content)

    return call.show(work)


@router.get("/units/{unit}", **needs())
def show_unit(call: Calling, unit: UnitId) -> Response:
    """Show one place with its addresses, each for its time."""
    return call.show(lambda tx, actor: _page(tx, call, actor, unit))


def _page(tx: Connection, call: Call, actor: Actor, slug: str, refusal: OcopError | None = None) -> Screen:
    contacts = list_contacts(tx, actor, slug)
    record = find_unit(tx, slug)
    place = Place(frozenset(places.lineage(tx, record.id)))
    heir = places.units_by_id(tx, [record.successor_id])[record.successor_id] if record.successor_id else None
    others = units_around(tx, actor.units_with(Permission.READ))
    content = {
        "unit": record,
        "level": say(record.level.text, call.language),
        "heir": heir,
        "contacts": contacts,
        "products": count_products(tx, call.today, WantedProducts(unit=slug), actor),
        "may_manage": may(actor, _MANAGE, place) is not None,
        "others": [
            (one.slug, one.name)
            for one in others
            if one.level is record.level and one.id != record.id and one.lives(call.today)
        ],
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("units/unit.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/units/{unit}/contacts", **needs(_MANAGE))
def add(call: Calling, unit: UnitId) -> Response:
    """Send a place's letters to one more address, from a day on."""

    def work(tx: Connection, session: Session) -> Response:
        list_contacts(tx, session.actor, unit)
        first = day_of(call.given("from"), "from")
        add_contact(tx, session.actor, unit, call.given("address"), first, today=call.today, now=call.now)
        return call.to(f"/units/{unit}")

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, unit, error))


@router.post("/units/{unit}/contacts/{number}/end", **needs(_MANAGE))
def end(call: Calling, unit: UnitId, number: Number) -> Response:
    """Send nothing more to an address, from a day on."""

    def work(tx: Connection, session: Session) -> Response:
        known = find_contact(tx, session.actor, unit, number)
        on = day_of(call.given("on"), "on")
        end_contact(tx, session.actor, unit, known.address, on, today=call.today, now=call.now)
        return call.to(f"/units/{unit}")

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, unit, error))


@router.post("/units/{unit}/merge", **needs(_MANAGE))
def merge_unit(call: Calling, unit: UnitId) -> Response:
    """Show what a merger means, then record it."""

    def work(tx: Connection, session: Session) -> Response:
        on = day_of(call.given("on"), "on")
        if on is None:
            raise InvalidInput("Cần ngày.", "A day is needed.", [fault("on", "bắt buộc", "is needed")])
        record, heir = find_unit(tx, unit), find_unit(tx, call.given("heir"))
        if not call.given("confirmed"):
            content = {
                "unit": record,
                "heir": heir,
                "on": on,
                "products": count_products(tx, call.today, WantedProducts(unit=unit), session.actor),
                "emails": places.addresses(tx, [record.id], call.today).get(record.id, ()),
                "at_once": on <= call.today,
            }
            return call.write(Screen("units/merge.html", content), call.around(tx, session))
        merge(tx, session.actor, unit, heir.slug, on, today=call.today, now=call.now)
        return call.to(f"/units/{unit}")

    return call.change_or_show(work, lambda tx, actor, error: _page(tx, call, actor, unit, error))
