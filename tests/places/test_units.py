"""Units in a tree, with addresses that hold for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.places import queries as units
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.units import Unit
from tests.factories import act, rows

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date(2024, 4, 23)
LATER = date(2024, 9, 2)


@dataclass
class Town:
    """A province, its town, the town's communes: the smallest tree with three levels."""

    database: Database
    on: date = DAY

    def save(self, name: str, slug: str, parent: str | None = None, *emails: str) -> bool:
        level = Level.COMMUNE if parent == "town" else Level.PROVINCE if parent is None else Level.DISTRICT
        unit = Unit(id=slug, name=name, level=level, parent=parent, office=f"UBND {name}", emails=emails)
        with self.database.write() as tx:
            return units.save_unit(tx, unit, self.on)

    def addresses(self, slug: str, on: date) -> tuple[str, ...]:
        with self.database.read() as tx:
            unit = units.unit_by_slug(tx, slug)
            assert unit is not None
            return units.addresses(tx, [unit.id], on).get(unit.id, ())


@pytest.fixture
def town(database: Database) -> Town:
    made = Town(database)
    made.save("Tỉnh Ví Dụ", "province")
    made.save("Thị xã Giữa", "town", "province")
    for name, slug in (("Xã Đồng", "dong"), ("Xã Dung", "dung"), ("Xã Ân", "an-2"), ("Xã An", "an-1")):
        made.save(name, slug, "town", f"{slug}@vi-du.example")
    return made


def test_units_come_in_vietnamese_order(town: Town) -> None:
    with town.database.read() as tx:
        assert [unit.name for unit in units.all_units(tx)] == [
            "Thị xã Giữa",
            "Tỉnh Ví Dụ",
            "Xã An",
            "Xã Ân",
            "Xã Dung",
            "Xã Đồng",
        ]


def test_communes_lie_under_their_town_and_under_its_province(town: Town) -> None:
    with town.database.read() as tx:
        for slug in ("province", "town"):
            above = units.unit_by_slug(tx, slug)
            assert above is not None
            below = units.units_below(tx, above.id)
            assert [unit.slug for unit in below] == ["an-1", "an-2", "dung", "dong"]
        assert units.units_below(tx, below[0].id) == []


def test_saving_the_same_again_changes_nothing(town: Town) -> None:
    assert not town.save("Xã An", "an-1", "town", "an-1@vi-du.example")
    assert town.save("Phường An", "an-1", "town", "an-1@vi-du.example")
    with town.database.read() as tx:
        renamed = units.unit_by_slug(tx, "an-1")
    assert renamed is not None
    assert renamed.name == "Phường An"


def test_a_new_address_takes_over_on_its_day_and_the_old_one_stays_on_record(town: Town) -> None:
    town.on = LATER
    assert town.save("Xã An", "an-1", "town", "moi@vi-du.example")
    assert town.addresses("an-1", date(2024, 9, 1)) == ("an-1@vi-du.example",)
    assert town.addresses("an-1", LATER) == ("moi@vi-du.example",)
    assert town.addresses("an-1", date(2024, 4, 22)) == ()


def test_an_address_that_is_taken_away_and_given_again_holds_again(town: Town) -> None:
    assert town.save("Xã An", "an-1", "town")
    assert town.addresses("an-1", DAY) == ()
    town.on = LATER
    assert town.save("Xã An", "an-1", "town", "an-1@vi-du.example", "hai@vi-du.example")
    assert town.addresses("an-1", LATER) == ("an-1@vi-du.example", "hai@vi-du.example")
    assert rows(town.database, "SELECT COUNT(*) FROM contacts WHERE address = 'an-1@vi-du.example'") == [(2,)]


def test_no_unit_has_an_unknown_name(town: Town) -> None:
    with town.database.read() as tx:
        assert units.unit_by_slug(tx, "nowhere") is None
        assert units.units_by_id(tx, [999]) == {}


def test_a_commune_is_silent_until_one_of_its_products_is_past_the_idea(
    seeded: Database, clock: FixedClock
) -> None:
    def silent() -> int:
        with seeded.read() as tx:
            authority = units.unit_by_slug(tx, "duc-pho")
            assert authority is not None
            return len(units.communes_without_registration(tx, 1, authority.id, clock.today()))

    assert silent() == 15
    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-003", "register")
    assert silent() == 14
