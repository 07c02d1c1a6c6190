"""Time expressions of plans, and the days that they mean."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ocop_workflow.calendar.when import FORMS, Reader, When, Window, read_when
from ocop_workflow.calendar.workdays import load_work_calendar

DAY = date.fromisoformat
NAMED = {
    "outcome": When(by=date(2024, 11, 30)),
    "vague": When(by=date(2024, 9, 15), approximate=True),
    "all-year": When(continuous=True),
}
SELECTED, RECEIVED = date(2024, 1, 31), date(2024, 1, 25)
ANCHORS = {
    "selected": SELECTED,
    "received": RECEIVED,
    "expiry": date(2024, 5, 31),
    "certified": date(2024, 2, 29),
    "fair": date(2024, 2, 15),
}

days = st.dates(date(2001, 1, 1), date(2199, 12, 31))


def when(toml: str) -> When:
    """Read an expression as it stands in a plan file."""
    return When.model_validate(tomllib.loads(f"when = {toml}")["when"])


def reader(opened_on: date = date(2024, 1, 1), *, inclusive: bool = False) -> Reader:
    """Return a reader that knows the milestones and events above."""
    return Reader(load_work_calendar(), inclusive, NAMED.__getitem__, ANCHORS, opened_on)


def due(toml: str, opened_on: date = date(2024, 1, 1), *, inclusive: bool = False) -> str | None:
    """Return the last day in time, as text."""
    day = read_when(when(toml), reader(opened_on, inclusive=inclusive)).due
    return None if day is None else day.isoformat()


@pytest.mark.parametrize(
    ("toml", "start", "last"),
    [
        ('{ months = ["2024-03", "2024-04"] }', "2024-03-01", "2024-04-30"),
        ('{ months = ["2024-05"] }', "2024-05-01", "2024-05-31"),
        ('{ months = ["2024-02"] }', "2024-02-01", "2024-02-29"),
        ('{ months = ["2023-02"] }', "2023-02-01", "2023-02-28"),
        ('{ months = ["2100-02"] }', "2100-02-01", "2100-02-28"),
        ('{ months = ["2024-11", "2025-02"] }', "2024-11-01", "2025-02-28"),
        ("{ range = [2024-10-10, 2024-10-30] }", "2024-10-10", "2024-10-30"),
        ("{ range = [2024-10-10, 2024-10-10] }", "2024-10-10", "2024-10-10"),
        ('{ quarter = "2024-Q1" }', "2024-01-01", "2024-03-31"),
        ('{ quarter = "2024-Q2" }', "2024-04-01", "2024-06-30"),
        ('{ quarter = "2024-Q3" }', "2024-07-01", "2024-09-30"),
        ('{ quarter = "2024-Q4" }', "2024-10-01", "2024-12-31"),
    ],
)
def test_a_window_runs_from_its_first_to_its_last_day(toml: str, start: str, last: str) -> None:
    assert read_when(when(toml), reader()) == Window(DAY(start), DAY(last))


@pytest.mark.parametrize(
    ("toml", "last"),
    [
        ("{ by = 2024-11-30 }", "2024-11-30"),
        ("{ before = 2024-04-30 }", "2024-04-29"),
        ("{ before = 2024-03-01 }", "2024-02-29"),
        ("{ before = 2024-01-01 }", "2023-12-31"),
        ('{ before_month = "2024-09" }', "2024-08-31"),
        ('{ before_month = "2024-03" }', "2024-02-29"),
        ('{ before_month = "2024-01" }', "2023-12-31"),
        ('{ with = "outcome" }', "2024-11-30"),
        ('{ after = { event = "selected", days = 0 } }', "2024-01-31"),
        ('{ after = { event = "selected", days = 29 } }', "2024-02-29"),
        ('{ ahead_of = { event = "fair", days = 30 } }', "2024-01-16"),
    ],
)
def test_some_forms_say_only_a_last_day(toml: str, last: str) -> None:
    assert read_when(when(toml), reader()) == Window(None, DAY(last))


def test_before_follows_the_reading_of_the_regulation() -> None:
    assert due("{ before = 2024-04-30 }", inclusive=False) == "2024-04-29"
    assert due("{ before = 2024-04-30 }", inclusive=True) == "2024-04-30"


@pytest.mark.parametrize("toml", ["{ continuous = true }", "{ unset = true }", '{ with = "all-year" }'])
def test_what_has_no_end_is_never_late(toml: str) -> None:
    assert read_when(when(toml), reader()) == Window(None, None)


# 8 to 14 February 2024 was Tết; 29 April was swapped for Saturday 4 May.
@pytest.mark.parametrize(
    ("toml", "last"),
    [
        ('{ after = { event = "received", working_days = 15 } }', "2024-02-22"),
        ('{ after = { event = "selected", working_days = 5 } }', "2024-02-07"),
        ('{ after = { event = "selected", working_days = 6 } }', "2024-02-15"),
        ('{ ahead_of = { event = "fair", working_days = 1 } }', "2024-02-07"),
        ('{ ahead_of = { event = "expiry", working_days = 19 } }', "2024-05-06"),
        ('{ ahead_of = { event = "expiry", working_days = 20 } }', "2024-05-04"),
        ('{ ahead_of = { event = "expiry", working_days = 21 } }', "2024-05-03"),
    ],
)
def test_working_days_leave_out_tet_and_take_in_a_worked_saturday(toml: str, last: str) -> None:
    assert due(toml) == last


@pytest.mark.parametrize(
    ("toml", "last"),
    [
        ('{ after = { event = "selected", months = 1 } }', "2024-02-29"),
        ('{ after = { event = "selected", months = 2 } }', "2024-03-31"),
        ('{ after = { event = "selected", months = 3 } }', "2024-04-30"),
        ('{ after = { event = "selected", months = 13 } }', "2025-02-28"),
        ('{ after = { event = "certified", months = 36 } }', "2027-02-28"),
        ('{ after = { event = "certified", months = 48 } }', "2028-02-29"),
        ('{ ahead_of = { event = "expiry", months = 3 } }', "2024-02-29"),
        ('{ after = { event = "selected", months = 0 } }', "2024-01-31"),
    ],
)
def test_months_are_added_once_and_stop_at_the_month_s_end(toml: str, last: str) -> None:
    assert due(toml) == last


@pytest.mark.parametrize("form", ["after", "ahead_of"])
def test_an_event_that_has_not_happened_gives_no_day_yet(form: str) -> None:
    assert due(f'{{ {form} = {{ event = "not_rated", days = 3 }} }}') is None


TWO_ROUNDS = "{ any_of = [{ before = 2024-10-30 }, { before = 2024-04-30 }] }"


@pytest.mark.parametrize(
    ("opened_on", "last"),
    [
        ("2023-06-01", "2024-04-29"),
        ("2024-04-29", "2024-04-29"),
        ("2024-04-30", "2024-10-29"),
        ("2024-10-29", "2024-10-29"),
        ("2024-10-30", "2024-10-29"),
        ("2025-03-01", "2024-10-29"),
    ],
)
def test_of_alternatives_the_first_not_yet_past_counts_else_the_last(opened_on: str, last: str) -> None:
    assert due(TWO_ROUNDS, DAY(opened_on)) == last


def test_an_alternative_keeps_its_own_beginning() -> None:
    either = when('{ any_of = [{ months = ["2024-03", "2024-04"] }, { months = ["2024-07", "2024-08"] }] }')
    assert read_when(either, reader(date(2024, 5, 1))) == Window(date(2024, 7, 1), date(2024, 8, 31))


def test_alternatives_without_a_day_do_not_count() -> None:
    assert due("{ any_of = [{ unset = true }, { by = 2024-06-30 }] }") == "2024-06-30"
    assert due("{ any_of = [{ unset = true }, { continuous = true }] }") is None


def test_alternatives_may_hold_alternatives() -> None:
    nested = "{ any_of = [{ by = 2024-02-01 }, { any_of = [{ by = 2024-03-01 }, { by = 2024-04-01 }] }] }"
    assert due(nested, date(2024, 3, 15)) == "2024-04-01"


@pytest.mark.parametrize(
    ("toml", "approximate"),
    [
        ("{ by = 2024-11-15, approximate = true }", True),
        ("{ by = 2024-11-15 }", False),
        ('{ with = "vague" }', True),
        ('{ with = "outcome", approximate = true }', True),
        ('{ any_of = [{ with = "vague" }, { by = 2024-12-01 }] }', True),
        ('{ any_of = [{ with = "vague" }, { by = 2024-02-01 }] }', False),
        ("{ unset = true, approximate = true }", True),
    ],
)
def test_approximate_is_what_says_so_or_rests_on_what_says_so(toml: str, *, approximate: bool) -> None:
    assert read_when(when(toml), reader()).approximate is approximate


def test_every_form_is_shown_in_these_tests_and_reads_back_its_own_name() -> None:
    examples = [
        '{ months = ["2024-03"] }',
        "{ range = [2024-10-10, 2024-10-30] }",
        "{ by = 2024-11-30 }",
        "{ before = 2024-04-30 }",
        '{ before_month = "2024-09" }',
        '{ quarter = "2024-Q2" }',
        '{ continuous = true, peak = ["2024-03"] }',
        '{ with = "outcome" }',
        '{ dossiers_of = "dot-1" }',
        '{ after = { event = "selected", days = 3 } }',
        '{ ahead_of = { event = "fair", days = 3 } }',
        TWO_ROUNDS,
        "{ each_month = { before = 25 } }",
        "{ unset = true }",
    ]
    assert tuple(when(example).form for example in examples) == FORMS


@pytest.mark.parametrize(
    "toml",
    [
        "{}",
        "{ approximate = true }",
        "{ by = 2024-11-30, before = 2024-11-30 }",
        '{ months = ["2024-04", "2024-03"] }',
        '{ months = ["2024-13"] }',
        "{ months = [] }",
        "{ range = [2024-10-30, 2024-10-10] }",
        '{ quarter = "2024-Q5" }',
        "{ continuous = false }",
        "{ any_of = [{ by = 2024-11-30 }] }",
        '{ after = { event = "selected" } }',
        '{ after = { event = "selected", days = 3, months = 1 } }',
        '{ after = { event = "selected", days = -3 } }',
        '{ after = { event = "", days = 3 } }',
        "{ by = 0001-01-01 }",
        "{ by = 9999-12-31 }",
        "{ by = 2024-11-30T08:00:00 }",
        '{ until = "2024-11-30" }',
        '{ with_ = "outcome" }',
    ],
)
def test_an_expression_that_is_none_or_two_or_impossible_is_refused(toml: str) -> None:
    with pytest.raises(ValidationError):
        when(toml)


@given(days)
def test_by_takes_the_day_in_and_before_leaves_it_out(day: date) -> None:
    by = read_when(When(by=day), reader()).due
    before = read_when(When(before=day), reader()).due
    assert (by, before) == (day, day - timedelta(days=1))


@given(st.lists(days, min_size=2, max_size=12), days)
def test_the_order_of_alternatives_does_not_matter(last_days: list[date], opened_on: date) -> None:
    ahead = [day for day in last_days if day >= opened_on]
    expected = min(ahead) if ahead else max(last_days)
    either = When(any_of=tuple(When(by=day) for day in last_days))
    assert read_when(either, reader(opened_on)).due == expected


@given(st.integers(2000, 2199), st.integers(1, 12))
def test_the_day_after_a_month_s_end_is_the_first_of_a_month(year: int, month: int) -> None:
    last = read_when(When(months=(f"{year}-{month:02}",)), reader()).due
    assert last is not None
    assert ((last + timedelta(days=1)).day, last.month) == (1, month)
