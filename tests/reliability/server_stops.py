"""Stops PostgreSQL as by a power cut while sweep and delivery run, and starts it again."""

from __future__ import annotations

import json
import random
import tempfile
import time
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ocop_workflow.errors import Unavailable
from ocop_workflow.letters.delivery import LEASE
from ocop_workflow.store import Database, schema
from tests import postgres
from tests.factories import IMPORT_DAY, load_seed
from tests.fakes import FixedClock
from tests.reliability.children import PATIENCE, end_of, start
from tests.reliability.killing import balance, begun, next_busy_day, swept, work
from tests.reliability.outcome import Outcome
from tests.reliability.sink import sink

if TYPE_CHECKING:
    from tests.postgres import Cluster


def stop(number: int, seed: int) -> Outcome:
    """Stop a server of our own so often. There must be local binaries of PostgreSQL."""
    with postgres.private_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        if cluster is None:
            raise SystemExit("no local PostgreSQL binaries: a server of others must not be stopped")
        return stop_under_load(cluster, Path(folder), number, seed)


def stop_under_load(cluster: Cluster, folder: Path, number: int, seed: int) -> Outcome:
    """Let a worker live day after day while its server stops and starts; then let the rest get through."""
    chance, outcome = random.Random(seed), Outcome()
    log, at_work, enough = folder / "letters", folder / "at-work", folder / "enough"
    with closing(Database(cluster.url)) as database, sink(log) as port:
        schema.upgrade(database)
        clock = FixedClock.at(IMPORT_DAY)
        load_seed(database, clock)
        child = start(keep_working, cluster.url, port, clock, at_work, enough)
        for _ in range(number):
            at_work.unlink(missing_ok=True)
            _wait_for(at_work)  # the machine may let the worker wait while a server comes and goes
            time.sleep(chance.uniform(0, 0.4))
            cluster.stop_at_once()
            cluster.start()
            outcome.faults += 1
        time.sleep(0.5)
        enough.touch()
        outcome.demand(end_of(child) == 0, seed, "the worker did not live through it")
        lived = json.loads(enough.read_text("utf-8") or "{}")
        clock = FixedClock(datetime.fromisoformat(lived["until"]))
        year = begun(IMPORT_DAY)
        for day in (*map(date.fromisoformat, lived["days"]), clock.today()):
            swept(year, day)
        for _ in range(2):  # what was left over gets through
            clock.wait(2 * LEASE)
            work(database, port, clock)
        outcome.balance(balance(database, log, year), (seed, lived))
    outcome.demand(lived["days"], seed, "no day was lived to its end")
    # one that comes between two looks at the database is not met
    outcome.demand(2 * lived["troubles"] >= number, seed, lived, "hardly anybody met a stopped server")
    return outcome


def _wait_for(file: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.005)


def keep_working(url: str, port: int, clock: FixedClock, at_work: Path, enough: Path) -> None:
    """Work day after day, at least one, until it is enough; an unavailable database is waited for."""
    troubles, days = 0, list[str]()
    with closing(Database(url)) as database:
        while not (days and enough.exists()):
            at_work.touch()
            try:
                work(database, port, clock)
            except Unavailable:
                troubles += 1
                clock.wait(2 * LEASE)
                time.sleep(0.02)
            else:
                days.append(clock.today().isoformat())
                clock.move_to(next_busy_day(clock.today()))
    lived = {"troubles": troubles, "days": days, "until": clock.now().isoformat()}
    enough.write_text(json.dumps(lived), "utf-8")
