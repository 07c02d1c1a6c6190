"""What a small database holds: taken out, put in again, back to how it was. For tests alone."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import insert, select, text

from ocop_workflow.store import Database
from ocop_workflow.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from sqlalchemy import Connection, Table


Result = TypeVar("Result")

#: every row of every table
Content = dict["Table", list[dict[str, Any]]]

#: PostgreSQL's serial numbers go on behind the highest that is there
_COUNT_ON = """
SELECT setval(pg_get_serial_sequence('{0}', '{1}'), GREATEST(MAX({1}), 1), MAX({1}) IS NOT NULL) FROM {0}
"""


class Memory:
    """Where deeds have led databases in this process: done once on each kind of database, then put back.

    What a SQLite database held is kept as a file, which is copied faster than rows are written.
    """

    def __init__(self, folder: Path) -> None:
        """Remember nothing yet; files are to be kept in this folder."""
        self._folder = folder
        self._known: dict[tuple[bool, Hashable], tuple[Content | Path, Any]] = {}

    def lead(self, database: Database, name: Hashable, deed: Callable[[], Result]) -> Result:
        """Bring a database to where a deed leads, and return what the deed returned.

        `name` tells this deed, and all that it rests on, from every other one.
        """
        place = database.is_sqlite, name
        if place not in self._known:
            result = deed()
            self._known[place] = self._kept(database), result
            return result
        kept, result = self._known[place]
        if isinstance(kept, Path):
            database.close()  # the last one to leave folds the write-ahead log into the file
            shutil.copy(kept, str(database.file))
        else:
            with database.write() as tx, _without_triggers(tx):
                _empty(tx)
                _put(tx, kept)
                _count_on(tx)
        return result

    def _kept(self, database: Database) -> Content | Path:
        if database.file is None:
            return remember(database)
        database.close()
        return Path(shutil.copy(database.file, self._folder / f"{len(self._known)}.sqlite3"))


class Doors:
    """One door to each address for all tests of a process: each statement is put into words once.

    Whoever has listened to an engine is not to be heard by the next test: that one gets another door.
    """

    def __init__(self) -> None:
        """Open none yet."""
        self._open: dict[str, Database] = {}

    @contextmanager
    def to(self, url: str) -> Iterator[Database]:
        """Lend the door to an address, and close it again."""
        database = self._open.setdefault(url, Database(url))
        listeners = _listeners(database)
        yield database
        database.close()
        if _listeners(database) != listeners:
            del self._open[url]


def _listeners(database: Database) -> int:
    told: tuple[Any, ...] = (database.engine.dispatch, database.engine.pool.dispatch)
    return sum(len(list(getattr(one, name))) for one in told for name in one._event_names)


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


def _empty(tx: Connection) -> None:
    statements = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]
    if tx.dialect.name == "postgresql":
        statements = ["; ".join(statements)]  # in one turn
    for statement in statements:
        tx.exec_driver_sql(statement)


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
        tx.exec_driver_sql("SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off")
        yield
        return
    triggers = tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in triggers:
        tx.execute(text(f'DROP TRIGGER "{name}"'))
    yield
    for _, sql in triggers:
        tx.execute(text(sql.replace(":", "\\:")))
