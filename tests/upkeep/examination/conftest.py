"""Each test gets its own copy of a database that has been lived in."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.store import Database, schema
from tests import postgres
from tests.conftest import BACKENDS
from tests.fakes import FixedClock
from tests.upkeep.examination.lived import LAST_DAY, live

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.contents import Doors


@pytest.fixture(scope="session")
def _lived_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lived") / "ocop.sqlite3"
    _live_in(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _lived_name(postgres_server: str, worker_id: str) -> Iterator[str]:
    name = f"ocop_lived_{worker_id}_{os.getpid()}"
    with postgres.database_of_own(postgres_server, name) as url:
        _live_in(url)
        yield name


def _live_in(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    live(database, FixedClock.at(LAST_DAY.replace(month=4, day=23)))
    database.close()


@pytest.fixture(scope="session")
def _copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copy") / "lived.sqlite3"


@pytest.fixture(params=BACKENDS)
def lived(request: pytest.FixtureRequest, doors: Doors) -> Iterator[Database]:
    """A copy of its own of what has been lived in, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        copy = request.getfixturevalue("_copy")
        shutil.copy(request.getfixturevalue("_lived_file"), copy)
        with doors.to(f"sqlite:///{copy}") as database:
            yield database
        return
    server, name = request.getfixturevalue("postgres_server"), request.getfixturevalue("_lived_name")
    with postgres.database_of_own(server, f"{name}_copy", name) as url, doors.to(url) as database:
        yield database


@pytest.fixture
def clock() -> FixedClock:
    """Five past six in the morning of the last day that was lived."""
    return FixedClock.at(LAST_DAY, minute=5)
