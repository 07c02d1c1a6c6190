"""Loses the server's answer to COMMIT, or the COMMIT itself, and does everything again as people would."""

from __future__ import annotations

import random
import tempfile
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ocop_workflow.errors import Conflict, Unavailable
from ocop_workflow.letters.delivery import LEASE
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.store import Database
from ocop_workflow.sweep.daily import sweep
from tests.contents import remember, rewind
from tests.factories import GOOD_DATA, IMPORT_DAY, LAN, SENDER, load_seed, rows
from tests.fakes import FixedClock
from tests.reliability.dumps import said
from tests.reliability.killing import balance, work
from tests.reliability.outcome import Outcome
from tests.reliability.proxy import Cable, Lost, cable
from tests.reliability.sink import sink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: what each product does, one after the other, before everything begins anew
EVENTS = ("register", "select")
PRODUCTS = 14

_HISTORY = """
    SELECT t.seq, t.event FROM transitions t JOIN products p ON p.id = t.product_id
    WHERE p.code = :code ORDER BY t.seq
"""


@contextmanager
def far_end(database: Database) -> Iterator[tuple[Database, Cable]]:
    """Give the same database at the other end of a cable, and the cable."""
    address = database.engine.url
    with cable(address.host, address.port) as line:
        in_the_clear = {"sslmode": "disable", "gssencmode": "disable"}  # the cable reads what it passes on
        far = address.set(host="127.0.0.1", port=line.port).update_query_dict(in_the_clear)
        with closing(Database(far.render_as_string(hide_password=False))) as remote:
            yield remote, line


def lose_while_working(url: str, number: int, seed: int) -> Outcome:
    """Lose the answer to one commit of a day's sweep and delivery, then let the next run do the day again."""
    chance, outcome = random.Random(seed), Outcome()
    clock = FixedClock.at(IMPORT_DAY)
    with (
        tempfile.TemporaryDirectory() as folder,
        sink(log := Path(folder) / "letters") as port,
        closing(Database(url)) as database,
        far_end(database) as (remote, line),
    ):
        load_seed(database, clock)
        sweep(database, clock, SENDER)
        clock.move_to(date(2024, 5, 2))
        later = FixedClock(clock.instant + 2 * LEASE)  # a claim whose settling was lost is free again
        morning = remember(database)
        work(remote, port, clock)
        undisturbed, commits = said(database), line.commits
        outcome.demand(commits > 20, "a day has hardly any commits:", commits)
        for _ in range(number):
            at, lost = chance.randint(1, commits), chance.choice(list(Lost))
            where = (seed, at, lost)
            rewind(database, morning)
            log.write_bytes(b"")
            line.breaks_at(at, lost)
            outcome.faults += 1
            outcome.demand(_says_so(partial(work, remote, port, clock)), *where, "nobody heard of it")
            work(remote, port, later)
            outcome.balance(balance(database, log), where)
            outcome.demand(said(database) == undisturbed, *where, "is not what an undisturbed day says")
    return outcome


def lose_while_stepping(url: str, number: int, seed: int) -> Outcome:
    """Lose the answer to officers' steps; each tries again on the version that the officer has read."""
    chance, outcome = random.Random(seed), Outcome()
    clock = FixedClock.at(IMPORT_DAY)
    with closing(Database(url)) as database, far_end(database) as (remote, line):
        load_seed(database, clock)
        before = remember(database)
        for count in range(number):
            turn = count % (PRODUCTS * len(EVENTS))
            if turn == 0:
                rewind(database, before)
            code, version = f"DP24-{turn % PRODUCTS + 1:03}", turn // PRODUCTS
            lost, where = chance.choice(list(Lost)), (seed, count, code)
            line.breaks_at(1, lost)
            outcome.faults += 1
            step = partial(_step, remote, clock, code, version)
            outcome.demand(_says_so(step), *where, lost, "nobody heard of it")
            try:
                step()
                outcome.demand(lost is Lost.QUESTION, *where, "could be done again")
            except Conflict as error:
                outcome.demand(lost is Lost.ANSWER and "has changed" in error.text.en, *where, error)
            outcome.checked += 1
            found = rows(database, _HISTORY, code=code)
            wanted = [(seq, event) for seq, event in enumerate(EVENTS[: version + 1], start=1)]
            outcome.lost += len(found) < len(wanted)
            outcome.duplicated += len(found) > len(wanted)
            outcome.demand(found == wanted, *where, lost, found)
        notices = rows(database, "SELECT COUNT(*) FROM outbox WHERE transition_id IS NOT NULL")[0][0]
        selected = rows(database, "SELECT COUNT(*) FROM products WHERE state = 'selected'")[0][0]
        outcome.demand(notices == selected, seed, notices, "notices of", selected, "selections")
    return outcome


def _says_so(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except Unavailable as error:
        return error.text.en.startswith("The connection was lost; the last step may")
    return False


def _step(database: Database, clock: FixedClock, code: str, version: int) -> None:
    """Let an officer do one step, on the version that the officer has read."""
    order = Order(code, EVENTS[version], LAN, GOOD_DATA.get(EVENTS[version], {}), version=version)
    with database.write() as tx:
        advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
