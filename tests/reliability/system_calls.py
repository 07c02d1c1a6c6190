"""Lets the n-th system call of a day's work fail, or kills the process at it, and balances the books.

`python -m tests.reliability.system_calls --points 1000 --seed 7 [--url URL]` prints one line of JSON. The day
is lived once to count its calls; each point lives it anew from the same morning, with one fault, recovers
as the scheduler would, and looks at the relay's letters, the books and what the doctor says. Importing takes
long, so the workers are forked: each stops itself, strace attaches and counts from there, and it goes on.

KILL comes before its call has happened. ENOSPC and EIO come once; FULL is a disk that has no room from
then on; ECONNRESET is a line that is gone. It does not come to what is sent to PostgreSQL: its client then
waits to be told why, and the server, which knows of nothing, says nothing until its own limit of 300 s.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ocop_workflow.errors import OcopError
from ocop_workflow.letters.delivery import LEASE, deliver_pending
from ocop_workflow.letters.journal import Journal
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.settings import Tls
from ocop_workflow.store import Database, schema
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine
from tests.contents import remember, rewind
from tests.factories import IMPORT_DAY, SENDER, load_seed, rows
from tests.fakes import FixedClock
from tests.reliability.killing import PATIENT, balance
from tests.reliability.outcome import Outcome
from tests.reliability.sink import sink

if TYPE_CHECKING:
    from collections.abc import Sequence

_ON_DISK = ("openat", "pwrite64", "write", "fdatasync", "fsync", "ftruncate")
#: what strace injects, and into which calls it makes sense
FAULTS = {
    "KILL": (
        "signal=KILL:when={}",
        (*_ON_DISK, "pread64", "unlink", "fcntl", "connect", "sendto", "recvfrom", "close"),
    ),
    "ENOSPC": ("error=ENOSPC:when={}", _ON_DISK),
    "FULL": ("error=ENOSPC:when={}+", ("pwrite64", "write", "ftruncate")),
    "EIO": ("error=EIO:when={}", (*_ON_DISK, "pread64", "unlink", "fcntl")),
    "ECONNRESET": ("error=ECONNRESET:when={}", ("connect", "sendto", "recvfrom")),
}
CALLS = sorted({call for _, calls in FAULTS.values() for call in calls})

DAY = date(2024, 5, 2)

#: from <sys/prctl.h>
_PR_SET_PTRACER, _ANYBODY = 0x59616D61, ctypes.c_ulong(-1)

#: what a worker's exit code means
_ENDS = {0: "all sent", 1: "a clear refusal", 2: "a traceback", 3: "letters wait", -signal.SIGKILL: "killed"}

_NOT_DONE = """
    SELECT (SELECT COUNT(*) FROM outbox WHERE state NOT IN ('sent', 'superseded'))
        + (SELECT COUNT(*) FROM reminders WHERE status = 'due' AND digest_id IS NULL)
        + CASE WHEN EXISTS (SELECT 1 FROM sweeps WHERE day = '2024-05-02' AND finished_at IS NOT NULL)
               THEN 0 ELSE 1 END
