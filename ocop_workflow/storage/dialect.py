"""The one place where SQLite and PostgreSQL are told apart in a statement."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Insert, Table
    from sqlalchemy.dialects import postgresql, sqlite


def insert_new(tx: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Start an INSERT that leaves a row alone whose key is there already."""
    # only the dialect at hand is imported: the other one costs a twentieth of a second at each start
    dialect = import_module(f"sqlalchemy.dialects.{tx.dialect.name}")
    statement: postgresql.Insert | sqlite.Insert = dialect.insert(table)
    return statement.on_conflict_do_nothing()


def insert_all(tx: Connection, statement: Insert, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, however many.

    PostgreSQL's driver sends them one by one, unless something is asked back: then a thousand go at once.
    """
    if len(rows) > 1:
        statement = statement.returning(*statement.table.primary_key)
    if rows:
        tx.execute(statement, rows)
