"""A plan under another one: its days lie within those of the plan above, or both are named."""

from __future__ import annotations

import pytest

from ocop_workflow.calendar.reading.nesting import nesting_faults
from ocop_workflow.calendar.wordings import title_of
from ocop_workflow.regulations import Level
from tests.calendar.plan_files import EVALUATED, HEAD, OUTCOME, SOUND, faults, milestone
from tests.calendar.test_open_rounds import calendar

HANDED_ON = '["certified", "escalated", "not_rated"]'
PROVINCE = HEAD.replace("town-2024", "province-2024").replace("TN24", "QN24")


def district_round(filed: str = "2024-09-15", done: str = "2024-11-15", level: str = "province") -> str:
    """Write the first round of a level."""
    return (
        f'[[rounds]]\nid = "dot-1"\nnumber = 1\nlevel = "{level}"\nclause = "1"\nas_written = "x"\n'
        f"dossiers = {{ by = {filed} }}\ndone = {{ by = {done} }}\n"
    )


def told(child: str, parent: str, level: Level | None = Level.DISTRICT) -> list[tuple[str, str]]:
    """Return where a plan does not fit into the one above it, in Vietnamese."""
    found = nesting_faults(calendar(HEAD + child), calendar(PROVINCE + parent), level)
    return [(fault.place, fault.text.vi) for fault in found]


def test_days_that_nest_are_no_fault() -> None:
    within = milestone("own", '{ months = ["2024-03"] }') + milestone(
        "then", "{ by = 2024-09-15 }", HANDED_ON
    )
    above = milestone("above", "{ range = [2024-02-01, 2024-04-30] }") + district_round()
    assert told(within, above) == []


def test_both_days_are_named_where_the_plan_below_is_later() -> None:
    (found,) = nesting_faults(
        calendar(HEAD + milestone("own", "{ by = 2024-05-31 }")),
        calendar(PROVINCE + milestone("above", "{ by = 2024-04-30 }")),
    )
    assert (found.place, found.text.vi, found.text.en) == (
        "milestones[0].when",
        "đến hạn 31/05/2024, sau hạn của «above» trong kế hoạch cấp trên province-2024 (30/04/2024)",
        "due 2024-05-31, after «above» of the parent province-2024 (2024-04-30)",
    )


def test_both_days_are_named_where_the_plan_below_ends_before_the_one_above_begins() -> None:
    assert told(
        milestone("own", '{ months = ["2024-01"] }'), milestone("above", '{ quarter = "2024-Q2" }')
    ) == [
        (
            "milestones[0].when",
            (
                "đến hạn 31/01/2024, trước khi mốc above của kế hoạch cấp trên province-2024"
                " bắt đầu (01/04/2024)"
            ),
        )
    ]


def test_what_a_district_hands_on_comes_before_the_provinces_round_closes() -> None:
    late = milestone("outcome", "{ by = 2024-09-30 }", HANDED_ON)
    assert told(late, SOUND + district_round()) == [
        (
            "milestones[0].when",
            "đến hạn 30/09/2024, sau hạn của «dot-1» trong kế hoạch cấp trên province-2024 (15/09/2024)",
        )
    ]
    assert told(late, SOUND + district_round(), level=None) == []
    assert told(late, SOUND + district_round(), Level.PROVINCE) == []
    assert told(milestone("outcome", "{ by = 2024-09-30 }", OUTCOME), SOUND + district_round()) == []


def test_rounds_of_one_number_are_compared() -> None:
    own = SOUND + district_round("2024-09-20", "2024-11-20")
    assert [place for place, _ in told(own, SOUND + district_round())] == [
        "rounds[0].dossiers",
        "rounds[0].done",
    ]
    assert told(SOUND + district_round(level="district"), SOUND + district_round("2024-01-01")) == []


@pytest.mark.parametrize(
    ("own", "above"),
    [
        (milestone("own", "{ by = 2024-05-31 }"), milestone("above", "{ by = 2024-04-30 }", EVALUATED)),
        (
            milestone("own", "{ by = 2024-05-31 }", more='dossiers = ["first"]'),
            milestone("above", "{ by = 2024-04-30 }", more='dossiers = ["renewal"]'),
        ),
        (milestone("own", "{ unset = true }"), milestone("above", "{ by = 2024-04-30 }")),
        (milestone("own", "{ by = 2024-05-31 }"), milestone("above", "{ continuous = true }")),
    ],
)
def test_what_is_not_the_same_or_has_no_day_is_not_compared(own: str, above: str) -> None:
    assert told(own, above) == []


def test_alternatives_nest_by_the_last_of_them() -> None:
    own = milestone("own", "{ any_of = [{ by = 2024-04-30 }, { by = 2024-10-31 }] }")
    assert told(own, milestone("above", "{ any_of = [{ by = 2024-03-31 }, { by = 2024-10-31 }] }")) == []
    assert len(told(own, milestone("above", "{ any_of = [{ by = 2024-03-31 }, { by = 2024-10-30 }] }"))) == 1


# -- several years -----------------------------------------------------------------------------------

FIVE_YEARS = PROVINCE.replace("year = 2024\n", "year = 2021\nlast_year = 2025\n")


def test_a_years_plan_lies_within_the_plan_of_several_years() -> None:
    years = calendar(FIVE_YEARS)
    assert title_of(years.plan) == "Kế hoạch OCOP giai đoạn 2021–2025"
    assert years.plan.last_day.isoformat() == "2025-12-31"
    own = milestone("own", "{ by = 2024-05-31 }")
    assert list(nesting_faults(calendar(HEAD + own), years)) == []
    (found,) = nesting_faults(calendar(HEAD.replace("year = 2024", "year = 2026") + SOUND), years)
    assert (found.place, found.text.vi) == (
        "parent",
        (
            "kế hoạch từ 01/01/2026 đến 31/12/2026, ngoài thời gian của kế hoạch cấp trên province-2024 "
            "(01/01/2021 – 31/12/2025)"
        ),
    )


def test_a_plan_of_several_years_may_leave_the_milestones_to_its_years() -> None:
    assert "milestones" in faults(HEAD)
    assert calendar(FIVE_YEARS).plan.milestones == ()
    told = faults(FIVE_YEARS.replace("last_year = 2025", "last_year = 2032"))
    assert told["last_year"][0] == "năm cuối 2032 phải từ 2021 đến 2031"
    assert "last_year" in faults(FIVE_YEARS.replace("last_year = 2025", "last_year = 2020"))
    late = milestone("late", "{ by = 2026-01-31 }")
    assert faults(FIVE_YEARS + late) == {
        "milestones[0].when.by": (
            "31/01/2026 nằm ngoài năm của kế hoạch (01/01/2021 – 31/12/2025)",
            "2026-01-31 lies outside the plan's year (2021-01-01 … 2025-12-31)",
        )
    }
