"""Times that begin with, or are counted from, an event that each product has on a day of its own (S12)."""

from __future__ import annotations

from datetime import date

import pytest

from ocop_workflow.calendar import Calendar, DeadlineKind, Standing, load_work_calendar, read_plan
from ocop_workflow.regulations import load_regulation
from ocop_workflow.states import Dossier, State, build_lifecycle
from tests.calendar.plan_files import HEAD, OUTCOME, faults, milestone

DAY = date.fromisoformat
APPROVED = """
[[events]]
id = "approved"
name = "Kế hoạch kinh doanh được duyệt"
of = "product"
"""
CONSULTING = '"consulting"'
LATER = milestone("outcome", "{ by = 2024-11-30 }", OUTCOME)


def calendar(when: str) -> Calendar:
    """Return the calendar of a plan whose consulting has this time, with an outcome behind it."""
    plan = read_plan(HEAD + milestone("consulting", when, CONSULTING) + LATER + APPROVED)
    regulation = load_regulation(plan.regulation)
    return Calendar(plan, regulation, build_lifecycle(regulation), load_work_calendar())


def ahead(when: str, approved: str | None) -> list[tuple[str, str]]:
    """Return the milestone that a selected product has ahead, and when it is due."""
    happened = {"approved": DAY(approved)} if approved else {}
    standing = Standing(State.SELECTED, Dossier.FIRST, DAY("2024-05-20"), happened=happened)
    return [(item.rule, item.due_on.isoformat()) for item in calendar(when).deadlines(standing)]


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ('{ after = { event = "approved", days = 60 } }', "2024-08-09"),
        ('{ after = { event = "approved", working_days = 5 } }', "2024-06-17"),
        ('{ from = "approved", months = ["2024-09"] }', "2024-09-30"),
        ('{ from = "approved", by = 2024-07-31 }', "2024-07-31"),
        ('{ any_of = [{ from = "approved", by = 2024-07-31 }, { unset = true }] }', "2024-07-31"),
    ],
)
def test_it_is_due_once_the_product_has_had_its_event_and_not_before(when: str, due: str) -> None:
    assert ahead(when, None) == [("outcome", "2024-11-30")]
    assert ahead(when, "2024-06-10") == [("consulting", due)]


def test_what_only_begins_is_never_late() -> None:
    assert ahead('{ from = "approved", continuous = true }', "2024-06-10") == [("outcome", "2024-11-30")]


def test_a_milestone_may_begin_with_any_event_that_it_could_count_from() -> None:
    when = '{ from = "selected", by = 2024-07-31 }'
    assert calendar(when).counts_from_states
    chosen = Standing(State.SELECTED, Dossier.FIRST, DAY("2024-05-20"), {"selected": DAY("2024-05-20")})
    assert [item.rule for item in calendar(when).deadlines(chosen)] == ["consulting"]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (
            '{ from = "approved", continuous = true }',
            "từ khi có «Kế hoạch kinh doanh được duyệt»: thường xuyên, không có ngày cuối",
        ),
        (
            '{ from = "approved", by = 2024-07-31, approximate = true }',
            "từ khi có «Kế hoạch kinh doanh được duyệt»: đến hết ngày 31/07/2024 (phỏng chừng)",
        ),
        (
            '{ after = { event = "approved", days = 60 } }',
            "trong 60 ngày kể từ «Kế hoạch kinh doanh được duyệt»",
        ),
    ],
)
def test_it_is_told_in_words(when: str, words: str) -> None:
    assert calendar(when).reckoning(DeadlineKind.MILESTONE, "consulting").vi == words


ACTIVITY = """
[[activities]]
id = "visit"
name = "Kiểm tra"
clause = "2"
as_written = "Tháng 3"
when = { after = { event = "approved", days = 5 } }
actor = "authority"
"""
MONTHLY = """
[[activities]]
id = "report"
name = "Báo cáo"
clause = "3"
as_written = "Hằng tháng"
when = { from = "fair", each_month = { by = 25 } }
actor = "authority"
"""
ROUND = """
[[rounds]]
id = "dot-1"
number = 1
level = "district"
clause = "4"
as_written = "Đợt 1"
dossiers = { from = "approved", by = 2024-09-30 }
done = { by = 2024-10-31 }
"""
FAIR = '\n[[events]]\nid = "fair"\nname = "Hội chợ"\non = 2024-05-01\n'


def test_all_that_such_an_event_cannot_be_is_told_at_once_and_by_its_place() -> None:
    dated = APPROVED + "on = 2024-05-05\n"
    text = HEAD + milestone("m", '{ from = "nothing", by = 2024-07-31 }') + ACTIVITY + MONTHLY + ROUND + dated
    told = faults(text + FAIR)
    own = "approved là sự kiện riêng của từng sản phẩm: chỉ mốc kế hoạch đếm từ đó được"
    assert {place: vi for place, (vi, _) in told.items() if place != "milestones[0].when.from"} == {
        "activities[1].when.from": "hằng tháng thì ghi tháng đầu bằng each_month.first, không ghi from",
        "events[0].on": "mỗi sản phẩm có ngày riêng, ghi bằng `ocop event record`; bỏ on, hoặc bỏ of",
        "activities[0].when.after.event": own,
        "rounds[0].dossiers.from": own,
    }
    assert told["milestones[0].when.from"][0].startswith("không có sự kiện nothing; có: approved, ")
