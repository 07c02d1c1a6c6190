"""Many at once on one database: two to eight schedulers on one day, two officers on one product."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import Conflict
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.store import Database
from ocop_workflow.sweep.daily import sweep
from tests.contents import remember, rewind
from tests.factories import GOOD_DATA, IMPORT_DAY, LAN, MINH, SENDER, load_seed, rows
from tests.fakes import FixedClock
from tests.reliability.children import all_at_once
from tests.reliability.dumps import dump
from tests.reliability.killing import work
from tests.reliability.outcome import Outcome
from tests.reliability.sink import letters_in, sink

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

#: how many begin at once, in turn
CROWDS = range(2, 9)

DONE = "SELECT SUM(flags_raised), SUM(letters), SUM(superseded) FROM sweeps"
SENT = "SELECT message_id, attempts FROM outbox WHERE state = 'sent'"
NOT_SENT = "SELECT COUNT(*) FROM outbox WHERE state NOT IN ('sent', 'superseded')"


def only_sweep(barrier: Barrier, url: str, clock: FixedClock) -> None:
    sweep(_when_all_are_ready(barrier, url, clock), clock, SENDER)


def sweep_and_send(barrier: Barrier, url: str, clock: FixedClock, port: int) -> None:
    work(_when_all_are_ready(barrier, url, clock), port, clock)


def _when_all_are_ready(barrier: Barrier, url: str, clock: FixedClock) -> Database:
    """Rehearse the day first: whoever has its line and its statements at hand meets the others."""
    database = Database(url)
    sweep(database, clock, SENDER, rehearsal=True)
    barrier.wait(60)
    return database


def schedule(url: str, number: int, seed: int) -> Outcome:
    """Let crowds of schedulers begin the same day at once, so often; what they write is what one writes."""
    outcome, clock = Outcome(), FixedClock.at(IMPORT_DAY)
    crowds = random.Random(seed).sample(CROWDS, len(CROWDS))
    with (
        tempfile.TemporaryDirectory() as folder,
        sink(log := Path(folder) / "letters") as port,
        closing(Database(url)) as database,
    ):
        load_seed(database, clock)
        sweep(database, clock, SENDER)
        clock.move_to(date(2024, 5, 2))
        morning = remember(database)
        sweep(database, clock, SENDER)
        by_one, done = dump(database), rows(database, DONE)
        for count in range(number):
            many, where = crowds[count % len(crowds)], (seed, count)
            rewind(database, morning)
            outcome.faults += 1
            ends = all_at_once(only_sweep, [(url, clock)] * many)
            outcome.demand(ends == [0] * many, *where, many, "sweeps end with", ends)
            outcome.demand(dump(database) == by_one, *where, many, "write something else than one")
            outcome.demand(rows(database, DONE) == done, *where, many, "count otherwise than one")
            log.write_bytes(b"")
            ends = all_at_once(sweep_and_send, [(url, clock, port)] * many)
            outcome.demand(ends == [0] * many, *where, many, "schedulers end with", ends)
            _compare(outcome, database, log)
            if not outcome.right:  # what goes wrong once is enough
                break
    return outcome


def _compare(outcome: Outcome, database: Database, log: Path) -> None:
    """Nobody failed, so there is one copy of each letter, and no letter waits."""
    came, sent = Counter(entry["id"] for entry in letters_in(log)), dict(rows(database, SENT))
    outcome.checked += len(sent)
    outcome.lost += len(sent.keys() - came.keys()) + rows(database, NOT_SENT)[0][0]
    outcome.duplicated += came.total() - len(came)
    outcome.demand(came == sent == dict.fromkeys(sent, 1), came, sent)


# -- two officers on one product -----------------------------------------------------------------------

EVENTS = ("register", "select", "start_consulting")
PRODUCTS = 14
OFFICERS = {"lan": LAN, "minh": MINH}

_STEPS = "SELECT COUNT(*), SUM(version) FROM products"
_OPEN = "SELECT COUNT(*) FROM deadlines WHERE closed_on IS NULL AND kind = 'milestone'"
_NOTICES = "SELECT COUNT(*) FROM outbox WHERE transition_id IS NOT NULL"


def compete(url: str, number: int, seed: int) -> Outcome:
    """Let two officers do the same step of the same product at the same moment, so often."""
    chance, outcome, clock = random.Random(seed), Outcome(), FixedClock.at(IMPORT_DAY)
    with closing(Database(url)) as database:
        load_seed(database, clock)
        before = remember(database)
        while outcome.faults < number and outcome.right:
            rewind(database, before)
            database.close()
            _compete_for_a_while(outcome, database, url, min(number - outcome.faults, 42), chance)
    outcome.demand(outcome.checked == number, "seed", seed)
    return outcome


def _compete_for_a_while(
    outcome: Outcome, database: Database, url: str, number: int, chance: random.Random
) -> None:
    """Go through the products, then through them again with the next event, until there are none."""
    stated = [chance.random() < 0.5 for _ in range(number)]  # whether they say which version they have read
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder) / name for name in OFFICERS]
        ends = all_at_once(_officer, [(url, stated, path) for path in said])
        words = [path.read_text("utf-8").split() for path in said]
    outcome.demand(ends == [0, 0], "officers end with", ends)
    for one, other in zip(*words, strict=True):
        outcome.faults += 1
        winners = (one == "won") + (other == "won")
        outcome.lost += winners == 0
        outcome.duplicated += winners == 2
        outcome.checked += 1
        outcome.demand({one, other} - {"won"} <= {"Stale", "EventRefused"}, one, other)
    outcome.demand(rows(database, _STEPS) == [(PRODUCTS, number)], rows(database, _STEPS), number)
    outcome.demand(rows(database, "SELECT COUNT(*) FROM transitions") == [(number,)], "history", number)
    outcome.demand(rows(database, _OPEN) == [(PRODUCTS,)], "open deadlines", rows(database, _OPEN))
    selected = max(min(number - PRODUCTS, PRODUCTS), 0)
    outcome.demand(rows(database, _NOTICES) == [(selected,)], "notices", rows(database, _NOTICES))


def _officer(barrier: Barrier, url: str, stated: list[bool], says: Path) -> None:
    """Advance product after product at the very moment at which another officer does."""
    database, clock, came = Database(url), FixedClock.at(IMPORT_DAY), []
    for number, states_version in enumerate(stated):
        event, version = EVENTS[number // PRODUCTS], number // PRODUCTS
        given: dict[str, Any] = {"version": version} if states_version else {}
        order = Order(
            f"DP24-{number % PRODUCTS + 1:03}", event, OFFICERS[says.name], GOOD_DATA.get(event, {}), **given
        )
        barrier.wait(60)
        try:
            with database.write() as tx:
                advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
        except Conflict as error:
            came.append(type(error).__name__)
        else:
            came.append("won")
    says.write_text("\n".join(came), "utf-8")
