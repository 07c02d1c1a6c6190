"""Days in papers agree with one another, whatever the day on which they are typed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from ocop_workflow.regulations import load_regulation
from ocop_workflow.states import Certificate, Event, EventData, Facts, date_faults, papers_of
from tests.states.cast import RUNNING, SEED, TODAY

A_DAY = timedelta(days=1)
DAYS = st.dates(date(2018, 1, 1), date(2090, 12, 31))
ON = TODAY


def facts(on: date = ON, **data: Any) -> Facts:  # noqa: ANN401 - event data
    return Facts(load_regulation(SEED), on, data=EventData(**data))


def re_rating(**data: Any) -> Facts:  # noqa: ANN401 - event data
    return replace(facts(**data), certificate=RUNNING)


def places(found: Facts, papers: dict[str, date] | None = None, today: date = ON) -> list[str]:
    return [fault.place for fault in date_faults(found, papers or {}, today)]


# -- none in the future ---------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["received_on", "report_date", "session_date", "decision_date"])
@pytest.mark.parametrize(("ahead", "accepted"), [(-1, True), (0, True), (1, False), (6000, False)])
def test_a_paper_is_not_younger_than_the_event_that_rests_on_it(
    field: str, ahead: int, accepted: bool
) -> None:
    given_on = facts(**{field: ON + ahead * A_DAY})
    assert places(given_on) == ([] if accepted else [field])
    assert places(given_on, today=ON + 30 * A_DAY) == ([] if accepted else [field])


def test_publication_may_follow_the_event_until_it_is_recorded() -> None:
    later = facts(decision_date=ON, published_on=ON + 3 * A_DAY)
    assert places(later, today=ON + 3 * A_DAY) == []
    assert places(later, today=ON + 2 * A_DAY) == ["published_on"]


def test_the_refusal_names_both_days_in_both_languages() -> None:
    (of_today,) = date_faults(facts(decision_date=date(2042, 4, 22)), {}, ON)
    assert of_today.text.vi == "ngày quyết định 22/04/2042 đứng sau hôm nay 20/11/2024"
    assert of_today.text.en == "the date of the decision, 2042-04-22, lies after today, 2024-11-20"
    (of_the_event,) = date_faults(facts(decision_date=ON + A_DAY), {}, ON + 5 * A_DAY)
    assert of_the_event.text.vi == "ngày quyết định 21/11/2024 đứng sau ngày thực hiện 20/11/2024"


# -- none before what it rests on -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "ground", "words"),
    [
        ("report_date", "received_on", "ngày báo cáo của cấp xã 09/11/2024 đứng trước ngày nhận hồ sơ"),
        ("session_date", "report_date", "ngày họp Hội đồng 09/11/2024 đứng trước ngày báo cáo của cấp xã"),
        ("session_date", "decision_date", "ngày họp Hội đồng 09/11/2024 đứng trước ngày quyết định"),
        ("decision_date", "session_date", "ngày quyết định 09/11/2024 đứng trước ngày họp Hội đồng"),
    ],
)
def test_a_paper_is_not_older_than_what_is_on_record_below_it(field: str, ground: str, words: str) -> None:
    day = date(2024, 11, 10)
    assert places(facts(**{field: day}), {ground: day}) == []
    (found,) = date_faults(facts(**{field: day - A_DAY}), {ground: day}, ON)
    assert (found.place, found.text.vi) == (field, f"{words} 10/11/2024")


def test_publication_is_not_older_than_its_decision() -> None:
    assert places(facts(decision_date=ON, published_on=ON - 20 * A_DAY)) == ["published_on"]


def test_a_certificate_does_not_end_before_it_begins() -> None:
    assert places(facts(decision_date=ON, valid_until=date(2021, 1, 1))) == ["valid_until"]
    held = {"star": 3, "number": "1", "decided_on": date(2024, 1, 2), "valid_until": date(2024, 1, 1)}
    assert places(_naming(held)) == ["certificate.valid_until"]


def _naming(held: dict[str, Any], **more: Any) -> Facts:  # noqa: ANN401 - event data
    return Facts(load_regulation(SEED), ON, data=EventData(certificate=Certificate(**held), **more))


def test_a_commune_cannot_name_a_certificate_of_2030_that_runs_to_2099() -> None:
    held = {"star": 5, "number": "1", "decided_on": date(2030, 1, 1), "valid_until": date(2099, 12, 31)}
    assert places(_naming(held)) == ["certificate.decided_on", "certificate.valid_until"]


def test_nothing_of_a_re_rating_is_older_than_the_certificate_that_is_re_rated() -> None:
    before = RUNNING.decided_on - A_DAY
    assert places(re_rating(received_on=before)) == ["received_on"]
    assert places(re_rating(decision_date=before)) == ["decision_date"]
    assert places(re_rating(received_on=RUNNING.decided_on)) == []


# -- printed ends ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "printed", "accepted"),
    [
        ("2024-11-05", "2027-11-04", True),  # the day before, as Nghệ An counts
        ("2024-11-05", "2027-11-05", True),  # the same day, as Thanh Hóa and Gia Lai count
        ("2024-11-05", "2027-11-30", True),  # the month's end
        ("2024-11-05", "2027-12-01", True),  # and a day
        ("2024-11-05", "2027-12-02", False),
        ("2024-11-05", "2025-06-30", True),  # a shorter one is the paper's business
        ("2024-02-29", "2027-03-01", True),
        ("2024-02-29", "2027-03-02", False),
    ],
)
def test_a_printed_end_is_taken_up_to_the_latest_reading_and_a_day(
    decided: str, printed: str, accepted: bool
) -> None:
    end = {"decision_date": date.fromisoformat(decided), "valid_until": date.fromisoformat(printed)}
    assert places(facts(**end)) == ([] if accepted else ["valid_until"])
    assert places(facts(**end, reason="in đúng như trên giấy")) == []


def test_a_printed_end_that_is_too_late_says_how_late_it_may_be() -> None:
    end = {"decision_date": date(2024, 11, 5), "valid_until": date(2042, 11, 5)}
    (found,) = date_faults(facts(**end), {}, ON)
    assert found.text.vi == (
        "ngày hết giá trị 05/11/2042 dài quá 36 tháng kể từ ngày quyết định 05/11/2024 "
        "(muộn nhất 01/12/2027); nếu đúng như giấy, ghi thêm lý do (reason)"
    )
    assert found.text.en == (
        "the last valid day 2042-11-05 is more than 36 months after the decision of 2024-11-05 "
        "(at the latest 2027-12-01); if the paper says so, give the reason (reason)"
    )


# -- whatever the days ------------------------------------------------------------------------------------


@given(st.lists(DAYS, min_size=6, max_size=6), st.integers(0, 400))
def test_days_in_their_order_are_accepted_and_any_two_exchanged_are_not(days: list[date], later: int) -> None:
    received, report, session, decision, published, on = sorted(days)
    on = max(on, decision)
    today = max(on, published) + later * A_DAY
    papers = {"received_on": received, "report_date": report, "session_date": session}
    whole = facts(on, decision_date=decision, published_on=published)
    assert date_faults(whole, papers, today) == ()
    if session < decision:
        turned = replace(whole, data=EventData(decision_date=session, published_on=published))
        assert places(turned, {**papers, "session_date": decision}, today) == ["decision_date"]
    if decision < published:
        turned = replace(
            whole, on=max(on, published), data=EventData(decision_date=published, published_on=decision)
        )
        assert "published_on" in places(turned, papers, today)


@given(DAYS, st.integers(-1200, 1200))
def test_the_end_of_a_certificate_lies_between_its_decision_and_the_latest_reading(
    decided: date, apart: int
) -> None:
    middle = decided + relativedelta(months=36)
    end = middle + apart * A_DAY
    month_end = (middle.replace(day=1) + relativedelta(months=1)) - A_DAY
    accepted = decided <= end <= month_end + A_DAY
    assert (places(facts(decided, decision_date=decided, valid_until=end), today=decided) == []) is accepted


# -- what a dossier has so far ----------------------------------------------------------------------------


def test_a_new_dossier_begins_without_papers() -> None:
    first = [
        (Event.REGISTER, {"received_on": "2024-04-01"}),
        (Event.COMMUNE_EVALUATE, {"report_date": "2024-10-01"}),
        (Event.SCORE_DISTRICT, {"session_date": "2024-11-20", "mean": "75"}),
        (Event.ESCALATE, {"decision_date": "2024-11-25"}),
    ]
    assert papers_of(first) == {
        "received_on": date(2024, 4, 1),
        "report_date": date(2024, 10, 1),
        "session_date": date(2024, 11, 20),
        "decision_date": date(2024, 11, 25),
    }
    again = (Event.OPEN_RE_RATING, {"kind": "renewal", "received_on": "2027-01-05"})
    assert papers_of([*first, again]) == {"received_on": date(2027, 1, 5)}
    assert papers_of([*first, (Event.RESUBMIT, {"plan": "x"})]) == {}


def test_a_second_report_takes_the_place_of_the_first() -> None:
    reports = [(Event.COMMUNE_EVALUATE, {"report_date": day}) for day in ("2024-10-01", "2024-10-20")]
    assert papers_of([reports[0], (Event.SEND_BACK, {"reason": "x"}), reports[1]]) == {
        "report_date": date(2024, 10, 20)
    }
