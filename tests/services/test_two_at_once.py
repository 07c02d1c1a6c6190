"""Two officers act on one product at the same moment: one wins, the other is told."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from ocop_workflow.errors import Conflict
from ocop_workflow.storage import Database
from tests.factories import IMPORT_DAY, act, rows
from tests.fakes import FixedClock

ROUNDS = 40
_BARRIER: list[Any] = []


def _remember(barrier: Any) -> None:  # noqa: ANN401 - multiprocessing's barrier has no public type
    _BARRIER.append(barrier)


def _race(url: str) -> list[str]:
    """Advance product after product at the very moment at which another process does."""
    database, clock = Database(url), FixedClock.at(IMPORT_DAY)
    outcomes = []
    for number in range(ROUNDS):
        code = f"DP24-{number % 14 + 1:03}"
        _BARRIER[0].wait(timeout=60)
        try:
            act(database, clock, code, ("register", "select", "start_consulting")[number // 14])
        except Conflict as error:
            outcomes.append(type(error).__name__)
        else:
            outcomes.append("won")
    database.close()
    return outcomes


def test_of_two_officers_who_act_at_once_exactly_one_wins(seeded: Database) -> None:
    spawn = multiprocessing.get_context("spawn")
    url = seeded.engine.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(
        2, mp_context=spawn, initializer=_remember, initargs=(spawn.Barrier(2),)
    ) as pool:
        first, second = pool.map(_race, [url] * 2)
    assert [sorted([one == "won", other == "won"]) for one, other in zip(first, second, strict=True)] == [
        [False, True]
    ] * ROUNDS
    assert {*first, *second} - {"won"} <= {"Conflict", "EventRefused"}
    assert rows(seeded, "SELECT COUNT(*), SUM(version) FROM products") == [(14, ROUNDS)]
    assert rows(seeded, "SELECT COUNT(*) FROM transitions") == [(ROUNDS,)]
    still_open = "SELECT COUNT(*) FROM deadlines WHERE closed_on IS NULL AND kind = 'milestone'"
    assert rows(seeded, still_open) == [(14,)]
