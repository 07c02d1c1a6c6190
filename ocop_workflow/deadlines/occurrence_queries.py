"""Queries on occurrences: which of its plan's events each product has had, and on which day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables.occurrences import occurrences

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class OccurrenceRecord:
    """That an event has happened to a product; without `undone_on` it stands."""

    id: int
    event: str
    happened_on: date
    recorded_by: str
    undone_on: date | None
    undone_by: str | None
    undone_because: str | None


_STANDING = Prepared(
    select(occurrences.c.event, occurrences.c.happened_on).where(
        occurrences.c.product_id == bindparam("of_product"),
        occurrences.c.plan_id == bindparam("of_plan"),
        occurrences.c.undone_at.is_(None),
    )
)


def happened_to(tx: Connection, product_id: int, plan_id: int | None) -> dict[str, date]:
    """Return the days of the events of a plan that a product has had."""
    rows = _STANDING.rows(tx, of_product=product_id, of_plan=plan_id)
    return {event: day for event, day in rows}  # noqa: C416 - `dict` would not know that each row is a pair


def happened_in(tx: Connection, plan_id: int) -> dict[int, dict[str, date]]:
    """Return the days of the events that the products of a plan have had, by product."""
    rows = tx.execute(
        select(occurrences.c.product_id, occurrences.c.event, occurrences.c.happened_on).where(
            occurrences.c.plan_id == plan_id, occurrences.c.undone_at.is_(None)
        )
    )
    found: dict[int, dict[str, date]] = {}
    for product_id, event, day in rows:
        found.setdefault(product_id, {})[event] = day
    return found


def of_product(tx: Connection, product_id: int, plan_id: int | None) -> list[OccurrenceRecord]:
    """Return what is recorded of a product under a plan, also what was taken back, oldest first."""
    statement = (
        select(
            occurrences.c.id,
            occurrences.c.event,
            occurrences.c.happened_on,
            occurrences.c.recorded_by,
            occurrences.c.undone_on,
            occurrences.c.undone_by,
            occurrences.c.undone_because,
        )
        .where(occurrences.c.product_id == product_id, occurrences.c.plan_id == plan_id)
        .order_by(occurrences.c.id)
    )
    return read_all(OccurrenceRecord, tx.execute(statement))


def insert_occurrence(tx: Connection, values: dict[str, Any]) -> int:
    """Store that something has happened to a product; returns its number."""
    return int(tx.execute(insert(occurrences).values(**values).returning(occurrences.c.id)).scalar_one())


def take_back(tx: Connection, number: int, on: date, at: datetime, by: str, because: str) -> None:
    """Record that something has not happened after all."""
    tx.execute(
        update(occurrences)
        .where(occurrences.c.id == number)
        .values(undone_on=on, undone_at=at, undone_by=by, undone_because=because)
    )
