"""Queries of products that come in by their certificates: many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from ocop_workflow.store.tables import products, transitions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def insert_products(tx: Connection, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Store products outside every plan, which have no dossier; returns their numbers in order."""
    statement = insert(products).returning(products.c.id, sort_by_parameter_order=True)
    return list(tx.scalars(statement, rows))


def insert_first_steps(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write the first entries of products' histories."""
    tx.execute(insert(transitions), rows)
