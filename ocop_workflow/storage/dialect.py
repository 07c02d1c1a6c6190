"""The one place where SQLite and PostgreSQL are told apart in a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


def insert_new(tx: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Start an INSERT that leaves a row alone whose key is there already."""
    if tx.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
