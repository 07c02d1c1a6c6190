"""How and until when a certificate is saved: windows and rounds, day by day at their edges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from ocop_workflow.calendar.rounds.renewals import (
    Renewable,
    RenewalStatus,
    SaveBy,
    SaveKind,
    SavingRound,
    said_of,
    save_by,
    status_of,
)
from ocop_workflow.regulations import load_regulation
from ocop_workflow.regulations.ending import RenewalWindow
from ocop_workflow.states import Ending

WINDOW, ROUNDS = load_regulation("qd-26-2026"), load_regulation("qd-148-2023")
END = date(2027, 11, 25)
OPENS, CLOSES = END - timedelta(days=180), END - timedelta(days=120)


def in_round(number: int, dossiers: date, done: date, *, provisional: bool = False) -> SavingRound:
    return SavingRound(f"đợt {number} năm {done.year}", dossiers, done, provisional)


def test_a_window_lies_180_to_120_days_before_the_last_day() -> None:
    assert save_by(WINDOW, END) == SaveBy(SaveKind.WINDOW, CLOSES, opens=OPENS)
    assert (date(2027, 5, 29), date(2027, 7, 28)) == (OPENS, CLOSES)


@pytest.mark.parametrize(
    ("end", "closes"), [(date(2026, 9, 18), None), (date(2026, 9, 19), date(2026, 5, 22))]
)
def test_a_window_that_had_closed_before_the_law_was_there_was_never_told(
    end: date, closes: date | None
) -> None:
    found = save_by(WINDOW, end)
    assert (found.on if found else None) == closes


def test_without_a_window_the_last_round_that_is_done_by_the_last_day_saves_it() -> None:
    first = in_round(1, date(2026, 4, 29), date(2026, 6, 29))
    second = in_round(2, date(2026, 10, 29), date(2026, 12, 29))
    on = {
        date(2026, 6, 28): None,
        date(2026, 6, 29): first,  # done on the last day
        date(2026, 12, 28): first,  # the second decides one day after
        date(2026, 12, 29): second,
    }
    for end, expected in on.items():
        found = save_by(ROUNDS, end, [second, first])
        saved = SaveBy(SaveKind.ROUND, expected.dossiers, round=expected.name) if expected else None
        assert found == saved, end


def test_a_round_of_a_year_without_a_plan_says_that_it_is_provisional() -> None:
    later = in_round(2, date(2027, 10, 29), date(2027, 12, 29), provisional=True)
    found = save_by(ROUNDS, date(2028, 1, 1), [later])
    assert found == SaveBy(SaveKind.ROUND, date(2027, 10, 29), round="đợt 2 năm 2027", provisional=True)


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (OPENS - timedelta(days=1), RenewalStatus.RUNNING),
        (OPENS, RenewalStatus.WINDOW_OPEN),
        (CLOSES, RenewalStatus.WINDOW_OPEN),
        (CLOSES + timedelta(days=1), RenewalStatus.LATE),
        (END, RenewalStatus.LATE),
        (END + timedelta(days=1), RenewalStatus.LAPSED),
    ],
)
def test_the_window_opens_and_closes_and_the_end_comes(on: date, status: RenewalStatus) -> None:
    assert status_of(Renewable(END), save_by(WINDOW, END), on) is status


def test_of_several_that_hold_the_first_is_said() -> None:
    told = Renewable(END, told_on=OPENS)
    saved = save_by(WINDOW, END)
    assert status_of(told, saved, OPENS - timedelta(days=1)) is RenewalStatus.ANNOUNCED
    assert status_of(told, saved, OPENS) is RenewalStatus.WINDOW_OPEN
    filed = Renewable(END, filed_on=OPENS, told_on=OPENS)
    assert status_of(filed, saved, END) is RenewalStatus.FILED
    assert status_of(filed, saved, END + timedelta(days=1)) is RenewalStatus.LAPSED
    goes_on = Renewable(END, filed_on=OPENS, grace_until=END + timedelta(days=180))
    assert status_of(goes_on, saved, END + timedelta(days=1)) is RenewalStatus.IN_GRACE
    for ending, status in (
        (Ending.REVOKED, "revoked"),
        (Ending.RENEWED, "renewed"),
        (Ending.LAPSED, "lapsed"),
    ):
        ended = Renewable(END, ended_because=ending, filed_on=OPENS)
        assert status_of(ended, saved, END + timedelta(days=2)) == status


def test_every_status_has_its_words() -> None:
    assert len({status.text for status in RenewalStatus}) == len(RenewalStatus)


def test_a_window_opens_before_it_closes() -> None:
    told = {"clause": "Điều 1", "as_written": "…", "source": "một bản chép", "closes": 120}
    assert RenewalWindow.model_validate({**told, "opens": 121}).opens == 121
    with pytest.raises(ValidationError, match="has to open before it closes"):
        RenewalWindow.model_validate({**told, "opens": 120})


IN_TIME = """nộp hồ sơ đánh giá lại từ ngày 29/05/2027 đến hết ngày 28/07/2027 \
(điểm a khoản 6 Điều 7 QĐ 26/2026/QĐ-TTg)"""
LATE = """ngày nộp chậm nhất là 28/07/2027 đã qua (điểm a khoản 6 Điều 7 QĐ 26/2026/QĐ-TTg); nộp ngay thì hồ \
sơ vẫn được nhận, ghi là nộp muộn"""
GRACE = """nộp hồ sơ đánh giá lại trước khi giấy hết hạn thì giấy tiếp tục có hiệu lực đến khi có kết quả, \
nhiều nhất 180 ngày (khoản 3 Điều 12 QĐ 26/2026/QĐ-TTg)"""


@pytest.mark.parametrize(
    ("valid_until", "on", "said"),
    [
        (END, CLOSES, IN_TIME),
        (END, CLOSES + timedelta(days=1), LATE),
        (date(2026, 9, 18), date(2026, 9, 18), GRACE),  # its window had closed before the law was there
        (date(2026, 9, 18), date(2026, 9, 19), None),
    ],
)
def test_a_letter_says_what_saves_it_on_its_day(valid_until: date, on: date, said: str | None) -> None:
    found = said_of(WINDOW, valid_until, on)
    assert (found.vi if found else None) == said


def test_of_a_law_without_a_window_the_plans_tell() -> None:
    assert said_of(ROUNDS, date(2024, 11, 25), date(2024, 1, 1)) is None
