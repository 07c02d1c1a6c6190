"""What the authority hears before a year begins: days off that are missing, a plan that has no successor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import load_work_calendar, year_missing
from ocop_workflow.errors import WrongUse
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine
from ocop_workflow.upkeep.health import health
from tests.factories import SENDER, letter_text, rows
from tests.stories.days import DAY, load_town, plain, run
from tests.stories.journeys import load_text, next_plan

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def warnings(database: Database) -> list[str]:
    """Return the words of the warnings, oldest first."""
    return [
        letter_text(mime)
        for (mime,) in rows(database, "SELECT mime FROM outbox WHERE kind = 'warning' ORDER BY id")
    ]


def findings(database: Database, clock: FixedClock) -> list[str]:
    found = [item.text.vi for item in examine(database, clock).findings if item.invariant == 13]
    return [text for text in found if text.startswith(("Chưa có lịch nghỉ", "Kế hoạch"))]


# -- the days off of a year to come ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "year"),
    [("2027-06-30", None), ("2027-07-01", 2028), ("2028-06-30", 2028), ("2029-01-02", 2028)],
)
def test_a_year_is_asked_for_from_the_first_of_july_before_it(day: str, year: int | None) -> None:
    assert year_missing(DAY(day)) == year


@pytest.mark.parametrize(
    ("day", "worked", "why"),
    [
        ("2028-01-01", False, "Tết Dương lịch"),
        ("2028-01-27", True, ""),  # mùng 2 Tết, which goes by the moon
        ("2029-04-30", False, "Ngày Chiến thắng"),
        ("2028-05-01", False, "Ngày Quốc tế lao động"),
        ("2031-09-02", False, "Quốc khánh"),
        ("2028-07-01", False, "thứ Bảy"),
        ("2028-07-03", True, ""),
    ],
)
def test_beyond_the_last_listed_year_weekends_and_fixed_feasts_hold(day: str, worked: bool, why: str) -> None:
    calendar = load_work_calendar()
    assert (calendar.is_working(DAY(day)), calendar.name_of_day_off(DAY(day))) == (worked, why)
    assert calendar.is_provisional(DAY(day))


def test_one_rule_holds_for_today_and_for_a_day_that_is_named(seeded: Database, clock: FixedClock) -> None:
    clock.move_to(DAY("2032-12-31"))
    assert sweep(seeded, clock, SENDER).day == DAY("2032-12-31")
    assert sweep(seeded, clock, SENDER, day=DAY("2032-12-30")).day == DAY("2032-12-30")
    clock.move_to(DAY("2033-01-03"))
    for day in (None, DAY("2033-01-03")):
        with pytest.raises(WrongUse, match="they are from 2020 to 2032"):
            sweep(seeded, clock, SENDER, day=day)


def test_days_off_that_are_missing_are_said_by_sweep_doctor_and_three_letters(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2027-06-30")
    assert [text for text in findings(seeded, clock) if "lịch nghỉ" in text] == []

    first = run(seeded, clock, "2027-07-01")
    again = run(seeded, clock, "2027-07-02")

    sentence = (
        "Chưa có lịch nghỉ năm 2028 (cần từ 01/07/2027); đến khi có, chỉ tính nghỉ thứ Bảy, Chủ nhật và các "
        "ngày lễ dương lịch 1/1, 30/4, 1/5, 2/9 (tạm tính, chưa có Tết)"
    )
    assert (first.counts.letters, again.counts.letters) == (1, 0)
    assert [note.vi for note in again.notes] == [sentence]
    assert plain(again)["notes"] == [{"vi": sentence, "en": again.notes[0].en}]
    assert f"{sentence}." in findings(seeded, clock)
    (told,) = warnings(seeded)
    assert told == DAYS_OFF
    for day in ("2027-12-01", "2027-12-02", "2028-01-03", "2028-01-04"):
        run(seeded, clock, day)
    assert [words.count("Chưa có lịch nghỉ năm 2028.") for words in warnings(seeded)].count(1) == 3


DAYS_OFF = """\
Kính gửi: Phòng Kinh tế thị xã Đức Phổ

