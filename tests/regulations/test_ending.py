"""What ends a certificate and what keeps it: the pack's own words, and the grace of late filers by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ocop_workflow.regulations import (
    LateFiling,
    LateGrace,
    grace_until,
    load_regulation,
    regulation_ids,
)

PACK = load_regulation("qd-26-2026")
LAST = date(2027, 11, 25)
#: its last day and 180 more, counted on a calendar: thirty to 25/12, then 31, 31, 29, 31, 28
END = date(2028, 5, 23)
OLD, NEW = date(2024, 11, 25), date(2026, 5, 22)
GRACE = PACK.grace


def until(on: date, *, decided: date = OLD, filed: date | None = date(2027, 8, 30)) -> date | None:
    return grace_until(GRACE, LateFiling(decided, LAST, filed), on)


def test_the_grounds_are_the_six_letters_of_the_decision_each_in_its_words() -> None:
    assert [(ground.id, ground.clause) for ground in PACK.revocation] == [
        (letter, f"điểm {letter} khoản 1 Điều 8 QĐ 26/2026/QĐ-TTg") for letter in "abcdđe"
    ]
    stopped = PACK.ground("đ")
    assert stopped is not None
    assert stopped.as_written == "Chủ thể OCOP không còn hoạt động sản xuất sản phẩm OCOP."
    assert PACK.ground("g") is None


@pytest.mark.parametrize("name", [name for name in regulation_ids() if name != PACK.id])
def test_what_older_decisions_say_is_not_known_and_nothing_is_made_up(name: str) -> None:
    pack = load_regulation(name)
    assert (pack.revocation, pack.grace) == ((), None)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (LAST, None),  # it runs by itself
        (LAST + timedelta(days=1), END),
        (END, END),
        (END + timedelta(days=1), None),  # it ends by itself
    ],
)
def test_it_begins_behind_the_last_day_and_ends_by_itself(on: date, expected: date | None) -> None:
    assert until(on) == expected


def test_it_is_for_what_was_filed_by_the_last_day_and_for_older_certificates() -> None:
    day = date(2027, 12, 1)
    assert until(day, filed=LAST) == END
    assert until(day, filed=LAST + timedelta(days=1)) is None
    assert until(day, filed=None) is None
    assert until(day, filed=date(2027, 12, 2)) is None  # not yet, on that day
    assert until(day, decided=NEW - timedelta(days=1)) == END
    assert until(day, decided=NEW) is None


def test_each_switch_is_the_packs() -> None:
    assert isinstance(GRACE, LateGrace)
    assert (GRACE.days, GRACE.granted_before, GRACE.later, GRACE.filed_after_end) == (180, NEW, False, False)
    assert GRACE.uncertain
    day = date(2027, 12, 5)
    on = GRACE.model_copy(update={"later": True, "filed_after_end": True})
    assert grace_until(on, LateFiling(NEW, LAST, date(2027, 12, 1)), day) == END
    assert grace_until(None, LateFiling(OLD, LAST, LAST), day) is None
