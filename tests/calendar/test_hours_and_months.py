"""Until which hour of its day something may be done, and what comes each month."""

from __future__ import annotations

from datetime import date

import pytest

from ocop_workflow.calendar import Calendar, DeadlineKind, Standing
from ocop_workflow.calendar.monthly import month_of, plain_rule
from ocop_workflow.states import Dossier, State
from tests.calendar.plan_files import HEAD, SOUND, faults, milestone
from tests.calendar.test_open_rounds import calendar

DAY = date.fromisoformat
WATCHED = (
    'remind = { to = ["authority"], days_before = [3] }\noverdue = { to = ["authority"], every_days = 7 }\n'
)


def activity(when: str, name: str = "report", more: str = WATCHED) -> str:
    """Write an activity."""
    return (
        f'[[activities]]\nid = "{name}"\nname = "Báo cáo tiến độ"\nclause = "1"\nas_written = "hằng tháng"\n'
        f'actor = "authority"\nwhen = {when}\n{more}'
    )


def due(plan: Calendar, rule: str) -> str | None:
    """Return when the milestone of this id is due for a product that has only been thought of."""
    (entry,) = [entry for entry in plan.plan.milestones if entry.id == rule]
    day = plan.due(
        entry, Standing(State.IDEA, Dossier.FIRST, DAY("2024-02-01"), {"received": DAY("2024-02-01")})
    )
    return day.isoformat() if day else None


# -- hours -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "due_on", "hour"),
    [
        ('{ before = 2024-09-15, at = "16:00" }', "2024-09-15", "16h00"),  # in time on that very day
        ("{ before = 2024-09-15 }", "2024-09-14", ""),
        ('{ by = 2024-09-15, at = "09:30" }', "2024-09-15", "09h30"),
        ('{ range = [2024-09-10, 2024-09-15], at = "17:00" }', "2024-09-15", "17h00"),
        ('{ after = { event = "received", days = 10 }, at = "16:00" }', "2024-02-11", "16h00"),
        ('{ any_of = [{ by = 2024-03-15, at = "16:00" }, { by = 2024-09-15 }] }', "2024-03-15", "16h00"),
        ('{ any_of = [{ by = 2024-01-15, at = "16:00" }, { by = 2024-09-15 }] }', "2024-09-15", ""),
        ('{ with = "other" }', "2024-08-01", "10h00"),
    ],
)
def test_an_hour_is_told_and_the_day_stays_what_counts(when: str, due_on: str, hour: str) -> None:
    other = milestone("other", '{ by = 2024-08-01, at = "10:00" }')
    plan = calendar(HEAD + milestone("m", when) + other)
    assert due(plan, "m") == due_on
    assert plan.hour(DeadlineKind.MILESTONE, "m", DAY(due_on)) == hour


def test_a_day_that_a_decision_gave_has_no_hour() -> None:
    plan = calendar(HEAD + milestone("m", '{ by = 2024-09-15, at = "16:00" }'))
    assert plan.hour(DeadlineKind.MILESTONE, "m", DAY("2024-10-01")) == ""
    assert plan.hour(DeadlineKind.RELATIVE, "expiry", DAY("2024-10-01")) == ""


def test_an_hour_needs_a_day() -> None:
    told = faults(
        HEAD
        + milestone("a", '{ continuous = true, at = "16:00" }')
        + milestone("b", '{ by = 2024-09-15, at = "25:00" }')
    )
    assert told["milestones[0].when.at"][0] == (
        "giờ chỉ đi với một ngày: after, ahead_of, before, by, each_month, range"
    )
    assert told["milestones[1].when.at"][0] == "viết không đúng mẫu; viết như 16:00"


# -- each month --------------------------------------------------------------------------------------


def dues(when: str, head: str = HEAD) -> list[str]:
    """Return the due days of an activity's months."""
    found = calendar(head + SOUND + activity(when)).activities(DAY("2024-06-01"))
    return [f"{item.rule} {item.due_on:%d/%m}" for item in found]


def test_each_month_has_a_deadline_of_its_own_whatever_the_day_of_asking() -> None:
    assert dues("{ each_month = { before = 25 } }") == [
        f"report@2024-{month:02} 24/{month:02}" for month in range(1, 13)
    ]
    assert dues('{ each_month = { before = 25 }, at = "16:00" }')[8] == "report@2024-09 25/09"


