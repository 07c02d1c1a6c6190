"""The door to the database: transactions that hold, and errors that a person can act on."""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, make_url, text

from ocop_workflow.errors import Unavailable, WrongUse
from ocop_workflow.store import Database
from ocop_workflow.store import database as door
from ocop_workflow.store.troubles.errors import explain

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from ocop_workflow.store import Connection

PROCESSES, INCREMENTS = 4, 200
NOBODY: dict[int, str] = {}


def counter(database: Database) -> None:
    """Make a table that holds the number 0."""
    with database.write() as tx:
        tx.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        tx.execute(text("INSERT INTO counter VALUES (0)"))


@pytest.fixture
def counting(database: Database) -> Iterator[Database]:
    """Both databases in turn, with a counter for as long as the test runs."""
    counter(database)
    yield database
    with database.write() as tx:
        tx.execute(text("DROP TABLE counter"))


def count(database: Database) -> int:
    with database.read() as tx:
        return int(tx.execute(text("SELECT n FROM counter")).scalar_one())


def increment(database: Database) -> None:
    with database.write() as tx:
        tx.execute(text("UPDATE counter SET n = n + 1"))


def pragma(database: Database, name: str) -> object:
    with database.write() as tx:
        return tx.exec_driver_sql(f"PRAGMA {name}").scalar()


# -- transactions ------------------------------------------------------------------------------------


def test_a_transaction_happens_as_a_whole_or_not_at_all(counting: Database) -> None:
    increment(counting)
    with pytest.raises(KeyError), counting.write() as tx:
        _ = NOBODY[tx.execute(text("UPDATE counter SET n = 99")).rowcount]
    assert count(counting) == 1


def test_what_a_savepoint_did_is_gone_when_it_is_rolled_back(counting: Database) -> None:
    with counting.write() as tx:
        tx.execute(text("UPDATE counter SET n = 1"))
        inner = tx.begin_nested()
        tx.execute(text("UPDATE counter SET n = 2"))
        inner.rollback()
        assert tx.execute(text("SELECT n FROM counter")).scalar_one() == 1
    assert count(counting) == 1


def test_a_reader_sees_one_moment(counting: Database) -> None:
    with counting.read() as tx:
        before = tx.execute(text("SELECT n FROM counter")).scalar_one()
        increment(counting)
        assert tx.execute(text("SELECT n FROM counter")).scalar_one() == before
    assert count(counting) == before + 1


def test_a_writer_after_a_reader_may_write_again(counting: Database) -> None:
    assert count(counting) == 0
    increment(counting)
    assert count(counting) == 1


def _increment_guarded(url: str, barrier: Any) -> None:  # noqa: ANN401 - multiprocessing's barrier has no public type
    """Read, add one in Python, write back guarded by what was read; again until it holds."""
    database = Database(url)
    barrier.wait(timeout=60)
    done = 0
    while done < INCREMENTS:
        with database.write() as tx:
            n = tx.execute(text("SELECT n FROM counter")).scalar_one()
            moved = tx.execute(text("UPDATE counter SET n = :new WHERE n = :old"), {"new": n + 1, "old": n})
            done += moved.rowcount
    database.close()


