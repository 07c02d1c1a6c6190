"""The mark of the demonstration's database: what has it, what keeps it, what is never replaced."""

from __future__ import annotations

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
