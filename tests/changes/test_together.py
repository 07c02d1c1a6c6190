"""A change of plan beside an officer: each product is wholly under one version."""

from __future__ import annotations

from datetime import date
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Conflict, OcopError, Stale
from ocop_workflow.plans.loaded import find_plan, hold_calendar
from ocop_workflow.products.advance import Order, advance
from tests.changes.amending import amended, change, is_sound, preview
from tests.factories import GOOD_DATA, LAN, SEED, SENDER
from tests.stories.days import run
from tests.stories.journeys import open_deadlines

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def test_a_change_waits_for_a_step_that_is_being_made_and_then_sees_it(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 24), 9)
    text = amended("2024-05-15")
    confirm = preview(seeded, clock, text).hash
    refused: list[OcopError] = []

    def amend() -> None:
        try:
            change(seeded, clock, text, confirm=confirm)
        except OcopError as error:
            refused.append(error)

    other = Thread(target=amend)
    with seeded.write() as tx:
        order = Order("DP24-002", "register", LAN, GOOD_DATA["register"])
        advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
        other.start()
        other.join(0.5)
        assert other.is_alive()  # it waits
    other.join()

    assert [type(error) for error in refused] == [Conflict]  # what was looked at is not so any more
    clock.move_to(date(2024, 4, 24), 10)
    change(seeded, clock, text)
    assert open_deadlines(seeded, "DP24-002") == {"selection": date(2024, 5, 31)}
    assert open_deadlines(seeded, "DP24-003") == {"registration": date(2024, 5, 15)}
    is_sound(seeded, clock)


def test_whoever_has_read_the_plan_before_it_changed_is_told_to_look_again(
    seeded: Database, clock: FixedClock
) -> None:
    with seeded.read() as tx:
        before = find_plan(tx, SEED)
    change(seeded, clock, amended("2024-05-15"))
    if seeded.is_sqlite:
        pytest.skip("there is only one writer, which reads and writes in one go")
    with seeded.write() as tx, pytest.raises(Stale):
        hold_calendar(tx, before.id, before.sha256)
    with seeded.read() as tx:  # a reader sees one moment, and waits for nobody
        assert hold_calendar(tx, before.id, before.sha256).plan.id == SEED
