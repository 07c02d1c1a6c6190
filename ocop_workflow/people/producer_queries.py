"""Queries on producers: those of some units, where they produce, one by its number, new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from ocop_workflow.places.queries import reach
from ocop_workflow.store.dialect import in_parts
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import contacts, producers, products, units
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ProducerRecord:
    """A producer as it is stored, with its unit as that is named now."""

    id: int
    unit_id: int
    unit_name: str
    name: str
    representative: str
    registration: str | None = None


_RECORD = (
    select(
        producers.c.id,
        producers.c.unit_id,
        units.c.name.label("unit_name"),
        producers.c.name,
        producers.c.representative,
        producers.c.registration,
    )
    .join(units, units.c.id == producers.c.unit_id)
    .order_by(producers.c.id)
)


def producers_of(tx: Connection, unit_ids: Collection[int]) -> list[ProducerRecord]:
    """Return the producers of these units, in the order in which they were stored."""
    return read_all(ProducerRecord, tx.execute(_RECORD.where(producers.c.unit_id.in_(sorted(unit_ids)))))


def producer_within(tx: Connection, number: int, roots: Collection[int] | None) -> ProducerRecord | None:
    """Return the producer of a number, if it lies under one of these units; no units: wherever it lies."""
    statement = _RECORD.where(producers.c.id == number)
    if roots is not None:
        statement = statement.where(producers.c.unit_id.in_(reach(roots)))
    found = read_all(ProducerRecord, tx.execute(statement))
    return found[0] if found else None


def producers_registered(
    tx: Connection, numbers: Collection[str], roots: Collection[int] | None = None
) -> list[ProducerRecord]:
    """Return the producers of these registration numbers, the oldest first.

    `numbers`: as `producers.registered` writes them. `roots`: only those that lie under one of these units.
    """
    found: list[ProducerRecord] = []
    for some in in_parts(numbers):
        statement = _RECORD.where(producers.c.registration.in_(some))
        if roots is not None:
            statement = statement.where(producers.c.unit_id.in_(reach(roots)))
        found += read_all(ProducerRecord, tx.execute(statement))
    return sorted(found, key=lambda record: record.id)


def register_number(tx: Connection, number: int, registration: str) -> None:
    """Record the registration number of a producer of whom none is known."""
    tx.execute(
        update(producers)
        .where(producers.c.id == number, producers.c.registration.is_(None))
        .values(registration=registration)
    )


def places_known(tx: Connection, unit_ids: Collection[int]) -> list[tuple[int, str]]:
    """Return where the producers of these units produce: the number of each, and an address of a product."""
    rows = tx.execute(
        select(producers.c.id, contacts.c.address)
        .join(products, products.c.producer_id == producers.c.id)
        .join(contacts, contacts.c.id == products.c.address_id)
        .where(producers.c.unit_id.in_(sorted(unit_ids)), contacts.c.erased_at.is_(None))
        .distinct()
    )
    return [(row.id, row.address) for row in rows]


def insert_producers(tx: Connection, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Store producers; returns their numbers in order."""
    statement = insert(producers).returning(producers.c.id, sort_by_parameter_order=True)
    return list(tx.scalars(statement, rows)) if rows else []


def name_representative(tx: Connection, number: int, representative: str) -> None:
    """Record who represents a producer of whom that was not told."""
    name = tx.execute(select(producers.c.name).where(producers.c.id == number)).scalar_one()
    tx.execute(
        update(producers)
        .where(producers.c.id == number)
        .values(representative=representative, search_key=search_key(f"{name} {representative}")[:300])
    )


def move_producers(tx: Connection, old: int, new: int) -> None:
    """Give the producers of a unit to its heir, each as it is: none is joined with one of the heir's."""
    tx.execute(update(producers).where(producers.c.unit_id == old).values(unit_id=new))
