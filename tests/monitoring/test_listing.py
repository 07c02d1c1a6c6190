"""Who is to be seen on the spot: as often as the plan says, late ones first, and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.calendar.inspections import InspectionStatus
from ocop_workflow.errors import InvalidInput, NotFound
from ocop_workflow.monitoring import listing
from ocop_workflow.monitoring.listing import (
    WantedInspections,
    count_by_status,
    list_inspections,
    place_of_inspection,
)
from ocop_workflow.monitoring.reading import read_visit
from ocop_workflow.monitoring.visiting import record_visit
from ocop_workflow.products.papers.keeping import NewPaper, add_paper
from tests.factories import load_seed
from tests.stories.cast import HOST, acting, appoint
from tests.stories.journeys import walk_to

if TYPE_CHECKING:
    from ocop_workflow.monitoring.views import InspectionView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

#: of Phổ An and of Phổ Thạnh; both recognised by the town on 25/11/2024, until 25/11/2027
ONE, TWO = "DP24-002", "DP24-001"
DAY = date.fromisoformat


@pytest.fixture
def twice_a_year(database: Database, clock: FixedClock) -> Database:
    """Two certified products under a plan that asks for a visit every 6 months."""
    text = shipped_plan_text("duc-pho-2024")
    load_seed(database, clock, text.replace('id = "on-the-spot"', 'id = "on-the-spot"\nevery_months = 6'))
    for code in (ONE, TWO):
        walk_to(database, clock, code, "begin_monitoring")
    clock.move_to(DAY("2025-03-10"))
    appoint(database, clock)
    return database


def visit(database: Database, clock: FixedClock, code: str, on: str, **finding: str) -> None:
    said = {"visited_on": on, "visitors": "Phòng Kinh tế", "conclusion": "Tốt"}
    with database.write() as tx:
        seen = read_visit({**said, "findings": [finding] if finding else []})
        record_visit(tx, code, seen, actor=HOST, today=clock.today(), now=clock.now())


def listed(database: Database, on: str, unit: str | None = None, by: str = "") -> list[InspectionView]:
    actor = acting(database, by) if by else HOST
    with database.read() as tx:
        return list_inspections(tx, DAY(on), WantedInspections(unit), actor)


def statuses(database: Database, on: str) -> dict[str, tuple[str, str | None]]:
    return {
        one.product: (one.status.value, one.see_by.isoformat() if one.see_by else None)
        for one in listed(database, on)
    }


def test_a_product_that_nobody_has_seen_in_time_is_late_and_comes_first(
    twice_a_year: Database, clock: FixedClock
) -> None:
    visit(twice_a_year, clock, TWO, "2025-03-01")
    assert statuses(twice_a_year, "2025-04-24") == {
        ONE: ("not_due", "2025-05-25"),
        TWO: ("not_due", "2025-09-01"),
    }
    assert statuses(twice_a_year, "2025-04-25")[ONE] == ("soon", "2025-05-25")
    assert statuses(twice_a_year, "2025-05-25")[ONE] == ("soon", "2025-05-25")
    late = listed(twice_a_year, "2025-05-26")
    assert [(one.product, one.status_label, one.days_left) for one in late] == [
        (ONE, "quá ngày phải kiểm tra", -1),
        (TWO, "chưa đến lượt", 98),
    ]
    assert count_by_status(late) == {
        InspectionStatus.LATE: 1,
        InspectionStatus.SOON: 0,
        InspectionStatus.PROPOSED: 0,
        InspectionStatus.NOT_DUE: 1,
        InspectionStatus.SEEN: 0,
    }


def test_what_asks_for_it_is_told_and_that_its_year_is_over(twice_a_year: Database) -> None:
    now, later = listed(twice_a_year, "2024-12-31")[0], listed(twice_a_year, "2025-01-01")[0]
    assert (now.plan, now.inspection, now.clause, now.every_months, now.provisional) == (
        "duc-pho-2024",
        "on-the-spot",
        "III.3",
        6,
        False,
    )
    assert later.provisional


def test_a_visit_is_not_known_before_its_day(twice_a_year: Database, clock: FixedClock) -> None:
    visit(twice_a_year, clock, ONE, "2025-03-01")
    (before,) = listed(twice_a_year, "2025-02-28", "pho-an")
    (after,) = listed(twice_a_year, "2025-03-01", "pho-an")
    assert (before.seen_on, after.seen_on) == (None, DAY("2025-03-01"))


def test_without_an_interval_nobody_is_late_and_the_list_says_when_last_seen(
    seeded: Database, clock: FixedClock
) -> None:
    for code in (ONE, TWO):
        walk_to(seeded, clock, code, "begin_monitoring")
    clock.move_to(DAY("2025-03-10"))
    visit(seeded, clock, ONE, "2025-03-01")
    assert statuses(seeded, "2027-11-25") == {ONE: ("seen", None), TWO: ("not_due", None)}
    assert [one.seen_on for one in listed(seeded, "2027-11-25", "pho-an")] == [DAY("2025-03-01")]
    assert statuses(seeded, "2027-11-26") == {}  # they run no more


def test_a_paper_that_runs_out_within_the_36_months_proposes_a_visit(
    twice_a_year: Database, clock: FixedClock
) -> None:
    with twice_a_year.write() as tx:
        paper = NewPaper("other", "Giấy an toàn thực phẩm", "7/ATTP", expires_on=DAY("2025-04-10"))
        add_paper(tx, ONE, paper, actor=HOST, today=clock.today(), now=clock.now())
    (before,) = listed(twice_a_year, "2025-03-10", "pho-an")
    (proposed,) = listed(twice_a_year, "2025-03-11", "pho-an")
    assert (before.status_label, before.papers) == ("chưa đến lượt", ())
    assert proposed.status_label == "nên kiểm tra: giấy tờ hết hạn"
    (reason,) = proposed.papers
    assert (reason.name, reason.number, reason.expires_on) == (
        "Giấy an toàn thực phẩm",
        "7/ATTP",
        DAY("2025-04-10"),
    )
    clock.move_to(DAY("2025-03-12"))
    visit(twice_a_year, clock, ONE, "2025-03-12")
    (seen,) = listed(twice_a_year, "2025-04-11", "pho-an")
    assert (seen.status_label, seen.papers) == ("chưa đến lượt", ())


def test_open_follow_ups_are_counted_beside(twice_a_year: Database, clock: FixedClock) -> None:
    asked = {"criterion": "3.5", "result": "not_met", "follow_up": "Sửa", "due_on": "2025-03-31"}
    visit(twice_a_year, clock, ONE, "2025-03-01", **asked)
    counts = [
        (one.follow_ups, one.follow_ups_late)
        for on in ("2025-03-31", "2025-04-01")
        for one in listed(twice_a_year, on, "pho-an")
    ]
    assert counts == [(1, 0), (1, 1)]


def test_an_officer_sees_those_of_their_units_and_an_unknown_unit_is_told(twice_a_year: Database) -> None:
    on = "2025-03-10"
    assert [len(listed(twice_a_year, on, by=login)) for login in ("minh", "lan", "ha")] == [2, 1, 0]
    assert [len(listed(twice_a_year, on, unit)) for unit in ("duc-pho", "pho-an", "pho-khanh")] == [2, 1, 0]
    with pytest.raises(NotFound):
        listed(twice_a_year, on, "nowhere")


def test_a_list_goes_on_behind_a_place_and_keeps_to_a_status(twice_a_year: Database) -> None:
    on = DAY("2025-05-26")
    with twice_a_year.read() as tx:
        (first,) = list_inspections(tx, on, WantedInspections(limit=1))
        rest = list_inspections(tx, on, WantedInspections(after=place_of_inspection(first)))
        late = list_inspections(tx, on, WantedInspections(status=InspectionStatus.LATE), language="en")
        soon = list_inspections(tx, on, WantedInspections(status=InspectionStatus.SOON))
    assert [len({first.product, *(one.product for one in rest)}), len(rest)] == [2, 1]
    assert ([one.status_label for one in late], soon) == (["late", "late"], [])


def test_a_plan_at_fault_asks_for_nothing_and_hides_nobody(
    twice_a_year: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_fault(*_: object) -> None:
        raise InvalidInput("Kế hoạch có lỗi.", "The plan is at fault.")

    monkeypatch.setattr(listing, "calendar_of", at_fault)
    assert [(one.plan, one.status_label) for one in listed(twice_a_year, "2026-01-01")] == [
        (None, "chưa đến lượt"),
        (None, "chưa đến lượt"),
    ]


def test_the_list_asks_as_often_of_many_as_of_few(twice_a_year: Database) -> None:
    asked: list[str] = []

    def note(_line: object, _cursor: object, sql: str, *_: object) -> None:
        asked.append(sql)

    def count(unit: str | None) -> int:
        asked.clear()
        assert listed(twice_a_year, "2025-05-26", unit)
        return len(asked)

    count(None)  # plans are read once a process
    event.listen(twice_a_year.engine, "before_cursor_execute", note)
    counts = [count("pho-an"), count("duc-pho")]  # one product, and two of two communes
    event.remove(twice_a_year.engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] > 0
