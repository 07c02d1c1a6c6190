"""The same code under QĐ 26/2026, which knows no district: other states, other deadlines, other clauses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.states import Event
from ocop_workflow.upkeep.examination.doctor import examine
from ocop_workflow.upkeep.examination.findings import Severity
from tests.factories import act, letter_text, rows
from tests.stories.journeys import (
    EXAMPLE,
    candidate,
    certificates,
    flags_of,
    import_rows,
    load_text,
    open_deadlines,
    state_of,
    step,
)

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE = "VD26-001"


@pytest.fixture
def province(database: Database, clock: FixedClock) -> Database:
    """A province's plan of 2026 with one product, imported on Monday 1/6/2026."""
    clock.move_to(date(2026, 6, 1))
    load_text(database, clock, shipped_plan_text(EXAMPLE))
    import_rows(database, clock, EXAMPLE, candidate(1, "Xã An Bình", "Mật ong rừng"))
    return database


#: event, day, data; the state and the deadlines behind it, counted by hand
WAY: tuple[tuple[tuple[str, date, dict[str, str]], tuple[str, dict[str, date]]], ...] = (
    (
        ("register", date(2026, 6, 2), {"received_on": "2026-06-01"}),
        # the fifteenth working day after 1/6 is Monday 22/6
        ("registered", {"selection": date(2026, 3, 20), "commune_report": date(2026, 6, 22)}),
    ),
    (
        ("select", date(2026, 6, 5), {}),
        # ten working days after Friday 5/6
        ("selected", {"consulting": date(2026, 6, 19), "commune_report": date(2026, 6, 22)}),
    ),
    (
        ("start_consulting", date(2026, 6, 10), {}),
        # round 1 is over, so round 2: before 30/10, which excludes that day
        ("consulting", {"commune-evaluation": date(2026, 10, 29), "commune_report": date(2026, 6, 22)}),
    ),
    (
        ("commune_evaluate", date(2026, 9, 10), {}),
        ("commune_evaluated", {"outcome": date(2026, 12, 29)}),
    ),
    (
        ("score_province", date(2026, 10, 1), {"mean": "90"}),
        ("province_scored", {"outcome": date(2026, 12, 29)}),
    ),
    (
        ("escalate", date(2026, 10, 5), {}),
        # too late for the centre's first round: the second one is done before 30/3
        ("escalated_to_central", {"next_level": date(2027, 3, 29)}),
    ),
    (
        ("score_central", date(2026, 11, 10), {"mean": "91.5"}),
        ("central_scored", {"outcome_above": date(2026, 12, 10)}),
    ),
    (
        ("certify", date(2026, 11, 21), {"decision_date": "2026-11-20"}),
        # 120 days before the end for filing again
        ("certified", {"re_rating_filing": date(2029, 7, 23), "expiry": date(2029, 11, 20)}),
    ),
    (
        ("begin_monitoring", date(2026, 12, 1), {}),
        ("monitored", {"re_rating_filing": date(2029, 7, 23), "expiry": date(2029, 11, 20)}),
    ),
)


def test_a_product_walks_from_idea_to_five_stars_without_a_district(
    province: Database, clock: FixedClock
) -> None:
    assert open_deadlines(province, ONE) == {"registration": date(2026, 2, 28)}
    for (event, on, data), expected in WAY:
        step(province, clock, ONE, event, on, **data)
        assert (event, state_of(province, ONE), open_deadlines(province, ONE)) == (event, *expected)
    assert certificates(province, ONE) == [(5, "1234/QĐ-UBND", "2029-11-20", None, None)]
    assert rows(province, "SELECT DISTINCT regulation FROM transitions") == [("qd-26-2026",)]


def test_what_opens_after_its_date_is_overdue_from_the_day_it_opened(
    province: Database, clock: FixedClock
) -> None:
    step(province, clock, ONE, "register", date(2026, 6, 2))
    step(province, clock, ONE, "select", date(2026, 6, 5))
    assert flags_of(province, ONE) == [
        ("registration", "2026-06-01", "2026-06-02"),
        ("selection", "2026-06-02", "2026-06-05"),
    ]


