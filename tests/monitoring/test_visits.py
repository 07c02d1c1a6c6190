"""Visits to certified products: recorded with findings and follow-ups, done, taken back, each in its unit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted
from ocop_workflow.monitoring.listing import WantedFollowUps, count_follow_ups, list_follow_ups
from ocop_workflow.monitoring.reading import read_visit
from ocop_workflow.monitoring.visiting import (
    do_follow_up,
    record_visit,
    reopen_follow_up,
    show_visit,
    visits_to,
    withdraw_visit,
)
from tests.factories import rows, write
from tests.stories.cast import HOST, acting, appoint
from tests.stories.journeys import walk_to

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.monitoring.views import FollowUpView, VisitView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

#: a product of Phổ An, recognised by the town on 25/11/2024
CODE, TODAY = "DP24-002", date(2025, 3, 10)
LABEL = {
    "criterion": "5.1",
    "what": "Nhãn thiếu hạn sử dụng",
    "result": "not_met",
    "follow_up": "In lại nhãn",
    "due_on": "2025-03-31",
}
VISIT: dict[str, Any] = {
    "visited_on": "2025-03-07",
    "visitors": "Phòng Kinh tế thị xã, UBND xã Phổ An",
    "place": "Xưởng sấy",
    "conclusion": "Duy trì được tiêu chí, trừ nhãn.",
    "findings": [{"criterion": "3.5", "result": "met"}, LABEL, {"what": "Mới có máy sấy", "result": "note"}],
}


@pytest.fixture
def certified(seeded: Database, clock: FixedClock) -> Database:
    """The cast, and a product that is certified; today is 10/3/2025."""
    walk_to(seeded, clock, CODE, "begin_monitoring")
    clock.move_to(TODAY)
    appoint(seeded, clock)
    return seeded


def record(
    database: Database, clock: FixedClock, by: str = "lan", code: str = CODE, **said: object
) -> VisitView:
    actor = acting(database, by) if by else HOST
    with database.write() as tx:
        visit = read_visit({**VISIT, **said})
        return record_visit(tx, code, visit, actor=actor, today=clock.today(), now=clock.now())


def do(
    database: Database, clock: FixedClock, number: int, on: date, by: str = "lan", note: str = ""
) -> FollowUpView:
    actor = acting(database, by)
    with database.write() as tx:
        return do_follow_up(
            tx, number, actor=actor, done_on=on, today=clock.today(), now=clock.now(), note=note
        )


def faults(database: Database, clock: FixedClock, **said: object) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        record(database, clock, "lan", CODE, **said)
    return {fault.place: fault.text.vi for fault in refused.value.faults}


def open_ones(database: Database, by: str = "", unit: str | None = None) -> list[tuple[str, int]]:
    actor: Actor = acting(database, by) if by else HOST
    with database.read() as tx:
        found = list_follow_ups(tx, TODAY, WantedFollowUps(unit), actor)
        assert count_follow_ups(tx, WantedFollowUps(unit), actor) == len(found)
        return [(one.code, one.days_left) for one in found]


def test_an_officer_of_the_commune_records_a_visit_as_it_was(certified: Database, clock: FixedClock) -> None:
    seen = record(certified, clock)
    assert (seen.code, seen.unit, seen.acting, seen.recorded_by) == (CODE, "Xã Phổ An", "Xã Phổ An", "lan")
    assert (seen.visited_on, seen.visitors) == (date(2025, 3, 7), "Phòng Kinh tế thị xã, UBND xã Phổ An")
    assert (seen.place, seen.conclusion) == ("Xưởng sấy", "Duy trì được tiêu chí, trừ nhãn.")
    assert [(one.criterion, one.what, one.result_label) for one in seen.findings] == [
        ("3.5", None, "đạt"),
        ("5.1", "Nhãn thiếu hạn sử dụng", "không đạt"),
        (None, "Mới có máy sấy", "ghi nhận"),
    ]
    assert [(one.follow_up, one.due_on, one.late) for one in seen.findings if one.due_on] == [
        ("In lại nhãn", date(2025, 3, 31), False)
    ]
    deeds = rows(certified, "SELECT action, subject, acting_for FROM audit WHERE action LIKE 'visit%'")
    assert deeds == [("visit.record", f"visit:{seen.id}", "pho-an")]


def test_the_visits_to_a_product_come_latest_first(certified: Database, clock: FixedClock) -> None:
    days = ["2025-01-10", "2025-03-07", "2024-12-20"]
    for day in days:
        record(certified, clock, visited_on=day, findings=[])
    with certified.read() as tx:
        found = visits_to(tx, CODE.lower(), acting(certified, "vinh"), today=TODAY)
    assert (found.code, [one.visited_on.isoformat() for one in found.visits]) == (
        CODE,
        ["2025-03-07", "2025-01-10", "2024-12-20"],
    )


def test_every_fault_is_told_at_once_at_its_place(certified: Database, clock: FixedClock) -> None:
    wrong = [
        {"result": "met"},
        {"criterion": "3.5", "result": "not_met", "follow_up": "Sửa"},
        {"criterion": "3.5", "result": "not_met", "due_on": "2025-03-31"},
        {**LABEL, "due_on": "2025-03-06"},
    ]
    assert faults(certified, clock, findings=wrong) == {
        "findings[3].due_on": "06/03/2025 đứng trước ngày kiểm tra 07/03/2025",
        "findings[0].what": "phải nêu số tiêu chí, hoặc thấy gì",
        "findings[1].due_on": "việc phải làm thì phải có hạn",
        "findings[2].follow_up": "có hạn thì phải nêu việc phải làm",
    }
    assert faults(certified, clock, visited_on="2025-03-11", findings=[]) == {
        "visited_on": "11/03/2025 còn ở tương lai"
    }
    assert faults(certified, clock, visited_on="2024-11-24", findings=[]) == {
        "visited_on": "24/11/2024 đứng trước ngày quyết định công nhận 25/11/2024"
    }
    assert list(faults(certified, clock, conclusion="", findings=[{"criterion": "x", "result": "bad"}])) == [
        "conclusion",
        "findings[0].criterion",
        "findings[0].result",
    ]
    assert rows(certified, "SELECT COUNT(*) FROM visits") == [(0,)]


def test_a_product_that_was_never_recognised_has_nothing_to_be_monitored(
    certified: Database, clock: FixedClock
) -> None:
    with pytest.raises(Conflict, match="DP24-001 was never recognised"):
        record(certified, clock, "minh", "DP24-001")


def test_a_product_whose_certificate_was_undone_was_never_recognised(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, CODE, "begin_monitoring")
    write(seeded, "UPDATE certificates SET ended_on = decided_on, ended_because = 'undone'")
    with pytest.raises(Conflict):
        record(seeded, clock, "")


@pytest.mark.parametrize(
    ("login", "refusal"),
    [("ha", NotFound), ("vinh", NotPermitted), ("thu", NotPermitted), ("quan", NotPermitted)],
)
def test_only_the_commune_itself_and_the_authority_record_and_others_see_nothing(
    certified: Database, clock: FixedClock, login: str, refusal: type[Exception]
) -> None:
    assert record(certified, clock, "minh").acting == "Thị xã Đức Phổ"
    with pytest.raises(refusal):
        record(certified, clock, login)
    actor = acting(certified, login)
    with certified.write() as tx, pytest.raises(refusal):
        withdraw_visit(tx, 1, "ghi nhầm", actor=actor, now=clock.now())
    with pytest.raises(refusal):
        do(certified, clock, 2, TODAY, login)
    if refusal is NotFound:
        with certified.read() as tx, pytest.raises(NotFound, match="There is no visit 1"):
            show_visit(tx, 1, actor, today=TODAY)


def test_a_follow_up_is_open_until_it_is_done_and_late_ones_come_first(
    certified: Database, clock: FixedClock
) -> None:
    record(certified, clock)
    record(certified, clock, visited_on="2025-02-01", findings=[{**LABEL, "due_on": "2025-03-01"}])
    assert open_ones(certified) == [(CODE, -9), (CODE, 21)]
    assert [open_ones(certified, by) for by in ("lan", "ha")] == [[(CODE, -9), (CODE, 21)], []]
    assert [len(open_ones(certified, unit=unit)) for unit in ("pho-an", "pho-thanh")] == [2, 0]
    done = do(certified, clock, 4, TODAY, note="  đã in lại ")
    assert (done.done_on, done.done_note, done.done_by) == (TODAY, "đã in lại", "lan")
    assert open_ones(certified) == [(CODE, 21)]
    with pytest.raises(Conflict, match="This was done on 2025-03-10"):
        do(certified, clock, 4, TODAY)


def test_a_late_follow_up_is_marked_on_its_visit(certified: Database, clock: FixedClock) -> None:
    number = record(certified, clock).id
    with certified.read() as tx:
        on_its_day = show_visit(tx, number, HOST, today=date(2025, 3, 31)).findings[1]
        after = show_visit(tx, number, HOST, today=date(2025, 4, 1), language="en").findings[1]
    assert (on_its_day.late, after.late, after.result_label) == (False, True, "not met")


def test_what_was_done_was_done_between_the_visit_and_today(certified: Database, clock: FixedClock) -> None:
    record(certified, clock)
    for on, told in (
        (date(2025, 3, 11), "11/03/2025 còn ở tương lai"),
        (date(2025, 3, 6), "06/03/2025 đứng trước ngày kiểm tra 07/03/2025"),
    ):
        with pytest.raises(InvalidInput) as refused:
            do(certified, clock, 2, on)
        assert [fault.text.vi for fault in refused.value.faults] == [told]
    with pytest.raises(InvalidInput) as refused:
        do(certified, clock, 2, TODAY, note="x" * 301)
    assert [fault.place for fault in refused.value.faults] == ["note"]
    with pytest.raises(NotFound, match="There is no follow-up 1"):
        do(certified, clock, 1, TODAY)  # that criterion was met


def test_a_follow_up_that_was_marked_by_mistake_is_open_again(certified: Database, clock: FixedClock) -> None:
    record(certified, clock)
    lan = acting(certified, "lan")
    asked: dict[str, Any] = {"actor": lan, "today": TODAY, "now": clock.now()}
    with certified.write() as tx, pytest.raises(Conflict, match="This is still open"):
        reopen_follow_up(tx, 2, "nhầm", **asked)
    do(certified, clock, 2, TODAY)
    with certified.write() as tx:
        again = reopen_follow_up(tx, 2, "nhầm việc khác", **asked)
    assert (again.done_on, again.done_by) == (None, None)
    assert open_ones(certified) == [(CODE, 21)]


def test_a_visit_recorded_by_mistake_counts_no_more(certified: Database, clock: FixedClock) -> None:
    number = record(certified, clock).id
    with certified.write() as tx:
        actor = acting(certified, "lan")
        with pytest.raises(InvalidInput):
            withdraw_visit(tx, number, " ", actor=actor, now=clock.now())
        assert withdraw_visit(tx, number, "nhầm sản phẩm", actor=actor, now=clock.now()) == CODE
    assert open_ones(certified) == []
    with certified.read() as tx:
        assert visits_to(tx, CODE, HOST, today=TODAY).visits == ()
        with pytest.raises(NotFound):
            show_visit(tx, number, HOST, today=TODAY)
    kept = rows(certified, "SELECT withdrawn_by, withdrawn_because FROM visits")
    assert kept == [("lan", "nhầm sản phẩm")]
