"""Things follow one another by their number: a clock that stands still or was set back changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.clock import SimulatedClock
from ocop_workflow.products.registering import NewProduct, Particulars, create_product
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.upkeep.examination import examine
from tests.changes.amending import SEED_TEXT, amended, change, extend, is_sound, revoke
from tests.factories import IMPORT_DAY, LAN, MINH, SEED, SENDER, act
from tests.fakes import VIETNAM, FixedClock
from tests.stories.days import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Database


@pytest.fixture
def clock() -> FixedClock:
    """Six in the morning of the day on which the seed is imported."""
    return FixedClock.at(IMPORT_DAY)


STEPS = {"still": timedelta(), "set back": timedelta(seconds=-7)}


def take_back(database: Database, clock: FixedClock, code: str) -> None:
    with database.write() as tx:
        order = UndoOrder(code, LAN, "ghi nhầm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def create(database: Database, clock: FixedClock) -> None:
    given: dict[str, Any] = {"producer": "HTX Nhà Nông", "group": "food", "address": "Thôn 1"}
    with database.write() as tx:
        order = NewProduct(SEED, "pho-an", "Mắm cái", Particulars(**given))
        create_product(tx, order, actor=MINH, today=clock.today(), now=clock.now())


@pytest.mark.parametrize("clock_goes", STEPS)
def test_whatever_follows_at_the_same_instant_or_a_little_before_is_in_order(
    seeded: Database, clock: FixedClock, clock_goes: str
) -> None:
    """Changes of the plan, extensions and steps, one after the other, each under a clock set back anew."""
    run(seeded, clock, "2024-04-23")
    clock.move_to(date(2024, 4, 24), 9)
    granted: list[int] = []
    deeds: tuple[Callable[[], object], ...] = (
        lambda: change(seeded, clock, amended("2024-05-15")),
        lambda: act(seeded, clock, "DP24-002", "register"),
        lambda: granted.append(extend(seeded, clock, "DP24-003", to="2024-05-20").id),
        lambda: create(seeded, clock),
        lambda: act(seeded, clock, "DP24-002", "select"),
        lambda: change(seeded, clock, SEED_TEXT),
        lambda: take_back(seeded, clock, "DP24-002"),
        lambda: act(seeded, clock, "DP24-003", "register"),
        lambda: revoke(seeded, clock, granted[0]),
        lambda: take_back(seeded, clock, "DP24-003"),
        lambda: change(seeded, clock, amended("2024-05-16")),
        lambda: act(seeded, clock, "DP24-003", "register"),
    )
    for deed in deeds:
        deed()
        is_sound(seeded, clock)
        clock.wait(STEPS[clock_goes])


def test_the_doctor_says_as_a_note_that_the_clock_was_set_back(seeded: Database, clock: FixedClock) -> None:
    for event in ("register", "select"):
        act(seeded, clock, "DP24-002", event)
        clock.wait(timedelta(minutes=-1))
    found = examine(seeded, clock)
    assert found.findings == ()
    assert [(note.invariant, note.key, note.text.vi, note.advice.vi) for note in found.notes] == [
        (
            4,
            "DP24-002/2",
            (
                "1 bước ghi giờ sớm hơn bước liền trước (đầu tiên: DP24-002, bước 2): đồng hồ đã từng bị "
                "chỉnh lùi; thứ tự lấy theo số của bước."
            ),
            "Không cần làm gì.",
        )
    ]


def test_a_simulated_clock_that_begins_again_is_noted_only(seeded: Database, clock: FixedClock) -> None:
    clock.wait(timedelta(hours=3))
    act(seeded, clock, "DP24-002", "register")
    again = SimulatedClock(clock.now() - timedelta(hours=3), VIETNAM)
    found = examine(seeded, again)
    assert found.findings == ()
    assert {note.invariant for note in found.notes} == {13}
    days_before = SimulatedClock(clock.now() - timedelta(days=3), VIETNAM)
    # and the units' addresses, which hold from the day of the import, are not there yet
    assert {finding.invariant for finding in examine(seeded, days_before).findings} == {13, 35}
