"""Kills sweep and delivery at random instants, again and again, and balances the books afterwards.

`python -m tests.reliability.killing URL --kills 300 --workers 2 --seed 7` prints one line of JSON. The
parent imports everything once and forks its workers, so that a kill costs milliseconds. Whatever was
interrupted is simply run again, as the scheduler would after a power cut.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict, astuple, dataclass, field
from datetime import date, timedelta
from pathlib import Path

from ocop_workflow.calendar import load_work_calendar
from ocop_workflow.letters.delivery import LEASE, deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.settings import Tls
from ocop_workflow.store import Database
from ocop_workflow.sweep.daily import sweep
from tests.contents import remember, rewind
from tests.factories import IMPORT_DAY, SENDER, load_seed, rows
from tests.fakes import FixedClock
from tests.reliability.mailboxes import compare, owed, received
from tests.reliability.outcome import Outcome
from tests.reliability.sink import letters_in, sink
from tests.stories.oracle import Year
from tests.stories.test_year import COMMUNES

#: seconds within which a worker is killed, until it is known how long a day's work takes on this machine
AT_FIRST_WITHIN = 0.1
AT_LEAST_WITHIN = 0.02

#: one round in so many nobody is killed, so that days go by however slow the machine is
MERCY = 8

#: when the plan's year is over its nagging is: the last day on which there is work
LAST_DAY = date(2024, 12, 31)

#: nobody counts attempts here: every letter has to get through in the end
PATIENT = RetryPolicy(ambiguous_limit=10**9, horizon=timedelta(days=10**4))


@dataclass(frozen=True)
class Injected:
    """What was done to the service."""

    database: str
    seed: int
    workers: int
    kills: int
    days: int


@dataclass(frozen=True)
class Books:
    """What the relay has seen, against what the database says, and against what its users are owed.

    Attributes:
        letters: that the database knows, and how many of them the relay has not.
        copies: second ones, how many more than attempts, and how many that differ.
        unbalanced: reminders without a letter that was sent.
        owed: reminders that the desks are owed, by the oracle; none: it was not asked.
        missing: of those, how many have not reached their desk's mailbox in the letter of their day.
        unowed: how many stand in a letter and are owed to nobody.
    """

    letters: int
    lost: int
    copies: int
    copies_beyond_attempts: int
    differing_copies: int
    unbalanced: int
    owed: int = 0
    missing: int = 0
    unowed: int = 0

    @property
    def balanced(self) -> bool:
        """Nothing lost, nothing unsaid; each copy was counted and is the same to the byte."""
        of_letters = self.lost or self.copies_beyond_attempts or self.differing_copies or self.unbalanced
        return not (of_letters or self.missing or self.unowed)


def run(url: str, kills: int, workers: int, seed: int) -> tuple[Injected, Books]:
    """Kill until the number is reached, year after year if need be.

    The database must be empty but for its tables.
    """
    with closing(Database(url)) as database, tempfile.TemporaryDirectory() as folder:
        load_seed(database, FixedClock.at(IMPORT_DAY))
        first_day = remember(database)
        killer, books = Killer(url, workers, random.Random(seed)), list[Books]()
        with sink(log := Path(folder) / "letters") as port:
            while killer.killed < kills:
                rewind(database, first_day)
                database.close()  # nothing open is handed on to a fork
                log.write_bytes(b"")
                killer.go_through_a_year(database, port, kills)
                books.append(balance(database, log, killer.year))
        kind = "sqlite" if database.is_sqlite else "postgresql"
    injected = Injected(kind, seed, workers, killer.killed, killer.days)
    return injected, Books(*(sum(column) for column in zip(*map(astuple, books), strict=True)))


@dataclass
class Killer:
    """Lets workers work, and kills them at a random instant of what a day's work takes on this machine.

    Attributes:
        url: the database.
        workers: how many work at once.
        chance: decides when they die.
        within: seconds that a day's work takes, as far as is known.
        killed: how many workers have died.
        days: how many days of work were done.
    """

    url: str
    workers: int
    chance: random.Random
    within: float = AT_FIRST_WITHIN
    killed: int = 0
    days: int = 0
    year: Year = field(default_factory=lambda: begun(IMPORT_DAY))

    def go_through_a_year(self, database: Database, port: int, kills: int) -> None:
        """Work through the plan's year, or until so many are dead; then let what is left over get through."""
        clock, over = FixedClock.at(IMPORT_DAY), False
        self.year = begun(IMPORT_DAY)
        while self.killed < kills and not over:
            swept(self.year, clock.today())
            died = self._work(port, clock)
            self.killed += died
            clock.wait(2 * LEASE)  # a claim of the dead is free again
            if died < self.workers:  # somebody was through with the day
                self.days += 1
                over = clock.today() >= LAST_DAY
                clock.move_to(next_day_with_work(database, clock.today()))
        swept(self.year, clock.today())
        for _ in range(3):
            _wait(_fork(self.url, port, clock))
            clock.wait(2 * LEASE)

    def _work(self, port: int, clock: FixedClock) -> int:
        """Let the workers work, and mostly kill them. Returns how many died."""
        began = time.monotonic()
        at_work = [_fork(self.url, port, clock) for _ in range(self.workers)]
        if self.chance.randrange(MERCY):
            after = self.chance.uniform(0.001, self.within)
            died = _kill(at_work, after)
            if died < self.workers:  # a day takes less than was thought
                self.within = max(min(self.within, after), AT_LEAST_WITHIN)
            return died
        for worker in at_work:
            _wait(worker)
        self.within = max(time.monotonic() - began, AT_LEAST_WITHIN)
        return 0


