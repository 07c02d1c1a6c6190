"""Copies of a SQLite database that are whole, and putting one back; what a restored outbox has to wait for.

A file in use is never copied byte by byte: one copy in eight would be torn. Everything is made under
another name, checked, synced, and only then renamed, so that a name never stands for half a file.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, func, select, update

from ocop_workflow.errors import Conflict, InvalidInput, Unavailable
from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.store.files import sync, sync_folder
from ocop_workflow.store.tables import outbox
from ocop_workflow.store.taking_over import BEFORE
from ocop_workflow.store.troubles.errors import explain, explained, full_disk
from ocop_workflow.store.troubles.fitness import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

#: how the note on a letter begins that a restore has held; what an officer holds has none
HELD_BY_RESTORE = "held after a restore: "

#: holds what could go out, in the words of both databases; `{outbox}` is the table's name. Of what was being
#: sent nobody knows how it ended: perhaps somebody has read it
HOLD = (
    f"UPDATE {{outbox}} SET state = 'held', lease_until = NULL, "  # noqa: S608 - only our own words go in
    f"ambiguous = ambiguous + CASE WHEN state = 'sending' THEN 1 ELSE 0 END, "
    f"last_error = '{HELD_BY_RESTORE}' || COALESCE(last_error, '') WHERE state IN ('pending', 'sending')"
)


# -- files -----------------------------------------------------------------------------------------


@contextmanager
def part_of(target: Path) -> Iterator[Path]:
    """Give an empty file beside `target` to write into; it is gone afterwards unless it was renamed.

    Raises:
        Unavailable: the folder cannot be written, or the disk is full.
    """
    try:
        handle, name = mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _unwritable(target, error) from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        for suffix in ("", "-journal"):
            Path(f"{part}{suffix}").unlink(missing_ok=True)


def publish(part: Path, target: Path) -> None:
    """Give a finished file its name, once the disk has it.

    Raises:
        Conflict: something has that name; it is never overwritten.
    """
    sync(part)
    refuse_taken(target)
    part.rename(target)
    sync_folder(target.parent)


def refuse_taken(target: Path) -> None:
    """Refuse to overwrite.

    Raises:
        Conflict: something has that name.
    """
    if target.exists():
        raise Conflict(
            f"Đã có {target}; không ghi đè. Hãy đặt tên khác.",
            f"{target} is there already and is not overwritten; choose another name.",
        )


def _unwritable(target: Path, error: OSError) -> Unavailable:
    if error.errno == errno.ENOSPC:
        return full_disk()
    return Unavailable(
        f"Không ghi được {target} ({error.strerror}); chưa có gì thay đổi.",
        f"{target} cannot be written ({error.strerror}); nothing was changed.",
    )


# -- SQLite ----------------------------------------------------------------------------------------


def copy_sqlite(file: Path, part: Path) -> list[str]:
    """Write a copy of a database in use into an empty file: one moment of it, whoever writes meanwhile.

    Returns what SQLite finds wrong with the original: the copy is made from its rows alone, so that an index
    which contradicts them is not seen in it any more.

    Raises:
        Unavailable: the database cannot be read, or the disk is full.
    """
    try:
        # mode=rw: a database that is not there is not made
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as source:
            found = [str(line) for (line,) in source.execute("PRAGMA integrity_check(10)") if line != "ok"]
            source.execute("VACUUM INTO ?", (str(part),))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise explain(error, part) from error
    return found


@contextmanager
def read_copy(file: Path) -> Iterator[Connection]:
    """Give a transaction that reads a finished copy; nothing in it or beside it is touched.

    Raises:
        Unavailable: it is too damaged to be read.
    """
    address = f"{file.absolute().as_uri()}?immutable=1"
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool
    )
    with explained(), engine.connect() as connection:
        yield connection


def check_sqlite(path: Path, name: Path) -> str:
    """Check a copy from its first page to its last. Returns its schema's revision.

    Args:
        path: the file to check.
        name: what to call it in front of people.

    Raises:
        InvalidInput: it is damaged, no database, or of a version that this one does not know.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if verdict != "ok":
                raise damaged(name, str(verdict))
            row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise damaged(name, str(error)) from error
    return known_revision(row[0] if row else "", name)


def damaged(name: Path, words: str) -> InvalidInput:
    """Say that a file cannot be restored from."""
    return InvalidInput(
        f"{name} bị hỏng hoặc không phải bản sao lưu của ocop: {words}. Cơ sở dữ liệu hiện tại giữ nguyên.",
        f"{name} is damaged or no backup of ocop: {words}. The present database is as it was.",
    )


