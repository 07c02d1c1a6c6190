"""What the database itself finds wrong with what it has stored: pages, indexes, references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ocop_workflow.errors import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: whether PostgreSQL has its examiner of indexes here, and lets us call it
_AMCHECK = text(
    "SELECT to_regprocedure('bt_index_check(regclass)') IS NOT NULL "
    "AND has_function_privilege(to_regprocedure('bt_index_check(regclass)'), 'EXECUTE')"
)
_INDEXES = text(
    "SELECT c.oid, c.relname FROM pg_class c JOIN pg_am a ON a.oid = c.relam "
    "JOIN pg_index i ON i.indexrelid = c.oid "
    "WHERE a.amname = 'btree' AND i.indisvalid AND pg_table_is_visible(i.indrelid) "
    "AND c.relnamespace <> 'pg_catalog'::regnamespace ORDER BY c.relname"
)


def damaged(tx: Connection) -> list[str]:
    """Return what the database finds wrong with its own file, in its own words.

    SQLite reads every page of it. PostgreSQL looks after its pages by itself; its extension `amcheck`
    examines the indexes, where it is installed.
    """
    if tx.dialect.name == "sqlite":
        found = [line for line in tx.scalars(text("PRAGMA integrity_check(100)")) if line != "ok"]
        return [line for told in found for line in told.splitlines() if line and not line.startswith("***")]
    if not tx.scalar(_AMCHECK):
        return []
    return [words for oid, name in tx.execute(_INDEXES).all() if (words := _fault_of(tx, oid, name))]


def _fault_of(tx: Connection, oid: int, name: str) -> str:
    try:
        with tx.begin_nested():
            tx.execute(text("SELECT bt_index_check(CAST(:oid AS oid)::regclass)"), {"oid": oid})
    except DBAPIError as error:
        return f"{name}: {str(error.orig).splitlines()[0]}"
    return ""


def dangling(tx: Connection) -> list[str]:
    """Return the tables of which SQLite finds rows that point nowhere; PostgreSQL lets none in."""
    if tx.dialect.name != "sqlite":
        return []
    found = tx.execute(text('SELECT "table", "parent", count(*) FROM pragma_foreign_key_check GROUP BY 1, 2'))
    return [f"{table} → {parent}: {count}" for table, parent, count in found]


def unexamined(tx: Connection) -> Text | None:
    """Say what cannot be examined here; none: everything was."""
    if tx.dialect.name == "sqlite" or tx.scalar(_AMCHECK):
        return None
    return Text(
        "Chưa khám được chỉ mục: PostgreSQL cần phần mở rộng amcheck (CREATE EXTENSION amcheck, và quyền gọi "
        "bt_index_check).",
        "The indexes were not examined: PostgreSQL needs its extension amcheck (CREATE EXTENSION amcheck, "
        "and the right to call bt_index_check).",
    )