Chương trình Mỗi xã một sản phẩm (OCOP), thư về hệ thống nhắc việc, ngày 01/07/2027.

Chưa có lịch nghỉ năm 2028.
Chưa có lịch nghỉ năm 2028 (cần từ 01/07/2027); đến khi có, chỉ tính nghỉ thứ Bảy, Chủ nhật và các ngày lễ \
dương lịch 1/1, 30/4, 1/5, 2/9 (tạm tính, chưa có Tết).

Việc cần làm:
- Khi có thông báo lịch nghỉ năm 2028: nhờ người phụ trách máy chủ cập nhật phần mềm.
- Chưa cập nhật được thì thêm tệp data/holidays/2028.toml (docs/operations.md).

English: The days off of 2028 are missing (wanted since 2027-07-01); until they are there weekends and the \
fixed feasts of 1/1, 30/4, 1/5, 2/9 hold, provisionally and without Tết.

Xem tại: https://ocop.duc-pho.example

Thư này do hệ thống theo dõi OCOP gửi tự động.
"""


# -- a plan that is over ------------------------------------------------------------------------------


def test_a_plan_that_ends_with_open_products_and_no_plan_behind_it_is_told_twice(
    seeded: Database, clock: FixedClock
) -> None:
    for day in ("2024-12-30", "2024-12-31", "2025-01-02", "2025-01-03"):
        run(seeded, clock, day)

    last, first = warnings(seeded)

    assert last == PLAN_ENDS
    assert "ngày 02/01/2025" in first
    (finding,) = findings(seeded, clock)
    assert finding == (
        "Kế hoạch duc-pho-2024 hết năm ngày 31/12/2024, còn 14 sản phẩm chưa xong mốc, mà chưa nạp kế hoạch "
        "nào cho năm sau."
    )
    with seeded.read() as tx:
        pulse = health(tx, clock)
    assert pulse.ok
    assert [text.vi for text in pulse.sentences] == [finding]


PLAN_ENDS = """\
Kính gửi: Phòng Kinh tế thị xã Đức Phổ

Chương trình Mỗi xã một sản phẩm (OCOP), thư về hệ thống nhắc việc, ngày 31/12/2024.

Kế hoạch hết năm, chưa có kế hoạch năm sau.
Kế hoạch duc-pho-2024 hết năm ngày 31/12/2024, còn 14 sản phẩm chưa xong mốc, mà chưa nạp kế hoạch nào cho \
năm sau.
Hết năm, các mốc của kế hoạch ấy không được nhắc nữa.

Việc cần làm:
- Nạp kế hoạch năm mới: ocop plan load TỆP
- Xem những sản phẩm còn dở: ocop products --overdue (mã DP24-…)

English: The plan duc-pho-2024 ends on 2024-12-31, 14 products are open in it, and no plan for the year \
behind it is loaded. Its milestones are spoken of no more.

Xem tại: https://ocop.duc-pho.example

Thư này do hệ thống theo dõi OCOP gửi tự động.
"""


def test_where_the_next_plan_is_loaded_nothing_is_said(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, next_plan().replace("2024", "2025"))
    run(seeded, clock, "2024-12-31")
    run(seeded, clock, "2025-01-02")
    assert (warnings(seeded), findings(seeded, clock)) == ([], [])


def test_a_second_plan_of_the_same_year_is_no_successor(seeded: Database, clock: FixedClock) -> None:
    load_town(seeded, clock)
    run(seeded, clock, "2025-01-02")
    assert len(warnings(seeded)) == 2


def test_a_machine_switched_on_late_in_january_says_it_all_the_same(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-12-20")
    run(seeded, clock, "2025-01-20")
    assert len(warnings(seeded)) == 1
