"""A certificate that was given by mistake keeps its page for ever, in whatever way that came out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.certificates.looking_up import look_up
from ocop_workflow.products.undoing import UndoOrder, undo
from tests.factories import MINH, SENDER, rows
from tests.products.test_entering import assert_sound
from tests.stories.journeys import revoke, step, walk_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

CODE = "DP24-002"
FOUND = date(2025, 4, 1)


def take_back(database: Database, clock: FixedClock, times: int = 1) -> None:
    for _ in range(times):
        with database.write() as tx:
            order = UndoOrder(CODE, MINH, "nhầm")
            undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def the_decision(database: Database, clock: FixedClock) -> None:
    walk_to(database, clock, CODE, "certify")
    clock.move_to(FOUND)
    take_back(database, clock)


def the_decision_behind_a_revocation(database: Database, clock: FixedClock) -> None:
    walk_to(database, clock, CODE, "certify")
    revoke(database, clock, CODE, date(2025, 3, 3))
    clock.move_to(FOUND)
    take_back(database, clock, 3)


def the_decision_behind_a_lapse(database: Database, clock: FixedClock) -> None:
    walk_to(database, clock, CODE, "begin_monitoring")
    step(database, clock, CODE, "lapse", date(2027, 11, 26))
    take_back(database, clock, 3)
    assert rows(database, "SELECT ended_because FROM certificates") == [("undone",)]


@pytest.mark.parametrize(
    "found_wrong",
    [
        the_decision,
        the_decision_behind_a_revocation,
        the_decision_behind_a_lapse,
    ],
)
def test_its_page_says_so_and_nothing_else(
    seeded: Database, clock: FixedClock, found_wrong: Callable[[Database, FixedClock], None]
) -> None:
    found_wrong(seeded, clock)
    ((token,),) = rows(seeded, "SELECT token FROM certificates")
    for later in (clock.today(), date(2030, 1, 1)):  # past its last day, too
        with seeded.read() as tx:
            page = look_up(tx, token, later)
        assert (page.status, page.ended_on, page.replaced_by, page.grace_until) == (
            "undone",
            clock.today(),
            None,
            None,
        )
        assert page.ended_why == f"cấp nhầm, đã huỷ ngày {clock.today():%d/%m/%Y}"
    assert_sound(seeded, clock)


def test_neither_its_number_nor_its_page_is_given_again(seeded: Database, clock: FixedClock) -> None:
    the_decision(seeded, clock)
    step(seeded, clock, CODE, "certify", FOUND)
    (first, second) = rows(seeded, "SELECT id, token FROM certificates ORDER BY id")
    assert first[0] != second[0]
    with seeded.read() as tx:
        assert [look_up(tx, token, FOUND).status for _, token in (first, second)] == ["undone", "valid"]
    assert_sound(seeded, clock)


def test_a_revocation_that_was_undone_leaves_nothing_false_behind(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, CODE, "certify")
    ((token,),) = rows(seeded, "SELECT token FROM certificates")
    with seeded.read() as tx:
        before = look_up(tx, token, FOUND)
    revoke(seeded, clock, CODE, date(2025, 3, 3))
    clock.move_to(FOUND)
    take_back(seeded, clock)
    with seeded.read() as tx:
        assert look_up(tx, token, FOUND) == before
    told = rows(seeded, "SELECT event, undoes FROM transitions ORDER BY id DESC LIMIT 2")
    assert [event for event, _ in told] == ["revoke", "revoke"]
    assert told[0][1] is not None
