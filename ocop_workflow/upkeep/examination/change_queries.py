"""Queries of the proof on what changed dates beside the plans: extensions, products' own events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ocop_workflow.store.tables import extended_products, extensions
from ocop_workflow.store.tables.occurrences import occurrences

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ExtensionFact:
    """An extension: for which products, from and to which instant."""

    id: int
    plan_id: int
    rule: str
    due_on: date
    granted_on: date
    granted_at: datetime
    revoked_on: date | None
    revoked_at: datetime | None
    products: frozenset[int]


def all_extensions(tx: Connection) -> list[ExtensionFact]:
    """Return every extension in the order in which they were granted."""
    products_of: dict[int, set[int]] = {}
    for extension, product in tx.execute(
        select(extended_products.c.extension_id, extended_products.c.product_id)
    ):
        products_of.setdefault(extension, set()).add(product)
    rows = tx.execute(
        select(
            extensions.c.id,
            extensions.c.plan_id,
            extensions.c.rule,
            extensions.c.due_on,
            extensions.c.granted_on,
            extensions.c.granted_at,
            extensions.c.revoked_on,
            extensions.c.revoked_at,
        ).order_by(extensions.c.id)
    )
    return [ExtensionFact(*row, frozenset(products_of.get(row[0], ()))) for row in rows]


@dataclass(frozen=True, slots=True)
class OccurrenceFact:
    """That an event of its plan has happened to a product: recorded, and perhaps taken back, when."""

    id: int
    product_id: int
    plan_id: int
    event: str
    happened_on: date
    recorded_on: date
    recorded_at: datetime
    undone_on: date | None
    undone_at: datetime | None


def all_occurrences(tx: Connection) -> list[OccurrenceFact]:
    """Return everything that has happened to products for themselves, in the order of its recording."""
    columns = (
        occurrences.c.id,
        occurrences.c.product_id,
        occurrences.c.plan_id,
        occurrences.c.event,
        occurrences.c.happened_on,
        occurrences.c.recorded_on,
        occurrences.c.recorded_at,
        occurrences.c.undone_on,
        occurrences.c.undone_at,
    )
    return [
        OccurrenceFact(**row) for row in tx.execute(select(*columns).order_by(occurrences.c.id)).mappings()
    ]
