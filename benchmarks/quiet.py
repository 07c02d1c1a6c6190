"""A day on which nothing is due: the whole sweep, letters included, in a process that runs already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import floors
from benchmarks.data import NOW, QUIET
from benchmarks.measuring import Row, Stopwatch, in_child, medians
from ocop_workflow.notifications import Sender
from ocop_workflow.store import Database
from ocop_workflow.sweep.daily import sweep
from tests.fakes import FixedClock

if TYPE_CHECKING:
    from benchmarks.stores import Store

TIMES = 300


def ours(watch: Stopwatch, url: str) -> None:
    """Sweep a day with nothing due, again and again."""
    database, clock, sender = Database(url), FixedClock(NOW), Sender("ocop@duc-pho.example", "")
    sweep(database, clock, sender, day=QUIET)
    with watch:
        for _ in range(TIMES):
            sweep(database, clock, sender, day=QUIET)
    database.close()


def floor(watch: Stopwatch, url: str) -> None:
    """Look at the index and write the record, again and again."""
    raw = floors.Raw(url)
    floors.sweep_nothing(raw)
    with watch:
        for _ in range(TIMES):
            floors.sweep_nothing(raw)
    raw.close()


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure one sweep with nothing due."""
    with store.fresh() as url:
        mine, best = medians(rounds, lambda: in_child(ours, url), lambda: in_child(floor, url))
    return [
        Row("nothing due", store.kind, store.size, mine.seconds / TIMES, best.seconds / TIMES, mine.memory)
    ]
