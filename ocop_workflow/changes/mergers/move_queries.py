"""Queries on communes that were divided: what they hold, and moving one product to one of their heirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.people.producers import Named, known_or_new
from ocop_workflow.places.desk_queries import desk_of
from ocop_workflow.store.edits import ONE_MORE
from ocop_workflow.store.tables import (
    contacts,
    deadlines,
    plans,
    producers,
    products,
    relocations,
    units,
)
from ocop_workflow.store.tables.access import grants, tokens

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Placed:
    """A product that has to be put into one of several units, and what tells where it lies."""

    id: int
    code: str
    name: str
    address: str | None


def products_in(tx: Connection, unit_id: int) -> list[Placed]:
    """Return the products of a unit, by their codes."""
    rows = tx.execute(
        select(products.c.id, products.c.code, products.c.name, contacts.c.address)
        .outerjoin(contacts, contacts.c.id == products.c.address_id)
        .where(products.c.unit_id == unit_id)
        .order_by(products.c.code)
    )
    return [Placed(id=row.id, code=row.code, name=row.name, address=row.address) for row in rows]


def holds_more(tx: Connection, unit_id: int, day: date) -> bool:
    """Tell whether a unit holds, besides products, what an heir has to take over: plans, addresses, roles."""
    lasting = or_(contacts.c.valid_to.is_(None), contacts.c.valid_to > day)
    held = (
        select(plans.c.id).where(plans.c.unit_id == unit_id),
        select(contacts.c.id).where(contacts.c.desk_id == desk_of(unit_id), lasting),
        select(grants.c.id).where(grants.c.unit_id == unit_id, grants.c.revoked_at.is_(None)),
        select(tokens.c.id).where(tokens.c.unit_id == unit_id, tokens.c.revoked_at.is_(None)),
    )
    return any(tx.execute(query.limit(1)).first() is not None for query in held)


def move_product(tx: Connection, product: Placed, old: int, new: int, day: date, now: datetime) -> None:
    """Put a product into another unit: its producer is known there too, what is unsaid is said there."""
    producer = tx.execute(
        select(producers.c.name, producers.c.representative)
        .join(products, products.c.producer_id == producers.c.id)
        .where(products.c.id == product.id)
    ).one_or_none()
    values: dict[str, Any] = {"unit_id": new, "edits": ONE_MORE, "updated_at": now}
    if producer is not None:
        named = Named(new, producer.name, producer.representative, product.address)
        values["producer_id"] = known_or_new(tx, [named])[named]
    tx.execute(update(products).where(products.c.id == product.id).values(**values))
    own = select(deadlines.c.id).where(deadlines.c.product_id == product.id)
    reminding.hand_over(tx, old, new, reminding.of_deadlines(own))
    tx.execute(
        insert(relocations).values(product_id=product.id, from_unit_id=old, to_unit_id=new, moved_on=day)
    )


def end_unit(tx: Connection, unit_id: int, on: date) -> None:
    """Let a unit be no more from a local day on, without an heir."""
    tx.execute(update(units).where(units.c.id == unit_id).values(valid_to=on))
