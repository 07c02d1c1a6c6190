"""How long somebody else waits who writes one product after the other while the sweep runs."""

from __future__ import annotations

import time
from multiprocessing import get_context
from typing import TYPE_CHECKING

from sqlalchemy import text

from benchmarks import sweep
from benchmarks.measuring import Row, Run, in_child, medians
from ocop_workflow.store import Database

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from benchmarks.stores import Store

_SPAWN = get_context("spawn")
_TOUCH = (
    text("UPDATE products SET version = version + 1 WHERE id = :id"),
    text("UPDATE deadlines SET closed_because = NULL WHERE product_id = :id AND closed_on IS NULL"),
)


def write(url: str, size: int, ready: Event, stop: Event, worst: object) -> None:
    """Change a product and its open deadline every few milliseconds until told to stop."""
    database, number, longest = Database(url), 0, 0.0
    while not stop.is_set():
        number = (number + 7919) % size
        start = time.perf_counter()
        with database.write() as tx:
            for statement in _TOUCH:
                tx.execute(statement, {"id": number + 1})
        if ready.is_set():
            longest = max(longest, time.perf_counter() - start)
        ready.set()
        time.sleep(0.005)
    database.close()
    worst.value = longest  # type: ignore[attr-defined]  # multiprocessing's shared values share no type


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure the longest of all writes beside a sweep, from asking for the lock to the commit."""

    def one() -> Run:
        with store.fresh() as url:
            ready, stop, worst = _SPAWN.Event(), _SPAWN.Event(), _SPAWN.Value("d", 0.0)
            writer = _SPAWN.Process(target=write, args=(url, store.size, ready, stop, worst))
            writer.start()
            ready.wait()
            in_child(sweep.ours, url)
            stop.set()
            writer.join()
            return Run(worst.value, 0)

    def alone() -> Run:
        with store.fresh() as url:
            ready, stop, worst = _SPAWN.Event(), _SPAWN.Event(), _SPAWN.Value("d", 0.0)
            writer = _SPAWN.Process(target=write, args=(url, store.size, ready, stop, worst))
            writer.start()
            ready.wait()
            time.sleep(2)
            stop.set()
            writer.join()
            return Run(worst.value, 0)

    beside, undisturbed = medians(rounds, one, alone)
    note = f"{undisturbed.seconds * 1000:.0f} ms without a sweep"
    return [Row("longest wait of another writer", store.kind, store.size, beside.seconds, None, note=note)]