def test_a_re_rating_counts_its_own_days_from_the_day_the_dossier_was_received(
    province: Database, clock: FixedClock
) -> None:
    for (event, on, data), _ in WAY:
        step(province, clock, ONE, event, on, **data)
    clock.move_to(date(2029, 6, 4))
    act(
        province,
        clock,
        ONE,
        "open_re_rating",
        {"kind": "renewal", "plan": EXAMPLE, "received_on": "2029-06-01"},
    )
    found = open_deadlines(province, ONE)
    assert {
        rule: found[rule] for rule in ("expiry", "re_rating_decision_until_complete", "commune_report")
    } == {
        "expiry": date(2029, 11, 20),
        "re_rating_decision_until_complete": date(2029, 7, 16),
        "commune_report": date(2029, 6, 22),
    }
    assert "re_rating_filing" not in found


def test_a_state_that_the_ladder_lacks_does_not_exist_for_its_products(
    province: Database, clock: FixedClock
) -> None:
    for (event, on, data), _ in WAY[:4]:
        step(province, clock, ONE, event, on, **data)
    with pytest.raises(EventRefused) as caught:
        act(province, clock, ONE, "score_district")
    assert caught.value.refusal.allowed == (Event.SCORE_PROVINCE, Event.SEND_BACK, Event.WITHDRAW)


def test_the_province_itself_certifies_four_stars(province: Database, clock: FixedClock) -> None:
    for (event, on, data), _ in WAY[:4]:
        step(province, clock, ONE, event, on, **data)
    step(province, clock, ONE, "score_province", date(2026, 10, 1), mean="89.95")
    with pytest.raises(EventRefused, match="forwarding threshold"):
        act(province, clock, ONE, "escalate")
    step(province, clock, ONE, "certify", date(2026, 10, 20), decision_date="2026-10-20")
    assert certificates(province, ONE) == [(4, "1234/QĐ-UBND", "2029-10-20", None, None)]


def test_five_stars_are_renewed_straight_at_the_centre_and_what_comes_back_is_evaluated_in_the_province(
    province: Database, clock: FixedClock
) -> None:
    """QĐ 26/2026/QĐ-TTg, khoản 4 và 6 Điều 7."""
    for (event, on, data), _ in WAY:
        step(province, clock, ONE, event, on, **data)
    clock.move_to(date(2029, 6, 4))
    act(
        province,
        clock,
        ONE,
        "open_re_rating",
        {"kind": "renewal", "plan": EXAMPLE, "received_on": "2029-06-01"},
    )
    step(province, clock, ONE, "commune_evaluate", date(2029, 6, 15), report_date="2029-06-15")
    report = {"report_number": "12/BC-VPĐP", "report_date": "2029-06-20"}
    clock.move_to(date(2029, 6, 20))
    assert act(province, clock, ONE, "forward", report).state.value == "escalated_to_central"
    step(province, clock, ONE, "score_central", date(2029, 7, 2), mean="85")
    back = act(province, clock, ONE, "re_evaluate", {"reason": "tỉnh tổ chức đánh giá"})
    assert back.state.value == "commune_evaluated"
    assert rows(province, "SELECT score_mean FROM dossiers ORDER BY number") == [("183/2",), (None,)]
    step(province, clock, ONE, "score_province", date(2029, 7, 9), mean="88")
    step(province, clock, ONE, "certify", date(2029, 7, 12), decision_date="2029-07-11")
    assert [star for star, *_ in certificates(province, ONE)] == [5, 4]
    told = [letter_text(mime) for (mime,) in rows(province, "SELECT mime FROM outbox WHERE kind = 'notice'")]
    (forwarded,) = [text for text in told if "Báo cáo của cơ quan quản lý OCOP cấp tỉnh: 12/BC-VPĐP" in text]
    assert "Chuyển đến: Bộ Nông nghiệp và Môi trường" in forwarded
    (returned,) = [text for text in told if "Hội đồng cấp tỉnh đánh giá, phân hạng lại" in text]
    assert "Điểm trung bình: 85 (trung ương)" in returned
    found = examine(province, clock).findings
    assert [item for item in found if item.severity is Severity.VIOLATED] == []