@pytest.mark.ordeal
def test_four_processes_that_add_at_once_lose_nothing(counting: Database) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(PROCESSES)
    url = counting.engine.url.render_as_string(hide_password=False)
    workers = [spawn.Process(target=_increment_guarded, args=(url, barrier)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    assert count(counting) == PROCESSES * INCREMENTS


# -- SQLite, set up so that it keeps its promises ------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(f"sqlite:///{tmp_path / 'folder' / 'ocop.sqlite3'}")) as database:
        database.create()
        yield database


def test_sqlite_checks_foreign_keys_syncs_every_commit_and_lets_readers_read(file: Database) -> None:
    full = 2
    assert [
        pragma(file, name) for name in ("foreign_keys", "synchronous", "journal_mode", "busy_timeout")
    ] == [
        1,
        full,
        "wal",
        door.LOCK_WAIT_MS,
    ]


def test_a_reader_takes_no_lock_that_a_writer_would_feel(
    file: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter(file)
    monkeypatch.setattr(door, "LOCK_WAIT_MS", 20)
    with file.read() as tx:
        tx.execute(text("SELECT n FROM counter"))
        increment(file)
    with file.write() as tx:
        tx.execute(text("UPDATE counter SET n = 7"))
        assert count(file) == 1


def test_a_second_writer_waits_and_then_says_that_the_database_is_locked(
    file: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter(file)
    monkeypatch.setattr(door, "LOCK_WAIT_MS", 50)
    other = Database(str(file.engine.url))
    with file.write():
        began = time.monotonic()
        with pytest.raises(Unavailable, match="locked by another process"):
            increment(other)
        assert 0.05 <= time.monotonic() - began < 2
    increment(other)
    assert count(file) == 1
    other.close()


def test_writers_that_queue_in_one_process_never_wait_twice(
    file: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter(file)
    monkeypatch.setattr(door, "LOCK_WAIT_MS", 300)
    other, told = Database(str(file.engine.url)), list[float]()

    def try_to_write() -> None:
        began = time.monotonic()
        with pytest.raises(Unavailable, match="locked by another process"):
            increment(other)
        told.append(time.monotonic() - began)

    with file.write():
        threads = [threading.Thread(target=try_to_write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(told) == 8
    assert max(told) < 0.59
    increment(other)
    other.close()


def test_threads_of_one_process_write_one_after_the_other(file: Database) -> None:
    counter(file)

    def write_often() -> None:
        for _ in range(20):
            increment(file)

    threads = [threading.Thread(target=write_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(file) == 160


def test_a_fence_that_another_thread_lifts_meanwhile_is_asked_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    database = Database(f"sqlite:///{tmp_path}/fenced.sqlite3", fence=lambda tx: asked.append(not tx.closed))
    database.create()
    reading = database.read

    @contextmanager
    def read() -> Iterator[Connection]:
        database.lift_fence()
        with reading() as tx:
            yield tx

    monkeypatch.setattr(database, "read", read)
    with database.write():
        pass
    assert asked == [True]
    database.close()


def test_more_readers_than_connections_are_told_in_time(
    file: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(door._POOL, "pool_size", 1)
    monkeypatch.setitem(door._POOL, "pool_timeout", 0.05)
    narrow = Database(str(file.engine.url))
    with narrow.read(), pytest.raises(Unavailable, match="The database is busy"), narrow.read():
        pass
    narrow.close()


def test_a_reader_upgrading_is_told_too(file: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on SQLite stops a reader from writing; it then waits like everybody else."""
    counter(file)
    monkeypatch.setattr(door, "LOCK_WAIT_MS", 20)
    other = Database(str(file.engine.url))
    with file.write(), pytest.raises(Unavailable, match="locked"), other.read() as tx:
        tx.execute(text("UPDATE counter SET n = 5"))
    other.close()


def _full(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA max_page_count=3")


def _read_only(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def fill(tx: Connection) -> None:
    tx.execute(text("UPDATE counter SET n = 1"))
    tx.execute(text("CREATE TABLE big AS SELECT randomblob(100000) AS filling"))


@pytest.mark.parametrize(
    ("ailment", "sentence", "câu"),
    [(_full, "The disk is full", "Ổ đĩa đã đầy"), (_read_only, "is read-only", "chỉ đọc được")],
)
def test_a_file_that_cannot_take_more_says_why_and_nothing_is_changed(
    file: Database,
    ailment: Any,  # noqa: ANN401 - a listener
    sentence: str,
    câu: str,  # noqa: PLC2401 - the sentence in Vietnamese
) -> None:
    counter(file)
    file.close()
    event.listen(file.engine, "connect", ailment)
    with pytest.raises(Unavailable) as caught, file.write() as tx:
        fill(tx)
    assert sentence in caught.value.text.en
    assert câu in caught.value.text.vi
    assert count(file) == 0


def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "letter.doc"
    path.write_bytes(b"Kinh gui ...".ljust(4096))
    with (
        pytest.raises(Unavailable, match="damaged or no SQLite database"),
        Database(f"sqlite:///{path}").read(),
    ):
        pass


def test_a_database_without_tables_asks_for_the_migrations(file: Database) -> None:
    with pytest.raises(Unavailable, match="run `ocop db upgrade`"), file.read() as tx:
        tx.execute(text("SELECT * FROM products"))


def test_a_file_is_made_with_its_folder_only_where_it_is_asked_for(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'folder' / 'ocop.sqlite3'}")
    for door_in in (database.read, database.write):
        with pytest.raises(Unavailable, match=r"There is no database at .*`ocop db upgrade`"), door_in():
            pass
    assert list(tmp_path.iterdir()) == []
    database.create()
    assert database.file is not None
    assert database.file.stat().st_size == 0
    counter(database)
    database.create()  # what is there is left as it is
    assert count(database) == 0
    database.close()


def test_a_folder_that_cannot_be_made_is_said_to_be_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be reached"):
        Database(f"sqlite:///{tmp_path / 'file' / 'ocop.sqlite3'}").create()


def test_a_folder_in_place_of_the_file_is_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"), Database(f"sqlite:///{tmp_path}").read():
        pass


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(WrongUse, match="memory keeps nothing"):
        Database(url)


# -- PostgreSQL -------------------------------------------------------------------------------------


def test_postgresql_without_a_server_is_out_of_reach() -> None:
    database = Database("postgresql://127.0.0.1:1/ocop")
    with pytest.raises(Unavailable, match="cannot be reached; check OCOP_DATABASE_URL"), database.write():
        pass


@pytest.mark.parametrize("change", [{"database": "nobody_made_this"}, {"username": "nobody_knows_me"}])
def test_postgresql_that_turns_us_away_is_out_of_reach(postgres_server: str, change: dict[str, str]) -> None:
    url = make_url(postgres_server).set(**change)  # type: ignore[arg-type]  # a database or a user
    if "username" in change:
        url = url.set(password="wrong")  # noqa: S106 - a wrong one
    database = Database(url.render_as_string(hide_password=False))
    with pytest.raises(Unavailable) as caught, database.read():
        pass
    assert "cannot be reached" in caught.value.text.en
    assert "wrong" not in caught.value.text.en


def test_postgresql_keeps_its_limits(postgres_server: str) -> None:
    database = Database(postgres_server)
    with database.read() as tx:
        kept = [tx.exec_driver_sql(f"SHOW {name}").scalar() for name in ("timezone", "lock_timeout")]
        assert kept == ["UTC", "4s"]
        assert tx.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
    with database.write() as tx:
        assert tx.exec_driver_sql("SHOW transaction_read_only").scalar() == "off"
        assert tx.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
    database.close()


@pytest.mark.skipif(not hasattr(socket, "TCP_KEEPIDLE"), reason="another system names them otherwise")
def test_a_host_that_vanishes_in_the_middle_of_a_statement_is_missed_in_four_seconds(
    postgres_server: str,
) -> None:
    with closing(Database(postgres_server)) as database, database.read() as tx:
        line: Any = tx.connection.dbapi_connection
        with socket.socket(fileno=os.dup(line.fileno())) as own:
            assert own.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            quiet = own.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
            every = own.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL)
            times = own.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT)
            assert quiet + every * times == 4
            assert own.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 4000


@pytest.fixture
def cut(postgres_server: str) -> Iterator[Database]:
    """A PostgreSQL database whose one line was used, rests in the pool, and was cut from outside."""
    with closing(Database(postgres_server)) as database, closing(Database(postgres_server)) as other:
        with database.read() as tx:
            own = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with other.write() as tx:
            tx.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
        yield database


def test_a_line_that_was_cut_while_it_rested_is_noticed_before_it_is_used(
    cut: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_RESTED", 0.0)
    with cut.read() as tx:
        assert tx.execute(text("SELECT 1")).scalar_one() == 1


def test_one_cut_in_steady_use_fails_once_and_is_opened_anew(
    cut: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "_RESTED", 60.0)
    with pytest.raises(Unavailable), cut.read() as tx:
        tx.execute(text("SELECT 1"))
    with cut.read() as tx:
        assert tx.execute(text("SELECT 1")).scalar_one() == 1


def test_postgresql_that_waits_too_long_for_a_lock_says_so(postgres_server: str) -> None:
    database = Database(postgres_server)
    with database.write() as holder:
        holder.exec_driver_sql("SELECT pg_advisory_xact_lock(3084)")
        with pytest.raises(Unavailable, match="locked by another process"), database.write() as waiting:
            waiting.exec_driver_sql("SET LOCAL lock_timeout = '50ms'; SELECT pg_advisory_xact_lock(3084)")
    database.close()


# -- addresses and sentences --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ocop.sqlite3",
        "oracle://host/name",
        "mysql://host/name",
        "postgresql+nodriver://host/name",
        "postgresql://host:port/name",
        " sqlite:///ocop.sqlite3",
    ],
)
def test_an_address_that_cannot_be_understood_is_wrong_use(url: str) -> None:
    with pytest.raises(WrongUse) as caught:
        Database(url)
    assert "postgresql://host/name" in caught.value.text.en
    assert "OCOP_DATABASE_URL không đúng" in caught.value.text.vi


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///ocop.sqlite3?mode=ro", "mode"),
        ("postgresql://host/name?prepare_threshold=0&sslmode=require", "prepare_threshold"),
        ("postgresql://host/name?row_factory=x&autocommit=1", "autocommit, row_factory"),
    ],
)
def test_a_word_in_an_address_that_would_reach_the_driver_is_named(url: str, words: str) -> None:
    with pytest.raises(WrongUse) as caught:
        Database(url)
    assert caught.value.text.en == (
        f"OCOP_DATABASE_URL has parameters that cannot be used: {words}; leave them out."
    )


def test_a_word_that_postgresql_knows_reaches_it(postgres_server: str) -> None:
    url = make_url(postgres_server).update_query_dict({"application_name": "ocop"})
    database = Database(url.render_as_string(hide_password=False))
    with database.read() as tx:
        assert tx.execute(text("SHOW application_name")).scalar_one() == "ocop"
    database.close()


def test_a_host_without_a_name_is_out_of_reach_and_no_password_is_said() -> None:
    database = Database("postgresql://ocop:pass@word@127.0.0.1/ocop")  # the sign @ ends a password
    with pytest.raises(Unavailable) as caught, database.read():
        pass
    assert caught.value.text.en == "The database cannot be reached; check OCOP_DATABASE_URL and its server."


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("No module named 'psycopg'", name="psycopg"),
        ImportError("no pq wrapper available"),
    ],
)
def test_postgresql_without_its_driver_says_which_extra_to_install(
    monkeypatch: pytest.MonkeyPatch, error: ImportError
) -> None:
    def without_driver(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(door, "create_engine", without_driver)
    with pytest.raises(WrongUse) as caught:
        Database("postgresql://host/name")
    assert caught.value.text.vi.endswith("psycopg: pip install 'ocop-workflow[postgres]'.")
    assert caught.value.text.en.endswith("psycopg: pip install 'ocop-workflow[postgres]'.")


def test_an_error_that_nobody_foresaw_keeps_the_drivers_first_line() -> None:
    said = explain(RuntimeError("the tape is torn\nDETAIL: password=secret"))
    assert (said.text.vi, said.text.en) == (
        "Cơ sở dữ liệu báo lỗi, chưa có gì thay đổi: the tape is torn",
        "The database reports an error, nothing was changed: the tape is torn",
    )


def test_an_error_without_words_is_named_by_its_kind() -> None:
    assert explain(KeyError()).text.en.endswith(": KeyError")
