"""A dossier that lies with another level: somebody is asked after it, on a day, until it comes back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.overview import products as overview
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine, prove
from tests.factories import LAN, SENDER, act, rows
from tests.fakes import VIETNAM

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

CODE = "DP24-002"


@pytest.fixture
def escalated(seeded: Database, clock: FixedClock) -> Database:
    """The seed with one product that the town has sent up to the province on 25/11/2024."""
    clock.move_to(date(2024, 11, 25))
    for event in ("register", "select", "start_consulting", "commune_evaluate"):
        act(seeded, clock, CODE, event)
    act(seeded, clock, CODE, "score_district", {"session_date": "2024-11-25", "mean": "75"})
    act(seeded, clock, CODE, "escalate")
    return seeded


def waits(database: Database) -> list[tuple[str, str]]:
    """Return what the product waits for, and until when."""
    found = rows(
        database,
        "SELECT rule, due_on FROM deadlines d JOIN products p ON p.id = d.product_id"
        " WHERE p.code = :code AND closed_on IS NULL ORDER BY rule",
        code=CODE,
    )
    return [(rule, str(due)) for rule, due in found]


def live(database: Database, clock: FixedClock, until: date) -> None:
    """Let the daily check run from the clock's day on, and look whether the books balance."""
    day = clock.today()
    while day <= until:
        clock.move_to(day)
        sweep(database, clock, SENDER)
        day += timedelta(days=1)
    assert not examine(database, clock).violated
    with database.read() as tx:
        assert prove(tx, VIETNAM).unbalanced == []


def told(database: Database) -> list[tuple[str, int]]:
    """Return who was spoken to of the wait, and at which stage."""
    return rows(
        database,
        "SELECT u.slug, r.stage FROM reminders r JOIN deadlines d ON d.id = r.deadline_id"
        " JOIN desks k ON k.id = r.desk_id JOIN units u ON u.id = k.unit_id"
        " WHERE d.rule = 'next_level' AND r.status <> 'withheld' ORDER BY r.stage",
    )


def test_a_product_that_was_sent_up_has_a_day_on_which_it_is_asked_after(
    escalated: Database, clock: FixedClock
) -> None:
    assert waits(escalated) == [("next_level", "2025-01-24")]
    live(escalated, clock, date(2025, 2, 3))
    assert told(escalated) == [("duc-pho", -14), ("duc-pho", -3), ("duc-pho", 1)]


def test_what_waits_too_long_stands_among_what_is_late(escalated: Database, clock: FixedClock) -> None:
    clock.move_to(date(2025, 2, 3))
    with escalated.read() as tx:
        late = overview.list_products(tx, clock.today(), overview.WantedProducts(overdue=True))
    (own,) = [view for view in late if view.code == CODE]
    assert [(item.milestone, item.days_left) for item in own.deadlines] == [("next_level", -10)]


def test_the_wait_ends_with_the_score_and_the_decision_is_waited_for(
    escalated: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2024, 12, 20))
    act(escalated, clock, CODE, "score_province", {"session_date": "2024-12-20", "mean": "65"})
    assert waits(escalated) == [("outcome_above", "2025-01-19")]
    live(escalated, clock, date(2025, 1, 20))


def test_an_undone_score_brings_the_wait_back_as_it_was(escalated: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 12, 20))
    act(escalated, clock, CODE, "score_province", {"session_date": "2024-12-20", "mean": "65"})
    with escalated.write() as tx:
        order = UndoOrder(CODE, LAN, "nhập nhầm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert waits(escalated) == [("next_level", "2025-01-24")]
    live(escalated, clock, date(2024, 12, 23))
