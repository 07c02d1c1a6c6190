"""What the database's errors mean for the person who meets them."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ocop_workflow.errors import Locked, OcopError, Text, Unavailable, WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

#: what became of the work: of one transaction, and where others were before it
_UNCHANGED = Text("chưa có gì thay đổi", "nothing was changed")
IN_PART = Text(
    "phần đã làm xong được giữ, phần còn lại chưa làm", "what was done stays, the rest was not done"
)

#: with less than this left on it a disk is full: SQLite wants room for a page and its log
_FULL = 256 * 1024


@dataclass(slots=True)
class Parts:
    """How many transactions were done when the next one began; SQLite knows which changed anything."""

    done: int = 0
    _begun: bool = False
    _changes: int = 0

    def begin(self, connection: Connection) -> None:
        """Let another transaction begin."""
        changes = getattr(connection.connection.dbapi_connection, "total_changes", self._changes + 1)
        self.done += self._begun and changes > self._changes
        self._begun, self._changes = True, changes


@contextmanager
def explained(file: Path | None = None) -> Iterator[Parts]:
    """Raise what a driver's errors mean for people; see `explain`.

    Gives what counts the transactions that are committed: whoever is stopped behind one is told so.
    """
    parts = Parts()
    try:
        yield parts
    except DBAPIError as error:
        raise explain(error.orig or error, file, became_of(parts)) from error
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise explain(error, file, became_of(parts)) from error
    except PoolExhausted as error:
        raise _say(*_BUSY, "", became_of(parts)) from error


def became_of(parts: Parts) -> Text:
    """Say what became of the work."""
    return IN_PART if parts.done else _UNCHANGED


def explain(error: BaseException, file: Path | None = None, became: Text = _UNCHANGED) -> OcopError:
    """Say what a driver's error means for the person who met it.

    The driver's own words follow, without addresses or passwords.

    Args:
        error: the driver's error.
        file: a SQLite database's file: whether its disk is full is seen there.
        became: what became of the work.
    """
    words = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, UnicodeDecodeError):  # SQLite's own words quote what is damaged
        return Unavailable(*_DAMAGED)
    if _is_full(error, words, file):
        return full_disk(became)
    if _HELD.search(words):
        return locked(became)
    for pattern, vi, en in _MEANINGS:
        if met := re.search(pattern, words, re.IGNORECASE):
            what = next(filter(None, met.groups()), "")
            return _say(vi, en, what.strip('"'), became)
    return _say(
        "Cơ sở dữ liệu báo lỗi, {became}: {what}",
        "The database reports an error, {became}: {what}",
        words,
        became,
    )


def _say(vi: str, en: str, what: str, became: Text) -> Unavailable:
    return Unavailable(vi.format(what=what, became=became.vi), en.format(what=what, became=became.en))


def _is_full(error: BaseException, words: str, file: Path | None) -> bool:
    """Tell whether the disk is full: it has several names, of which one says nothing of it."""
    if getattr(error, "sqlstate", None) == "53100" or re.search(r"(disk|No space).*(full|left)", words):
        return True
    if file is None or "disk I/O error" not in words:
        return False
    return shutil.disk_usage(file.parent).free < _FULL


def full_disk(became: Text = _UNCHANGED) -> Unavailable:
    """Say that the disk is full."""
    return _say(
        "Ổ đĩa đã đầy; {became}. Hãy giải phóng dung lượng rồi chạy lại.",
        "The disk is full; {became}. Free some space and run it again.",
        "",
        became,
    )


def locked(became: Text = _UNCHANGED) -> Locked:
    """Say that somebody else works on the database, and does not come to an end."""
    vi, en = _LOCKED
    return Locked(vi.format(became=became.vi), en.format(became=became.en))


def unreachable() -> Unavailable:
    """Say that there is no way to the database."""
    return Unavailable(*_UNREACHABLE)


def lent_by_the_transaction() -> WrongUse:
    """Say that a pooler takes sessions away between transactions (PgBouncer's `pool_mode = transaction`)."""
    return WrongUse(_LENT.vi, _LENT.en)


_LENT = Text(
    "OCOP_DATABASE_URL dẫn tới PgBouncer ở chế độ pool_mode = transaction hoặc statement, không dùng được vì "
    "phiên bị đổi giữa hai giao dịch; hãy nối thẳng tới PostgreSQL hoặc đặt pool_mode = session.",
    "OCOP_DATABASE_URL leads to PgBouncer in pool_mode = transaction or statement, which cannot be used: "
    "sessions change between transactions; connect to PostgreSQL itself or set pool_mode = session.",
)
_BUSY = (
    "Cơ sở dữ liệu đang bận; {became}, hãy thử lại sau ít phút.",
    "The database is busy; {became}, try again in a few minutes.",
)
_HELD = re.compile(r"database (?:table )?is locked|lock timeout|LockNotAvailable", re.IGNORECASE)
_LOCKED = (
    "Cơ sở dữ liệu đang bận (bị khóa); {became}, hãy thử lại sau ít phút.",
    "The database is locked by another process; {became}, try again in a few minutes.",
)
_UNREACHABLE = (
    "Không kết nối được cơ sở dữ liệu; hãy xem lại OCOP_DATABASE_URL và máy chủ.",
    "The database cannot be reached; check OCOP_DATABASE_URL and its server.",
)
_DAMAGED = (
    "Tệp cơ sở dữ liệu bị hỏng hoặc không phải SQLite; hãy khôi phục từ bản sao lưu.",
    "The database file is damaged or no SQLite database; restore it from a backup.",
)
#: tried from the top; {what} is what the pattern has in brackets, {became} what became of the work. A server
#: that refuses also says that a role or a database "does not exist"
_MEANINGS = (
    (r"failed to resolve host", *_UNREACHABLE),
    (r"statement pooling mode", _LENT.vi, _LENT.en),
    (
        r"readonly database|read-only",
        "Cơ sở dữ liệu chỉ đọc được, {became}; hãy xem lại quyền ghi của tệp và thư mục.",
        "The database is read-only, {became}; check who may write the file and its folder.",
    ),
    (
        r"disk I/O error",
        "Ổ đĩa báo lỗi đọc ghi (disk I/O error), {became}; hãy kiểm tra ổ đĩa rồi chạy lại.",
        "The disk fails to read or write (disk I/O error), {became}; look after the disk, then run it again.",
    ),
    (
        r"unable to open|connection .*(?:bad|fail|refus|timeout|closed)|could not (?:con|tran)|termin",
        *_UNREACHABLE,
    ),
    (
        # perhaps in the middle of a COMMIT: then nobody here can know whether it has happened
        r"closed the connection|connection is (?:closed|lost)|reset by peer|consuming input|sending query",
        "Mất kết nối với cơ sở dữ liệu; bước cuối có thể đã hoặc chưa được ghi: hãy xem lại rồi làm tiếp.",
        "The connection was lost; the last step may or may not have been written: look again, then go on.",
    ),
    (
        r"no such column: (\S+)|column (\S+) does not exist",
        "Cơ sở dữ liệu thiếu cột {what} mà phiên bản này cần; `ocop db check` cho biết phải làm gì.",
        "The database lacks the column {what}, which this version needs; `ocop db check` says what to do.",
    ),
    (
        r"no such table|does not exist|UndefinedTable",
        "Cơ sở dữ liệu chưa được tạo hoặc chưa cập nhật; hãy chạy `ocop db upgrade`.",
        "The database has not been created or upgraded; run `ocop db upgrade`.",
    ),
    (r"not a database|malformed|Could not decode to UTF-8", *_DAMAGED),
)
