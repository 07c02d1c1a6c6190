"""A process that is killed in the middle of a deed has done all of it or nothing, and it can be repeated."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests import postgres
from tests.conftest import BACKENDS
from tests.reliability.deeds import DEEDS, cut_short

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: of the statements of a deed, only each so-manieth is cut; `make torture` cuts them all
EVERY = 12
FILES = {"backup", "restore"}


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that may be emptied."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/files/ocop.sqlite3"
        return
    server = request.getfixturevalue("postgres_server")
    with postgres.database_of_own(server, f"ocop_deeds_{os.getpid()}") as url:
        yield url


@pytest.mark.parametrize("name", DEEDS)
def test_whoever_is_killed_has_done_all_or_nothing(name: str, place: str, tmp_path: Path) -> None:
    if name in FILES and place.startswith("postgresql") and not postgres.HAS_TOOLS:
        pytest.skip("pg_dump is neither on the PATH nor under /usr/lib/postgresql")
    folder = tmp_path / "files"
    folder.mkdir()
    outcome, died = cut_short(place, name, folder, EVERY)
    assert outcome.right, outcome.wrong
    if name in FILES:
        assert died.keys() & {"os.rename", "os.link", "subprocess.Popen"}, died
    else:
        assert died["begin"] >= 1 <= died["commit"], died