def test_months_can_be_bounded_and_short_ones_end_earlier() -> None:
    assert dues('{ each_month = { by = 31, first = "2024-02", last = "2024-04" } }') == [
        "report@2024-02 29/02",
        "report@2024-03 31/03",
        "report@2024-04 30/04",
    ]
    assert dues('{ each_month = { before = 31, last = "2024-02" } }') == [
        "report@2024-01 30/01",
        "report@2024-02 29/02",
    ]


def test_before_the_first_is_the_end_of_the_month_before() -> None:
    assert dues('{ each_month = { before = 1, last = "2024-03" } }') == [
        "report@2024-01 31/01",
        "report@2024-02 29/02",
        "report@2024-03 31/03",
    ]


def test_a_programme_that_goes_on_into_the_next_year_has_its_months_too() -> None:
    longer = HEAD.replace("year = 2024\n", "year = 2024\nends_on = 2025-02-20\n")
    assert dues('{ each_month = { by = 15, first = "2024-12" } }', longer) == [
        "report@2024-12 15/12",
        "report@2025-01 15/01",
        "report@2025-02 15/02",
    ]


def test_a_months_deadline_is_called_by_its_month_and_nagged_until_the_next_is_due() -> None:
    plan = calendar(HEAD + SOUND + activity("{ each_month = { by = 24 } }"))
    kind = DeadlineKind.ACTIVITY
    assert plan.wording(kind, "report@2024-03").name == "Báo cáo tiến độ tháng 3/2024"
    assert plan.watch(kind, "report@2024-03", DAY("2024-03-24")).nag_until == DAY("2024-04-24")
    assert plan.watch(kind, "report@2024-12", DAY("2024-12-24")).nag_until == DAY("2024-12-31")
    assert plan.plain_due(kind, "report@2024-03", DAY("2024-01-05")) == DAY("2024-03-24")
    assert plan.plain_due(kind, "report@2025-03", DAY("2024-01-05")) is None
    assert (plain_rule("report@2024-03"), month_of("report@2024-03"), month_of("report")) == (
        "report",
        "3/2024",
        "",
    )


@pytest.mark.parametrize(
    ("on", "following"),
    [("2024-01-01", "2024-01-24"), ("2024-01-25", "2024-02-24"), ("2024-12-30", "2024-12-24")],
)
def test_the_next_month_is_what_is_shown(on: str, following: str) -> None:
    plan = calendar(HEAD + SOUND + activity("{ each_month = { by = 24 } }"))
    (entry,) = plan.plan.activities
    assert plan.due(entry, Standing(State.IDEA, Dossier.FIRST, DAY(on))) == DAY(following)


def test_what_comes_each_month_is_the_offices_own_work() -> None:
    told = faults(
        HEAD
        + milestone("m", "{ each_month = { by = 25 } }")
        + activity("{ any_of = [{ each_month = { by = 25 } }, { by = 2024-03-01 }] }")
        + activity("{ each_month = { by = 25, before = 25 } }", "b")
        + activity('{ each_month = { by = 25, first = "2025-02" } }', "c")
        + activity("{ each_month = { by = 25 } }", "d" * 53)
    )
    assert {place: vi for place, (vi, _) in told.items()} == {
        "milestones[0].when.each_month": (
            "hằng tháng chỉ dùng cho when của một hoạt động: sản phẩm chỉ tới một trạng thái một lần"
        ),
        "activities[0].when.any_of[0].each_month": (
            "hằng tháng chỉ dùng cho when của một hoạt động: sản phẩm chỉ tới một trạng thái một lần"
        ),
        "activities[1].when.each_month": "phải ghi đúng một trong hai: by, before",
        "activities[2].when.each_month": (
            "không có tháng nào như thế trong năm của kế hoạch (01/01/2024 – 31/12/2024)"
        ),
        "activities[3].id": "mã của việc hằng tháng dài nhất 52 chữ",
    }


def test_of_what_nobody_is_told_no_month_is_watched() -> None:
    untold = calendar(HEAD + SOUND + activity("{ each_month = { by = 24 } }", more=""))
    assert untold.activities(DAY("2024-01-01")) == ()


def test_an_activity_without_a_day_is_not_watched_and_the_others_are() -> None:
    plan = calendar(HEAD + SOUND + activity("{ unset = true }", "fair") + activity("{ by = 2026-08-20 }"))
    assert [(item.rule, item.due_on) for item in plan.activities(date(2026, 3, 1))] == [
        ("report", date(2026, 8, 20))
    ]
