"""Importing a plan's list: every product or none, and the same list again adds nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.changes.mergers.units import save_units
from ocop_workflow.errors import InvalidInput, NotFound, Text, fault
from ocop_workflow.imports.importing import File, import_annex, read_file
from ocop_workflow.imports.reading.candidate import AnnexContent, CrossColumn
from ocop_workflow.overview.products import product_page
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.units import Unit
from ocop_workflow.states import State
from tests.factories import MINH, SEED, act, load_seed, rows
from tests.fakes import FixedClock
from tests.stories.journeys import (
    CERTIFICATE,
    candidate,
    certificates,
    everything,
    import_rows,
    load_text,
    open_deadlines,
    state_of,
)

if TYPE_CHECKING:
    from ocop_workflow.imports.importing import ImportReport
    from ocop_workflow.store import Database

SHIPPED = Path(str(resources.files("ocop_workflow") / "data/annexes/duc-pho-2024.csv"))
UPGRADE = CrossColumn.UPGRADE_3_TO_4
KHO_BO = candidate(5, "Xã Phổ An", "Khô Bò")
KHO_GA = candidate(6, "Xã Phổ An", "Khô Gà")
CHA_LUA = candidate(7, "Phường Phổ Ninh", "Chả lụa")


@pytest.fixture
def planned(database: Database, clock: FixedClock) -> Database:
    """The seed's plan, without products."""
    load_text(database, clock, shipped_plan_text(SEED))
    return database


def new_codes(report: ImportReport) -> list[str]:
    return [row.code for row in report.rows if row.is_new]


# -- the seed --------------------------------------------------------------------------------------------


def test_the_seeds_annex_becomes_fourteen_products(planned: Database, clock: FixedClock) -> None:
    report = load_seed(planned, clock)
    assert (report.plan, report.added, report.questions) == (SEED, 14, ())
    assert [(row.row, row.code, row.unit, row.name, row.producer) for row in report.rows[5:7]] == [
        (8, "DP24-006", "Xã Phổ An", "Khô Bò", "Trần Quốc Việt"),
        (
            9,
            "DP24-007",
            "Phường Nguyễn Nghiêm",
            "Dầu phụng",
            "HTX Sản xuất và kinh doanh hàng nông sản Bốn Vân",
        ),
    ]
    assert {row.state for row in report.rows} == {State.IDEA}
    assert rows(
        planned,
        "SELECT COUNT(*), COUNT(DISTINCT unit_id), COUNT(DISTINCT producer_id), MIN(version) FROM products",
    ) == [(14, 7, 8, 0)]
    assert rows(
        planned,
        "SELECT rule, CAST(due_on AS TEXT), COUNT(*) FROM deadlines "
        "WHERE product_id IS NOT NULL GROUP BY rule, due_on",
    ) == [("registration", "2024-04-30", 14)]
    assert rows(planned, "SELECT file_name, products, actor FROM imports") == [
        ("duc-pho-2024.csv", 14, "minh")
    ]


def test_the_same_file_again_changes_nothing(seeded: Database, clock: FixedClock) -> None:
    before = everything(seeded)
    clock.move_to(date(2024, 6, 1))
    again = load_seed(seeded, clock)
    assert (again.added, [row.code for row in again.rows]) == (0, [f"DP24-{n:03}" for n in range(1, 15)])
    assert everything(seeded) == before


def test_a_dry_run_is_an_import_that_is_rolled_back(planned: Database, clock: FixedClock) -> None:
    before = everything(planned)
    with planned.connect() as connection, connection.begin() as transaction:
        file = read_file(SHIPPED)
        report = import_annex(connection, file, SEED, actor=MINH, today=clock.today(), now=clock.now())
        transaction.rollback()
    assert report.added == 14
    assert everything(planned) == before


# -- again, longer, in another order -------------------------------------------------------------------------


def test_a_row_that_came_later_only_adds_its_product(planned: Database, clock: FixedClock) -> None:
    import_rows(planned, clock, SEED, KHO_BO, CHA_LUA)
    report = import_rows(planned, clock, SEED, KHO_BO, KHO_GA, CHA_LUA)
    assert [(row.code, row.is_new) for row in report.rows] == [
        ("DP24-001", False),
        ("DP24-003", True),
        ("DP24-002", False),
    ]
    assert rows(planned, "SELECT products FROM imports ORDER BY id") == [(2,), (1,)]


@given(order=st.permutations([KHO_BO, KHO_GA, CHA_LUA]))
@settings(max_examples=6)
def test_in_whatever_order_rows_come_again_nothing_is_added(database: Database, order: list[object]) -> None:
    clock = FixedClock.at(date(2024, 4, 23))
    load_text(database, clock, shipped_plan_text(SEED))
    import_rows(database, clock, SEED, KHO_BO, KHO_GA, CHA_LUA)
    assert new_codes(import_rows(database, clock, SEED, *order)) == []  # type: ignore[arg-type]  # a permutation of candidates


def test_a_product_that_is_there_is_shown_as_it_stands_now(planned: Database, clock: FixedClock) -> None:
    import_rows(planned, clock, SEED, KHO_BO)
    act(planned, clock, "DP24-001", "register")
    (row,) = import_rows(planned, clock, SEED, KHO_BO).rows
    assert (row.state, row.is_new) == (State.REGISTERED, False)


def test_two_products_of_one_name_stay_two(planned: Database, clock: FixedClock) -> None:
    twin = replace(KHO_BO, row=9, key=f"{KHO_BO.key}|2")
    assert new_codes(import_rows(planned, clock, SEED, KHO_BO, twin)) == ["DP24-001", "DP24-002"]
    assert rows(planned, "SELECT COUNT(*), COUNT(DISTINCT producer_id) FROM products") == [(2, 1)]


