"""The door to the database: engines and transactions.

SQLite's defaults would lose updates and break the promise of one transaction (docs/decisions/0005):
`BEGIN IMMEDIATE` for whoever writes, foreign keys on, every commit synced.
"""

from __future__ import annotations

import select
import sqlite3
import threading
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, NoSuchModuleError

from ocop_workflow.errors import Unavailable, WrongUse
from ocop_workflow.store.files import close_to_others
from ocop_workflow.store.troubles.errors import explained, lent_by_the_transaction, locked, unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import URL, Dialect
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

#: how long anything waits for a lock, a connection or a server, in milliseconds: somebody who waits at the
#: other end is told within five seconds that it cannot be done now
LOCK_WAIT_MS = 4000

#: connections for the threads of a web server; more ask in turn
_POOL: dict[str, Any] = {"pool_size": 40, "max_overflow": 0, "pool_timeout": LOCK_WAIT_MS / 1000}

#: seconds of rest after which a line to PostgreSQL is asked whether it still holds
_RESTED = 1.0

#: seconds within which a pooler that lends out sessions by the transaction has answered
_POOLER_ANSWERS = 1.0

#: a host that vanishes in the middle of a statement is noticed too: by the system's own measure after hours
_POSTGRES_PATIENCE = {
    "connect_timeout": LOCK_WAIT_MS // 1000,
    "tcp_user_timeout": LOCK_WAIT_MS,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
}

#: set on each line when it is opened; asked for at the start of a line, PgBouncer would refuse or drop it
_POSTGRES_SETTINGS = {
    "TimeZone": "UTC",
    "lock_timeout": f"{LOCK_WAIT_MS}ms",
    "statement_timeout": "300s",
    "idle_in_transaction_session_timeout": "300s",
}


