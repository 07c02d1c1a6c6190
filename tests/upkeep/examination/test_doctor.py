"""The doctor finds what is broken, nothing else, and touches nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Unavailable
from ocop_workflow.store import Database
from ocop_workflow.upkeep.examination import CHECKS, FINDINGS_KEPT, Severity, examine
from tests.changes.amending import MONTHS, SEED_TEXT, change, is_sound
from tests.factories import IMPORT_DAY, load_seed, rows
from tests.fakes import FixedClock
from tests.stories.journeys import everything
from tests.upkeep.examination.corruptions import CORRUPTIONS, Corruption

if TYPE_CHECKING:
    from pathlib import Path

#: what is to be looked at but need not be wrong
WARNINGS = {
    "nobody to be told",
    "no sweep since yesterday",
    "a merged unit with products",
    "waits too long",
    "half sent",
    "a session before the report",
    "a step before its plan",
}


def found(database: Database, clock: FixedClock) -> list[tuple[int, str]]:
    return [(finding.invariant, finding.text.en) for finding in examine(database, clock).findings]


def test_a_healthy_life_leaves_nothing_to_find(lived: Database, clock: FixedClock) -> None:
    examination = examine(lived, clock)
    assert examination.findings == ()
    assert not examination.violated
    assert examination.checks_run == (*range(1, 7), 8, 9, *range(13, 19), 22, 23, 25, 26, *range(28, 44))


@pytest.mark.parametrize("damage", CORRUPTIONS, ids=lambda damage: f"{damage.invariant}-{damage.name}")
def test_each_kind_of_damage_is_found_by_its_own_check_and_no_other(
    lived: Database, clock: FixedClock, damage: Corruption
) -> None:
    damage.apply(lived)
    findings = examine(lived, clock).findings
    assert {finding.invariant for finding in findings} == {damage.invariant}, found(lived, clock)
    wanted = Severity.WARNING if damage.name in WARNINGS else Severity.VIOLATED
    assert {finding.severity for finding in findings} == {wanted}
    assert all(text.vi and text.en for item in findings for text in (item.text, item.advice))


def test_no_check_goes_untested() -> None:
    assert {number for number, _ in CHECKS} == {damage.invariant for damage in CORRUPTIONS}


def test_the_doctor_changes_nothing(lived: Database, clock: FixedClock) -> None:
    before = everything(lived)
    examine(lived, clock)
    assert everything(lived) == before


def test_a_database_without_tables_is_told_to_be_upgraded_and_not_looked_at(
    tmp_path: Path, clock: FixedClock
) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.sqlite3")
    database.create()
    examination = examine(database, clock)
    database.close()
    assert examination.checks_run == (28,)
    assert [finding.advice.en for finding in examination.findings] == ["Run `ocop db upgrade`."]


def test_a_file_that_is_no_database_cannot_be_examined(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "note.txt").write_text("not a database, " * 100)
    database = Database(f"sqlite:///{tmp_path}/note.txt")
    with pytest.raises(Unavailable):
        examine(database, clock)
    database.close()


def test_words_and_values_that_do_not_exist_are_findings_too(lived: Database, clock: FixedClock) -> None:
    if lived.file is None:
        pytest.skip("PostgreSQL lets no such value in")
    with closing(sqlite3.connect(lived.file)) as sqlite, sqlite:
        sqlite.execute("PRAGMA ignore_check_constraints = ON")
        sqlite.execute("UPDATE products SET state = 'nowhere' WHERE code = 'DP24-001'")
        sqlite.execute("UPDATE dossiers SET kind = 'none' WHERE product_id = 2")
        sqlite.execute("UPDATE transitions SET event = 'vanish' WHERE event = 'decline'")
        sqlite.execute("UPDATE outbox SET state = 'lost' WHERE state = 'dead'")
        sqlite.execute("UPDATE deadlines SET opened_on = 'soon' WHERE closed_on < '2024-07-01'")
    numbers = {finding.invariant for finding in examine(lived, clock).findings}
    assert numbers == {1, 8, 18, 26, 34}


def test_an_instant_to_come_is_told_by_the_clock_on_the_wall(lived: Database, clock: FixedClock) -> None:
    if lived.file is None:
        pytest.skip("the words do not depend on the database")
    Corruption(13, "late in the day", "UPDATE imports SET at = '2999-01-01 18:30:00' WHERE id = 1").apply(
        lived
    )
    (found,) = examine(lived, clock).findings
    assert found.text.vi == (
        "imports 1.at: 02/01/2999 01:30 còn ở tương lai; đồng hồ chậm, hoặc đã từng nhanh."
    )


def test_what_is_broken_a_thousand_times_is_told_a_hundred_times(lived: Database, clock: FixedClock) -> None:
    Corruption(18, "all", "UPDATE outbox SET state = 'held', sent_at = created_at").apply(lived)
    Corruption(14, "all", "UPDATE reminders SET digest_id = 1").apply(lived)
    told = [finding.invariant for finding in examine(lived, clock).findings]
    assert told.count(14) == FINDINGS_KEPT
    assert told.count(18) <= FINDINGS_KEPT


def test_progress_is_told_check_by_check(lived: Database, clock: FixedClock) -> None:
    told: list[tuple[int, int]] = []
    examine(lived, clock, progress=lambda done, of: told.append((done, of)))
    assert told == [(number, len(CHECKS)) for number in range(1, len(CHECKS) + 1)]


def test_a_letter_that_waits_beyond_the_horizon_is_to_be_looked_at(
    lived: Database, clock: FixedClock
) -> None:
    clock.wait(timedelta(days=15))
    assert {number for number, _ in found(lived, clock)} == {13, 17}


@pytest.mark.parametrize("rule", ["registration", "training"])
def test_a_date_that_was_read_again_to_the_day_it_had_is_no_finding(database: Database, rule: str) -> None:
    """Opened on 23/4; on 25/4 the plan gives a first window until 24/4, which can be nobody's any more."""
    clock = FixedClock.at(IMPORT_DAY)
    load_seed(database, clock)
    clock.move_to(date(2024, 4, 25))
    when = {"registration": MONTHS["registration"], "training": '{ quarter = "2024-Q2" }'}[rule]
    windows = f"{{ any_of = [{{ by = 2024-04-24 }}, {when}] }}"
    change(database, clock, SEED_TEXT.replace(f"when = {when}", f"when = {windows}", 1))
    assert rows(database, "SELECT count(*) FROM deadlines WHERE closed_on IS NOT NULL") == [(0,)]
    is_sound(database, clock)
