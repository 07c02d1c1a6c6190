"""Working days of Việt Nam, 2020 to 2027."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.calendar.workdays import (
    HolidayYear,
    WorkCalendar,
    load_holiday_years,
    load_work_calendar,
    years_known,
)

CALENDAR = load_work_calendar()
YEARS = load_holiday_years()
FIRST, LAST = date(2020, 1, 1), date(2027, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]

# Days on which the package `holidays` 0.109 is wrong, each with the reason: does our calendar work on it?
KNOWN_DIFFERENCES = {
    date(2026, 1, 2): (False, "swapped for 10/1/2026 by 12729/VPCP-KGVX; the package does not know of it"),
    date(2026, 1, 10): (True, "worked for 2/1/2026, likewise"),
}

days = st.dates(FIRST - timedelta(days=400), LAST + timedelta(days=400))
working_days = days.filter(CALENDAR.is_working)
counts = st.integers(-300, 300)

per_year = pytest.mark.parametrize("year", YEARS, ids=lambda year: str(year.year))


def days_between(first: date, last: date) -> list[date]:
    """Return the days after `first` and before `last`."""
    return [first + timedelta(days=n) for n in range(1, (last - first).days)]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2024, 4, 23), True),  # an ordinary Tuesday
        (date(2024, 4, 29), False),  # swapped for …
        (date(2024, 5, 4), True),  # … this Saturday
        (date(2024, 11, 30), False),  # an ordinary Saturday
        (date(2025, 4, 26), True),
        (date(2025, 5, 2), False),
        (date(2026, 1, 2), False),
        (date(2026, 1, 10), True),
        (date(2026, 4, 26), False),  # Giỗ Tổ on a Sunday …
        (date(2026, 4, 27), False),  # … and the Monday given for it
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
    ],
)
def test_a_day_is_worked_or_off(day: date, *, worked: bool) -> None:
    assert CALENDAR.is_working(day) is worked


def test_tet_2024_is_off_from_thursday_to_the_next_wednesday() -> None:
    around_tet = days_between(date(2024, 2, 4), date(2024, 2, 18))
    worked = [day.day for day in around_tet if CALENDAR.is_working(day)]
    assert worked == [5, 6, 7, 15, 16]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 3, 31), date(2024, 3, 29)),
        (date(2024, 4, 29), date(2024, 4, 26)),
        (date(2024, 4, 27), date(2024, 4, 26)),
        (date(2024, 5, 5), date(2024, 5, 4)),
        (date(2024, 4, 23), date(2024, 4, 23)),
    ],
)
def test_the_last_working_day_on_or_before(day: date, expected: date) -> None:
    assert CALENDAR.last_on_or_before(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 12, 1), date(2024, 12, 2)),
        (date(2024, 5, 1), date(2024, 5, 2)),
        (date(2024, 2, 8), date(2024, 2, 15)),
        (date(2024, 5, 4), date(2024, 5, 4)),
    ],
)
def test_the_first_working_day_on_or_after(day: date, expected: date) -> None:
    assert CALENDAR.first_on_or_after(day) == expected


def test_fifteen_working_days_across_tet_are_counted_one_by_one() -> None:
    tet = [date(2024, 2, day) for day in range(8, 15)]
    day, counted = date(2024, 1, 25), 0
    while counted < 15:
        day += timedelta(days=1)
        if day.isoweekday() <= 5 and day not in tet:
            counted += 1
    assert day == date(2024, 2, 22)
    assert CALENDAR.add(date(2024, 1, 25), 15) == day


def test_a_swapped_saturday_counts_as_a_working_day() -> None:
    assert [CALENDAR.add(date(2024, 4, 26), n) for n in (1, 2, 3, 4)] == [
        date(2024, 5, 2),
        date(2024, 5, 3),
        date(2024, 5, 4),
        date(2024, 5, 6),
    ]


def test_adding_nothing_is_the_day_itself_even_if_off() -> None:
    assert CALENDAR.add(date(2024, 4, 30), 0) == date(2024, 4, 30)


def test_counting_past_the_last_date_there_is_overflows() -> None:
    with pytest.raises(OverflowError):
        CALENDAR.add(date.max, 1)


def test_only_days_after_the_last_announced_year_are_provisional() -> None:
    assert CALENDAR.known_until == date(2026, 12, 31)
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2027, 1, 1))


def test_beyond_all_data_monday_to_friday_are_worked() -> None:
    week = [date(2031, 1, 27) + timedelta(days=n) for n in range(7)]
    assert [CALENDAR.is_working(day) for day in week] == [True] * 5 + [False] * 2


def test_the_calendar_is_read_once() -> None:
    assert load_work_calendar() is load_work_calendar()


@given(working_days, counts)
def test_counting_there_and_back_returns_to_the_working_day(day: date, n: int) -> None:
    assert CALENDAR.add(CALENDAR.add(day, n), -n) == day


@given(days, st.integers(1, 300))
def test_exactly_n_working_days_lie_up_to_the_nth(day: date, n: int) -> None:
    nth = CALENDAR.add(day, n)
    assert CALENDAR.is_working(nth)
    assert sum(map(CALENDAR.is_working, days_between(day, nth))) == n - 1


@given(days, st.integers(1, 300))
def test_exactly_n_working_days_lie_back_to_the_nth(day: date, n: int) -> None:
    nth = CALENDAR.add(day, -n)
    assert CALENDAR.is_working(nth)
    assert sum(map(CALENDAR.is_working, days_between(nth, day))) == n - 1


@given(days, days, counts)
def test_a_later_start_never_ends_earlier(one: date, other: date, n: int) -> None:
    assert CALENDAR.add(min(one, other), n) <= CALENDAR.add(max(one, other), n)


@given(days, counts)
def test_one_working_day_more_is_later(day: date, n: int) -> None:
    assert CALENDAR.add(day, n) < CALENDAR.add(day, n + 1)


@given(days)
def test_the_last_working_day_is_the_nearest_one_back(day: date) -> None:
    last = CALENDAR.last_on_or_before(day)
    assert last <= day
    assert CALENDAR.is_working(last)
    assert not any(map(CALENDAR.is_working, days_between(last, day + timedelta(days=1))))


@given(days)
def test_the_first_working_day_is_the_nearest_one_on(day: date) -> None:
    first = CALENDAR.first_on_or_after(day)
    assert first >= day
    assert CALENDAR.is_working(first)
    assert not any(map(CALENDAR.is_working, days_between(day - timedelta(days=1), first)))


def test_a_long_row_of_days_off_is_crossed() -> None:
    year_off = WorkCalendar(frozenset(EVERY_DAY), frozenset(), LAST)
    assert year_off.first_on_or_after(FIRST) == date(2028, 1, 3)
    assert year_off.last_on_or_before(LAST) == date(2019, 12, 31)


def test_every_day_agrees_with_the_holidays_package_but_for_the_known_differences() -> None:
    package = holidays.country_holidays("VN", years=range(2020, 2028))
    differences = {
        day: CALENDAR.is_working(day)
        for day in EVERY_DAY
        if CALENDAR.is_working(day) != package.is_working_day(day)
    }
    assert differences == {day: worked for day, (worked, _reason) in KNOWN_DIFFERENCES.items()}


def test_the_years_follow_each_other_and_only_the_last_is_provisional() -> None:
    assert [(year.year, year.status) for year in YEARS] == [
        *((number, "official") for number in range(2020, 2027)),
        (2027, "provisional"),
    ]
    assert years_known() == (2020, 2027)


@per_year
def test_a_file_holds_days_of_its_year_in_order_and_its_sources(year: HolidayYear) -> None:
    dates = [off.day for off in year.off]
    assert dates == sorted(set(dates))
    assert {day.year for day in dates} == {year.year}
    assert all(year.source)


@per_year
def test_a_year_has_as_many_holidays_as_the_law_gives(year: HolidayYear) -> None:
    """Ten by the code of 2012, a second day of Quốc khánh since 2021, Ngày Văn hóa since 2026."""
    statutory = [off for off in year.off if not off.swap and off.in_lieu_of is None]
    assert len(statutory) == 10 + (year.year >= 2021) + (year.year >= 2026)


@per_year
def test_each_holiday_on_a_weekend_is_given_back_once(year: HolidayYear) -> None:
    given_back = sorted(off.in_lieu_of for off in year.off if off.in_lieu_of)
    assert given_back == [off.day for off in year.off if off.day.isoweekday() > 5]


@per_year
def test_each_swapped_day_off_is_repaid_by_one_weekend_day(year: HolidayYear) -> None:
    swapped = [off.day for off in year.off if off.swap]
    assert [worked.repays for worked in year.worked] == swapped
    assert all(day.isoweekday() <= 5 for day in swapped)
    assert all(worked.day.isoweekday() > 5 for worked in year.worked)


def test_before_the_first_listed_year_only_weekends_and_the_feasts_of_the_sun_are_off() -> None:
    known = load_work_calendar()
    tet = date(2018, 2, 16)  # mùng 1 Tết Mậu Tuất
    assert known.is_working(tet)
    assert known.is_provisional(tet)
    assert known.name_of_day_off(date(2018, 4, 30)) == "Ngày Chiến thắng"
    assert not known.is_provisional(date(2020, 1, 1))
