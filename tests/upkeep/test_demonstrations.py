"""The mark of the demonstration's database: what has it, what keeps it, what is never replaced."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Conflict, Unavailable
from ocop_workflow.store import Database, schema
from ocop_workflow.upkeep import demo_queries as demonstrations
from ocop_workflow.upkeep.backup import back_up

if TYPE_CHECKING:
    from pathlib import Path


def database_at(file: Path) -> Database:
    return Database(f"sqlite:///{file}")


def test_a_database_made_by_the_demonstration_is_known_while_it_is_used_and_afterwards(
    tmp_path: Path,
) -> None:
    file = tmp_path / "demo" / "demo.sqlite3"
    demonstrations.make_anew(file)
    database = database_at(file)
    assert demonstrations.is_demonstration(database)
    schema.upgrade(database)
    assert demonstrations.is_demonstration(database)
    back_up(database, tmp_path / "demo.bak")
    database.close()
    assert demonstrations.is_demonstration(database_at(file))
    assert demonstrations.is_demonstration(database_at(tmp_path / "demo.bak"))


def test_no_other_database_is_taken_for_one(tmp_path: Path) -> None:
    own = database_at(tmp_path / "ocop.sqlite3")
    assert not demonstrations.is_demonstration(own)  # not there yet
    schema.upgrade(own)
    own.close()
    assert not demonstrations.is_demonstration(own)
    assert not demonstrations.is_demonstration(Database("postgresql://nowhere.example/ocop"))


def test_only_a_demonstration_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "demo.sqlite3"
    demonstrations.make_anew(file)
    demonstrations.make_anew(file)
    file.write_text("my shopping list")
    with pytest.raises(Conflict, match="is not the demonstration's"):
        demonstrations.make_anew(file)
    assert file.read_text() == "my shopping list"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(Unavailable, match=r"var/demo\.sqlite3"):
        demonstrations.make_anew(tmp_path / "var" / "demo.sqlite3")


def test_asking_takes_no_lock_away_from_whoever_works_on_it(tmp_path: Path) -> None:
    """Else the next process to leave would delete the write-ahead log under those who still write to it."""
    database = Database(f"sqlite:///{tmp_path / 'ocop.sqlite3'}")
    schema.upgrade(database)
    file, log = database.file, tmp_path / "ocop.sqlite3-wal"
    assert file is not None
    with database.read():  # its connection stays open in the pool
        assert log.exists()
    assert not demonstrations.is_demonstration(database)
    leave = f"import sqlite3; c = sqlite3.connect({str(file)!r}); c.execute('SELECT 1 FROM units').fetchall()"
    subprocess.run([sys.executable, "-c", f"{leave}; c.close()"], check=True)
    assert log.exists()
    database.close()
