"""Products come in by their certificates that run: outside every plan, until a re-rating gives them one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar import standing_of
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.queries import PROPOSED, Settling
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.people import producers
from ocop_workflow.people.producers import Named
from ocop_workflow.places import contact_queries as contacts
from ocop_workflow.places import queries as units
from ocop_workflow.plans.loaded import REGISTER, calendar_of
from ocop_workflow.products import queries as products
from ocop_workflow.products.replaced import Replaced
from ocop_workflow.products.settling import queries as coming
from ocop_workflow.states import CertificateStanding, Event, EventData, Position, State, Taken
from ocop_workflow.vietnamese import clean, search_key, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.calendar import Calendar, Deadline
    from ocop_workflow.certificates.naming import Naming
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states import Certificate
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Entrance:
    """What comes in, where, by whose right.

    Attributes:
        naming: how the paper names things, of a certificate that is not stored yet.
        adopts: the number of the certificate that is stored already.
        producer_id: who makes it, where that has been looked into; none: whom `producer` names.
        address: where it is made, as far as it is told.
        settles: whether the certificate is confirmed by that; if not it stands proposed.
        reason: why its printed last day is later than any rule gives.
    """

    unit_id: int
    product: str
    producer: str | None
    representative: str | None
    certificate: Certificate
    signer: str | None
    warrant: Warrant
    actor: Actor
    today: date
    now: datetime
    naming: Naming | None = None
    adopts: int | None = None
    producer_id: int | None = None
    address: str | None = None
    settles: bool = True
    reason: str | None = None

    @property
    def data(self) -> EventData:
        """What its first step is given."""
        return EventData(certificate=self.certificate, signer=self.signer, reason=self.reason)

    @property
    def settling(self) -> Settling:
        """How its certificate stands."""
        if not self.settles:
            return PROPOSED
        login = clean(self.actor.login)[:100]
        return Settling(CertificateStanding.CONFIRMED, login, self.warrant.acting_for, self.now)


@dataclass(frozen=True, slots=True)
class CameIn:
    """A product that came in: its number, its code, its certificate's number."""

    id: int
    code: str
    certificate_id: int


def bring_product_in(tx: Connection, entrance: Entrance, regulation: Regulation) -> CameIn:
    """Let a product come in, watched by a regulation."""
    (came,) = bring_products_in(tx, [entrance], regulation)
    return came


def bring_products_in(tx: Connection, entrances: Sequence[Entrance], regulation: Regulation) -> list[CameIn]:
    """Let products come in, watched by a regulation: what one step of one product writes, of all at once.

    Args:
        tx: a writing transaction.
        entrances: what comes in, all on one day.
        regulation: the one in force on that day.
    """
    if not entrances:
        return []
    first = products.last_serial(tx, REGISTER) + 1
    codes = [f"{REGISTER}-{serial:06}" for serial in range(first, first + len(entrances))]
    ids = coming.insert_products(tx, list(_products(tx, entrances, codes, regulation)))
    numbers = _certificates(tx, entrances, ids)
    came = [CameIn(*of) for of in zip(ids, codes, numbers, strict=True)]
    calendar = calendar_of(tx, None, regulation.id)
    coming.insert_first_steps(tx, list(_steps(tx, entrances, came, calendar.regulation)))
    deadlines.open_many(tx, list(_deadlines(entrances, came, calendar)))
    return came


def _products(
    tx: Connection, entrances: Sequence[Entrance], codes: Sequence[str], regulation: Regulation
) -> Iterator[dict[str, Any]]:
    given = [one.address for one in entrances if one.address]
    places = iter(contacts.keep_places(tx, given))
    for one, code in zip(entrances, codes, strict=True):
        yield {
            "code": code,
            "name": one.product[:200],
            "search_key": search_key(one.product)[:200],
            "sort_key": sort_key(one.product),
            "unit_id": one.unit_id,
            "producer_id": _maker(tx, one),
            "address_id": next(places) if one.address else None,
            "plan_id": None,
            "regulation": regulation.id,
            "state": State.MONITORED,
            "version": 1,
            "entered_on": one.today,
            "dossier_no": 0,
            "updated_at": one.now,
        }


def _maker(tx: Connection, one: Entrance) -> int | None:
    if one.producer_id is not None or not one.producer:
        return one.producer_id
    named = Named(one.unit_id, one.producer, one.representative)
    return producers.known_or_new(tx, [named])[named]


def _certificates(tx: Connection, entrances: Sequence[Entrance], ids: Sequence[int]) -> list[int]:
    """Give each product its certificate, and store those that are not there yet; returns their numbers."""
    pairs = list(zip(entrances, ids, strict=True))
    new = iter(
        certificates.insert_many(
            tx,
            [
                certificates.certificate_row(
                    one.certificate,
                    {"product_id": product_id, "signer": one.signer or ""},
                    one.naming,
                    one.settling,
                )
                for one, product_id in pairs
                if one.naming is not None
            ],
        )
    )
    return [
        next(new)
        if one.naming is not None
        else certificates.adopt_certificate(tx, one.adopts or 0, product_id, one.settling)
        for one, product_id in pairs
    ]


def _steps(
    tx: Connection, entrances: Sequence[Entrance], came: Sequence[CameIn], regulation: Regulation
) -> Iterator[dict[str, Any]]:
    """Yield the first entries of their histories: where each came in, and by which certificate."""
    places = units.units_by_id(tx, {one.unit_id for one in entrances})
    for one, product in zip(entrances, came, strict=True):
        yield {
            "product_id": product.id,
            "seq": 1,
            "event": Event.ENTER_REGISTER,
            "source": State.MONITORED,
            "target": State.MONITORED,
            "actor": clean(one.actor.login)[:100],
            "on_day": one.today,
            "at": one.now,
            "note": "",
            "data": one.data.model_dump(mode="json", exclude_none=True),
            "unit": places[one.unit_id].name,
            "plan_id": None,
            "regulation": regulation.id,
            "replaced": Replaced({"entered_on": None}, product.certificate_id).as_json(),
            "by_paper": one.warrant.by_paper or None,
        }


def _deadlines(
    entrances: Sequence[Entrance], came: Sequence[CameIn], calendar: Calendar
) -> Iterator[dict[str, Any]]:
    """Yield what is due since: outside every plan only what is counted from the certificate, or the step."""
    due: dict[tuple[int, date], tuple[Deadline, ...]] = {}  # those of one star and last day are due alike
    for one, product in zip(entrances, came, strict=True):
        like = one.certificate.star, one.certificate.valid_until
        if like not in due:
            taken = Taken(Event.ENTER_REGISTER, State.MONITORED, one.today, None, one.data)
            position = Position(State.MONITORED, None, number=0).after(taken, calendar.regulation)
            due[like] = calendar.realigned(standing_of(position, calendar.regulation, one.today), {})
        for deadline in due[like]:
            about = product.certificate_id if calendar.is_of_certificate(deadline) else None
            yield deadlines.opening(deadline, None, one.today, product_id=product.id, certificate_id=about)


__all__ = ["CameIn", "Entrance", "bring_product_in", "bring_products_in"]