def known_revision(revision: str, name: Path) -> str:
    """Return the revision of a copy's schema.

    Raises:
        InvalidInput: this version of the service does not know it.
    """
    scripts = ScriptDirectory(str(MIGRATIONS))
    if revision not in {BEFORE, *(script.revision for script in scripts.walk_revisions())}:
        raise InvalidInput(
            f"{name} thuộc phiên bản khác ({revision or '—'}) mà bản ocop này không biết; không dùng được.",
            f"{name} belongs to a version ({revision or '—'}) that this ocop does not know.",
        )
    return revision


def prepare_sqlite(backup: Path, part: Path) -> tuple[str, int]:
    """Copy a backup into an empty file, check the copy, and hold its letters before anyone can send them.

    Returns its schema's revision and how many letters it holds now.

    Raises:
        InvalidInput: the backup cannot be used.
    """
    shutil.copyfile(backup, part)
    revision = check_sqlite(part, backup)
    with closing(sqlite3.connect(part)) as copy, copy:
        held = copy.execute(HOLD.format(outbox="outbox")).rowcount
    sync(part)
    return revision, held


def replace_sqlite(part: Path, file: Path, aside: Path) -> None:
    """Move the present database aside and put the prepared one in its place.

    At every moment the present name stands for the whole old database or the whole new one.

    Raises:
        Unavailable: another process works on the present database.
        Conflict: something has the name `aside`.
    """
    refuse_taken(aside)
    leftovers = [] if _folded(file) else [Path(f"{file}{end}") for end in ("-wal", "-shm")]
    try:
        os.link(file, aside)
    except OSError:  # a file system without second names
        shutil.copyfile(file, aside)
        sync(aside)
    for path in leftovers:
        if path.exists():
            path.rename(f"{aside}{path.name.removeprefix(file.name)}")
    put(part, file)


def put(part: Path, file: Path) -> None:
    """Give the prepared database the name of the present one."""
    part.replace(file)
    sync_folder(file.parent)


def _folded(file: Path) -> bool:
    """Fold the write-ahead log into the file, which only succeeds if nobody else has it open.

    False: the file is too damaged for it. The log must not stay: SQLite would read it into the new file.
    """
    try:
        with closing(sqlite3.connect(file, timeout=0)) as present:
            present.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            return False
        raise Unavailable(
            "Dịch vụ đang chạy trên cơ sở dữ liệu này; hãy dừng nó (ocop scheduler, ocop deliver), làm lại.",
            "The service is running on this database; stop it (ocop scheduler, ocop deliver) and repeat.",
        ) from error
    except sqlite3.DatabaseError:
        return False
    return True


# -- the outbox after a restore --------------------------------------------------------------------


def count_held_by_restore(tx: Connection) -> int:
    """Count the letters that a restore has held."""
    held = outbox.c.last_error.startswith(HELD_BY_RESTORE)
    statement = select(func.count()).where(outbox.c.state == LetterState.HELD, held)
    return int(tx.execute(statement).scalar_one())


def knows_sent_letters(tx: Connection) -> bool:
    """Tell whether the database knows of a letter that went out."""
    return tx.scalar(select(outbox.c.id).where(outbox.c.state == LetterState.SENT).limit(1)) is not None


def settle_held(tx: Connection, sent: Mapping[str, datetime], reply: str) -> tuple[int, int, int]:
    """Settle held letters by the send journal.

    Returns how many went out before, how many wait again, and how many stay held by an officer.
    """
    held = tx.execute(
        select(outbox.c.id, outbox.c.message_id, outbox.c.last_error).where(
            outbox.c.state == LetterState.HELD
        )
    ).all()
    gone = [row for row in held if row.message_id in sent]
    waiting = [row for row in held if row.message_id not in sent and _is_marked(row.last_error)]
    for row in gone:
        values = {"state": LetterState.SENT, "sent_at": sent[row.message_id], "relay_reply": reply}
        # it was tried since the backup, which knows nothing of that: once more, as a claim counts it
        tried = {"attempts": outbox.c.attempts + 1, "fence": outbox.c.fence + 1}
        _settle(tx, row.id, {**values, **tried, "last_error": _without_mark(row.last_error)})
    for row in waiting:
        _settle(tx, row.id, {"state": LetterState.PENDING, "last_error": _without_mark(row.last_error)})
    return len(gone), len(waiting), len(held) - len(gone) - len(waiting)


def _settle(tx: Connection, letter_id: int, values: dict[str, object]) -> None:
    tx.execute(update(outbox).where(outbox.c.id == letter_id).values(lease_until=None, **values))


def _is_marked(note: str | None) -> bool:
    return (note or "").startswith(HELD_BY_RESTORE)


def _without_mark(note: str | None) -> str | None:
    return (note or "").removeprefix(HELD_BY_RESTORE) or None