"""


@dataclass(frozen=True)
class Point:
    """One fault, at the n-th call of this name."""

    fault: str
    call: str
    number: int

    @property
    def injection(self) -> str:
        return f"inject={self.call}:{FAULTS[self.fault][0].format(self.number)}"


@dataclass
class Counts:
    """What was done, and what came of it: every figure in `wrong` must stay 0."""

    database: str
    seed: int
    calls: int
    points: int = 0
    missed: int = 0
    copies: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)


@dataclass
class Office:
    """A service that lives the same day again and again."""

    url: str
    folder: Path
    port: int

    def __post_init__(self) -> None:
        self.log, self.trace, self.journal = (
            self.folder / name for name in ("letters", "calls", "sent.jsonl")
        )
        self.clock = FixedClock.at(DAY)
        self.later = FixedClock(self.clock.instant + 2 * LEASE)  # a claim of the dead is free again
        self.database = Database(self.url)
        schema.upgrade(self.database)
        eve = FixedClock.at(IMPORT_DAY)
        load_seed(self.database, eve)
        sweep(self.database, eve, SENDER)
        self.morning = remember(self.database)

    def wake(self) -> None:
        """Bring the morning back; nothing has been sent yet, and no line is open when a worker is forked."""
        self.journal.unlink(missing_ok=True)
        self.log.write_bytes(b"")
        rewind(self.database, self.morning)
        self.database.close()

    def work(self, clock: FixedClock) -> bool:
        """Sweep, then send what waits. True: all of it went out."""
        with (
            closing(Database(self.url)) as database,
            closing(SmtpMailer("127.0.0.1", self.port, "", "", Tls.NONE)) as mailer,
        ):
            sweep(database, clock, SENDER)
            report = deliver_pending(database, mailer, PATIENT, clock, SENDER, journal=Journal(self.journal))
        return not (report.retried or report.dead or report.relay_fault)

    def work_under(self, strace: str) -> str:
        """Live the day in a process of its own, watched by strace. Returns how that ended."""
        worker = _fork(self)
        os.waitpid(worker, os.WUNTRACED)  # it has stopped itself
        watch = ["strace", "-p", str(worker), "-o", str(self.trace), "-e", strace]
        with subprocess.Popen(watch, stderr=subprocess.PIPE, text=True) as watcher:
            assert watcher.stderr is not None
            said = watcher.stderr.readline()
            os.kill(worker, signal.SIGCONT if "attached" in said else signal.SIGKILL)
            _, status = os.waitpid(worker, 0)
        if "attached" not in said:
            raise SystemExit(said)
        return _ENDS[os.waitstatus_to_exitcode(status)]

    def calls(self) -> Counter[str]:
        """Live the day without a fault and count its calls, when what is read only once has been read."""
        for _ in range(2):
            self.wake()
            self.work(self.clock)
        self.wake()
        assert self.work_under(f"trace={','.join(CALLS)}") == "all sent"
        return Counter(re.findall(r"^(\w+)\(", self.trace.read_text("utf-8"), re.MULTILINE))

    def live(self, point: Point) -> tuple[str, Counter[str], int]:
        """Live the day with a fault, then recover. Returns how it ended, what is wrong, and the copies."""
        self.wake()
        end = self.work_under(point.injection)
        wrong = Counter({"tracebacks": int(end == "a traceback"), "false successes": 0})
        if end == "all sent":
            wrong["false successes"] = rows(self.database, _NOT_DONE)[0][0]
        self.work(self.later)
        books = balance(self.database, self.log)
        for name in ("lost", "copies_beyond_attempts", "differing_copies", "unbalanced"):
            wrong[name] = getattr(books, name)
        wrong["not done"] = rows(self.database, _NOT_DONE)[0][0]
        wrong["findings"] = len(examine(self.database, self.later).findings)
        return end, wrong, books.copies


def _fork(office: Office) -> int:
    worker = os.fork()
    if worker:
        return worker
    # a kernel that lets only a parent trace its child is told that anybody may
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANYBODY)
    os.kill(os.getpid(), signal.SIGSTOP)
    code = 2
    try:
        code = 0 if office.work(office.clock) else 3
    except OcopError:
        code = 1
    except Exception:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        traceback.print_exc()
    finally:
        os._exit(code)


def spread(points: Sequence[Point], chance: random.Random) -> list[Point]:
    """Put points into an order in which each kind of fault at each kind of call has its turn early."""
    turns: Counter[tuple[str, str]] = Counter()

    def turn(point: Point) -> int:
        turns[point.fault, point.call] += 1
        return turns[point.fault, point.call]

    return sorted(chance.sample(points, len(points)), key=turn)


def points_of(calls: Counter[str], kind: str) -> list[Point]:
    """Return every fault at every call."""
    return [
        Point(fault, call, number)
        for fault, (_, names) in FAULTS.items()
        for call in names
        if (kind, fault, call) != ("postgresql", "ECONNRESET", "sendto")
        for number in range(1, calls[call] + 1)
    ]


def run(url: str, wanted: int, seed: int) -> Counts:
    """Live through so many points, or all there are; the database must be empty."""
    with tempfile.TemporaryDirectory() as name, sink(Path(name) / "letters") as port:
        office = Office(url, Path(name), port)
        calls = office.calls()
        kind = "sqlite" if office.database.is_sqlite else "postgresql"
        counts = Counts(kind, seed, calls.total())
        points = spread(points_of(calls, kind), random.Random(seed))
        for point in points[:wanted]:
            _add(counts, office, point)
        office.database.close()
    return counts


def _add(counts: Counts, office: Office, point: Point) -> None:
    end, wrong, copies = office.live(point)
    counts.points += 1
    counts.faults[point.fault] += 1
    counts.ends[end] += 1
    counts.copies += copies
    counts.missed += end != "killed" and "(INJECTED)" not in office.trace.read_text("utf-8")
    counts.wrong.update(wrong)
    if wrong.total():
        print(point, end, dict(+wrong), file=sys.stderr)  # noqa: T201 - what to look at


def ordeal(url: str, points: int, seed: int) -> Outcome:
    """Live through so many points, and put what came of it into the form in which all ordeals report."""
    counts = run(url, points, seed)
    wrong = Counter(counts.wrong)
    outcome = Outcome(
        faults=counts.points - counts.missed,
        checked=counts.points,
        lost=wrong["lost"] + wrong["not done"],
        copies=counts.copies,
        duplicated=wrong["copies_beyond_attempts"] + wrong["differing_copies"],
    )
    outcome.demand(wrong.total() == 0, counts)
    return outcome


def why_not() -> str | None:
    """Say why nothing can be injected on this machine; none: it can."""
    if shutil.which("strace") is None:
        return "strace, which lets system calls fail, is not on this machine"
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], check=False, capture_output=True, text=True)
    return f"ptrace is forbidden here: {tried.stderr.strip()}" if tried.returncode else None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--url", help="an empty database; a SQLite file of its own if left out")
    given = parser.parse_args()
    if (reason := why_not()) is not None:
        raise SystemExit(reason)
    with tempfile.TemporaryDirectory() as folder:
        counts = run(given.url or f"sqlite:///{folder}/ocop.sqlite3", given.points, given.seed)
    print(json.dumps(vars(counts)))  # noqa: T201 - the answer
    raise SystemExit(counts.wrong.total() > 0)


if __name__ == "__main__":
    main()
