"""`docs/plan-file.md` tells the truth: its example loads, its tables name the days that are computed."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from ocop_workflow.calendar import text_for_year
from ocop_workflow.calendar.reading.loading import read_plan
from ocop_workflow.calendar.when import FORMS, Reader, When, read_when
from ocop_workflow.calendar.workdays import load_work_calendar
from ocop_workflow.regulations import load_regulation

PAGE = (Path(__file__).parents[1] / "docs" / "plan-file.md").read_text("utf-8")
EXAMPLE = read_plan("".join(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)))
FORM_ROWS = re.findall(r"^\| [^|]+ \| `(\{.+?\})` \| (\S+)", PAGE, re.MULTILINE)
DAY_ROWS = re.findall(r"^\| `([a-z-]+)` \| (\d{4}-\d\d-\d\d) \|$", PAGE, re.MULTILINE)


def form(toml: str) -> When:
    """Read a form as the page writes it."""
    return When.model_validate(tomllib.loads(f"when = {toml}")["when"])


def reader(*, inclusive: bool = False) -> Reader:
    """Know what the page says its table assumes."""
    named = {"outcome": When(by=date(2024, 11, 30))}
    anchors = {"selected": date(2024, 1, 31), "fair": date(2024, 11, 20)}
    cut_offs = {"dot-1": When(by=date(2024, 10, 15))}
    return Reader(
        load_work_calendar(),
        inclusive,
        named.__getitem__,
        anchors,
        date(2024, 5, 1),
        cut_offs,
        programme=(date(2024, 1, 1), date(2024, 12, 31)),
    )


def test_the_table_shows_every_form_once() -> None:
    assert sorted(form(toml).form for toml, _ in FORM_ROWS) == sorted(FORMS)


@pytest.mark.parametrize(("toml", "day"), FORM_ROWS)
def test_a_form_means_the_day_that_the_table_says(toml: str, day: str) -> None:
    last = read_when(form(toml), reader()).due
    assert (last.isoformat() if last else "không") == day


def test_the_template_gives_each_year_its_plan() -> None:
    (template,) = re.findall(r"```toml template\n(.*?)```", PAGE, re.DOTALL)
    plan = read_plan(text_for_year(template, 2027))
    assert (plan.id, plan.code, plan.last_day) == ("dang-ky-2027", "DK27", date(2028, 1, 31))
    assert plan.milestones[1].when.before == date(2027, 9, 15)


def test_the_example_gives_the_days_that_the_page_says() -> None:
    inclusive = load_regulation(EXAMPLE.regulation).before_a_day.inclusive
    computed = {entry.id: read_when(entry.when, reader(inclusive=inclusive)).due for entry in EXAMPLE.timed}
    assert {name: date.fromisoformat(day) for name, day in DAY_ROWS} == computed
