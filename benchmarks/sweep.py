"""The spike day: 60 % of the country's products become late at once. Letters apart."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from benchmarks import floors
from benchmarks.data import NOW, SPIKE, checksum
from benchmarks.measuring import Row, Run, Stopwatch, in_child, medians
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of
from ocop_workflow.store import Database
from ocop_workflow.sweep import daily as service
from ocop_workflow.sweep import queries as sweeping

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.stores import Store


def ours(watch: Stopwatch, url: str, *, warm: bool = True) -> None:
    """Sweep as the service does, without its digests. Warm: in a process that has read the plans."""
    database = Database(url)
    if warm:
        read_plans(database)
    with watch:
        _sweep(database)
    database.close()


def read_plans(database: Database) -> None:
    """Read every plan, as a process that has run for a day has done; its rubbish is long collected."""
    with database.read() as tx:
        for plan in plans.all_plans(tx):
            calendar_of(tx, plan.id, plan.sha256)
    gc.collect()


def _sweep(database: Database) -> None:
    run = service._Sweep(SPIKE, pause=database.is_sqlite, by=service.SCHEDULER)  # noqa: SLF001 - the phases of the sweep itself, letters apart
    with database.connect() as connection:
        with connection.begin():
            sweep_id = sweeping.begin_record(connection, run.day, NOW)
        with sweeping.reading(connection), connection.begin():
            decisions = service._decide_all(connection, run)  # noqa: SLF001 - likewise
        service._apply_all(  # noqa: SLF001 - likewise
            connection, connection.begin, run, decisions, sweep_id, lambda _done, _of: None
        )
        with connection.begin():
            sweeping.finish_record(connection, sweep_id, NOW, {"reminders": run.counts.reminders}, [])


def floor(watch: Stopwatch, url: str, name: str) -> None:
    """Sweep by hand."""
    raw = floors.Raw(url)
    with watch:
        getattr(floors, name)(raw)
    raw.close()


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure the sweep of a process that has read the plans, and of one that has not, beside the floors."""
    return _measure(store, rounds, ours, cold_start)


def measure_warm(store: Store, rounds: int) -> Row:
    """Measure the sweep of a process that has read the plans beside the two floors."""
    return _measure(store, rounds, ours)[0]


def _measure(store: Store, rounds: int, *works: Callable[..., None]) -> list[Row]:
    """Let sweeps and the two floors take turns; the better floor counts."""
    contest = _Contest(store)
    *swept, at_once, in_chunks = medians(
        rounds,
        *(contest.contender(work.__name__, work) for work in works),
        contest.contender("at once", floor, "sweep_at_once"),
        contest.contender("in chunks", floor, "sweep_in_chunks"),
    )
    if len(set(contest.sums.values())) != 1:
        raise AssertionError(f"not the same rows at the end: {contest.sums}")
    best = min(at_once.seconds, in_chunks.seconds)
    note = f"floor at once {at_once.seconds:.2f} s, in chunks {in_chunks.seconds:.2f} s"
    warm, *cold = swept
    return [
        Row("sweep, spike day", store.kind, store.size, warm.seconds, best, warm.memory, note),
        *(
            Row("the same, plans not read yet", store.kind, store.size, one.seconds, warm.seconds, one.memory)
            for one in cold
        ),
    ]


class _Contest:
    """Lets each contender work on a copy of its own, and keeps the checksum of what it left."""

    def __init__(self, store: Store) -> None:
        self.sums: dict[str, str] = {}
        self._store = store

    def contender(self, name: str, work: Callable[..., None], *given: object) -> Callable[[], Run]:
        def one() -> Run:
            with self._store.fresh() as url:
                run = in_child(work, url, *given)
                if name not in self.sums:
                    database = Database(url)
                    self.sums[name] = checksum(database)
                    database.close()
                return run

        return one


def cold_start(watch: Stopwatch, url: str) -> None:
    """Sweep in a process that has not read the plans yet."""
    ours(watch, url, warm=False)
