"""Each case still runs, and where both write rows they leave the same ones: the cases say so themselves."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from benchmarks import advance, data, decision, delivery, digests, quiet, starting, sweep
from benchmarks.__main__ import line
from benchmarks.growth import growth
from benchmarks.picture import draw
from benchmarks.stores import store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.measuring import Row
    from benchmarks.stores import Store

#: the two that need minutes whatever the size (an ORM's loop, a writer beside a sweep) are left out
CASES: dict[str, Callable[[Store, int], list[Row]]] = {
    "sweep": lambda filled, rounds: [sweep.measure_warm(filled, rounds)],
    "digests": digests.measure,
    "delivery": delivery.measure,
    "quiet": quiet.measure,
    "advance": advance.measure,
    "decision": decision.measure,
    "starting": starting.measure,
}
MEASURED: list[dict[str, object]] = [
    {"case": "nothing due", "database": "sqlite", "n": n, "ours": 0.002 * n, "floor": 0.001 * n}
    for n in (100, 1000)
]


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


@pytest.mark.parametrize("case", CASES)
def test_a_case_runs_and_both_leave_the_same_rows(filled: Store, case: str) -> None:
    rows = CASES[case](filled, 1)
    assert rows
    for row in rows:
        assert row.ours > 0
        assert row.case in line(row)


def test_growth_compares_the_largest_size_with_its_tenth() -> None:
    assert growth(MEASURED, "sqlite", "nothing due", "ours") == pytest.approx(10)


def test_the_picture_is_whole_and_holds_a_line_for_ours_and_for_the_floor() -> None:
    picture = ET.fromstring(draw(MEASURED))  # noqa: S314 - our own
    lines = picture.findall("{http://www.w3.org/2000/svg}polyline")
    assert [bool(item.get("stroke-dasharray")) for item in lines] == [False, True]