class Database:
    """One database: SQLite by default, PostgreSQL by address."""

    def __init__(self, url: str, fence: Callable[[Connection], None] | None = None) -> None:
        """Prepare to talk to the database at `url`; nothing is opened or made yet.

        Args:
            url: its address.
            fence: asked once, before anything is written for the first time; what it raises keeps every
                writer out. None: whoever comes may write.

        Raises:
            WrongUse: the address cannot be understood, or PostgreSQL's driver is not installed.
        """
        try:
            address = make_url(url)
        except (ArgumentError, ValueError) as error:
            raise _not_an_address(error) from error
        self.is_sqlite = address.get_backend_name() == "sqlite"
        if self.is_sqlite and address.database in {None, "", ":memory:"}:
            raise WrongUse(
                "OCOP_DATABASE_URL phải là một tệp, như sqlite:///var/ocop.sqlite3: bộ nhớ không giữ gì.",
                "OCOP_DATABASE_URL must name a file, as in sqlite:///var/ocop.sqlite3: memory keeps nothing.",
            )
        self._writers = threading.Lock()
        self._fence = fence
        self._keeps_sessions = False  # not known yet
        self.file = Path(address.database) if self.is_sqlite and address.database else None
        try:
            _refuse_unknown_words(address)
            self.engine = self._sqlite(url) if self.is_sqlite else self._postgres(url)
        except (NoSuchModuleError, ImportError, ValueError) as error:
            raise _not_an_address(error) from error
        self._readers = self.engine.execution_options(**self._reading)

    def _sqlite(self, url: str) -> Engine:
        engine = create_engine(
            url,
            connect_args={"timeout": LOCK_WAIT_MS / 1000},
            hide_parameters=True,
            **_POOL,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "begin", _count_part)
        return engine

    def _postgres(self, url: str) -> Engine:
        engine = create_engine(
            url,
            connect_args=_POSTGRES_PATIENCE,
            hide_parameters=True,
            **_POOL,
        )
        event.listen(engine, "connect", self._prepare_postgres)
        event.listen(engine, "begin", _count_part)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_ask_after_rest, engine.dialect))
        return engine

    def _prepare_postgres(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - psycopg may be away
        wanted = ", ".join(
            f"set_config('{name}', '{value}', false)" for name, value in _POSTGRES_SETTINGS.items()
        )
        try:
            connection.autocommit = True
            (server, *_) = connection.execute(f"SELECT pg_backend_pid(), {wanted}").fetchone()
            connection.autocommit = False
            # a pooler stands between if the numbers differ: it makes up its own; how it lends does not change
            if server != connection.info.backend_pid and not self._keeps_sessions:
                _refuse_shared_session(connection, server)
            self._keeps_sessions = True
        except BaseException:
            connection.close()  # the pool forgets a line that was not made ready
            raise

    def create(self, *, folder_only: bool = False) -> None:
        """Make the file of a SQLite database and its folder, if they are not there; PostgreSQL has none.

        Both are closed to other users of the host; a file that was open to them is closed.

        Raises:
            Unavailable: they cannot be made.
        """
        if self.file is None:
            return
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not folder_only:
                self.file.touch(0o600)
                close_to_others(self.file)
        except OSError as error:
            raise unreachable() from error

    def refuse_absence(self) -> None:
        """Let nobody work on a file that is not there: SQLite would make an empty one at a mistyped path.

        Raises:
            Unavailable: there is no such file.
        """
        if self.file is not None and not self.file.exists():
            raise Unavailable(
                f"Không có cơ sở dữ liệu nào ở {self.file}; hãy xem lại OCOP_DATABASE_URL, "
                "hoặc tạo mới bằng `ocop db upgrade`.",
                f"There is no database at {self.file}; check OCOP_DATABASE_URL, "
                "or make one with `ocop db upgrade`.",
            )

    @contextmanager
    def connect(self, *, writes: bool = True, in_parts: bool = True) -> Iterator[Connection]:
        """Hold one connection over several transactions, each opened with `connection.begin()`.

        Args:
            writes: whether anything may be written.
            in_parts: there are several: whoever is stopped by one is told that those before it stay.

        Raises:
            Unavailable: the database is not there, cannot be reached, is locked, read-only or full.
            Conflict: it is to be written, and is not the one that this version works on.
        """
        self.refuse_absence()
        if writes and (fence := self._fence) is not None:  # kept: another thread may lift it meanwhile
            with self.read() as tx:
                fence(tx)
            self._fence = None
        with (
            explained(self.file) as parts,
            (self.engine if writes else self._readers).connect() as connection,
        ):
            if in_parts:
                connection.execution_options(ocop_parts=parts)
            try:
                yield connection
            except (LookupError, ValueError, TypeError) as error:
                self._explain_unreadable(error)
                raise

    def _explain_unreadable(self, error: Exception) -> None:
        """Say which value could not be read, if that is what the error comes from.

        Raises:
            Unavailable: its table, row and column.
        """
        from ocop_workflow.store.troubles import unreadable  # noqa: PLC0415 - the tables stand above this room

        if unreadable.was_met(error):
            with self.engine.connect().execution_options(**self._reading) as connection:
                told = unreadable.find(connection)
            if told is not None:
                raise told from error

    @property
    def _reading(self) -> dict[str, Any]:
        """SQLite gives a reader one snapshot by itself; PostgreSQL has to be asked for it."""
        if self.is_sqlite:
            return {"ocop_writes": False}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run one transaction that may write: all of it happens, or nothing.

        Raises:
            Unavailable, Conflict: see `connect`.
        """
        with self._turn() as until, self.connect(in_parts=False) as connection:
            if until:
                connection.execution_options(ocop_until=until)
            with connection.begin():
                yield connection

    def lift_fence(self) -> None:
        """Let those write who make it what it has to be: the migrations."""
        self._fence = None

    @contextmanager
    def _turn(self) -> Iterator[float | None]:
        """Let this process's writers queue on SQLite; gives the instant at which waiting has to end.

        SQLite takes one writer at a time: many threads that ask for its lock in a loop would cost more than
        what they write.
        """
        if not self.is_sqlite:
            yield None
            return
        until = time.monotonic() + LOCK_WAIT_MS / 1000
        if not self._writers.acquire(timeout=LOCK_WAIT_MS / 1000):
            raise locked()
        try:
            yield until
        finally:
            self._writers.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Run one read-only transaction: one snapshot, no lock that a writer would feel.

        Raises:
            Unavailable: see `connect`.
        """
        with self.connect(writes=False, in_parts=False) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _note_rest(_driver: object, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _ask_after_rest(
    dialect: Dialect, driver: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """Ask a line that has rested whether its server is still there; one in steady use need not be asked."""
    now = time.monotonic()
    if now - record.info.get("rests_since", now) < _RESTED:
        return
    try:
        dialect.do_ping(driver)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error  # the pool opens new lines for all that are as old as this


def _refuse_shared_session(connection: Any, server: int) -> None:  # noqa: ANN401 - likewise
    """Let no pooler take a session away between two transactions: temporary tables and settings live in it.

    Another line is opened beside this one. A pooler that lends out sessions by the transaction gives it the
    one that this line has just used; one that lends them for good cannot, and may let it wait.

    Raises:
        WrongUse: sessions are lent by the transaction.
    """
    beside = type(connection).connect(**connection.info.get_parameters(), password=connection.info.password)
    try:
        line = beside.pgconn
        line.send_query(b"SELECT pg_backend_pid()")
        if not select.select([line.socket], [], [], _POOLER_ANSWERS)[0]:
            return
        result = line.get_result()
        shared = result.ntuples == 1 and int(result.get_value(0, 0)) == server
    finally:
        beside.close()
    if shared:
        raise lent_by_the_transaction()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    try:
        connection.isolation_level = None  # the driver must not begin transactions behind our back
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            _wait_for_the_lock(connection, "PRAGMA journal_mode=WAL")  # two may be creating the file at once
    except BaseException:
        connection.close()  # the pool forgets a line that was not made ready
        raise


def _count_part(connection: Connection) -> None:
    # listened for once, on the engine: a listener of each connection would cost as much as a statement
    parts = connection.get_execution_options().get("ocop_parts")
    if parts is not None:
        parts.begin(connection)


def _begin_sqlite(connection: Connection) -> None:
    # by the driver itself: SQLAlchemy's way to it takes longer than the statement
    options = connection.get_execution_options()
    driver: Any = connection.connection.dbapi_connection
    if not options.get("ocop_writes", True):
        driver.execute("BEGIN")
        return
    _wait_for_the_lock(driver, "BEGIN IMMEDIATE", options.get("ocop_until"))


def _wait_for_the_lock(driver: sqlite3.Connection, statement: str, until: float | None = None) -> None:
    # asked every millisecond: SQLite's own waiting backs off so far that it starves beside a sweep
    driver.execute("PRAGMA busy_timeout=0")
    until = until or time.monotonic() + LOCK_WAIT_MS / 1000
    try:
        while time.monotonic() < until:
            try:
                driver.execute(statement)
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                time.sleep(0.001)
            else:
                return
        driver.execute(statement)
    finally:
        driver.execute(f"PRAGMA busy_timeout={LOCK_WAIT_MS}")


def _refuse_unknown_words(address: URL) -> None:
    """Let nothing behind the question mark of an address but what PostgreSQL's own library knows.

    Anything else would reach the driver as an argument, of which some are no words at all.
    """
    known: set[str] = set()
    if address.query and address.get_backend_name() == "postgresql":
        from psycopg.pq import Conninfo  # noqa: PLC0415 - the driver need not be there

        known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    if unknown := sorted(address.query.keys() - known):
        raise WrongUse(
            f"OCOP_DATABASE_URL có tham số không dùng được: {', '.join(unknown)}; hãy bỏ đi.",
            f"OCOP_DATABASE_URL has parameters that cannot be used: {', '.join(unknown)}; leave them out.",
        )


def _not_an_address(error: Exception) -> WrongUse:
    """Say what is wrong with an address; an ImportError for psycopg means that the address is right."""
    if isinstance(error, ImportError) and (error.name == "psycopg" or "pq wrapper" in str(error)):
        return WrongUse(
            "PostgreSQL cần thêm trình điều khiển psycopg: pip install 'ocop-workflow[postgres]'.",
            "PostgreSQL needs its driver psycopg: pip install 'ocop-workflow[postgres]'.",
        )
    return WrongUse(
        "OCOP_DATABASE_URL không đúng; viết như sqlite:///var/ocop.sqlite3 hoặc postgresql://máy/tên.",
        "OCOP_DATABASE_URL cannot be used; write it like sqlite:///var/ocop.sqlite3 or postgresql://host/name.",
    )
