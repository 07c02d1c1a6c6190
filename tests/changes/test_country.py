"""A province's units loaded from the shipped map, and what its old units became on 1 July 2025."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.access import operator
from ocop_workflow.changes.mergers.country import load_province, succeed_province
from ocop_workflow.changes.mergers.units import load_units
from ocop_workflow.changes.mergers.views import OpenQuestionView
from ocop_workflow.errors import InvalidInput, WrongUse
from ocop_workflow.regulations.country import REFORM
from ocop_workflow.regulations.units import read_units
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine, prove
from tests.factories import SENDER, rows
from tests.fakes import VIETNAM, FixedClock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.changes.mergers.views import LoadedProvinceView, ProvinceMergedView
    from ocop_workflow.store import Database

BEFORE = date(2025, 6, 30)
HOST = operator("host:test", "minh")
#: who takes over the town's plan, its address and its letters
TOWN = {"duc-pho": "quang-ngai"}


def load(database: Database, province: str, on: date, today: date | None = None) -> LoadedProvinceView:
    clock = FixedClock.at(today or on)
    with database.write() as tx:
        return load_province(tx, HOST, province, on, today=clock.today(), now=clock.now())


def succeed(
    database: Database, province: str, answers: Mapping[str, str], on: date = REFORM
) -> ProvinceMergedView:
    clock = FixedClock.at(on)
    with database.write() as tx:
        return succeed_province(tx, HOST, province, answers, today=clock.today(), now=clock.now())


def test_a_town_gets_its_units_without_a_file_to_write(database: Database) -> None:
    done = load(database, "gia-lai", date(2026, 3, 2))
    assert (done.provinces, done.districts, done.communes, done.changed) == (1, 0, 135, 136)
    assert rows(
        database,
        "SELECT u.slug, u.name, u.office, c.code FROM units u JOIN unit_codes c ON c.unit_id = u.id"
        " WHERE u.level = 'province'",
    ) == [("gia-lai", "Tỉnh Gia Lai", "Sở Nông nghiệp và Môi trường tỉnh Gia Lai", "52")]


def test_loading_again_changes_nothing(database: Database) -> None:
    load(database, "gia-lai", date(2026, 3, 2))
    again = load(database, "gia-lai", date(2026, 3, 2))
    assert (again.changed, again.left_over) == (0, 0)


def test_units_that_are_there_keep_their_id_words_and_addresses(seeded: Database) -> None:
    before = rows(seeded, "SELECT slug, name, office, parent_id FROM units ORDER BY id")
    letters = rows(seeded, "SELECT address, valid_from, valid_to FROM contacts ORDER BY id")
    done = load(seeded, "quang-ngai", date(2024, 5, 2))
    assert (done.provinces, done.districts, done.communes) == (1, 13, 170)
    assert (
        rows(seeded, "SELECT slug, name, office, parent_id FROM units ORDER BY id")[: len(before)] == before
    )
    assert rows(seeded, "SELECT address, valid_from, valid_to FROM contacts ORDER BY id") == letters


def test_a_unit_under_an_id_of_its_own_is_known_by_its_name_and_where_it_lies(database: Database) -> None:
    own = """format = 1
