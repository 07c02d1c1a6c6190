"""Loading a plan: once, whole, and another content only as a change of plan."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text as sql

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.changes.mergers.units import save_units
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, OcopError
from ocop_workflow.plans.loaded import calendar_of, find_plan
from ocop_workflow.regulations.units import Unit, read_units
from tests.factories import IMPORT_DAY, SEED, rows
from tests.stories.journeys import EXAMPLE, everything, load_text, next_plan

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

SEED_TEXT = shipped_plan_text(SEED)


def failing(database: Database, clock: FixedClock, text: str) -> OcopError:
    """Load a plan that must be refused, and see that not a row has changed."""
    before = everything(database)
    with pytest.raises(OcopError) as caught:
        load_text(database, clock, text)
    assert everything(database) == before
    return caught.value


def test_the_seed_brings_its_units_and_its_dated_activity(database: Database, clock: FixedClock) -> None:
    done = load_text(database, clock, SEED_TEXT)
    assert (done.is_new, done.milestones, done.activities) == (True, 6, 4)
    assert (done.plan.slug, done.plan.code, done.plan.unit_name, done.plan.regulation) == (
        SEED,
        "DP24",
        "Thị xã Đức Phổ",
        "qd-148-2023",
    )
    levels = rows(database, "SELECT level, COUNT(*) FROM units GROUP BY level ORDER BY level")
    assert levels == [("commune", 15), ("district", 1), ("province", 1)]
    assert rows(database, "SELECT COUNT(*) FROM contacts") == [(17,)]
    assert rows(
        database, "SELECT kind, rule, CAST(due_on AS TEXT), CAST(opened_on AS TEXT) FROM deadlines"
    ) == [("activity", "training", "2024-06-30", "2024-04-23")]
    assert rows(database, "SELECT text, loaded_by FROM plans") == [(SEED_TEXT, "minh")]


def test_the_example_brings_every_activity_that_has_a_day(database: Database, clock: FixedClock) -> None:
    clock.move_to(date(2026, 6, 1))
    done = load_text(database, clock, shipped_plan_text(EXAMPLE))
    assert (done.plan.unit_name, done.milestones, done.activities) == ("Tỉnh Ví Dụ", 6, 6)
    assert rows(database, "SELECT rule, CAST(due_on AS TEXT) FROM deadlines ORDER BY due_on") == [
        ("training", "2026-03-31"),
        ("inspection", "2026-09-15"),
        ("fair-list", "2026-10-21"),
    ]


def test_loading_the_same_file_again_changes_nothing(seeded: Database, clock: FixedClock) -> None:
    before = everything(seeded)
    clock.move_to(date(2024, 7, 1))
    again = load_text(seeded, clock, SEED_TEXT)
    assert not again.is_new
    assert everything(seeded) == before


def test_two_plans_stand_beside_each_other(seeded: Database, clock: FixedClock) -> None:
    assert load_text(seeded, clock, next_plan()).is_new
    assert load_text(seeded, clock, shipped_plan_text(EXAMPLE)).is_new
    assert rows(seeded, "SELECT COUNT(*) FROM units WHERE slug = 'duc-pho'") == [(1,)]
    assert rows(seeded, "SELECT COUNT(*) FROM plans") == [(3,)]


def test_another_version_of_a_loaded_plan_is_not_loaded_unseen(seeded: Database, clock: FixedClock) -> None:
    error = failing(seeded, clock, SEED_TEXT + "\n# sửa ngày 1/6\n")
    assert isinstance(error, Conflict)
    assert error.text.en == (
        "The plan duc-pho-2024 is loaded with another content: this is a change of plan, whose impact has "
        "to be seen and confirmed first. Nothing was changed."
    )


def test_a_prefix_that_another_plan_uses_is_refused(seeded: Database, clock: FixedClock) -> None:
    error = failing(seeded, clock, next_plan().replace('"DN24"', '"DP24"'))
    assert isinstance(error, Conflict)
    assert error.text.en == "The product prefix DP24 belongs to another plan; change `code` in the file."


def test_a_file_at_fault_names_every_place_at_once(database: Database, clock: FixedClock) -> None:
    bad = SEED_TEXT.replace('reach = "selected"', 'reach = "chosen"').replace("year = 2024", 'year = "2024x"')
    error = failing(database, clock, bad)
    assert isinstance(error, InvalidInput)
    assert [found.place for found in error.faults] == ["year", "milestones[1].reach[0]"]


def test_a_plan_of_an_unknown_regulation_or_unit_is_refused(database: Database, clock: FixedClock) -> None:
    assert isinstance(failing(database, clock, SEED_TEXT.replace("qd-148-2023", "qd-1")), OcopError)
    error = failing(database, clock, SEED_TEXT.replace('unit = "duc-pho"', 'unit = "sa-huynh"'))
    assert isinstance(error, NotFound)
    assert "There is no unit sa-huynh; load a file of units first" in error.text.en


def test_a_plan_uses_the_units_that_an_office_has_stored_before(
    database: Database, clock: FixedClock
) -> None:
    own = Unit(id="duc-pho", name="Thị xã Đức Phổ", level="district", office="Phòng Kinh tế")
    with database.write() as tx:
        save_units(tx, [own], clock.today())
    load_text(database, clock, SEED_TEXT)
    assert rows(database, "SELECT slug FROM units") == [("duc-pho",)]


def test_a_plan_leaves_alone_what_an_office_has_stored_of_its_communes(
    database: Database, clock: FixedClock
) -> None:
    own = Unit(id="pho-an", name="Xã Phổ An", level="commune", office="UBND", emails=("an@town.example",))
    with database.write() as tx:
        save_units(tx, [own], clock.today())
    load_text(database, clock, SEED_TEXT)
    assert rows(
        database,
        "SELECT u.office, c.address, c.valid_to FROM contacts c JOIN desks k ON k.id = c.desk_id "
        "JOIN units u ON u.id = k.unit_id "
        "WHERE u.slug = 'pho-an'",
    ) == [("UBND", "an@town.example", None)]


def test_a_file_of_units_is_stored_once_and_says_what_changed(seeded: Database) -> None:
    text = """
        format = 1
        [[units]]
        id = "pho-an"
        name = "Xã Phổ An"
        level = "commune"
        office = "UBND xã Phổ An"
        emails = ["ubnd@pho-an.example"]
    """
    with seeded.write() as tx:
        assert save_units(tx, read_units(text), date(2024, 6, 1)) == 1
        assert save_units(tx, read_units(text), date(2024, 6, 2)) == 0


def test_an_address_that_no_relay_reads_alike_is_refused(seeded: Database) -> None:
    unit = Unit(id="pho-an", name="Xã", level="commune", office="UBND", emails=("phổ-an@duc-pho.example",))
    before = everything(seeded)
    with pytest.raises(InvalidInput, match="is not an e-mail address"), seeded.write() as tx:
        save_units(tx, [unit], IMPORT_DAY)
    assert everything(seeded) == before


def test_a_plan_that_is_not_loaded_is_named_with_those_that_are(
    database: Database, clock: FixedClock
) -> None:
    with database.read() as tx, pytest.raises(NotFound, match="loaded: —"):
        find_plan(tx, SEED)
    load_text(database, clock, SEED_TEXT)
    with (
        database.read() as tx,
        pytest.raises(NotFound, match="The plan x is not loaded; loaded: duc-pho-2024"),
    ):
        find_plan(tx, "x")


def test_a_stored_plan_that_can_no_longer_be_read_is_a_fault(seeded: Database) -> None:
    with seeded.write() as tx:
        tx.execute(sql("UPDATE plans SET text = 'format = 9', sha256 = 'other'"))
    with seeded.read() as tx, pytest.raises(InvalidInput):
        calendar_of(tx, 1, "other")
