"""A plan's days against its own year: what was left from last year, or mistyped."""

from __future__ import annotations

import pytest

from ocop_workflow.calendar import (
    plan_remarks,
    read_loaded_plan,
    read_plan,
    shipped_plan_ids,
    shipped_plan_text,
)
from tests.calendar.plan_files import EVALUATED, HEAD, OUTCOME, SOUND, faults, milestone, places

ACTIVITY = (
    '[[activities]]\nid = "fair-stall"\nname = "a"\nclause = "1"\nas_written = "a"\nactor = "authority"\n'
)
WATCHED = 'remind = { to = ["authority"], days_before = [7] }\n'
ROUND = (
    '[[rounds]]\nid = "{}"\nnumber = 1\nlevel = "{}"\nclause = "1"\nas_written = "a"\n'
    "dossiers = {}\ndone = {}\n"
)


def head(*, year: int = 2024, ends_on: str = "") -> str:
    end = f"ends_on = {ends_on}\n" if ends_on else ""
    return HEAD.replace("year = 2024\n", f"year = {year}\n{end}")


def doubts(text: str) -> dict[str, str]:
    read_plan(text)
    return {doubt.place: doubt.text.en for doubt in plan_remarks(text)}


@pytest.mark.parametrize("plan_id", shipped_plan_ids())
def test_the_plans_that_ship_pass(plan_id: str) -> None:
    assert read_plan(shipped_plan_text(plan_id)).id == plan_id


# -- days outside the year ---------------------------------------------------------------------------


def test_a_day_left_from_last_year_is_a_fault_at_its_place() -> None:
    assert faults(head(year=2025) + milestone("a", "{ by = 2024-04-30 }")) == {
        "milestones[0].when.by": (
            "30/04/2024 nằm ngoài năm của kế hoạch (01/01/2025 – 31/12/2025)",
            "2024-04-30 lies outside the plan's year (2025-01-01 … 2025-12-31)",
        )
    }


@pytest.mark.parametrize(
    ("when", "place"),
    [
        ("{ by = 2042-04-30 }", "by"),
        ("{ before = 2023-04-30 }", "before"),
        ('{ before_month = "2025-04" }', "before_month"),
        ('{ months = ["2025-03", "2025-04"] }', "months"),
        ('{ quarter = "2023-Q2" }', "quarter"),
        ("{ range = [2024-10-10, 2042-10-30] }", "range"),
        ("{ any_of = [{ by = 2024-04-30 }, { by = 2042-10-30 }] }", "any_of[1].by"),
        ('{ ahead_of = { event = "fair", days = 30 } }', "ahead_of"),
        ('{ with = "late" }', "with"),
    ],
)
def test_every_form_of_time_is_weighed(when: str, place: str) -> None:
    text = head() + milestone("a", when) + '[[events]]\nid = "fair"\nname = "hội chợ"\non = 2026-11-20\n'
    text += ROUND.format("late", "district", "{ by = 2024-12-01 }", "{ by = 2025-02-28 }")
    assert f"milestones[0].when.{place}" in places(text)


@pytest.mark.parametrize(
    "when",
    [
        "{ by = 2024-01-01 }",
        "{ by = 2024-12-31 }",
        "{ before = 2025-01-01 }",
        '{ before_month = "2025-01" }',
        "{ continuous = true }",
        "{ unset = true }",
        '{ after = { event = "selected", days = 300 } }',
    ],
)
def test_the_first_and_the_last_day_are_inside_and_what_has_no_day_is_left_alone(when: str) -> None:
    assert doubts(head() + milestone("a", when)) == {}


def test_a_plan_that_ends_later_says_so() -> None:
    late = milestone("a", "{ by = 2025-01-15 }")
    assert places(head() + late) == ["milestones[0].when.by"]
    assert doubts(head(ends_on="2025-01-31") + late) == {}


def test_what_is_not_watched_is_only_a_doubt_and_so_is_a_beginning() -> None:
    text = head() + milestone("a", "{ range = [2023-12-01, 2024-04-30] }")
    text += ACTIVITY + "when = { by = 2025-03-01 }\n"
    text += '[[events]]\nid = "fair"\nname = "hội chợ"\non = 2023-11-20\n'
    assert doubts(text) == {
        "milestones[0].when.range": "2023-12-01 lies outside the plan's year (2024-01-01 … 2024-12-31)",
        "activities[0].when.by": "2025-03-01 lies outside the plan's year (2024-01-01 … 2024-12-31)",
        "events[0].on": "2023-11-20 lies outside the plan's year (2024-01-01 … 2024-12-31)",
    }
    assert places(head() + SOUND + ACTIVITY + "when = { by = 2025-03-01 }\n" + WATCHED) == [
        "activities[0].when.by"
    ]


