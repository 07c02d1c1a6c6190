"""What a small database holds: taken out, put in again, back to how it was. For tests alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, text

from ocop_workflow.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

    from ocop_workflow.store import Database

#: every row of every table
Content = dict["Table", list[dict[str, Any]]]

#: PostgreSQL's serial numbers go on behind the highest that is there
_COUNT_ON = """
SELECT setval(pg_get_serial_sequence('{0}', '{1}'), GREATEST(MAX({1}), 1), MAX({1}) IS NOT NULL) FROM {0}
"""


def remember(database: Database) -> Content:
    """Take every row out of a small database, to `rewind` it later."""
    with database.read() as tx:
        return {
            table: [dict(row) for row in tx.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in metadata.sorted_tables
        }


def rewind(database: Database, content: Content) -> None:
    """Bring a database back to what it held, also where nobody may take anything back."""
    with database.write() as tx, _without_triggers(tx):
        _empty(tx)
        _put(tx, content)


def empty(database: Database) -> None:
    """Take every row out of every table; the next serial number is 1 again.

    By DELETE: to truncate so many tables takes PostgreSQL ten times as long as to delete a few rows.
    """
    with database.write() as tx, _without_triggers(tx):
        _empty(tx)
        _count_on(tx)


def put(database: Database, content: Content) -> None:
    """Put rows into an empty database."""
    with database.write() as tx:
        _put(tx, content)
        _count_on(tx)


def _empty(tx: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        tx.execute(delete(table))


def _put(tx: Connection, content: Content) -> None:
    for table, held in content.items():
        if held:
            tx.execute(insert(table), held)


def _count_on(tx: Connection) -> None:
    if tx.dialect.name != "postgresql":
        return
    numbered = [
        column for table in metadata.sorted_tables if (column := table.autoincrement_column) is not None
    ]
    tx.execute(text(" UNION ALL ".join(_COUNT_ON.format(one.table.name, one.name) for one in numbered)))


@contextmanager
def _without_triggers(tx: Connection) -> Iterator[None]:
    """Let no trigger fire in this transaction: the audit's forbid what a test has to do."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        return
    triggers = tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in triggers:
        tx.execute(text(f'DROP TRIGGER "{name}"'))
    yield
    for _, sql in triggers:
        tx.execute(text(sql.replace(":", "\\:")))
