"""From one regulation to the next: which follows, and until when the old one decides open dossiers."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from ocop_workflow.errors import NotFound
from ocop_workflow.regulations import (
    change_over,
    decided_no_longer,
    load_regulation,
    regulation_ids,
    successor_of,
)

OLDEST, SEED, DISTRICTLESS, LATEST = "qd-1048-2019", "qd-148-2023", "qd-1489-2025", "qd-26-2026"


def test_each_regulation_is_followed_by_the_next_in_force() -> None:
    found = [successor_of(name) for name in (OLDEST, SEED, DISTRICTLESS, LATEST)]
    assert [one and one.id for one in found] == [SEED, DISTRICTLESS, LATEST, None]
    with pytest.raises(NotFound):
        successor_of("qd-0")


@pytest.mark.parametrize(
    ("regulation", "kind", "last_day", "clause"),
    [
        (DISTRICTLESS, "first", date(2026, 7, 21), "khoản 1 Điều 12 QĐ 26/2026/QĐ-TTg"),
        (DISTRICTLESS, "upgrade", date(2026, 7, 21), "khoản 1 Điều 12 QĐ 26/2026/QĐ-TTg"),
        (DISTRICTLESS, "renewal", date(2026, 6, 21), "khoản 2 Điều 12 QĐ 26/2026/QĐ-TTg"),
        (
            SEED,
            "first",
            date(2025, 7, 5),
            "QĐ 1489/QĐ-TTg có hiệu lực từ 06/7/2025; không rõ điều khoản chuyển tiếp",
        ),
        (OLDEST, "first", date(2023, 2, 23), "148/QĐ-TTg"),  # of which no clause is known
    ],
)
def test_the_term_ends_on_the_day_that_the_design_names(
    regulation: str, kind: str, last_day: date, clause: str
) -> None:
    over = change_over(regulation, kind)
    assert over is not None
    assert (over.last_day, over.clause, over.uncertain) == (last_day, clause, True)
    assert over.regulation == successor_of(regulation)


def test_the_latest_regulation_decides_for_ever() -> None:
    assert change_over(LATEST, "first") is None


@pytest.mark.parametrize(
    ("today", "gone"),
    [
        (date(2025, 7, 5), set()),
        (date(2025, 7, 6), {(SEED, kind) for kind in ("first", "upgrade", "renewal")}),
        (date(2026, 6, 21), {(SEED, kind) for kind in ("first", "upgrade", "renewal")}),
        (
            date(2026, 6, 22),
            {*((SEED, kind) for kind in ("first", "upgrade", "renewal")), (DISTRICTLESS, "renewal")},
        ),
        (
            date(2026, 7, 22),
            {(one, kind) for one in (SEED, DISTRICTLESS) for kind in ("first", "upgrade", "renewal")},
        ),
    ],
)
def test_what_is_decided_no_longer_is_known_from_the_day_after(
    today: date, gone: set[tuple[str, str]]
) -> None:
    assert {pair for pair in decided_no_longer(today) if pair[0] != OLDEST} == gone


def test_packs_follow_one_another_without_a_gap() -> None:
    """No day lies between two packs, so each has one that was in force before it."""
    packs = sorted((load_regulation(name) for name in regulation_ids()), key=lambda one: one.in_force.since)
    for older, newer in pairwise(packs):
        assert older.in_force.until is not None
        assert (newer.in_force.since - older.in_force.until).days == 1
