"""A product comes in by its certificate that runs: outside every plan, until a re-rating gives it one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.people import producers
from ocop_workflow.people.producers import Named
from ocop_workflow.plans.loaded import REGISTER, calendar_of
from ocop_workflow.products import queries as products
from ocop_workflow.products.advance import align_after, facts_of
from ocop_workflow.products.checks import find_product
from ocop_workflow.products.effects import Step, write_step
from ocop_workflow.states import Event, EventData, State
from ocop_workflow.vietnamese import search_key, sort_key

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
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


def bring_product_in(tx: Connection, entrance: Entrance, regulation: Regulation) -> tuple[int, str]:
    """Let a product come in, watched by a regulation; returns its number, and its code."""
    one = entrance
    named = Named(one.unit_id, one.producer, one.representative) if one.producer else None
    code = f"{REGISTER}-{products.last_serial(tx, REGISTER) + 1:06}"
    products.insert_product(
        tx,
        {
            "code": code,
            "name": one.product[:200],
            "search_key": search_key(one.product)[:200],
            "sort_key": sort_key(one.product),
            "unit_id": one.unit_id,
            "producer_id": producers.known_or_new(tx, [named])[named] if named else None,
            "plan_id": None,
            "regulation": regulation.id,
            "state": State.MONITORED,
            "version": 0,
            "updated_at": one.now,
        },
    )
    record, data = find_product(tx, code), EventData(certificate=one.certificate, signer=one.signer)
    step = Step(
        record,
        None,
        record.authority_id,
        calendar_of(tx, None, regulation.id),
        facts_of(record, regulation, one.today, data),
        data,
        Event.ENTER_REGISTER,
        State.MONITORED,
        one.warrant,
        settles=True,
        naming=one.naming,
        adopts=one.adopts,
    )
    write_step(tx, step, one.actor.login, "", one.now)
    align_after(tx, step)
    return record.id, code


__all__ = ["Entrance", "bring_product_in"]
