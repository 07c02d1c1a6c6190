"""Until when a certificate is valid: 36 months, counted once, and a last day that is read in three ways."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.regulations import last_valid_day, load_regulation
from ocop_workflow.regulations.schema import LastDay, Validity


def validity(last_day: LastDay, months: int = 36) -> Validity:
    return Validity(months=months, last_day=last_day, last_day_source="thử", source="thử")


@pytest.mark.parametrize(
    ("decided_on", "last_day", "expected"),
    [
        (date(2019, 12, 23), LastDay.SAME_DAY, date(2022, 12, 23)),  # Thanh Hóa: lapses from 24/12/2022
        (date(2020, 2, 4), LastDay.DAY_BEFORE, date(2023, 2, 3)),  # Nghệ An: lapses from 4/2/2023
        (date(2019, 12, 31), LastDay.MONTH_END, date(2022, 12, 31)),  # Gia Lai: lapses from 1/1/2023
        (date(2024, 11, 26), LastDay.MONTH_END, date(2027, 11, 30)),
        (date(2024, 2, 29), LastDay.SAME_DAY, date(2027, 2, 28)),
        (date(2024, 2, 29), LastDay.DAY_BEFORE, date(2027, 2, 27)),
        (date(2025, 2, 5), LastDay.MONTH_END, date(2028, 2, 29)),
    ],
)
def test_the_last_day_as_the_provinces_count_it(decided_on: date, last_day: LastDay, expected: date) -> None:
    assert last_valid_day(validity(last_day), decided_on) == expected


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_months_are_added_once_from_the_day_of_the_decision(decided_on: date) -> None:
    shipped = load_regulation("qd-26-2026").validity
    year, month = divmod(decided_on.year * 12 + decided_on.month - 1 + shipped.months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last_of_month = first_of_next - timedelta(days=1)
    expected = min(decided_on.day, last_of_month.day)
    assert last_valid_day(shipped, decided_on) == last_of_month.replace(day=expected)