def ordeal(url: str, kills: int, seed: int, workers: int = 1) -> Outcome:
    """Kill, and put the books into the form in which all ordeals report."""
    injected, books = run(url, kills, workers, seed)
    outcome = Outcome(faults=injected.kills)
    outcome.balance(books, injected)
    outcome.demand(books.letters > kills / 50, "hardly any letters were written:", injected, books)
    return outcome


def next_busy_day(day: date) -> date:
    """Return the next working day; when the plan's year is over its nagging is, so stay on its last days."""
    return min(load_work_calendar().add(day, 1), LAST_DAY)


def next_day_with_work(database: Database, day: date) -> date:
    """Return the next working day on which a sweep has something to say: on a quiet one a kill hits air."""
    first = date.fromisoformat(
        str(rows(database, "SELECT MIN(next_action_on) FROM deadlines")[0][0] or LAST_DAY)
    )
    database.close()  # as above
    return min(max(next_busy_day(day), load_work_calendar().first_on_or_after(first)), LAST_DAY)


def _fork(url: str, port: int, clock: FixedClock) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work(Database(url), port, clock)
        code = 0
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201 - the parent's own standard error
    finally:
        os._exit(code)


def work(database: Database, port: int, clock: FixedClock) -> None:
    """Do what a scheduler does in the morning: sweep, then send what waits."""
    sweep(database, clock, SENDER)
    with closing(SmtpMailer("127.0.0.1", port, "", "", Tls.NONE)) as mailer:
        deliver_pending(database, mailer, PATIENT, clock, SENDER)


def _kill(victims: list[int], after: float) -> int:
    """Kill the workers together after so many seconds. Returns how many were still at work."""
    time.sleep(after)
    killed = 0
    for victim in victims:
        gone, _ = os.waitpid(victim, os.WNOHANG)
        if not gone:
            os.kill(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
            killed += 1
    return killed


def _wait(child: int) -> None:
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit("a worker that nobody killed failed")


def begun(day: date) -> Year:
    """Return the oracle's year as it begins with the import on a local day."""
    year = Year(COMMUNES, day)
    year.begin()
    return year


def swept(year: Year, day: date) -> None:
    """Let the oracle go through a morning; a second time changes nothing."""
    year.today = day
    year.sweep()


def balance(database: Database, log: Path, year: Year | None = None) -> Books:
    """Compare what the relay has seen with what the database says, and with what users are owed."""
    sent = rows(database, "SELECT message_id, sha256, attempts, state FROM outbox")
    seen = Counter(entry["id"] for entry in letters_in(log))
    checksums: dict[str, set[str]] = {}
    for entry in letters_in(log):
        checksums.setdefault(entry["id"], set()).add(entry["sha256"])
    unbalanced = rows(
        database,
        "SELECT count(*) FROM reminders r LEFT JOIN outbox o ON o.digest_id = r.digest_id "
        "WHERE r.status = 'due' AND (r.digest_id IS NULL OR o.state <> 'sent')",
    )[0][0]
    return Books(
        letters=len(sent),
        lost=sum(1 for name, _, _, state in sent if state != "superseded" and not seen[name]),
        copies=sum(count - 1 for count in seen.values()),
        copies_beyond_attempts=sum(1 for name, _, attempts, _ in sent if seen[name] > attempts),
        differing_copies=sum(1 for name, sha, _, _ in sent if checksums.get(name, {sha}) != {sha}),
        unbalanced=unbalanced,
        **(_of_users(log, year) if year else {}),
    )


def _of_users(log: Path, year: Year) -> dict[str, int]:
    found = compare(received(log).lines, owed(year))
    return {"owed": found.owed, "missing": len(found.missing), "unowed": len(found.unowed)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, required=True)
    given = parser.parse_args()
    injected, books = run(given.url, given.kills, given.workers, given.seed)
    print(json.dumps({**asdict(injected), **asdict(books)}))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