# -- the end of the year -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends_on", "vi"),
    [
        ("2023-12-31", "kế hoạch kết thúc 31/12/2023, trước khi năm 2024 bắt đầu"),
        ("2042-12-31", "kế hoạch kết thúc 31/12/2042, hơn một năm sau năm 2024"),
    ],
)
def test_an_end_that_cannot_be_is_told_and_the_days_are_weighed_all_the_same(ends_on: str, vi: str) -> None:
    found = faults(head(ends_on=ends_on) + milestone("a", "{ by = 2023-04-30 }"))
    assert found["ends_on"][0] == vi
    assert list(found) == ["ends_on", "milestones[0].when.by"]


@pytest.mark.parametrize("year", ['"soon"', "true", "0", "-5", "99999", "2024.5"])
def test_a_year_that_is_none_is_left_to_the_schema(year: str) -> None:
    text = HEAD.replace("year = 2024", f"year = {year}") + milestone("a", "{ by = 2024-04-30 }")
    assert places(text) == ["year"]


def test_what_the_schema_takes_for_a_year_and_a_day_is_weighed_like_them() -> None:
    text = HEAD.replace("year = 2024", 'year = "2025"\nends_on = "2025-06-30"')
    assert places(text + milestone("a", '{ by = "2025-07-01" }')) == ["milestones[0].when.by"]


def test_an_end_that_is_no_day_is_left_to_the_schema() -> None:
    assert places(head(ends_on='"soon"') + SOUND) == ["ends_on"]


# -- rounds ------------------------------------------------------------------------------------------


def test_a_round_cannot_be_done_before_its_dossiers_are_due() -> None:
    text = head() + SOUND + ROUND.format("r", "district", "{ by = 2024-10-30 }", "{ by = 2024-09-30 }")
    assert faults(text) == {
        "rounds[0].done": (
            "đánh giá xong 30/09/2024, trước hạn nộp hồ sơ của đợt (30/10/2024)",
            "done on 2024-09-30, before the round's dossiers are due (2024-10-30)",
        )
    }


def test_a_round_may_go_on_into_the_next_year_but_not_farther_nor_before_it() -> None:
    into = ROUND.format("r", "district", "{ by = 2025-01-30 }", "{ by = 2025-03-30 }")
    assert list(doubts(head() + SOUND + into)) == ["rounds[0].dossiers.by", "rounds[0].done.by"]
    far = ROUND.format("r", "district", "{ by = 2023-10-30 }", "{ by = 2042-03-30 }")
    assert places(head() + SOUND + far) == ["rounds[0].dossiers.by", "rounds[0].done.by"]


# -- the regulation ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regulation", "year", "told"),
    [
        ("qd-148-2023", 2024, {}),
        ("qd-148-2023", 2023, {"regulation"}),
        ("qd-148-2023", 2026, {"regulation"}),
        ("qd-26-2026", 2026, {"regulation"}),
        ("qd-26-2026", 2027, {}),
    ],
)
def test_a_regulation_that_is_not_in_force_on_the_first_day_is_a_doubt(
    regulation: str, year: int, told: set[str]
) -> None:
    text = head(year=year).replace("qd-148-2023", regulation) + milestone("a", f"{{ by = {year}-04-30 }}")
    assert set(doubts(text)) == set(told)


def test_the_doubt_says_from_when_or_until_when_it_holds() -> None:
    before = head(year=2023) + milestone("a", "{ by = 2023-04-30 }")
    assert doubts(before)["regulation"] == (
        "148/QĐ-TTg is in force from 2023-02-24, after the plan's first day (2023-01-01)"
    )
    after = head(year=2026) + milestone("a", "{ by = 2026-04-30 }")
    assert doubts(after)["regulation"] == (
        "148/QĐ-TTg was in force to 2025-07-05, before the plan's first day (2026-01-01)"
    )


# -- all at once, and what is loaded -----------------------------------------------------------------


def test_every_fault_of_a_file_is_told_at_once() -> None:
    text = (
        head(year=2025)
        + milestone("a", "{ by = 2024-04-30 }")
        + milestone("a", '{ with = "nothing" }', OUTCOME)
    )
    text += milestone("b", "{ by = 2024-03-30 }", EVALUATED)
    assert places(text) == [
        "milestones[1].id",
        "milestones[1].when.with",
        "milestones[2].when",
        "milestones[0].when.by",
        "milestones[2].when.by",
    ]


def test_a_plan_that_was_loaded_before_stays_readable() -> None:
    text = head(year=2025) + milestone("a", "{ by = 2024-04-30 }")
    assert read_loaded_plan(text).year == 2025


def test_a_plan_of_the_years_before_is_read_and_told_what_is_not_known() -> None:
    text = head(year=2018).replace("qd-148-2023", "qd-1048-2019") + SOUND
    told = doubts(text)
    assert set(told) == {"regulation", "year"}
    assert told["regulation"] == (
        "1048/QĐ-TTg is kept to be read: nothing is scored by it, every line is uncertain"
    )
    assert told["year"].startswith("days off before 2020 are not known here: Monday to Friday count")
    assert read_plan(head(year=2015) + SOUND).year == 2015
    assert places(head(year=2014) + SOUND) == ["year"]
