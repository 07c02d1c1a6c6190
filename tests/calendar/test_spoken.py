"""How a date came about, told as an officer would tell it."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from ocop_workflow.calendar import Calendar, DeadlineKind, load_work_calendar, read_plan, shipped_plan_text
from ocop_workflow.calendar.spoken import spoken
from ocop_workflow.calendar.when import FORMS, When
from ocop_workflow.errors import Text
from ocop_workflow.regulations import load_regulation
from ocop_workflow.states import build_lifecycle

NAMES = {
    "outcome": Text("đánh giá, phân hạng", "đánh giá, phân hạng"),
    "selected": Text("Được lựa chọn", "Selected"),
    "fair": Text("khai mạc hội chợ", "khai mạc hội chợ"),
    "dot-1": Text("đợt 1, cấp tỉnh", "round 1, the province"),
}
SAID = [
    ('{ months = ["2024-03", "2024-04"] }', "hết tháng 4/2024", "to the end of 4/2024"),
    (
        "{ range = [2024-10-10, 2024-10-30] }",
        "từ ngày 10/10/2024 đến hết ngày 30/10/2024",
        "from 10/10/2024 to the end of 30/10/2024",
    ),
    ("{ by = 2024-11-30 }", "đến hết ngày 30/11/2024", "to the end of 30/11/2024"),
    (
        "{ before = 2024-04-30 }",
        "trước ngày 30/04/2024, không kể ngày đó",
        "before 30/04/2024, that day not included",
    ),
    ('{ before_month = "2024-09" }', "xong trước tháng 9/2024", "done before 9/2024"),
    ('{ quarter = "2024-Q2" }', "hết quý II/2024", "to the end of quarter II/2024"),
    ("{ continuous = true }", "thường xuyên, không có ngày cuối", "all the time, without a last day"),
    (
        '{ continuous = true, peak = ["2024-03", "2024-10"] }',
        "thường xuyên, không có ngày cuối; trọng tâm 3/2024, 10/2024",
        "all the time, without a last day; above all in 3/2024, 10/2024",
    ),
    ('{ with = "outcome" }', "cùng kỳ với «đánh giá, phân hạng»", "at the time of «đánh giá, phân hạng»"),
    (
        '{ after = { event = "selected", working_days = 10 } }',
        "trong 10 ngày làm việc kể từ «Được lựa chọn»",
        "within 10 working days of «Selected»",
    ),
    (
        '{ after = { event = "selected", months = 2 } }',
        "trong 2 tháng kể từ «Được lựa chọn»",
        "within 2 months of «Selected»",
    ),
    (
        '{ ahead_of = { event = "fair", days = 30 } }',
        "chậm nhất 30 ngày trước «khai mạc hội chợ»",
        "at the latest 30 days before «khai mạc hội chợ»",
    ),
    (
        '{ ahead_of = { event = "stranger", days = 3 } }',
        "chậm nhất 3 ngày trước «stranger»",
        "at the latest 3 days before «stranger»",
    ),
    (
        "{ any_of = [{ before = 2024-04-30 }, { by = 2024-10-30 }] }",
        "trước ngày 30/04/2024, không kể ngày đó, hoặc đến hết ngày 30/10/2024",
        "before 30/04/2024, that day not included, or to the end of 30/10/2024",
    ),
    (
        '{ dossiers_of = "dot-1" }',
        "hạn nộp hồ sơ của «đợt 1, cấp tỉnh»",
        "when dossiers are due for «round 1, the province»",
    ),
    (
        "{ each_month = { before = 25 } }",
        "hằng tháng, trước ngày 25, không kể ngày đó",
        "each month, before the 25., that day not included",
    ),
    (
        '{ each_month = { by = 25, first = "2024-04", last = "2024-11" } }',
        "hằng tháng, chậm nhất ngày 25, từ tháng 4/2024, đến tháng 11/2024",
        "each month, at the latest on the 25., from 4/2024 on, until 11/2024",
    ),
    ('{ before = 2024-09-15, at = "16:00" }', "trước 16h00 ngày 15/09/2024", "before 16h00 on 15/09/2024"),
    (
        '{ by = 2024-09-15, at = "16:00" }',
        "đến hết ngày 15/09/2024, trước 16h00",
        "to the end of 15/09/2024, before 16h00",
    ),
    (
        '{ each_month = { by = 25 }, at = "16:00" }',
        "hằng tháng, chậm nhất 16h00 ngày 25",
        "each month, at the latest on the 25. at 16h00",
    ),
    (
        '{ each_month = { before = 25 }, at = "16:00" }',
        "hằng tháng, trước 16h00 ngày 25",
        "each month, before 16h00 on the 25.",
    ),
    ("{ unset = true }", "chưa có ngày", "no day yet"),
    (
        "{ by = 2024-11-15, approximate = true }",
        "đến hết ngày 15/11/2024 (phỏng chừng)",
        "to the end of 15/11/2024 (roughly)",
    ),
]


def when(toml: str) -> When:
    return When.model_validate(tomllib.loads(f"when = {toml}")["when"])


def test_every_form_is_here() -> None:
    assert {when(toml).form for toml, *_ in SAID} == set(FORMS)


@pytest.mark.parametrize(("toml", "vi", "en"), SAID)
def test_a_time_is_told_in_words(toml: str, vi: str, en: str) -> None:
    assert spoken(when(toml), NAMES, inclusive=False) == Text(vi, en)


def test_before_a_day_is_told_as_the_regulation_reads_it() -> None:
    assert spoken(when("{ before = 2024-04-30 }"), {}, inclusive=True) == Text(
        "trước ngày 30/04/2024, kể cả ngày đó", "before 30/04/2024, that day included"
    )


def calendar(plan_id: str) -> Calendar:
    plan = read_plan(shipped_plan_text(plan_id))
    regulation = load_regulation(plan.regulation)
    return Calendar(plan, regulation, build_lifecycle(regulation), load_work_calendar())


END = "«giấy chứng nhận hết hạn»"


@pytest.mark.parametrize(
    ("plan", "kind", "rule", "words"),
    [
        ("duc-pho-2024", "milestone", "re-rating", "cùng kỳ với «Cấp huyện đánh giá, phân hạng sản phẩm»"),
        ("duc-pho-2024", "activity", "training", "hết quý II/2024"),
        ("duc-pho-2024", "relative", "expiry", f"đúng ngày {END}"),
        ("example-2026", "relative", "re_rating_filing", f"chậm nhất 120 ngày trước {END}"),
        ("example-2026", "relative", "commune_report", "trong 15 ngày làm việc kể từ «nhận hồ sơ»"),
    ],
)
def test_a_rule_of_plan_or_regulation_is_told(plan: str, kind: str, rule: str, words: str) -> None:
    assert calendar(plan).reckoning(DeadlineKind(kind), rule).vi == words


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2024, 3, 31), "Chủ nhật"),
        (date(2024, 4, 27), "thứ Bảy"),
        (date(2024, 4, 29), "Nghỉ hoán đổi dịp 30/4 và 1/5"),
        (date(2024, 5, 1), "Ngày Quốc tế lao động"),
        (date(2024, 5, 4), ""),
        (date(2024, 4, 26), ""),
    ],
)
def test_a_day_off_has_a_name_and_a_worked_one_has_none(day: date, name: str) -> None:
    assert load_work_calendar().name_of_day_off(day) == name
