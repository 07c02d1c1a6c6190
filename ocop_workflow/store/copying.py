"""A copy of the database on which one may try things out; the original is only read."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError

from ocop_workflow.errors import Conflict
from ocop_workflow.store.database import Database
from ocop_workflow.store.tables import metadata

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

#: rows read and written at a time, so that memory does not grow with the database
BATCH = 2000


@contextmanager
def scratch_copy(original: Database | None) -> Iterator[Database]:
    """Give a database with the content of `original` (none: empty) that is thrown away afterwards.

    It is a SQLite file whatever the original is, and never synced: nothing in it has to last.
    """
    with TemporaryDirectory(prefix="ocop-") as folder:
        copy = Database(f"sqlite:///{Path(folder) / 'copy.sqlite3'}")
        event.listen(copy.engine, "connect", _do_not_sync)
        copy.create()
        try:
            with copy.write() as target:
                metadata.create_all(target)
            if original is not None:
                _copy_rows(original, copy)
            yield copy
        finally:
            copy.close()


def _do_not_sync(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _copy_rows(original: Database, copy: Database) -> None:
    with original.read() as source, copy.connect() as target:
        try:
            with target.begin():
                # rows point at later ones of their own table, too: all references are looked at in the end
                target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
                for table in metadata.sorted_tables:
                    rows = source.execution_options(yield_per=BATCH).execute(select(table)).mappings()
                    for batch in rows.partitions(BATCH):
                        target.execute(insert(table), [dict(row) for row in batch])
        except IntegrityError as error:
            raise Conflict(
                "Không chép được cơ sở dữ liệu: có dòng trỏ tới dòng không có, hoặc giá trị không được phép; "
                "hãy chạy `ocop doctor`.",
                "The database cannot be copied: a row points at one that is not there, or holds a value that "
                "is not allowed; run `ocop doctor`.",
            ) from error
