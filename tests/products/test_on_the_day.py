"""`on`: the day on which it happened. Never future, never before the last event; lateness is judged by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import InvalidInput
from ocop_workflow.overview.explain import explain_product
from ocop_workflow.sweep.activities import finish_activity
from ocop_workflow.upkeep.examination import examine, prove
from tests.factories import MINH, act, rows
from tests.fakes import VIETNAM
from tests.products.test_undoing import take_back
from tests.stories.days import daily, run
from tests.stories.journeys import closed_deadlines, flags_of, open_deadlines

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

TWO = "DP24-002"
DUE = date(2024, 4, 30)
DAY = timedelta(days=1)


def healthy(database: Database, clock: FixedClock) -> bool:
    found = [item.text.en for item in examine(database, clock).findings if item.invariant not in (13, 17)]
    with database.read() as tx:
        found += [row.text.en for row in prove(tx, VIETNAM).unbalanced]
    return found == []


def days_late(database: Database, clock: FixedClock) -> dict[str, int]:
    """How late each of the product's deadlines was met, or is."""
    with database.read() as tx:
        return {item.rule: item.days_late for item in explain_product(tx, TWO, clock.today())}


def test_left_out_it_is_today_in_viet_nam(seeded: Database, clock: FixedClock) -> None:
    clock.instant = datetime(2024, 4, 24, 17, 0, tzinfo=UTC)  # midnight there: the 25th has begun
    act(seeded, clock, TWO, "register")
    assert rows(seeded, "SELECT CAST(on_day AS TEXT) FROM transitions") == [("2024-04-25",)]


@pytest.mark.parametrize(("ahead", "allowed"), [(0, True), (1, False), (366, False)])
def test_it_is_never_in_the_future(seeded: Database, clock: FixedClock, ahead: int, allowed: bool) -> None:
    on = clock.today() + ahead * DAY
    if allowed:
        act(seeded, clock, TWO, "register", on=on)
        return
    with pytest.raises(InvalidInput) as caught:
        act(seeded, clock, TWO, "register", on=on)
    assert caught.value.faults[0].text.en == f"{on} is in the future"
    assert rows(seeded, "SELECT COUNT(*) FROM transitions") == [(0,)]


@pytest.mark.parametrize(("behind", "allowed"), [(0, True), (1, False)])
def test_it_is_never_before_the_last_event(
    seeded: Database, clock: FixedClock, behind: int, allowed: bool
) -> None:
    clock.move_to(date(2024, 5, 20))
    act(seeded, clock, TWO, "register", on=date(2024, 4, 25))
    on = date(2024, 4, 25) - behind * DAY
    if allowed:
        act(seeded, clock, TWO, "select", on=on)
        return
    with pytest.raises(InvalidInput) as caught:
        act(seeded, clock, TWO, "select", on=on)
    assert caught.value.faults[0].text.en == "2024-04-24 lies before the last event (2024-04-25)"


@pytest.mark.parametrize(("late", "flags"), [(0, True), (1, True), (3, True)])
def test_lateness_is_judged_by_it_and_not_by_the_day_it_was_typed_in(
    seeded: Database, clock: FixedClock, late: int, flags: bool
) -> None:
    daily(seeded, clock, "2024-04-23", "2024-05-06")
    clock.move_to(date(2024, 5, 6), hour=9)
    act(seeded, clock, TWO, "register", on=DUE + late * DAY)

    assert days_late(seeded, clock)["registration"] == late
    ((_, _, due, closed, because),) = closed_deadlines(seeded, TWO)
    assert (due, closed, because) == ("2024-04-30", (DUE + late * DAY).isoformat(), "reached")
    # the flag had been raised by then; it is cleared on the day of the event, not before it was raised
    cleared = max(DUE + late * DAY, date(2024, 5, 1)).isoformat()
    assert (flags_of(seeded, TWO) == [("registration", "2024-05-01", cleared)]) is flags
    opened = rows(
        seeded,
        "SELECT CAST(opened_on AS TEXT) FROM deadlines d JOIN products p ON p.id = d.product_id "
        "WHERE p.code = :code AND d.closed_on IS NULL",
        code=TWO,
    )
    assert opened == [((DUE + late * DAY).isoformat(),)]
    assert healthy(seeded, clock)


@pytest.mark.parametrize(("late", "flags"), [(0, []), (1, [("registration", "2024-05-01", "2024-05-01")])])
def test_a_flag_that_no_sweep_has_raised_is_on_record_all_the_same(
    seeded: Database, clock: FixedClock, late: int, flags: list[tuple[str, str, str]]
) -> None:
    run(seeded, clock, "2024-04-26")
    clock.move_to(date(2024, 5, 6), hour=9)
    act(seeded, clock, TWO, "register", on=DUE + late * DAY)
    assert flags_of(seeded, TWO) == flags
    assert healthy(seeded, clock)


def test_undoing_bears_the_day_of_the_step_that_it_takes_back(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(date(2024, 5, 20))
    act(seeded, clock, TWO, "register", on=date(2024, 4, 25))
    clock.move_to(date(2024, 5, 21))
    take_back(seeded, clock)
    assert rows(seeded, "SELECT seq, CAST(on_day AS TEXT) FROM transitions ORDER BY seq") == [
        (1, "2024-04-25"),
        (2, "2024-04-25"),
    ]
    assert open_deadlines(seeded, TWO) == {"registration": DUE}
    act(seeded, clock, TWO, "register", on=date(2024, 4, 24))  # nothing stands before it any more
    assert days_late(seeded, clock)["registration"] == 0
    assert healthy(seeded, clock)


@pytest.mark.parametrize(("on", "late"), [(date(2024, 6, 30), 0), (date(2024, 7, 1), 1)])
def test_an_activity_is_late_by_the_day_it_was_done(
    seeded: Database, clock: FixedClock, on: date, late: int
) -> None:
    clock.move_to(date(2024, 7, 10))
    with seeded.write() as tx:
        done = finish_activity(tx, MINH, "training", plan=None, on=on, today=clock.today(), now=clock.now())
    assert (done.done_on, done.days_late) == (on, late)
    tomorrow = clock.today() + DAY
    with seeded.write() as tx, pytest.raises(InvalidInput):
        finish_activity(tx, MINH, "training", plan=None, on=tomorrow, today=clock.today(), now=clock.now())
