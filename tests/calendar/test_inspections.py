"""Inspections of a plan: which products, how often, when each is to be seen next, and how it stands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.calendar.inspections import (
    FindingResult,
    InspectionStatus,
    Watched,
    asked_of,
    inspection_status,
    next_visit,
    proposes_visit,
)
from ocop_workflow.calendar.reading.loading import read_plan
from tests.calendar.plan_files import HEAD, SOUND, faults, places

DAY = date.fromisoformat
PLAN = HEAD + SOUND
DECIDED, END = DAY("2024-11-25"), DAY("2027-11-25")


def inspection(name: str = "on-the-spot", more: str = "") -> str:
    """Write an inspection of a plan file, with more keys."""
    return (
        f'[[inspections]]\nid = "{name}"\nname = "Kiểm tra"\nclause = "3"\nas_written = "Kiểm tra"\n'
        f'actor = "authority"\n{more}\n'
    )


# -- when ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "every", "due"),
    [
        (None, 6, "2025-05-25"),  # from the decision
        ("2025-03-31", 6, "2025-09-30"),  # from the last visit; a short month takes its last day
        ("2026-08-31", 6, "2027-02-28"),  # added once: not by way of the months between
        (None, 36, "2027-11-25"),
        (None, 48, "2027-11-25"),  # once before the end at the latest
        ("2027-05-25", 6, "2027-11-25"),  # on the last day itself
        ("2027-05-26", 6, None),  # the next one would lie past the end
        (None, None, None),  # the plan names no interval
        ("2025-03-31", None, None),
    ],
)
def test_a_product_is_to_be_seen_so_many_months_after_the_last_visit_and_never_past_the_end(
    seen: str | None, every: int | None, due: str | None
) -> None:
    found = Watched(DECIDED, END, DAY(seen) if seen else None)
    assert next_visit(found, every) == (DAY(due) if due else None)


SEEN, UNSEEN = Watched(DECIDED, END, DAY("2025-03-01")), Watched(DECIDED, END)
DUE = DAY("2025-09-01")


@pytest.mark.parametrize(
    ("found", "due", "on", "is_proposed", "status"),
    [
        (SEEN, DUE, DUE + timedelta(days=1), False, InspectionStatus.LATE),
        (SEEN, DUE, DUE, False, InspectionStatus.SOON),
        (SEEN, DUE, DUE - timedelta(days=30), True, InspectionStatus.SOON),
        (SEEN, DUE, DUE - timedelta(days=31), True, InspectionStatus.PROPOSED),
        (SEEN, DUE, DUE - timedelta(days=31), False, InspectionStatus.NOT_DUE),
        (SEEN, None, DUE, True, InspectionStatus.PROPOSED),
        (SEEN, None, DUE, False, InspectionStatus.SEEN),
        (UNSEEN, None, DUE, False, InspectionStatus.NOT_DUE),
    ],
)
def test_one_status_is_said_the_most_urgent(
    found: Watched, due: date | None, on: date, is_proposed: bool, status: InspectionStatus
) -> None:
    assert inspection_status(found, due, on, is_proposed=is_proposed) is status


def test_each_status_has_its_words() -> None:
    assert {status.value: (status.text.vi, status.text.en) for status in InspectionStatus} == {
        "late": ("quá ngày phải kiểm tra", "late"),
        "soon": ("đến lượt trong 30 ngày tới", "due within 30 days"),
        "proposed": ("nên kiểm tra: giấy tờ hết hạn", "proposed: a paper runs out"),
        "not_due": ("chưa đến lượt", "not due"),
        "seen": ("đã kiểm tra", "seen"),
    }


def test_what_was_found_has_its_words() -> None:
    found = {result.value: (result.text.vi, result.text.en) for result in FindingResult}
    assert found == {
        "met": ("đạt", "met"),
        "not_met": ("không đạt", "not met"),
        "note": ("ghi nhận", "noted"),
    }


@pytest.mark.parametrize(
    ("seen", "on", "expected"),
    [
        (None, "2026-05-01", False),
        (None, "2026-05-02", True),  # 30 days before
        (None, "2027-11-25", True),
        ("2026-05-01", "2026-06-10", True),
        ("2026-05-02", "2026-06-10", False),  # somebody has been there since
    ],
)
def test_a_paper_that_runs_out_speaks_for_a_visit_until_there_was_one(
    seen: str | None, on: str, expected: bool
) -> None:
    found = Watched(DECIDED, END, DAY(seen) if seen else None)
    assert proposes_visit(found, DAY("2026-06-01"), DAY(on)) is expected


def test_a_paper_that_runs_out_before_or_after_the_certificates_time_does_not() -> None:
    asked = [DECIDED, DECIDED + timedelta(days=1), END, END + timedelta(days=1)]
    assert [proposes_visit(UNSEEN, day, END) for day in asked] == [False, True, True, False]


# -- which ---------------------------------------------------------------------------------------------

ALL = inspection("all", "every_months = 12")
FOUR_STARS = inspection("four-stars", "every_months = 6\nstars = [4, 5]")
FOOD = inspection("food", 'every_months = 3\ngroups = ["food"]')
NOW_AND_THEN = inspection("now-and-then")


@pytest.mark.parametrize(
    ("text", "star", "group", "asked"),
    [
        (ALL + FOUR_STARS, 3, "food", "all"),
        (ALL + FOUR_STARS, 4, "food", "four-stars"),  # what asks most of it
        (NOW_AND_THEN + ALL, 3, None, "all"),
        (NOW_AND_THEN, 3, None, "now-and-then"),
        (FOOD, 3, "drinks", None),
        (FOOD, 3, None, None),  # nobody has said of which group it is
        (FOOD, 3, "food", "food"),
        ("", 5, "food", None),
    ],
)
def test_the_inspection_that_asks_most_counts(
    text: str, star: int, group: str | None, asked: str | None
) -> None:
    found = asked_of([read_plan(PLAN + text)], star, group, DAY("2024-06-01"))
    assert (found.inspection.id if found else None) == asked


def test_the_latest_year_that_has_begun_counts_also_until_the_next_plan_comes() -> None:
    this, next_one = PLAN + ALL, (PLAN + FOOD).replace("2024", "2025").replace("TN24", "TN25")
    plans = [read_plan(next_one), read_plan(this)]

    def asked(on: str, *of: int) -> tuple[str, str, bool] | None:
        found = asked_of([plans[number] for number in of], 3, "food", DAY(on))
        return (found.plan, found.inspection.id, found.provisional) if found else None

    now, then = plans[1].id, plans[0].id
    assert asked("2023-12-31", 0, 1) is None
    assert asked("2024-12-31", 0, 1) == (now, "all", False)
    assert asked("2025-01-01", 0, 1) == (then, "food", False)
    assert asked("2025-01-01", 1) == (now, "all", True)


# -- in the file ---------------------------------------------------------------------------------------


def test_the_plan_of_duc_pho_names_no_interval_and_the_made_up_one_does() -> None:
    found = {
        name: [(entry.clause, entry.every_months) for entry in read_plan(shipped_plan_text(name)).inspections]
        for name in ("duc-pho-2024", "example-2026")
    }
    assert found == {"duc-pho-2024": [("III.3", None)], "example-2026": [("IV.7", 6)]}


@pytest.mark.parametrize(
    ("more", "place", "words"),
    [
        ("stars = []", "inspections[0].stars", "không sản phẩm nào được kiểm tra"),
        ("groups = []", "inspections[0].groups", "không sản phẩm nào được kiểm tra"),
        ('groups = ["food", "toys"]', "inspections[0].groups[1]", "quy định không có ngành hàng này"),
        ("every_months = 0", "inspections[0].every_months", "1"),
        ("every_months = 61", "inspections[0].every_months", "60"),
        ('document = "another"', "inspections[0].document", "không có văn bản nào mang mã này"),
    ],
)
def test_a_fault_is_told_at_its_place(more: str, place: str, words: str) -> None:
    said = faults(PLAN + inspection(more=more))
    assert [(at, words in vi) for at, (vi, _) in said.items()] == [(place, True)]


def test_an_id_is_used_once_in_the_whole_file_and_the_level_is_one_of_the_ladder() -> None:
    twice = PLAN + inspection("training") + inspection("training")
    assert places(twice) == ["inspections[1].id"]
    strange = (PLAN + inspection()).replace("qd-148-2023", "qd-26-2026").replace("authority", "district")
    assert places(strange) == ["inspections[0].actor"]


def test_without_a_regulation_groups_are_not_held_against_any() -> None:
    text = (PLAN + inspection(more='groups = ["toys"]')).replace("qd-148-2023", "qd-0")
    assert places(text) == ["regulation"]
