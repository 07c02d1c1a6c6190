"""The server's answer to COMMIT is lost: all of it has happened, or nothing, and doing it again is safe."""

from __future__ import annotations

import random
import secrets
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Conflict, Unavailable
from ocop_workflow.services.delivery import LEASE
from ocop_workflow.services.products import Order, advance
from ocop_workflow.storage import Database
from tests.factories import GOOD_DATA, LAN, SENDER, rows
from tests.fakes import FixedClock
from tests.reliability.dumps import remember, rewind, said
from tests.reliability.killing import balance, work
from tests.reliability.proxy import Cable, Lost, cable
from tests.reliability.sink import sink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

TIMES = 20


@pytest.fixture
def line(database: Database) -> Iterator[Cable]:
    """A cable to the database's server."""
    with cable(database.engine.url.host, database.engine.url.port) as laid:
        yield laid


@pytest.fixture
def remote(database: Database, line: Cable) -> Iterator[Database]:
    """The same database at the other end of the cable."""
    address = database.engine.url.set(host="127.0.0.1", port=line.port)
    in_the_clear = address.update_query_dict({"sslmode": "disable", "gssencmode": "disable"})
    with closing(Database(in_the_clear.render_as_string(hide_password=False))) as far:
        yield far


def test_a_day_whose_commit_was_not_answered_is_simply_done_again(
    busy: Database, remote: Database, line: Cable, clock: FixedClock, tmp_path: Path
) -> None:
    seed = secrets.randbelow(10**6)
    chance = random.Random(seed)
    morning, log = remember(busy), tmp_path / "letters"
    later = FixedClock(clock.instant + 2 * LEASE)
    with sink(log) as port:
        work(remote, port, clock)
        undisturbed, commits = said(busy), line.commits
        assert commits > 20
        for _ in range(TIMES):
            at, lost = chance.randint(1, commits), chance.choice(list(Lost))
            rewind(busy, morning)
            log.write_bytes(b"")
            line.breaks_at(at, lost)
            with pytest.raises(Unavailable) as caught:
                work(remote, port, clock)
            assert caught.value.text.en.startswith("The connection was lost; the last step may")
            work(remote, port, later)
            books = balance(busy, log)
            assert books.balanced, (seed, at, lost, books)
            assert said(busy) == undisturbed, (seed, at, lost)


def test_a_step_whose_commit_was_not_answered_is_never_done_twice(
    seeded: Database, remote: Database, line: Cable, clock: FixedClock
) -> None:
    seed = secrets.randbelow(10**6)
    chance = random.Random(seed)
    for number in range(TIMES):
        code, version = f"DP24-{number % 14 + 1:03}", number // 14
        event, lost = ("register", "select")[version], chance.choice(list(Lost))
        line.breaks_at(1, lost)
        with pytest.raises(Unavailable):
            step(remote, clock, code, event, version)
        if lost is Lost.ANSWER:
            with pytest.raises(Conflict, match=r"has changed \(version \d\)"):
                step(remote, clock, code, event, version)
        else:
            step(remote, clock, code, event, version)
        done = "SELECT t.seq, t.event FROM transitions t JOIN products p ON p.id = t.product_id"
        history = rows(seeded, f"{done} WHERE p.code = :code ORDER BY t.seq", code=code)
        assert history == [(1, "register"), (2, "select")][: version + 1], (seed, number, lost)
    assert rows(seeded, "SELECT COUNT(*), SUM(version) FROM products") == [(14, TIMES)]
    assert rows(seeded, "SELECT COUNT(*) FROM outbox WHERE transition_id IS NOT NULL") == [(TIMES - 14,)]


def step(database: Database, clock: FixedClock, code: str, event: str, version: int) -> None:
    """Let an officer do one step, on the version that the officer has read."""
    order = Order(code, event, LAN, GOOD_DATA.get(event, {}), version=version)
    with database.write() as tx:
        advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
