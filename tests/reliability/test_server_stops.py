"""PostgreSQL is stopped as by a power cut while sweep and delivery run: they say so, and go on afterwards."""

from __future__ import annotations

import json
import random
import secrets
import time
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Unavailable
from ocop_workflow.services.delivery import LEASE
from ocop_workflow.storage import Database, schema
from tests import postgres
from tests.factories import IMPORT_DAY, load_seed
from tests.fakes import FixedClock
from tests.reliability.children import end_of, start
from tests.reliability.killing import balance, next_busy_day, work
from tests.reliability.sink import sink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres import Cluster

STOPS = 5


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server that nobody else uses."""
    with postgres.private_cluster() as own:
        if own is None:
            pytest.skip("no local PostgreSQL binaries: a server of others must not be stopped")
        yield own


def keep_working(url: str, port: int, clock: FixedClock, enough: Path) -> None:
    """Work day after day until it is enough; an unavailable database is waited for, no other error is met."""
    troubles = days = 0
    with closing(Database(url)) as database:
        while not enough.exists():
            try:
                work(database, port, clock)
            except Unavailable:
                troubles += 1
                clock.wait(2 * LEASE)
                time.sleep(0.02)
            else:
                days += 1
                clock.move_to(next_busy_day(clock.today()))
    lived = {"troubles": troubles, "days": days, "until": clock.now().isoformat()}
    enough.write_text(json.dumps(lived), "utf-8")


def test_nothing_is_lost_however_often_the_server_stops(cluster: Cluster, tmp_path: Path) -> None:
    seed = secrets.randbelow(10**6)
    chance = random.Random(seed)
    log, enough = tmp_path / "letters", tmp_path / "enough"
    with closing(Database(cluster.url)) as database, sink(log) as port:
        schema.upgrade(database)
        clock = FixedClock.at(IMPORT_DAY)
        load_seed(database, clock)
        child = start(keep_working, cluster.url, port, clock, enough)
        for _ in range(STOPS):
            time.sleep(chance.uniform(0.2, 0.6))
            cluster.stop_at_once()
            cluster.start()
        time.sleep(0.5)
        enough.touch()
        assert end_of(child) == 0, f"seed {seed}"
        lived = json.loads(enough.read_text("utf-8"))
        clock = FixedClock(datetime.fromisoformat(lived["until"]))
        for _ in range(2):  # what was left over gets through
            clock.wait(2 * LEASE)
            work(database, port, clock)
        books = balance(database, log)
    assert books.balanced, (seed, lived, books)
    assert books.letters > 7
    assert lived["days"] > 0
    assert lived["troubles"] >= STOPS, (seed, lived)
