"""A backup is called checked only if the doctor finds nothing wrong with it."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import InvalidInput, OcopError, Unavailable
from ocop_workflow.store import Database
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.backup import back_up
from ocop_workflow.upkeep.examination import examine
from tests import postgres
from tests.factories import SENDER
from tests.store import before
from tests.upkeep.examination.corruptions import Corruption

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes import FixedClock

FLIPS = 30
SPOILT = Corruption(25, "", "UPDATE products SET search_key = 'x' WHERE code = 'DP24-007'")


@pytest.mark.ordeal
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_flip_any_byte_what_the_doctor_calls_wrong_no_backup_calls_checked(
    seeded: Database, clock: FixedClock, tmp_path: Path
) -> None:
    sweep(seeded, clock, SENDER)
    seeded.close()
    assert seeded.file is not None
    with closing(sqlite3.connect(seeded.file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole, chance = seeded.file.read_bytes(), random.Random(7)
    wrong = 0
    for number in range(FLIPS):
        flipped = bytearray(whole)
        for _ in range(8):
            flipped[chance.randrange(100, len(whole))] ^= 1 << chance.randrange(8)
        file = tmp_path / f"{number}.sqlite3"
        file.write_bytes(flipped)
        database = Database(f"sqlite:///{file}")
        try:
            is_wrong = examine(database, clock).violated
        except Unavailable:
            is_wrong = True
        try:
            is_sound = back_up(database, file.with_suffix(".bak")).is_sound
        except OcopError:
            is_sound = False
        database.close()
        assert not (is_wrong and is_sound), number
        wrong += is_wrong
    assert wrong > FLIPS // 3


@pytest.mark.skipif(not postgres.HAS_TOOLS, reason="PostgreSQL is backed up by its own tools")
def test_what_is_wrong_with_the_data_is_said_of_the_backup_too(seeded: Database, tmp_path: Path) -> None:
    sound = back_up(seeded, tmp_path / "sound.bak")
    assert (sound.is_sound, sound.findings) == (True, ())
    SPOILT.apply(seeded)
    spoilt = back_up(seeded, tmp_path / "spoilt.bak")
    assert spoilt.file.exists()
    (finding,) = spoilt.findings
    assert finding.en == "products 7: the column search_key does not agree with the name."


def test_a_database_that_waits_for_its_upgrade_is_backed_up_before_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    before.lay(database)
    done = back_up(database, tmp_path / "before.bak")
    assert (done.revision, done.is_sound) == ("0016", True)
    database.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_examining_a_backup_leaves_nothing_beside_it_and_changes_no_byte(
    seeded: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(seeded, folder / "one.bak")
    assert [path.name for path in folder.iterdir()] == ["one.bak"]
    assert (folder / "one.bak").read_bytes()[18:20] == b"\x01\x01"  # no write-ahead log belongs to it


def test_a_copy_that_cannot_be_restored_is_no_backup(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE notes (id INTEGER)")
    database = Database(f"sqlite:///{file}")
    with pytest.raises(InvalidInput, match="is damaged or no backup"):
        back_up(database, tmp_path / "one.bak")
    database.close()
    assert not (tmp_path / "one.bak").exists()