[[units]]
id = "tinh-ta"
name = "Tỉnh Gia Lai"
level = "province"
office = "Chi cục ta"
[[units]]
id = "xa-ta"
name = "Phường Quy Nhơn"
level = "commune"
parent = "tinh-ta"
office = "UBND phường ta"
"""
    clock = FixedClock.at(date(2026, 3, 2))
    with database.write() as tx:
        load_units(tx, HOST, read_units(own), today=clock.today(), now=clock.now())
    load(database, "gia-lai", date(2026, 3, 2))
    assert rows(
        database,
        "SELECT u.slug, c.code FROM units u JOIN unit_codes c ON c.unit_id = u.id"
        " WHERE u.slug IN ('tinh-ta', 'xa-ta') ORDER BY u.id",
    ) == [("tinh-ta", "52"), ("xa-ta", "21583")]
    assert rows(database, "SELECT count(*) FROM units") == [(136,)]


def test_a_code_is_one_units_on_a_day_and_anothers_on_the_next(database: Database) -> None:
    load(database, "quang-ngai", BEFORE)
    load(database, "quang-ngai", REFORM)
    bearers = rows(
        database,
        "SELECT u.slug, c.valid_from, c.valid_to FROM unit_codes c JOIN units u ON u.id = c.unit_id"
        " WHERE c.code = '21439' ORDER BY c.valid_from IS NOT NULL",
    )
    assert [slug for slug, _, _ in bearers] == ["nguyen-nghiem", "duc-pho-21439"]
    assert str(bearers[0][2]) == str(bearers[1][1]) == "2025-07-01"


def test_the_new_map_says_how_many_old_units_have_not_been_taken_over(database: Database) -> None:
    load(database, "quang-ngai", BEFORE)
    assert load(database, "quang-ngai", REFORM).left_over == 183


def test_the_seeds_products_follow_to_the_units_that_took_over_theirs(seeded: Database) -> None:
    done = succeed(seeded, "quang-ngai", TOWN)
    assert done.merged["pho-an"] == "tra-cau-21451"
    assert done.merged["duc-pho"] == "quang-ngai"
    assert done.questions == []
    assert rows(
        seeded,
        "SELECT u.slug, count(*) FROM products p JOIN units u ON u.id = p.unit_id"
        " GROUP BY u.slug ORDER BY u.slug",
    ) == [
        ("duc-pho-21439", 5),
        ("khanh-cuong-21472", 1),
        ("nguyen-nghiem-21457", 2),
        ("tra-cau-21451", 6),
    ]


def test_who_takes_over_a_district_is_asked(seeded: Database) -> None:
    done = succeed(seeded, "quang-ngai", {})
    assert done.questions == [OpenQuestionView("duc-pho", "Thị xã Đức Phổ", "duc-pho")]
    assert "duc-pho" not in done.merged


def test_done_again_it_does_nothing_more(seeded: Database) -> None:
    succeed(seeded, "quang-ngai", TOWN)
    again = succeed(seeded, "quang-ngai", {})
    assert (again.merged, again.moved, again.ended, again.questions) == ({}, {}, [], [])


def test_it_is_refused_before_the_day(seeded: Database) -> None:
    with pytest.raises(WrongUse) as told:
        succeed(seeded, "quang-ngai", TOWN, on=BEFORE)
    assert told.value.text.vi == "Bản đồ mới có hiệu lực từ 01/07/2025; hôm nay mới là 30/06/2025."


@pytest.mark.parametrize(
    ("answers", "places"),
    [
        ({"duc-pho": "nowhere"}, ["duc-pho"]),
        ({**TOWN, "pho-an": "tra-cau-21451"}, ["pho-an"]),  # nobody asked
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_nothing_is_done(
    seeded: Database, answers: dict[str, str], places: list[str]
) -> None:
    with pytest.raises(InvalidInput) as told:
        succeed(seeded, "quang-ngai", answers)
    assert [fault.place for fault in told.value.faults] == places
    assert rows(seeded, "SELECT count(*) FROM units WHERE valid_to IS NOT NULL") == [(0,)]


# -- a commune that was divided ----------------------------------------------------------------------

#: two of the commune's products lie in one of its heirs, the third in the other
INTO = {"DP24-002": "ca-dam-21136", "DP24-003": "ca-dam-21136", "DP24-004": "tay-tra-bong-21157"}


@pytest.fixture
def divided(seeded: Database) -> Database:
    """The seed with three products of a commune that was divided, spoken of before."""
    load(seeded, "quang-ngai", date(2024, 4, 23))
    with seeded.write() as tx:
        tx.execute(
            text(
                "UPDATE products SET unit_id = (SELECT id FROM units WHERE slug LIKE 'tra-bui-21142%')"
                " WHERE code IN ('DP24-002', 'DP24-003', 'DP24-004')"
            )
        )
    sweep(seeded, FixedClock.at(date(2024, 4, 23)), SENDER)
    return seeded


def test_of_a_divided_commune_each_product_is_asked_for(divided: Database) -> None:
    done = succeed(divided, "quang-ngai", TOWN)
    asked = [(one.about, one.name, one.into) for one in done.questions]
    into = tuple(dict.fromkeys(INTO.values()))
    assert asked == [
        ("DP24-002", "Khô Bò", into),
        ("DP24-003", "Khô Gà", into),
        ("DP24-004", "Cơm rang", into),
    ]
    assert not any(old.startswith("tra-bui") for old in (*done.merged, *done.ended))


def test_answered_its_products_lie_where_they_belong_and_it_ends(divided: Database) -> None:
    done = succeed(divided, "quang-ngai", {**TOWN, **INTO})
    assert done.moved == INTO
    assert [old for old in done.ended if old.startswith("tra-bui")] == ["tra-bui-21142"]
    lying = rows(
        divided,
        "SELECT p.code, u.slug FROM products p JOIN units u ON u.id = p.unit_id"
        " WHERE p.code IN ('DP24-002', 'DP24-003', 'DP24-004') ORDER BY p.code",
    )
    assert dict(map(tuple, lying)) == INTO


def test_the_books_balance_when_products_were_moved_out_of_a_divided_commune(divided: Database) -> None:
    succeed(divided, "quang-ngai", {**TOWN, **INTO})
    sweep(divided, FixedClock.at(REFORM), SENDER)
    assert not examine(divided, FixedClock.at(REFORM)).violated
    with divided.read() as tx:
        assert prove(tx, VIETNAM).unbalanced == []


def test_a_product_of_a_divided_commune_goes_only_where_the_commune_went(divided: Database) -> None:
    with pytest.raises(InvalidInput) as told:
        succeed(divided, "quang-ngai", {**TOWN, "DP24-002": "tra-cau-21451"})
    assert [fault.text.en for fault in told.value.faults] == [
        "cannot be tra-cau-21451; it can be: ca-dam-21136, tay-tra-bong-21157"
    ]
