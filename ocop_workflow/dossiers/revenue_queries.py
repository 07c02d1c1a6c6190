"""Queries on what a product brings in by year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables.forms import revenues

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class RevenueRecord:
    """What a product brought in in a year, in đồng; `profit` below zero is a loss, none: not said."""

    year: int
    revenue: int
    profit: int | None
    source: str | None
    saved_at: datetime
    saved_by: str


def revenues_of(tx: Connection, product_id: int) -> list[RevenueRecord]:
    """Return what a product brought in, the latest year first."""
    columns = [revenues.c[name] for name in RevenueRecord.__slots__]
    statement = select(*columns).where(revenues.c.product_id == product_id).order_by(revenues.c.year.desc())
    return read_all(RevenueRecord, tx.execute(statement))


def write_revenue(tx: Connection, product_id: int, record: RevenueRecord, *, is_new: bool) -> None:
    """Keep what a product brought in in a year, instead of what was kept of that year."""
    values = {name: getattr(record, name) for name in RevenueRecord.__slots__}
    if is_new:
        tx.execute(insert(revenues).values(product_id=product_id, **values))
    else:
        of = (revenues.c.product_id == product_id, revenues.c.year == record.year)
        tx.execute(update(revenues).where(*of).values(values))


def delete_revenue(tx: Connection, product_id: int, year: int) -> None:
    """Take out what was kept of a year."""
    tx.execute(delete(revenues).where(revenues.c.product_id == product_id, revenues.c.year == year))
