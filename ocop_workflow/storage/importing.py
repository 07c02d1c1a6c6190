"""Queries on imports: which files and rows are in already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from ocop_workflow.storage.import_tables import imported_rows, imports
from ocop_workflow.storage.tables import products

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ocop_workflow.states import State


def imported_keys(tx: Connection, plan_id: int) -> dict[str, tuple[str, State]]:
    """Return the rows imported into a plan so far: code and state of the product by the row's key."""
    rows = tx.execute(
        select(imported_rows.c.key, products.c.code, products.c.state)
        .join(products, products.c.id == imported_rows.c.product_id)
        .where(imported_rows.c.plan_id == plan_id)
    )
    return {key: (code, state) for key, code, state in rows}


def insert_import(tx: Connection, values: dict[str, Any]) -> int:
    """Store the record of an import; returns its number."""
    return int(tx.execute(insert(imports).values(**values).returning(imports.c.id)).scalar_one())


def insert_imported_row(tx: Connection, values: dict[str, Any]) -> None:
    """Remember which product a row of a file became."""
    tx.execute(insert(imported_rows).values(**values))
