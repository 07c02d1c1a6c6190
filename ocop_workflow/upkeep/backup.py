"""Backups: a checked copy of the database, putting one back, and what becomes of its letters.

A restored database has forgotten what went out since. So nothing goes out of it before it was compared
with the send journal, which is no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from ocop_workflow.dossiers.file_queries import files_on_record
from ocop_workflow.errors import Conflict, NotFound, Text
from ocop_workflow.letters import journal as send_journal
from ocop_workflow.letters.delivery import FROM_JOURNAL
from ocop_workflow.store.troubles import fitness
from ocop_workflow.upkeep import backup_queries as backups
from ocop_workflow.upkeep import dump_queries as dumps
from ocop_workflow.upkeep.examination import Severity, examine_copy
from ocop_workflow.upkeep.file_backup import NO_FILES, FilesCopied, back_files_up, bring_files, folder_beside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ocop_workflow.dossiers.file_queries import FileFact
    from ocop_workflow.files import FileStore
    from ocop_workflow.letters.journal import Journal
    from ocop_workflow.store import Connection, Database


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: its file, its size in bytes, its schema's revision.

    `findings`: what the doctor finds wrong with it, the database with its own file, or which files of papers
    could not be copied. Where there is any, it is all that one has, but nobody may lean on it. `files`: what
    became of the files.
    """

    file: Path
    size: int
    revision: str
    findings: tuple[Text, ...] = ()
    files: FilesCopied = NO_FILES

    @property
    def is_sound(self) -> bool:
        """Whether it was examined and found right."""
        return not self.findings


def back_up(database: Database, target: Path, files: FileStore | None = None) -> Backup:
    """Write a copy of the database, whoever works on it meanwhile, and examine it as the doctor does.

    The files of papers follow: each was in its store before the database spoke of it.

    Args:
        database: the database.
        target: the backup's file, which is not there yet.
        files: the store of papers' files; none: they are not copied.

    Raises:
        Conflict: the file is there already.
        InvalidInput: the copy cannot be restored from.
        Unavailable: the database cannot be read, a tool is missing, or the disk is full.
    """
    database.refuse_absence()
    backups.refuse_taken(target)
    with backups.part_of(target) as part:
        file = database.file
        copied = _copy_sqlite(file, part, target) if file else _dump_postgres(database, part, target)
        backups.publish(part, target)
    found = back_files_up(files, copied.files, target) if files else NO_FILES
    size = target.stat().st_size
    return Backup(target, size, copied.revision, (*copied.findings, *found.findings), found)


@dataclass(frozen=True, slots=True)
class _Copied:
    """A copy that was looked at: its revision, what is wrong with it, the files of which it speaks."""

    revision: str
    findings: tuple[Text, ...]
    files: Sequence[FileFact]


def _copy_sqlite(file: Path, part: Path, target: Path) -> _Copied:
    damage = backups.copy_sqlite(file, part)
    revision = backups.check_sqlite(part, target)
    with backups.read_copy(part) as tx:
        findings, files = _wrong_with(tx), files_on_record(tx)
    own = (
        Text(f"SQLite báo tệp gốc hỏng: {line}.", f"SQLite finds its file damaged: {line}.")
        for line in damage
    )
    return _Copied(revision, (*own, *findings), files)


def _dump_postgres(database: Database, part: Path, target: Path) -> _Copied:
    """Examine the very moment that is dumped: a dump itself cannot be asked."""
    with dumps.one_moment(database) as (tx, moment):
        dumps.dump(database, part, moment)
        return _Copied(dumps.check_dump(part, target), _wrong_with(tx), files_on_record(tx))


def _wrong_with(tx: Connection) -> tuple[Text, ...]:
    """Return what the doctor finds wrong; a database that waits for its upgrade he could not read."""
    if fitness.revision_reached(tx) != fitness.revision_wanted():
        return ()
    return tuple(item.text for item in examine_copy(tx).findings if item.severity is Severity.VIOLATED)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the schema's revision, the letters held, and where the old database lies now."""

    revision: str
    held: int
    aside: Path | None


