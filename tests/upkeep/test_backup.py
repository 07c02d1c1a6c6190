"""A backup is whole whoever writes meanwhile, and a restored one sends nothing twice and loses nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, text

from ocop_workflow.errors import Conflict, InvalidInput, NotFound, Unavailable
from ocop_workflow.letters import journal as send_journal
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.letters.journal import Journal
from ocop_workflow.letters.queries import claim_next
from ocop_workflow.notifications import RetryPolicy, TemporaryDeliveryError
from ocop_workflow.store import Database
from ocop_workflow.store.tables.sweeps import sweeps
from ocop_workflow.store.troubles import fitness
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep import backup_queries as backups
from ocop_workflow.upkeep import dump_queries as dumps
from ocop_workflow.upkeep.backup import Reconciled, back_up, reconcile, restore
from ocop_workflow.upkeep.examination import examine
from ocop_workflow.upkeep.examination.findings import Severity
from tests import postgres
from tests.factories import SENDER, act, rows
from tests.fakes import FixedClock, RecordingMailer
from tests.stories.journeys import everything

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_workflow.letters.delivery import DeliveryReport

NOW = datetime(2024, 5, 2, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _tools(request: pytest.FixtureRequest) -> None:
    """PostgreSQL is backed up by its own tools."""
    parameters = getattr(request.node, "callspec", None)
    if parameters and parameters.params.get("database") == "postgresql" and not postgres.HAS_TOOLS:
        pytest.skip("pg_dump is neither on the PATH nor under /usr/lib/postgresql")


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Database]:
    """An empty place of the same kind to restore into."""
    if database.is_sqlite:
        other = Database(f"sqlite:///{tmp_path}/elsewhere/ocop.sqlite3")
        yield other
        other.close()
        return
    server: str = request.getfixturevalue("postgres_server")
    with postgres.database_of_own(server, f"ocop_restore_{os.getpid()}") as url:
        other = Database(url)
        yield other
        other.close()


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "sent.jsonl")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "yesterday.bak"


def deliver(
    database: Database, clock: FixedClock, mailer: RecordingMailer, journal: Journal
) -> DeliveryReport:
    return deliver_pending(database, mailer, RetryPolicy(), clock, SENDER, journal=journal)


def states(database: Database) -> dict[str, int]:
    return dict(rows(database, "SELECT state, COUNT(*) FROM outbox GROUP BY state"))


# -- backing up ------------------------------------------------------------------------------------


def test_a_backup_has_everything_in_it(
    seeded: Database, clock: FixedClock, elsewhere: Database, journal: Journal, file: Path
) -> None:
    sweep(seeded, clock, SENDER)
    before = everything(seeded)
    done = back_up(seeded, file)
    restored = restore(elsewhere, file, journal, NOW)

    assert (done.file, done.size, done.revision) == (file, file.stat().st_size, fitness.revision_wanted())
    assert everything(seeded) == before
    after = everything(elsewhere)
    assert {name for name in before if before[name] != after[name]} == {"outbox"}
    assert (restored.held, restored.aside, states(elsewhere)) == (7, None, {"held": 7})


@pytest.mark.ordeal
def test_a_backup_under_a_writer_is_one_moment(
    database: Database, elsewhere: Database, journal: Journal, file: Path
) -> None:
    stop = threading.Event()
    pair = {"started_at": NOW, "faults": [], "withheld": 0, "superseded": 0, "flags_raised": 0, "letters": 0}

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with database.write() as tx:
                for _ in range(2):
                    tx.execute(insert(sweeps).values(day=date(2024, 5, 2), reminders=number, **pair))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(database, file.with_suffix(f".{number}"))
    finally:
        stop.set()
        writer.join()
    restore(elsewhere, file.with_suffix(".4"), journal, NOW)

    halves = "SELECT reminders FROM sweeps GROUP BY reminders HAVING COUNT(*) <> 2"
    assert rows(elsewhere, halves) == []
    assert rows(elsewhere, "SELECT COUNT(*) FROM sweeps") != [(0,)]


def test_a_backup_overwrites_nothing(database: Database, file: Path) -> None:
    file.write_text("mine")
    with pytest.raises(Conflict, match="is there already"):
        back_up(database, file)
    assert file.read_text() == "mine"


def test_nothing_is_left_of_a_backup_that_cannot_be_written(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be written"):
        back_up(database, tmp_path / "no-such-folder" / "x.bak")
    assert [path.name for path in tmp_path.rglob("*.part")] == []


def test_what_is_not_there_is_not_backed_up(tmp_path: Path, file: Path) -> None:
    missing = Database(f"sqlite:///{tmp_path}/none.sqlite3")
    with pytest.raises(Unavailable, match="There is no database at"):
        back_up(missing, file)
    assert not (tmp_path / "none.sqlite3").exists()


# -- restoring -------------------------------------------------------------------------------------


def test_after_yesterdays_backup_nothing_is_sent_twice_and_nothing_lost(
    seeded: Database, clock: FixedClock, elsewhere: Database, journal: Journal, file: Path
) -> None:
    mailer = RecordingMailer()
    sweep(seeded, clock, SENDER)
    mailer.failures = [TemporaryDeliveryError("451 later")]
    first = deliver(seeded, clock, mailer, journal)  # one of seven has to wait
    clock.move_to(date(2024, 4, 24))
    act(seeded, clock, "DP24-001", "register")
    back_up(seeded, file)
    deliver(seeded, clock, mailer, journal)  # the seventh goes out after the backup
    clock.move_to(date(2024, 4, 26))
    sweep(seeded, clock, SENDER)
    deliver(seeded, clock, mailer, journal)
    gone = sorted(mailer.sent)

    restore(elsewhere, file, journal, clock.now())
    assert deliver(elsewhere, clock, mailer, journal).sent == 0
    settled = reconcile(elsewhere, journal)
    sweep(elsewhere, clock, SENDER)  # writes the letters of that day once more
    again = deliver(elsewhere, clock, mailer, journal)

    assert (first.sent, settled) == (6, Reconciled(sent=1, pending=0, held=0))
    assert (again.sent, again.known) == (0, len(gone) - 7)
    assert sorted(mailer.sent) == gone
    assert states(elsewhere) == states(seeded)
    clock.move_to(date(2024, 5, 2))
    written = sweep(elsewhere, clock, SENDER).counts.letters
    assert (written, deliver(elsewhere, clock, mailer, journal).sent) == (7, 7)


def test_what_went_out_since_the_backup_counts_as_tried(
    seeded: Database, clock: FixedClock, elsewhere: Database, journal: Journal, file: Path
) -> None:
    sweep(seeded, clock, SENDER)
    back_up(seeded, file)
    deliver(seeded, clock, RecordingMailer(), journal)
    restore(elsewhere, file, journal, clock.now())

    assert reconcile(elsewhere, journal) == Reconciled(sent=7, pending=0, held=0)
    assert rows(elsewhere, "SELECT DISTINCT state, attempts FROM outbox") == [("sent", 1)]
    assert [one for one in examine(elsewhere, clock).findings if one.severity is Severity.VIOLATED] == []


def test_a_letter_that_was_being_sent_is_held_too_and_may_have_been_read(
    seeded: Database, clock: FixedClock, elsewhere: Database, journal: Journal, file: Path
) -> None:
    sweep(seeded, clock, SENDER)
    with seeded.write() as tx:
        claim = claim_next(tx, clock.now(), RetryPolicy().lease)
    assert claim is not None
    back_up(seeded, file)
    assert restore(elsewhere, file, journal, NOW).held == 7
    assert states(elsewhere) == {"held": 7}
    clock.wait(timedelta(days=1))
    mailer = RecordingMailer()
    deliver(elsewhere, clock, mailer, journal)
    assert mailer.sent == []

    assert reconcile(elsewhere, journal) == Reconciled(sent=0, pending=7, held=0)
    doubt = "SELECT message_id FROM outbox WHERE ambiguous = 1"
    assert rows(elsewhere, doubt) == [(claim.message_id,)]
    assert examine(elsewhere, clock).violated is False


def test_a_backup_has_its_name_only_when_the_disk_has_file_and_folder(
    database: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = synced(monkeypatch)
    back_up(database, file)
    assert done[-3:] == ["file, whole, without its name", "named", f"folder {file.parent.name}"]


def test_a_restored_database_has_its_name_only_when_the_disk_has_file_and_folder(
    lived: Database, journal: Journal, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lived.file is not None
    done = synced(monkeypatch)
    restore(lived, file, journal, NOW)
    assert "file, whole, without its name" in done[: done.index("named")]
    assert done[-2:] == ["named", f"folder {lived.file.parent.name}"]


def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what the disk is asked to have, and when a finished file gets its name."""
    done: list[str] = []
    fsync = os.fsync

    def note(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path.is_dir():
            done.append(f"folder {path.name}")
        elif path.suffix == ".part":
            whole = "whole" if path.stat().st_size > 1000 else "empty"
            done.append(f"file, {whole}, without its name")
        fsync(handle)

    def named(rename: Callable[..., Path]) -> Callable[..., Path]:
        def noted(self: Path, to: Path) -> Path:
            if self.suffix == ".part":
                done.append("named")
            return rename(self, to)

        return noted

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(Path, "rename", named(Path.rename))
    monkeypatch.setattr(Path, "replace", named(Path.replace))
    return done


def test_what_never_went_out_waits_again(
    seeded: Database, clock: FixedClock, elsewhere: Database, journal: Journal, file: Path
) -> None:
    mailer = RecordingMailer(failures=[TemporaryDeliveryError("451 later")])
    sweep(seeded, clock, SENDER)
    deliver(seeded, clock, mailer, journal)
    with seeded.write() as tx:
        tx.execute(text("UPDATE outbox SET state = 'held' WHERE id = (SELECT MAX(id) FROM outbox)"))
    back_up(seeded, file)
    restored = restore(elsewhere, file, journal, NOW)
    settled = reconcile(elsewhere, journal)

    assert (restored.held, settled) == (1, Reconciled(sent=1, pending=1, held=0))
    assert rows(elsewhere, "SELECT last_error FROM outbox WHERE state = 'pending'") == [("451 later",)]


def test_what_an_officer_holds_stays_held(
    seeded: Database, clock: FixedClock, elsewhere: Database, journal: Journal, file: Path
) -> None:
    sweep(seeded, clock, SENDER)
    with seeded.write() as tx:
        tx.execute(text("UPDATE outbox SET state = 'held' WHERE id = (SELECT MAX(id) FROM outbox)"))
    back_up(seeded, file)
    restore(elsewhere, file, journal, NOW)

    assert reconcile(elsewhere, journal) == Reconciled(sent=0, pending=6, held=1)
    assert reconcile(elsewhere, journal) == Reconciled(sent=0, pending=0, held=1)


def test_without_its_journal_a_database_lets_nothing_out_unasked(
    seeded: Database, clock: FixedClock, elsewhere: Database, journal: Journal, file: Path
) -> None:
    mailer = RecordingMailer(failures=[TemporaryDeliveryError("451 later")])
    sweep(seeded, clock, SENDER)
    deliver(seeded, clock, mailer, journal)
    back_up(seeded, file)
    lost = Journal(file.with_name("another.jsonl"))
    restore(elsewhere, file, lost, NOW)

    with pytest.raises(Conflict, match="knows no letter"):
        reconcile(elsewhere, lost)
    assert reconcile(elsewhere, lost, without_journal=True) == Reconciled(sent=0, pending=1, held=0)
    assert reconcile(elsewhere, Journal()) == Reconciled(sent=0, pending=0, held=0)


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size * 2 // 3)


def _scribble(path: Path) -> None:
    path.write_bytes(b"PGDMP or SQLite format 3" * 500)


@pytest.mark.parametrize("damage", [_truncate, _scribble])
def test_a_damaged_backup_is_refused(
    seeded: Database, elsewhere: Database, journal: Journal, file: Path, damage: Callable[[Path], None]
) -> None:
    back_up(seeded, file)
    damage(file)
    place = seeded if seeded.is_sqlite else elsewhere
    before = everything(seeded)

    with pytest.raises(InvalidInput, match="is damaged or no backup"):
        restore(place, file, journal, NOW)
    assert everything(seeded) == before
    assert journal.path is not None
    assert not journal.path.exists()


def test_a_backup_of_an_unknown_version_is_refused(
    seeded: Database, elsewhere: Database, journal: Journal, file: Path
) -> None:
    ((wanted,),) = rows(seeded, "SELECT version_num FROM alembic_version")
    with seeded.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(InvalidInput, match="9999"):
            back_up(seeded, file)
    finally:
        with seeded.write() as tx:
            tx.execute(text("UPDATE alembic_version SET version_num = :wanted"), {"wanted": wanted})
    assert not file.exists()
    with pytest.raises(NotFound):
        restore(elsewhere, file, journal, NOW)


# -- SQLite: one file for another ------------------------------------------------------------------


@pytest.fixture
def lived(tmp_path: Path, _sqlite_template: Path, file: Path) -> Iterator[Database]:
    """A SQLite database with a letterless backup, which has had one more sweep since."""
    path = tmp_path / "ocop.sqlite3"
    shutil.copy(_sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    clock = FixedClock.at(date(2024, 4, 23))
    back_up(database, file)
    sweep(database, clock, SENDER)
    yield database
    database.close()


def sweeps_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM sweeps").fetchone()[0])


def test_the_old_database_is_kept_beside_the_new(lived: Database, journal: Journal, file: Path) -> None:
    done = restore(lived, file, journal, NOW)

    assert lived.file is not None
    assert done.aside == lived.file.with_name("ocop.sqlite3.before-restore-20240502T010000")
    assert (sweeps_in(done.aside), rows(lived, "SELECT COUNT(*) FROM sweeps")) == (1, [(0,)])
    again = restore(lived, file, journal, NOW)
    assert again.aside == done.aside.with_name(f"{done.aside.name}-2")
    with pytest.raises(Conflict, match="is there already"):
        backups.replace_sqlite(file, lived.file, done.aside)


def test_a_running_service_keeps_its_database(lived: Database, journal: Journal, file: Path) -> None:
    service = Database(f"sqlite:///{lived.file}")
    with service.read() as tx:
        tx.execute(text("SELECT 1 FROM plans"))
        with pytest.raises(Unavailable, match="The service is running"):
            restore(lived, file, journal, NOW)
    service.close()
    assert rows(lived, "SELECT COUNT(*) FROM sweeps") == [(1,)]


@pytest.mark.parametrize("rubbish", [b"no database at all" * 300, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_ruined_database_is_moved_aside_with_its_log(
    lived: Database, journal: Journal, file: Path, rubbish: bytes
) -> None:
    assert lived.file is not None
    lived.close()
    lived.file.write_bytes(rubbish)
    Path(f"{lived.file}-wal").write_bytes(b"torn")
    done = restore(lived, file, journal, NOW)

    assert done.aside is not None
    assert done.aside.read_bytes() == rubbish
    assert rows(lived, "SELECT COUNT(*) FROM sweeps") == [(0,)]


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (shutil, "copyfile"),
        (backups, "check_sqlite"),
        (backups, "sync"),
        (send_journal, "mark_restored"),
        (backups, "replace_sqlite"),
        (backups, "_folded"),
        (os, "link"),
        (backups, "put"),
        (backups, "sync_folder"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_step_there_is_the_old_or_the_new_database(
    lived: Database,
    journal: Journal,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: Any,  # noqa: ANN401 - a module
    name: str,
    after: bool,
) -> None:
    original = getattr(where, name)

    def die(*words: object, **named: object) -> None:
        if after:
            original(*words, **named)
        raise Killed

    monkeypatch.setattr(where, name, die)
    with pytest.raises(Killed):
        restore(lived, file, journal, NOW)
    monkeypatch.undo()

    is_new = name == "sync_folder" or (after and name in ("put", "replace_sqlite"))
    assert rows(lived, "SELECT COUNT(*) FROM sweeps") == [(0 if is_new else 1,)]
    restore(lived, file, journal, NOW.replace(hour=2))
    assert rows(lived, "SELECT COUNT(*) FROM sweeps") == [(0,)]


def test_a_file_system_without_second_names_will_do(
    lived: Database, journal: Journal, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    done = restore(lived, file, journal, NOW)

    assert done.aside is not None
    assert (sweeps_in(done.aside), rows(lived, "SELECT COUNT(*) FROM sweeps")) == (1, [(0,)])


# -- PostgreSQL ------------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_with_tables_is_not_restored_into(
    database: Database, journal: Journal, file: Path
) -> None:
    back_up(database, file)
    with pytest.raises(Conflict, match="not empty"):
        restore(database, file, journal, NOW)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_restore_that_fails_leaves_the_database_empty(
    seeded: Database, elsewhere: Database, journal: Journal, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(seeded, file)
    monkeypatch.setattr(dumps, "HOLD", "UPDATE nothing SET state = 'held'")
    with pytest.raises(Unavailable, match="nothing was changed"):
        restore(elsewhere, file, journal, NOW)
    dumps.refuse_full(elsewhere)


def test_a_password_goes_into_the_environment_only() -> None:
    inside = Database("postgresql+psycopg://lan:m%40t@127.0.0.1:5432/ocop?sslmode=require")
    query = Database("postgresql+psycopg://lan@127.0.0.1:5432/ocop?password=m%40t")

    assert dumps._address(inside) == (
        "postgresql://lan@127.0.0.1:5432/ocop?sslmode=require",
        {"PGPASSWORD": "m@t"},
    )
    assert dumps._address(query) == ("postgresql://lan@127.0.0.1:5432/ocop", {"PGPASSWORD": "m@t"})


def test_an_unreachable_server_and_a_missing_tool_are_said(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nobody = Database("postgresql://lan@127.0.0.1:1/ocop")
    with pytest.raises(Unavailable, match="cannot be reached"):
        back_up(nobody, file)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(dumps, "_DEBIAN", tmp_path)
    with pytest.raises(Unavailable, match="pg_dump was not found"):
        dumps._find("pg_dump")
