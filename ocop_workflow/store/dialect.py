"""The one place where SQLite and PostgreSQL are told apart in a statement."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Insert, Table
    from sqlalchemy.dialects import postgresql, sqlite


Asked = TypeVar("Asked", int, str)

#: numbers in one question; PostgreSQL takes 65535, SQLite 32766
AT_ONCE = 10_000


def in_parts(ids: Collection[Asked]) -> Iterator[list[Asked]]:
    """Yield these numbers or words in their order, so many of them as one question takes."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def insert_new(tx: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Start an INSERT that leaves a row alone whose key is there already."""
    return insert_in(tx.dialect.name, table).on_conflict_do_nothing()


def insert_in(name: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Start an INSERT of one dialect, which can say what becomes of a row whose key is there already."""
    # only the dialect at hand is imported: the other one costs a twentieth of a second at each start
    statement: postgresql.Insert | sqlite.Insert = import_module(f"sqlalchemy.dialects.{name}").insert(table)
    return statement


def insert_all(tx: Connection, statement: Insert, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, however many.

    PostgreSQL's driver sends them one by one, unless something is asked back: then a thousand go at once.
    """
    if len(rows) > 1:
        statement = statement.returning(*statement.table.primary_key)
    if rows:
        tx.execute(statement, rows)


def by_key(tx: Connection) -> None:
    """Let PostgreSQL look every row up by its key until the transaction ends.

    Of rows that were written a moment ago its statistics know nothing: it expects so many that it would
    walk through whole tables for each batch. SQLite takes an index wherever there is one.
    """
    if tx.dialect.name != "sqlite":
        for way in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
            tx.execute(text(f"SET LOCAL {way} = off"))


def look_anew(tx: Connection, table: Table) -> None:
    """Let PostgreSQL look at what a table holds now; it would do so by itself within some minutes."""
    if tx.dialect.name != "sqlite":
        tx.execute(text(f"ANALYZE {table.name}"))