def restore(database: Database, source: Path, journal: Journal, now: datetime) -> Restored:
    """Put a backup in the place of the present database; its unsent letters are held until `reconcile`.

    1. the backup is copied and the copy checked, its letters are held in it;
    2. the send journal is told, so that letters it knows do not go out again even if a sweep writes them
       anew;
    3. SQLite: the present database is moved aside and the copy takes its name. PostgreSQL: one
       transaction loads the dump into an empty database and holds its letters.

    `now` names the file that is moved aside: an instant as people read it there, with its offset.

    Raises:
        NotFound: there is no such file.
        InvalidInput: the file is damaged or not a backup; the present database is as it was.
        Conflict: the PostgreSQL database is not empty.
        Unavailable: another process works on the database, a tool is missing, or the disk is full.
    """
    _refuse_absence(source)
    database.close()
    if database.file is None:
        return _restore_postgres(database, source, journal, now)
    database.create(folder_only=True)
    return _restore_sqlite(database.file, source, journal, now)


def bring_files_back(database: Database, source: Path, files: FileStore) -> FilesCopied:
    """Copy from beside a backup that was restored the files that the store lacks.

    Args:
        database: the restored database.
        source: the backup's file; its files lie in the folder beside it.
        files: the store of papers' files.

    Raises:
        Unavailable: the database cannot be read.
    """
    with database.read() as tx:
        wanted = files_on_record(tx)
    return bring_files(files, folder_beside(source), wanted)


def look_at(database: Database, source: Path) -> str:
    """See that a backup can be restored into a database of this kind. Returns its schema's revision.

    Raises:
        NotFound: there is no such file.
        InvalidInput: the file is damaged or not a backup.
        Unavailable: a tool is missing.
    """
    _refuse_absence(source)
    return (backups.check_sqlite if database.is_sqlite else dumps.check_dump)(source, source)


def _refuse_absence(source: Path) -> None:
    if not source.is_file():
        raise NotFound(f"Không có tệp {source}.", f"There is no file {source}.")


def _restore_sqlite(file: Path, source: Path, journal: Journal, now: datetime) -> Restored:
    aside = _free_name(f"{file}.before-restore-{now:%Y%m%dT%H%M%S}") if file.exists() else None
    with backups.part_of(file) as part:
        revision, held = backups.prepare_sqlite(source, part)
        journal.mark_restored(now)
        if aside is not None:
            backups.replace_sqlite(part, file, aside)
        else:
            backups.put(part, file)
    return Restored(revision, held, aside)


def _restore_postgres(database: Database, source: Path, journal: Journal, now: datetime) -> Restored:
    revision = dumps.check_dump(source, source)
    dumps.refuse_full(database)
    journal.mark_restored(now)
    dumps.load(database, source)
    with database.read() as tx:
        return Restored(revision, backups.count_held_by_restore(tx), None)


def _free_name(name: str) -> Path:
    """Return the name, or with a number behind it if it is taken: a simulated clock repeats itself."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(path for path in map(Path, names) if not path.exists())


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What became of the held letters: known as sent, waiting again, still held by an officer."""

    sent: int
    pending: int
    held: int


def reconcile(database: Database, journal: Journal, *, without_journal: bool = False) -> Reconciled:
    """Compare held letters with the send journal: what it knows was sent, the rest waits again.

    Args:
        database: the restored database.
        journal: the send journal.
        without_journal: let letters out although the journal knows none; some may then go out twice.

    Raises:
        Conflict: letters have gone out, but the journal knows none: it is lost or another one.
        Unavailable: the database or the journal cannot be read.
    """
    sent = send_journal.sent_at(journal.path) if journal.path is not None else {}
    with database.write() as tx:
        blind = not sent and not without_journal and backups.count_held_by_restore(tx) > 0
        if blind and backups.knows_sent_letters(tx):
            raise Conflict(
                f"Sổ thư đã gửi {journal.path} không ghi thư nào; hãy chép sổ của máy cũ về, hoặc thêm "
                "--without-journal nếu chấp nhận có thể gửi trùng.",
                f"The send journal {journal.path} knows no letter; bring the old machine's journal, or add "
                "--without-journal and accept that letters may go out twice.",
            )
        known, waiting, held = backups.settle_held(tx, sent, FROM_JOURNAL)
        return Reconciled(sent=known, pending=waiting, held=held)
