"""The mark by which a database is known as the demonstration's.

SQLite keeps four bytes for whoever uses a file (`application_id`). They are written while the file is made,
before anything else; copies and backups carry them along.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ocop_workflow.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from ocop_workflow.store.database import Database

_MARK = b"OCPd"
#: how long somebody else may keep the file to himself, in seconds
_PATIENCE = 30


def is_demonstration(database: Database) -> bool:
    """Tell whether a demonstration has made this database.

    Raises:
        Unavailable: somebody keeps its file to himself.
    """
    return database.file is not None and _is_marked(database.file)


def make_anew(file: Path) -> None:
    """Make an empty, marked database file in place of the one that an earlier demonstration has made.

    Raises:
        Conflict: there is a file that no demonstration has made.
        Unavailable: the file or its folder cannot be written.
    """
    try:
        if file.exists() and not _is_marked(file):
            raise Conflict(
                f"{file} không phải của bản xem thử; nó được giữ nguyên. Hãy chạy ở thư mục khác.",
                f"{file} is not the demonstration's and is left as it is. Run it in another folder.",
            )
        for suffix in ("", "-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(f"PRAGMA application_id = {int.from_bytes(_MARK, 'big')}")
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(f"Không tạo được {file} ({error}).", f"{file} cannot be made ({error}).") from error


def _is_marked(file: Path) -> bool:
    """Tell whether a file bears the mark; SQLite reads it.

    Whoever opens a database's file by himself and closes it takes away the locks that SQLite holds on it in
    this process (https://www.sqlite.org/howtocorrupt.html, 2.2): the next to leave would delete the
    write-ahead log under those who still write to it.
    """
    try:
        address = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE)) as connection:
            (mark,) = connection.execute("PRAGMA application_id").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_CANTOPEN:  # there is none
            return False
        raise Unavailable(f"Không đọc được {file} ({error}).", f"{file} cannot be read ({error}).") from error
    except sqlite3.DatabaseError:  # no database at all
        return False
    return bool(mark == int.from_bytes(_MARK, "big"))
