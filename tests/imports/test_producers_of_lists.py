"""Which rows of lists are one producer's: within a list, and beside what is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ocop_workflow.calendar import shipped_plan_text
from tests.factories import SEED, rows
from tests.imports.test_lists_again import bring_text
from tests.stories.journeys import candidate, import_rows, load_text

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def producers_of(database: Database, *codes: str) -> list[int]:
    found = dict(rows(database, "SELECT code, producer_id FROM products"))
    return [found[code] for code in codes]


def test_a_list_joins_who_is_named_equally_and_nobody_else(database: Database, clock: FixedClock) -> None:
    here = candidate(5, "Xã Phổ An", "Khô Bò")
    also = candidate(6, "Xã Phổ An", "Khô Gà")
    elsewhere = replace(candidate(7, "Xã Phổ An", "Chả lụa"), address="Thôn 2")
    another = replace(candidate(8, "Xã Phổ An", "Mắm nêm"), representative="Trần Văn Nam")
    load_text(database, clock, shipped_plan_text(SEED))
    import_rows(database, clock, SEED, here, also, elsewhere, another)
    first, second, third, fourth = producers_of(database, *(f"DP24-00{n}" for n in range(1, 5)))
    assert first == second
    assert len({first, third, fourth}) == 3
    import_rows(database, clock, SEED, candidate(9, "Xã Phổ An", "Bánh tráng"))
    assert producers_of(database, "DP24-005") == [first]


def test_one_merged_cell_is_one_producer_wherever_its_products_are_made(
    database: Database, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    list_ = (
        "STT,Địa phương,Tên sản phẩm,Người đại diện (chủ thể),Địa chỉ,3 sao,4 sao,"
        "Nâng hạng 3 sao lên 4 sao,Nâng hạng 4 sao lên 5 sao\n"
        "1,Xã Phổ An,Mắm nêm,Nguyễn Thị Hoa,Thôn 1,x,,,\n"
        "2,,Bánh tráng,,Thôn 2,x,,,\n"
        "3,,Chả lụa,Nguyễn Thị Hoa,Thôn 3,x,,,\n"
    )
    load_text(database, clock, shipped_plan_text(SEED))
    bring_text(database, clock, list_)
    first, merged, written_again = producers_of(database, "DP24-001", "DP24-002", "DP24-003")
    assert first == merged
    assert written_again != first
