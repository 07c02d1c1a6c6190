"""A standing yearly template: months without a year, read for the year that is asked for."""

from __future__ import annotations

import pytest

from ocop_workflow.calendar import is_template, read_plan, text_for_year
from ocop_workflow.errors import InvalidInput
from tests.calendar.plan_files import EVALUATED, HEAD, OUTCOME, faults, milestone
from tests.calendar.test_hours_and_months import activity
from tests.calendar.test_open_rounds import calendar

TEMPLATE = (
    HEAD.replace("year = 2024\n", "")
    .replace('"town-2024"', '"town-{year}"')
    .replace('"TN24"', '"TN{yy}"')
    .replace('"Kế hoạch"', '"Kế hoạch năm {year}"')
    + 'ends_on = "next-03-14"\n'
    + milestone("registration", '{ months = ["03", "04"] }')
    + milestone("evaluation", '{ before = "09-15", at = "16:00" }', EVALUATED)
    + milestone("outcome", '{ any_of = [{ with = "dot" }, { quarter = "Q4" }] }', OUTCOME)
    + activity('{ each_month = { by = 25, first = "05", last = "next-02" } }')
    + activity('{ ahead_of = { event = "fair", days = 30 } }', "list")
    + activity('{ range = ["10-10", "10-30"] }', "fairs")
    + activity('{ before_month = "next-02" }', "closing")
    + activity('{ continuous = true, peak = ["03", "10"] }', "talk", more="")
    + '[[rounds]]\nid = "dot"\nnumber = 1\nlevel = "district"\nclause = "1"\nas_written = "x"\n'
    + 'dossiers = { by = "09-30" }\ndone = { by = "11-30" }\n'
    + '[[events]]\nid = "fair"\nname = "hội chợ"\non = "11-20"\n'
)


def of(year: int) -> list[str]:
    """Return the due days of the template's plan of a year."""
    plan = calendar(text_for_year(TEMPLATE, year)).plan
    return [
        f"{entry.id} {entry.when.model_dump(exclude_none=True, exclude_defaults=True)}"
        for entry in plan.timed
    ]


def test_a_template_gives_each_year_a_plan_of_its_own() -> None:
    plan = read_plan(text_for_year(TEMPLATE, 2025))
    assert (plan.id, plan.code, plan.title, plan.year) == ("town-2025", "TN25", "Kế hoạch năm 2025", 2025)
    assert plan.last_day.isoformat() == "2026-03-14"
    assert [day.isoformat() for day in (plan.events[0].on, plan.rounds[0].done.by) if day] == [
        "2025-11-20",
        "2025-11-30",
    ]
    assert of(2025) == [
        "registration {'months': ('2025-03', '2025-04')}",
        "evaluation {'before': datetime.date(2025, 9, 15), 'at': '16:00'}",
        "outcome {'any_of': ({'with_': 'dot'}, {'quarter': '2025-Q4'})}",
        "report {'each_month': {'by': 25, 'first': '2025-05', 'last': '2026-02'}}",
        "list {'ahead_of': {'event': 'fair', 'days': 30}}",
        "fairs {'range': (datetime.date(2025, 10, 10), datetime.date(2025, 10, 30))}",
        "closing {'before_month': '2026-02'}",
        "talk {'continuous': True, 'peak': ('2025-03', '2025-10')}",
    ]


def test_the_day_that_only_leap_years_have_is_a_fault_in_the_others() -> None:
    text = TEMPLATE.replace('"09-15"', '"02-29"').replace(EVALUATED, '"registered"')
    assert text_for_year(text, 2028)
    assert list(faults(text_for_year(text, 2027))) == ["milestones[1].when.before"]
    assert read_plan(text_for_year(text, 2028)).milestones[1].when.before is not None


def test_a_plan_that_names_its_year_may_leave_it_out_in_its_days() -> None:
    assert calendar(HEAD + milestone("m", '{ by = "04-30" }')).plan.milestones[0].when.by is not None
    assert list(faults(HEAD + milestone("m", '{ by = "4-30" }') + milestone("n", '{ months = ["13"] }'))) == [
        "milestones[0].when.by",
        "milestones[1].when.months[0]",
    ]


@pytest.mark.parametrize(
    ("text", "template"),
    [
        (TEMPLATE, True),
        (HEAD, False),
        (TEMPLATE.replace("{year}", "x"), False),
        ("id = ", False),
        ("\ufeff" + TEMPLATE, True),
    ],
)
def test_a_template_is_known_by_the_year_that_it_leaves_open(text: str, *, template: bool) -> None:
    assert is_template(text) is template


def test_a_byte_order_mark_in_front_does_no_harm() -> None:
    assert read_plan(text_for_year("\ufeff" + TEMPLATE, 2025)).year == 2025


def test_what_would_be_called_the_same_each_year_is_refused_with_all_its_faults() -> None:
    with pytest.raises(InvalidInput) as refused:
        text_for_year(HEAD, 2027, "town.toml")
    assert refused.value.text.vi == "Tệp town.toml có lỗi."
    assert [(fault.place, fault.text.en) for fault in refused.value.faults] == [
        ("year", "the file has a year already"),
        ("id", "a yearly template needs {year} here, so that years can be told apart"),
        ("code", "a yearly template needs {yy} here, so that years can be told apart"),
    ]


@pytest.mark.parametrize("year", ["0", "9999", "2024.5"])
def test_a_year_that_is_none_fills_in_nothing_and_is_told_by_the_schema(year: str) -> None:
    text = HEAD.replace("year = 2024", f"year = {year}") + milestone("m", '{ by = "04-30" }')
    assert "year" in faults(text)


def test_what_stands_where_a_table_belongs_is_left_to_the_schema() -> None:
    text = HEAD + 'milestones = ["x"]\nrounds = 3\n'
    assert {"milestones[0]", "rounds"} <= set(faults(text))
    odd = HEAD + milestone("m", '{ any_of = ["x", { by = "04-30" }] }') + milestone("n", "{ each_month = 3 }")
    assert {"milestones[0].when.any_of[0]", "milestones[1].when.each_month"} <= set(faults(odd))
