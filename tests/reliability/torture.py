"""Every ordeal at its large number, on both databases: `make torture`, in shares that fit.

    python -m tests.reliability.torture                      all of it, hours on two cores
    python -m tests.reliability.torture --share 3/20         the third of twenty shares of each number
    python -m tests.reliability.torture --only kills,relay   some ordeals; the others' figures are kept
    python -m tests.reliability.torture --one kills --on sqlite --number 250 --seed 7    one piece again

Each ordeal is cut into pieces with a seed each; a piece runs in a process of its own on a database of its
own. After each piece `reliability.json` is written anew, and the table of the README with it: what a share
has found stands under its name and the commit that it tried, and takes the place of what that share had found
before. A piece that finds something wrong is named with the command that repeats it, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING

from ocop_workflow.store import Database, schema
from tests import postgres
from tests.factories import rows
from tests.reliability import (
    clock_jumps,
    deeds,
    killing,
    lost_answers,
    many,
    moods,
    server_stops,
    system_calls,
    users,
)
from tests.reliability.mutants import plant
from tests.reliability.outcome import Outcome
from tests.reliability.report import Report, Share
from tests.reliability.stateful import live_at_random

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

BOTH = ("sqlite", "postgresql")

#: seconds after which a piece is stuck
PATIENCE = 3600


@dataclass(frozen=True)
class Ordeal:
    """One kind of fault.

    Attributes:
        run: takes the address of an empty database, how many faults, and a seed.
        number: how many faults on each database.
        piece: how many in one process.
        on: on which databases.
    """

    run: Callable[[str, int, int], Outcome]
    number: int
    piece: int
    on: tuple[str, ...] = BOTH


#: what `make torture` does; `report.py` has their names in words
ORDEALS: dict[str, Ordeal] = {
    "users": Ordeal(users.live, 1000, 25),
    "kills": Ordeal(killing.ordeal, 2500, 125),
    "kills of two": Ordeal(partial(killing.ordeal, workers=2), 2500, 250),
    "deeds": Ordeal(deeds.ordeal, 1000, 100),
    "system calls": Ordeal(system_calls.ordeal, 1000, 100),
    "server stops": Ordeal(lambda _, number, seed: server_stops.stop(number, seed), 100, 5, BOTH[1:]),
    "lost commits of days": Ordeal(lost_answers.lose_while_working, 500, 50, BOTH[1:]),
    "lost commits of steps": Ordeal(lost_answers.lose_while_stepping, 500, 250, BOTH[1:]),
    "two officers": Ordeal(many.compete, 10_000, 1000),
    "schedulers": Ordeal(many.schedule, 500, 50),
    "relay": Ordeal(moods.meet, 1000, 100),
    "clock": Ordeal(clock_jumps.jump, 600, 60),
    "stateful": Ordeal(live_at_random, 4_000, 200),
    "mutants": Ordeal(plant, 100, 100),
}


@dataclass(frozen=True)
class Piece:
    """A part of an ordeal that one process goes through."""

    name: str
    on: str
    number: int
    seed: int

    @property
    def command(self) -> list[str]:
        words = ["-m", "tests.reliability.torture", "--one", self.name, "--on", self.on]
        return [*words, "--number", str(self.number), "--seed", str(self.seed)]


def pieces(names: Sequence[str], share: Share) -> list[Piece]:
    """Cut a share of these ordeals into pieces with a seed each, shuffled: so all go on evenly."""
    cut = []
    for name in names:
        ordeal = ORDEALS[name]
        for on in ordeal.on:
            left = share.of(ordeal.number)
            while left > 0:
                number = min(left, ordeal.piece)
                cut.append(Piece(name, on, number, secrets.randbelow(10**9)))
                left -= number
    secrets.SystemRandom().shuffle(cut)
    return cut


def go_through(piece: Piece) -> tuple[Outcome, float]:
    """Go through a piece in a process of its own. Returns what came of it and how many seconds it took."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, *piece.command], check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    try:
        outcome = Outcome(**json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError):
        outcome = Outcome(wrong=[f"broke down: {(done.stdout + done.stderr)[-2000:]}"])
    return outcome, time.monotonic() - began


def torture(names: Sequence[str], share: Share, jobs: int) -> bool:
    """Go through a share of ordeals, say how it goes, and write the report. Returns whether all is right."""
    report, right = Report.read(), True
    report.begin(names, share, postgres_version())
    to_do = pieces(names, share)
    with ThreadPoolExecutor(jobs) as workers:
        running = {workers.submit(go_through, piece): piece for piece in to_do}
        for done, future in enumerate(as_completed(running), start=1):
            piece, (outcome, seconds) = running[future], future.result()
            report.add(piece.name, piece.on, share, piece.seed, outcome, seconds)
            report.write()
            right = right and outcome.right
            say(f"[{done}/{len(to_do)}] {piece.name} on {piece.on}: {outcome.faults} faults, {seconds:.0f} s")
            if not outcome.right:
                say(f"  WRONG, again with: python {' '.join(map(quoted, piece.command))}")
                say("  " + "\n  ".join([str(outcome), *outcome.wrong]))
    return right


def quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def go_through_one(piece: Piece) -> Outcome:
    """Go through a piece here and now, on an empty database of its own."""
    with database_for(piece.on) as url:
        try:
            return ORDEALS[piece.name].run(url, piece.number, piece.seed)
        except AssertionError as error:
            # hypothesis tells in notes which steps lead there
            return Outcome(wrong=["\n".join([str(error), *getattr(error, "__notes__", [])])])


@contextmanager
def database_for(kind: str) -> Iterator[str]:
    """Give the address of an empty database with all its tables."""
    with place_for(kind) as url:
        with closing(Database(url)) as database:
            schema.upgrade(database)
        yield url


@contextmanager
def place_for(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="ocop-torture-") as folder:
            yield f"sqlite:///{folder}/ocop.sqlite3"
        return
    with postgres.server() as server:
        if server is None:
            raise SystemExit("no PostgreSQL server answers and no local binaries can start one")
        with postgres.database_of_own(server, f"ocop_torture_{os.getpid()}") as url:
            yield url


def postgres_version() -> str:
    with place_for("postgresql") as url, closing(Database(url)) as database:
        return str(rows(database, "SHOW server_version")[0][0])


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - how it goes


def main() -> None:
    parser = argparse.ArgumentParser(description="Every ordeal at its large number, on both databases.")
    parser.add_argument("--only", help="names of ordeals, with commas: " + ", ".join(ORDEALS))
    parser.add_argument(
        "--share",
        type=Share.read,
        default=Share(1, 1),
        help="3/20: the third of twenty shares of all",
    )
    parser.add_argument("--jobs", type=int, default=2, help="how many pieces at a time")
    parser.add_argument("--one", choices=ORDEALS, help="one piece, here and now")
    parser.add_argument("--on", choices=BOTH, default="sqlite")
    parser.add_argument("--number", type=int, default=1)
    parser.add_argument("--seed", type=int)
    given = parser.parse_args()
    if given.one:
        seed = secrets.randbelow(10**9) if given.seed is None else given.seed
        outcome = go_through_one(Piece(given.one, given.on, given.number, seed))
        say(json.dumps(asdict(outcome)))
        raise SystemExit(not outcome.right)
    names = given.only.split(",") if given.only else list(ORDEALS)
    if strangers := set(names) - ORDEALS.keys():
        parser.error(f"no such ordeal: {', '.join(sorted(strangers))}")
    raise SystemExit(not torture(names, given.share, given.jobs))


if __name__ == "__main__":
    main()
