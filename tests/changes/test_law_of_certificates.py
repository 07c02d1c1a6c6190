"""On a law's first day what is counted from certificates' ends goes over to it, whenever a sweep comes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.products.settling.entering import Entering, enter_certificate
from ocop_workflow.products.undoing import UndoOrder, undo
from tests.changes.test_new_law import day_comes, is_sound
from tests.factories import MINH, SEED, SENDER, act, rows
from tests.products.test_entering import RUNNING
from tests.stories.journeys import FIRST_YEAR, open_deadlines, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE, TWO, OUTSIDE = "DP24-001", "DP24-002", "SO-000001"
RENEWAL = {"kind": "renewal", "plan": SEED, "received_on": "2026-05-21"}
FIRST_DAY = date(2026, 5, 22)
ENDS = date(2027, 11, 25)
WINDOW_CLOSES = date(2027, 7, 28)
BEFORE = [("expiry", "2027-11-25", "2024-11-26", None, None)]
AFTER = [
    ("expiry", "2027-11-25", "2024-11-26", "2026-05-22", "regulation_changed"),
    ("re_rating_filing:qd-26-2026", "2027-07-28", "2026-05-22", None, None),
    ("expiry:qd-26-2026", "2027-11-25", "2026-05-22", None, None),
]


def of_certificate(database: Database, code: str = ONE) -> list[tuple[Any, ...]]:
    """Return (rule, due, opened, closed, why) of the deadlines of a product's certificate, oldest first."""
    return rows(
        database,
        "SELECT d.rule, CAST(d.due_on AS TEXT), CAST(d.opened_on AS TEXT), CAST(d.closed_on AS TEXT), "
        "d.closed_because FROM deadlines d JOIN products p ON p.id = d.product_id "
        "WHERE p.code = :code AND d.subject = 'certificate' ORDER BY d.id",
        code=code,
    )


@pytest.fixture
def certified(seeded: Database, clock: FixedClock) -> Database:
    """A product that the town recognised in November 2024, under QĐ 148."""
    walk_to(seeded, clock, ONE, FIRST_YEAR[-1][0])
    return seeded


def test_the_law_between_asked_the_same_so_nothing_changed(certified: Database, clock: FixedClock) -> None:
    for day in (date(2025, 7, 7), date(2026, 5, 21)):
        day_comes(certified, clock, day)
        assert of_certificate(certified) == BEFORE
    assert is_sound(certified, clock)


@pytest.mark.parametrize("days_down", [0, 3, 40])
def test_however_late_a_sweep_comes_they_go_over_as_on_the_first_day(
    certified: Database, clock: FixedClock, days_down: int
) -> None:
    day_comes(certified, clock, FIRST_DAY - timedelta(days=1))
    for _ in range(2):  # twice it does nothing
        day_comes(certified, clock, FIRST_DAY + timedelta(days=days_down))
        assert of_certificate(certified) == AFTER
    assert is_sound(certified, clock)


def test_a_step_on_the_first_day_before_the_sweep_takes_the_product_over(
    certified: Database, clock: FixedClock
) -> None:
    step(certified, clock, ONE, "open_re_rating", FIRST_DAY, plan=SEED)
    assert of_certificate(certified) == [AFTER[0], AFTER[2]]  # nobody files twice
    day_comes(certified, clock, FIRST_DAY)
    assert of_certificate(certified) == [AFTER[0], AFTER[2]]
    assert is_sound(certified, clock)


def test_a_step_of_before_that_is_recorded_late_brings_no_old_law_back(
    certified: Database, clock: FixedClock
) -> None:
    day_comes(certified, clock, FIRST_DAY)
    clock.move_to(FIRST_DAY + timedelta(days=4))
    act(certified, clock, ONE, "open_re_rating", RENEWAL, on=FIRST_DAY - timedelta(days=1))
    with certified.write() as tx:
        order = UndoOrder(ONE, MINH, "ghi nhầm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert open_deadlines(certified, ONE) == {
        "re_rating_filing:qd-26-2026": WINDOW_CLOSES,
        "expiry:qd-26-2026": ENDS,
    }
    assert is_sound(certified, clock)


def test_what_was_late_is_late_still_and_of_a_window_that_was_over_nobody_hears(
    certified: Database, clock: FixedClock
) -> None:
    """Entered from the register: it ended on 1/3/2026, and nobody has recorded how."""
    clock.move_to(date(2026, 2, 2))
    given = {"star": 3, "number": "9/QĐ-UBND", "decided_on": "2023-03-01", "valid_until": "2026-03-01"}
    with certified.write() as tx:
        enter_certificate(tx, Entering(MINH, {**RUNNING, "certificate": given}, clock.today(), clock.now()))
    day_comes(certified, clock, FIRST_DAY)

    assert of_certificate(certified, OUTSIDE) == [
        ("expiry", "2026-03-01", "2026-02-02", "2026-05-22", "regulation_changed"),
        ("expiry:qd-26-2026", "2026-03-01", "2026-05-22", None, None),
    ]
    flagged = "SELECT CAST(raised_on AS TEXT), CAST(cleared_on AS TEXT) FROM flags f JOIN deadlines d "
    assert rows(
        certified, f"{flagged} ON d.id = f.deadline_id WHERE d.rule LIKE 'expiry%' ORDER BY d.id"
    ) == [("2026-03-02", "2026-05-22"), ("2026-05-22", None)]
    assert is_sound(certified, clock)


def test_the_audit_tells_which_products_went_over(certified: Database, clock: FixedClock) -> None:
    walk_to(certified, clock, TWO, FIRST_YEAR[-1][0])
    day_comes(certified, clock, FIRST_DAY)
    assert rows(certified, "SELECT subject, actor FROM audit WHERE action = 'law.certificates'") == [
        ("regulation:qd-26-2026:1-2", "scheduler")
    ]