def test_progress_is_told_row_by_row(planned: Database, clock: FixedClock) -> None:
    told: list[tuple[int, int]] = []
    with planned.write() as tx:
        import_annex(
            tx,
            File("x.csv", "0" * 64, AnnexContent((KHO_BO, KHO_GA))),
            SEED,
            actor=MINH,
            today=clock.today(),
            now=clock.now(),
            progress=lambda done, of: told.append((done, of)),
        )
    assert told == [(1, 2), (2, 2)]


# -- an upgrade stands on its certificate --------------------------------------------------------------


def test_an_upgrade_is_monitored_and_asks_for_its_certificate_until_it_is_given(
    planned: Database, clock: FixedClock
) -> None:
    asked = (fault("", "Giấy chứng nhận?", "Which certificate?").text,)
    upgrade = replace(candidate(5, "Xã Phổ An", "Khô Bò", UPGRADE), questions=asked)
    (row,) = import_rows(planned, clock, SEED, upgrade).rows
    assert (row.state, row.questions) == (State.MONITORED, asked)
    assert open_deadlines(planned, "DP24-001") == {}

    def questions() -> tuple[object, ...]:
        with planned.read() as tx:
            found = product_page(tx, "DP24-001", clock.today()).questions
        return tuple(Text(one.vi, one.en) for one in found)

    assert questions() == asked
    given = {"kind": "upgrade", "plan": SEED, "certificate": CERTIFICATE}
    act(planned, clock, "DP24-001", "open_re_rating", given)
    assert questions() == ()
    assert certificates(planned, "DP24-001") == [(3, "77/QĐ-UBND", "2025-06-01", None, None)]
    assert (state_of(planned, "DP24-001"), open_deadlines(planned, "DP24-001")) == (
        "re_rating",
        {"commune-evaluation": date(2024, 10, 31), "expiry": date(2025, 6, 1)},
    )


# -- rows at fault ---------------------------------------------------------------------------------------


def refusal(database: Database, clock: FixedClock, annex: AnnexContent) -> list[tuple[str, str]]:
    before = everything(database)
    file = File("danh-sach.csv", "0" * 64, annex)
    with pytest.raises(InvalidInput, match="nothing was imported") as caught, database.write() as tx:
        import_annex(tx, file, SEED, actor=MINH, today=clock.today(), now=clock.now())
    assert everything(database) == before
    return [(found.place, found.text.en) for found in caught.value.faults]


def test_one_row_at_fault_and_nothing_is_imported_with_every_fault_named(
    planned: Database, clock: FixedClock
) -> None:
    unreadable = fault("C8", "Dòng 8: thiếu tên sản phẩm.", "Row 8: no product name.")
    strangers = (candidate(9, "Xã Sa Huỳnh", "Muối"), candidate(10, "Thị xã Đức Phổ", "Nước mắm"))
    annex = AnnexContent((KHO_BO, *strangers), (unreadable,))
    assert refusal(planned, clock, annex) == [
        ("C8", "Row 8: no product name."),
        ("dòng 9 (STT 9)", "no commune called Xã Sa Huỳnh lies under Thị xã Đức Phổ"),
        ("dòng 10 (STT 10)", "no commune called Thị xã Đức Phổ lies under Thị xã Đức Phổ"),
    ]


@pytest.mark.parametrize("spelling", ["XÃ PHỔ AN", "xa pho an", "Xã  Phổ\u00a0An", "Xã Phổ An"])
def test_a_commune_is_known_whatever_the_spelling(
    planned: Database, clock: FixedClock, spelling: str
) -> None:
    (row,) = import_rows(planned, clock, SEED, replace(KHO_BO, unit_name=spelling)).rows
    assert row.unit == "Xã Phổ An"


def test_communes_that_differ_in_a_mark_are_told_apart(planned: Database, clock: FixedClock) -> None:
    """Of Phổ An and Phổ Ân the marks decide; a name without marks could be either, so it is asked."""
    twin = Unit(id="pho-an-2", name="Xã Phổ Ân", level=Level.COMMUNE, parent="duc-pho", office="UBND")
    with planned.write() as tx:
        save_units(tx, [twin], clock.today())
    report = import_rows(planned, clock, SEED, KHO_BO, replace(KHO_GA, unit_name="xã phổ ân"))
    assert [row.unit for row in report.rows] == ["Xã Phổ An", "Xã Phổ Ân"]
    unclear = replace(CHA_LUA, unit_name="xa pho an", places=("B7", "C7"))
    ((doubt,),) = (row.doubts for row in import_rows(planned, clock, SEED, unclear).rows)
    assert doubt.en == (
        "Cell B7: “xa pho an” may be Xã Phổ An, Thị xã Đức Phổ (pho-an) or Xã Phổ Ân, Thị xã Đức Phổ "
        "(pho-an-2); write the id of the right one."
    )


def test_a_name_that_grows_when_it_is_folded_still_fits(planned: Database, clock: FixedClock) -> None:
    ligatures = candidate(5, "Xã Phổ An", "ﷺ" * 200)
    assert new_codes(import_rows(planned, clock, SEED, ligatures)) == ["DP24-001"]


def test_without_its_plan_nothing_is_imported(database: Database, clock: FixedClock) -> None:
    with pytest.raises(NotFound, match="is not loaded"):
        import_rows(database, clock, SEED, KHO_BO)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no file"):
        read_file(tmp_path / "danh-sach.xlsx")
