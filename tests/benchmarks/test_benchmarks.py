"""Each case still runs, and where both write rows they leave the same ones: the cases say so themselves."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks import (
    advance,
    council,
    data,
    decision,
    delivery,
    digests,
    figures,
    quiet,
    register,
    renewals,
    scoring,
    star,
    starting,
    sweep,
)
from benchmarks.__main__ import line
from benchmarks.growth import growth
from benchmarks.measuring import Row
from benchmarks.picture import draw
from benchmarks.stores import store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.stores import Store

#: the two that need minutes whatever the size (an ORM's loop, a writer beside a sweep) are left out
CASES: dict[str, Callable[[Store, int], list[Row]]] = {
    "sweep": lambda filled, rounds: [sweep.measure_warm(filled, rounds)],
    "digests": digests.measure,
    "delivery": delivery.measure,
    "quiet": quiet.measure,
    "advance": advance.measure,
    "decision": decision.measure,
    "register": register.measure,
    "renewals": renewals.measure,
    "star": star.measure,
    "starting": starting.measure,
    "scoring": scoring.measure,
}
MEASURED = [Row("nothing due", "sqlite", size, 0.002 * size, 0.001 * size) for size in (100, 1000)]

pytestmark = pytest.mark.usefixtures("no_cover")


@pytest.fixture(scope="module")
def filled() -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "AUTHORITIES", 3)  # each child reads every plan
        patch.setattr(data, "COMMUNES", 40)
        with store("sqlite", 600) as small:
            yield small


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "TIMES", 20)
    monkeypatch.setattr(council, "PRODUCTS", 1)
    monkeypatch.setattr(register, "ROWS", 30)


@pytest.mark.parametrize("case", CASES)
def test_a_case_runs_and_both_leave_the_same_rows(filled: Store, case: str) -> None:
    rows = CASES[case](filled, 1)
    assert rows
    for row in rows:
        assert row.ours > 0
        assert row.case in line(row)


def test_growth_compares_the_largest_size_with_its_tenth() -> None:
    assert growth(MEASURED, "nothing due") == pytest.approx((10, 10))


def test_what_was_measured_at_one_size_alone_is_not_drawn() -> None:
    alone = replace(MEASURED[0], database="postgresql")
    assert draw([*MEASURED, alone]) == draw(MEASURED)


def test_the_picture_is_whole_and_holds_a_line_for_ours_and_for_the_floor() -> None:
    picture = ET.fromstring(draw(MEASURED))  # noqa: S314 - our own
    lines = picture.findall("{http://www.w3.org/2000/svg}polyline")
    assert [bool(item.get("stroke-dasharray")) for item in lines] == [False, True]


def test_what_is_measured_again_replaces_its_own_row_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "performance.md").write_text(f"# Speed\n{figures.BEGIN}\nold\n{figures.END}\nWhy.\n", "utf-8")
    wait = Row("longest wait of another writer", "postgresql", 1000, 0.0421, None)
    figures.keep([*MEASURED, wait], 5, tmp_path)
    figures.keep([Row("nothing due", "sqlite", 1000, 0.0012, 0.001, 3.2)], 3, tmp_path)

    assert [(row.size, row.rounds) for row in figures.read(tmp_path)] == [(100, 5), (1000, 3), (1000, 5)]
    page = (tmp_path / "performance.md").read_text("utf-8")
    assert page.startswith(f"# Speed\n{figures.BEGIN}\n| case ")
    assert page.endswith(f"{figures.END}\nWhy.\n")
    assert page.splitlines()[4:7] == [
        "| nothing due | SQLite | 100 | 200 ms | 100 ms | **2.00** | 1.5 | – |",
        "| nothing due | SQLite | 1,000 | 1.2 ms | 1 ms | 1.20 | 1.5 | 3 MiB |",
        "| longest wait of another writer | PostgreSQL | 1,000 | **42.1 ms** | – | – | 20 ms | – |",
    ]
    assert (tmp_path / "performance.svg").read_text("utf-8").startswith("<svg")


def test_the_page_shows_the_table_made_from_the_figures() -> None:
    shown = (figures.DOCS / "performance.md").read_text("utf-8").partition(figures.BEGIN)[2]
    assert shown.partition(figures.END)[0].strip() == figures.table(figures.read())


def test_a_ratio_far_below_one_is_written_as_a_share() -> None:
    loop = Row("our sweep beside an object loop", "sqlite", 1000, 0.16, 26.4)
    assert "| 1 / 165 | 1 / 15 |" in figures.table([loop])
