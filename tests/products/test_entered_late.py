"""What happened before it was entered: the books balance, and nothing is late that was in time on paper."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import OcopError
from ocop_workflow.overview.explain import explain_product
from ocop_workflow.products.registering import NewProduct, Particulars, create_product
from ocop_workflow.sweep.activities import finish_activity
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine, prove
from tests.factories import MINH, SEED, SENDER, act
from tests.fakes import VIETNAM
from tests.stories.journeys import candidate, closed_deadlines, import_rows

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DAY = date.fromisoformat
NEW = "DP24-015"
REGISTERED = {"producer": "HTX Nhà Nông", "group": "food", "address": "Thôn 1"}


def enter(database: Database, clock: FixedClock) -> None:
    """Enter an idea by hand, as the commune does over the API."""
    with database.write() as tx:
        order = NewProduct(SEED, "pho-an", "Nước mắm", Particulars())
        create_product(tx, order, actor=MINH, today=clock.today(), now=clock.now())


def assert_books_balance(database: Database, clock: FixedClock) -> None:
    with database.read() as tx:
        assert [row.text.en for row in prove(tx, VIETNAM).unbalanced] == []
    found = [finding for finding in examine(database, clock).findings if finding.table != "outbox"]
    assert [finding.text.en for finding in found] == []  # that nobody sends the letters is another matter


@pytest.mark.parametrize("registered", ["2024-03-04", "2024-04-16", "2024-04-23"])
def test_a_product_entered_after_the_commune_registered_it_balances(
    seeded: Database, clock: FixedClock, registered: str
) -> None:
    sweep(seeded, clock, SENDER)
    clock.move_to(DAY("2024-04-23"), hour=9)
    enter(seeded, clock)
    act(seeded, clock, NEW, "register", REGISTERED, DAY(registered))
    clock.move_to(DAY("2024-04-24"))
    sweep(seeded, clock, SENDER)

    assert_books_balance(seeded, clock)
    assert closed_deadlines(seeded, NEW) == [
        ("registration", "2024-04-23", "2024-04-30", "2024-04-23", "reached")
    ]


def test_a_product_that_was_swept_before_its_registration_was_told_balances(
    seeded: Database, clock: FixedClock
) -> None:
    enter(seeded, clock)
    sweep(seeded, clock, SENDER)
    clock.move_to(DAY("2024-04-26"))
    sweep(seeded, clock, SENDER)
    act(seeded, clock, NEW, "register", REGISTERED, DAY("2024-04-10"))
    clock.move_to(DAY("2024-04-29"))
    sweep(seeded, clock, SENDER)

    assert_books_balance(seeded, clock)


def test_what_was_registered_in_time_and_entered_after_the_due_day_is_not_late(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-05-06"))
    sweep(seeded, clock, SENDER)
    enter(seeded, clock)
    act(seeded, clock, NEW, "register", REGISTERED, DAY("2024-04-16"))
    sweep(seeded, clock, SENDER)

    assert closed_deadlines(seeded, NEW) == [
        ("registration", "2024-05-06", "2024-04-30", "2024-05-06", "reached_earlier")
    ]
    with seeded.read() as tx:
        assert [(item.rule, item.days_late) for item in explain_product(tx, NEW, clock.today())][:1] == [
            ("registration", 0)
        ]
    assert_books_balance(seeded, clock)


def test_what_was_registered_late_stays_late_when_it_is_entered_later(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(DAY("2024-05-06"))
    enter(seeded, clock)
    act(seeded, clock, NEW, "register", REGISTERED, DAY("2024-05-03"))
    sweep(seeded, clock, SENDER)

    assert closed_deadlines(seeded, NEW) == [
        ("registration", "2024-05-06", "2024-04-30", "2024-05-06", "reached")
    ]
    assert_books_balance(seeded, clock)


def test_an_imported_list_that_tells_of_earlier_steps_balances(seeded: Database, clock: FixedClock) -> None:
    import_rows(seeded, clock, SEED, candidate(1, "Xã Phổ An", "Nước mắm"))
    act(seeded, clock, NEW, "register", {"group": "food"}, DAY("2024-04-01"))
    act(seeded, clock, NEW, "select", on=DAY("2024-04-11"))
    sweep(seeded, clock, SENDER)

    assert closed_deadlines(seeded, NEW) == [
        ("registration", "2024-04-23", "2024-04-30", "2024-04-23", "reached"),
        ("selection", "2024-04-01", "2024-05-31", "2024-04-11", "reached"),
    ]
    assert_books_balance(seeded, clock)


@pytest.mark.parametrize("on", ["2000-01-01", "2023-12-31"])
def test_nothing_happens_before_the_plan_begins(seeded: Database, clock: FixedClock, on: str) -> None:
    enter(seeded, clock)
    with pytest.raises(OcopError) as refused:
        act(seeded, clock, NEW, "register", REGISTERED, DAY(on))

    (found,) = refused.value.faults
    assert found.place == "on"
    assert found.text.vi == f"{DAY(on):%d/%m/%Y} đứng trước ngày kế hoạch {SEED} bắt đầu (01/01/2024)"
    assert found.text.en == f"{on} lies before the plan {SEED} begins (2024-01-01)"


def test_the_plans_first_day_is_one_on_which_something_can_have_happened(
    seeded: Database, clock: FixedClock
) -> None:
    enter(seeded, clock)
    assert act(seeded, clock, NEW, "register", REGISTERED, DAY("2024-01-01")).state == "registered"


def test_an_activity_is_not_done_before_its_plan(seeded: Database, clock: FixedClock) -> None:
    with pytest.raises(OcopError) as refused, seeded.write() as tx:
        finish_activity(
            tx, MINH, "training", plan=SEED, on=DAY("2000-01-01"), today=clock.today(), now=clock.now()
        )
    assert [(found.place, found.text.vi) for found in refused.value.faults] == [
        ("on", f"01/01/2000 đứng trước ngày kế hoạch {SEED} bắt đầu (01/01/2024)")
    ]
