"""Fixtures: every test that names `database` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from ocop_workflow.people.sign_in import passwords
from ocop_workflow.store import Database, schema
from tests import postgres
from tests.contents import Doors, Memory, empty
from tests.factories import IMPORT_DAY, load_seed
from tests.fakes import FixedClock
from tests.stories.cast import appoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from ocop_workflow.errors import Text

# a shared machine is slow at times; a seed that fails is printed and kept by hypothesis itself
settings.register_profile(
    "ocop", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("ocop")


def refuse_to_adapt(value: object) -> str:
    """Stand for the adapter that a later Python will not have."""
    raise TypeError(f"{value!r} reached the driver of SQLite as it is: write it in words")


# the columns' types put days and instants into words; from Python 3.12 on the driver's own way is out of use
for kind in (date, datetime):
    sqlite3.register_adapter(kind, refuse_to_adapt)

BACKENDS = ("sqlite", "postgresql")
IN_EARNEST = passwords.HASHER
#: folders of which every test is an ordeal
ORDEALS = {"reliability", "benchmarks", "browser"}
#: rooms whose statements are written for each database apart: their tests run on both, if not marked `alike`
DIALECTS = {"audit", "letters", "store", "sweep"}


#: where there is room to work without waiting for a disk: no test lives through a power cut
MEMORY = Path("/dev/shm")  # noqa: S108 - whoever works there makes a folder of its own


def _in_memory() -> Path | None:
    is_large = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 << 30
    return MEMORY if is_large else None


def pytest_configure() -> None:
    """Let databases of files lie in memory, where the host has enough of it."""
    if _in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))  # noqa: TID251 - pytest is told here where to work


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `make test` says: what asks both databases the same runs on one of them; and the rest."""
    parser.addoption("--each-once", action="store_true", help="run on one database what is alike on both")
    parser.addoption("--the-rest", action="store_true", help="run only what `make test` goes without")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what lies in the folders of ordeals, others are marked where they stand; leave out second runs."""
    for item in items:
        if ORDEALS.intersection(item.path.parts):
            item.add_marker(pytest.mark.ordeal)
    if config.getoption("each_once"):
        _leave_out(config, items, _runs_on_the_other)
    if config.getoption("the_rest"):
        _leave_out(config, items, _is_in_make_test)


def _leave_out(config: pytest.Config, items: list[pytest.Item], which: Callable[[pytest.Item], bool]) -> None:
    left_out = {item for item in items if which(item)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _is_in_make_test(item: pytest.Item) -> bool:
    return not (item.get_closest_marker("ordeal") or _runs_on_the_other(item))


def _runs_on_the_other(item: pytest.Item) -> bool:
    """Tell whether a test of two databases is left to the run of everything, which runs it on PostgreSQL.

    Where no statement is written for each apart the two answer alike, and PostgreSQL takes twice as long.
    """
    given = (
        item.callspec.params.values()
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
        else ()
    )
    backend = next((value for value in given if value in BACKENDS), None)
    if backend is None or (DIALECTS.intersection(item.path.parts) and not item.get_closest_marker("alike")):
        return False
    return backend == "postgresql"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server; in CI it must be there."""
    with postgres.server(_in_memory()) as url:
        if url is None:
            if os.environ.get("CI"):  # noqa: TID251 - only CI may not go without
                pytest.fail("CI needs a PostgreSQL server")
            pytest.skip("no PostgreSQL server answers and no local binaries can start one")
        yield url


@pytest.fixture(scope="session")
def doors() -> Doors:
    """The doors to the databases of this process."""
    return Doors()


@pytest.fixture(scope="session")
def _postgresql_url(postgres_server: str, worker_id: str) -> Iterator[str]:
    with postgres.database_of_own(postgres_server, f"ocop_test_{worker_id}_{os.getpid()}") as url:
        database = Database(url)
        schema.upgrade(database)
        database.close()
        yield url


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "ocop.sqlite3"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()  # the last one to leave folds the write-ahead log into the file
    return path


@pytest.fixture(scope="session")
def _sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'ocop.sqlite3'}"


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, doors: Doors) -> Iterator[Database]:
    """An empty database with all its tables, once on SQLite and once on PostgreSQL."""
    with doors.to(request.getfixturevalue(f"_{request.param}_url")) as database:
        if database.file is None:
            yield database
            database.close()
            empty(database)
            return
        shutil.copy(request.getfixturevalue("_sqlite_template"), database.file)
        yield database
        database.close()
        for left in database.file.parent.iterdir():  # the file, and whatever a test has put beside it
            shutil.rmtree(left) if left.is_dir() else left.unlink()


_compared: set[str] = set()
_migrated: list[tuple[str, bytes]] = []


@pytest.fixture(autouse=True)
def _tables_are_made_and_compared_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the migrations run, and the doctor compare tables with the models, once in each process.

    The one for files alone, the other on each kind of database: that takes longer than all else that a test
    does. Whoever spoils tables is marked `spoils_tables`.
    """
    if request.node.get_closest_marker("spoils_tables"):
        yield
        return
    compare, upgrade = schema.differences, schema.upgrade

    def compared(tx: Connection) -> Iterator[Text]:
        if tx.dialect.name not in _compared:
            found = list(compare(tx))
            yield from found
            if not found:
                _compared.add(tx.dialect.name)

    def upgraded(database: Database, to: str = "head") -> str:
        file = database.file
        if file is None or file.exists() or to != "head":
            return upgrade(database, to)
        if not _migrated:
            reached = upgrade(database)
            database.close()  # the last one to leave folds the write-ahead log into the file
            _migrated.append((reached, file.read_bytes()))
            return reached
        ((reached, made),) = _migrated
        database.create()
        file.write_bytes(made)
        return reached

    with pytest.MonkeyPatch.context() as patch:  # its own: what a test patches ends before its database
        patch.setattr(schema, "differences", compared)
        patch.setattr(schema, "upgrade", upgraded)
        yield


@pytest.fixture(autouse=True, scope="session")
def _passwords_are_hashed_cheaply() -> Iterator[None]:
    """Let a password take no time; whoever looks at what it takes names `hashed_in_earnest`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def hashed_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords be hashed as they are outside of tests."""
    monkeypatch.setattr(passwords, "HASHER", IN_EARNEST)


@pytest.fixture
def clock() -> FixedClock:
    """Six in the morning of the day on which the seed is imported."""
    return FixedClock.at(IMPORT_DAY)


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """Where the tests of this process have been."""
    return Memory(tmp_path_factory.mktemp("memory"))


@pytest.fixture
def seeded(database: Database, clock: FixedClock, memory: Memory) -> Database:
    """A database with the seed's plan and its 14 products, imported on 23/4/2024."""
    memory.lead(database, ("seed", clock.instant), lambda: load_seed(database, clock))
    return database


@pytest.fixture
def staffed(seeded: Database, clock: FixedClock, memory: Memory) -> Database:
    """The seed, with officers."""
    memory.lead(seeded, ("staffed", clock.instant), lambda: appoint(seeded, clock))
    return seeded


@pytest.fixture
def no_cover(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let coverage measure neither a test nor the processes that it starts.

    Measuring takes half as long again, and what random lives go through is covered by tests that say what
    they look at. pytest-cov stops for whoever names this fixture.
    """
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this test process, with or without xdist."""
    return str(getattr(request.config, "workerinput", {"workerid": "main"})["workerid"])
