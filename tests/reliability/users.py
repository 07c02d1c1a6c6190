"""Lives a year as its users do, kills what they start, and counts what they have lost.

Each morning the host runs `ocop sweep` and `ocop deliver`; then officers act, by commands and by HTTP. Any
of these processes may be killed at any instant. Whoever was not answered looks, and does it again. What
counts is what each desk is owed, as an oracle knows it (`tests/stories/oracle.py`), and what officers were
told:

- a reminder that has not reached its desk's mailbox in the letter of its day, a notice that has not come;
- a step that was acknowledged (exit code 0, HTTP 200) and is not there, or is there twice;
- a reminder that is owed to nobody, be it said before or about what is done.

Deadlines, flags and reminders stand as the oracle reckons; in the end the doctor is silent and the proof
holds.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Role
from ocop_workflow.cli import main
from ocop_workflow.letters.delivery import LEASE
from ocop_workflow.people.officers import add_officer
from ocop_workflow.store import Database
from ocop_workflow.upkeep.examination import examine, prove
from ocop_workflow.upkeep.examination.findings import Severity
from ocop_workflow.web import server
from tests.contents import remember, rewind
from tests.factories import GOOD_DATA, IMPORT_DAY, in_time, load_seed, rows
from tests.fakes import VIETNAM, FixedClock
from tests.picture import picture
from tests.reliability.children import end_of, start
from tests.reliability.killing import balance, begun, swept
from tests.reliability.mailboxes import received
from tests.reliability.outcome import Outcome
from tests.reliability.sink import letters_in, sink
from tests.stories.cast import HOST
from tests.stories.oracle import TOLD_AT_ONCE, is_worked
from tests.stories.test_year import COMMUNES, address_of, differences, expected
from tests.web.cast import Cast, application_on, hire
from tests.web.test_year import BY_COMMUNE, BY_COUNCIL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import ForkServerProcess

    from tests.stories.oracle import Year

#: what may happen to a product, by where it stands; twice: twice as often
LADDER = {
    "idea": ("register", "register", "register", "withdraw"),
    "registered": ("select", "select", "decline"),
    "selected": ("start_consulting",),
    "consulting": ("commune_evaluate",),
    "commune_evaluated": ("score_district", "send_back"),
}

#: behind it the authority is told that the year is over
LAST_DAY = date(2024, 12, 30)

#: calendar days from one day with power to the next: a sweep is held behind a gap of three weeks
PAUSES = (1, 1, 1, 2, 3, 7, 12)

#: how often one thing may be killed before it is let through: after three doubts a letter is given up
KILLS = 2

#: seconds that something takes, before it is known
AT_FIRST = 0.3

#: seconds in which a server has to answer
PATIENCE = 60


@dataclass
class Town:
    """The users' year, and what they know.

    Attributes:
        url: the database.
        database: the same, for who looks.
        port: the relay's.
        folder: where relay and journal write.
        chance: decides who does what, and when it is killed.
        outcome: what came of it.
        clock: the day.
        year: the oracle.
        takes: seconds that each thing takes on this machine.
    """

    url: str
    database: Database
    port: int
    folder: Path
    chance: random.Random
    outcome: Outcome
    cast: Cast
    clock: FixedClock = field(default_factory=lambda: FixedClock.at(IMPORT_DAY))
    year: Year = field(default_factory=lambda: begun(IMPORT_DAY))
    takes: dict[str, float] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """What the relay has written down."""
        return self.folder / "letters"

    @property
    def where(self) -> tuple[object, ...]:
        """When it was, for whoever reads what is wrong."""
        return (self.clock.today(),)

    # -- processes ---------------------------------------------------------------------------------

    @contextmanager
    def killed_maybe(self, what: str, child: ForkServerProcess, times: int) -> Iterator[None]:
        """Kill a child at some instant of what it does here, unless it was killed often enough."""
        began = time.monotonic()
        dies = times < KILLS and self.chance.randrange(4) > 0
        after = self.chance.uniform(0.001, self.takes.get(what, AT_FIRST))

        def kill() -> None:
            time.sleep(after)
            with suppress(ProcessLookupError):
                os.kill(child.pid or 0, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        if dies:
            killer.start()
        yield
        if dies:
            killer.join()
        else:
            self.takes[what] = time.monotonic() - began

    def command(self, *words: str) -> None:
        """Run a command; who was killed runs it again. Any other end than 0 is wrong."""
        for times in range(KILLS + 1):
            if self.is_done(words, times):
                return
            self.clock.wait(2 * LEASE)  # a claim of the dead is free again
        self.outcome.demand(False, *self.where, words, "does not come to its end")

    def is_done(self, words: tuple[str, ...], times: int) -> bool:
        """Run a command once. Returns whether it said that all is well; it may have been killed."""
        self.database.close()  # on SQLite the last to leave folds the log into the file: let it be the child
        (self.folder / "said").write_text("", "utf-8")
        child = start(_ocop, words, self._settings(), str(self.folder / "said"))
        with self.killed_maybe(words[0], child, times):
            end = end_of(child)
        self.outcome.faults += end == -signal.SIGKILL
        said = (self.folder / "said").read_text("utf-8")
        self.outcome.demand(end in (0, -signal.SIGKILL), *self.where, words, "ends with", end, said)
        return end == 0

    def _settings(self) -> dict[str, str]:
        return {
            "OCOP_DATABASE_URL": self.url,
            "OCOP_NOW": self.clock.now().isoformat(),
            "OCOP_SMTP__HOST": "127.0.0.1",
            "OCOP_SMTP__PORT": str(self.port),
            "OCOP_SMTP__TLS": "none",
            "OCOP_SEND_JOURNAL": str(self.folder / "sent.jsonl"),
        }

    # -- a day -------------------------------------------------------------------------------------

    def morning(self) -> None:
        """Sweep and send; then the mailboxes hold what this day owes, and nothing else."""
        known, owed_before = len(letters_in(self.log)), len(self.year.said_rows())
        swept(self.year, self.clock.today())
        self.command("sweep")
        self.clock.wait(timedelta(minutes=1))  # the sweep's own clock ran on: its letters wait until then
        self.command("deliver", "--once")
        came = received(self.log, known)
        owed = len(self.year.said_rows()) - owed_before
        self.outcome.demand(
            came.lines.total() == owed and {line.day for line in came.lines} <= {self.clock.today()},
            *self.where,
            f"{owed} reminders are owed, {came.lines.total()} came:",
            sorted(came.lines)[:5],
        )
        self._notices(came.others)

    def _notices(self, came: list[tuple[str, str]]) -> None:
        """See that each step of which a commune is told at once has been told to it, and no other."""
        told = sorted((to, code) for to, words in came for code in COMMUNES if code in words)
        owed = sorted((address_of(COMMUNES[code]), code) for code in self.year.notices)
        self.year.notices = []
        self.outcome.checked += len(owed)
        self.outcome.lost += len([one for one in owed if one not in told])
        self.outcome.duplicated += max(len(told) - len(owed), 0)
        self.outcome.demand(told == owed, *self.where, "notices", told, "are not", owed)

    def act(self) -> None:
        """Let an officer take a product a step on; who is not answered looks, and tries again."""
        ready = sorted(code for code, state in self.year.states.items() if state in LADDER)
        if not ready:
            return
        code = self.chance.choice(ready)
        event = self.chance.choice(LADDER[self.year.states[code]])
        data = in_time(GOOD_DATA.get(event, {}), self.clock.today())
        deed = self.chance.choice((self._by_command, self._by_http))
        version = self._version(code)
        acknowledged = deed(code, event, data, version)
        self.year.act(code, event, self.clock.today())
        if event in TOLD_AT_ONCE:
            self.year.notices[-1] = code  # the oracle names the commune, the letter the product
        steps = self._version(code) - version
        self.outcome.checked += 1
        self.outcome.lost += steps < 1
        self.outcome.duplicated += steps > 1
        self.outcome.demand(acknowledged and steps == 1, *self.where, code, event, deed.__name__, steps)

    def _version(self, code: str) -> int:
        found = rows(self.database, "SELECT version FROM products WHERE code = :code", code=code)
        self.database.close()
        return int(found[0][0])

    def _by_command(self, code: str, event: str, data: dict[str, Any], version: int) -> bool:
        words = ("advance", code, event, "--as", whose(code, event), "--data", json.dumps(data))
        for times in range(KILLS + 1):
            if self.is_done(words, times) or self._version(code) > version:
                return True
            self.clock.wait(timedelta(minutes=1))
        return False

    def _by_http(self, code: str, event: str, data: dict[str, Any], version: int) -> bool:
        """Ask with a key of one's own: a second question is answered as the first would have been."""
        headers = {
            **self.cast.as_(whose(code, event)),
            "If-Match": f'"{version}"',
            "Idempotency-Key": f"{code}-{version}-{self.clock.today()}",
            "Content-Type": "application/json",
        }
        body = json.dumps({"event": event, "data": data, "on": self.clock.today().isoformat()})
        for times in range(KILLS + 1):
            answer = self._ask(f"/api/v1/products/{code}/events", body, headers, times)
            if answer is not None:
                self.outcome.demand(answer[0] == 200, *self.where, code, event, *answer)
                return answer[0] == 200
        return False

    def _ask(self, path: str, body: str, headers: dict[str, str], times: int) -> tuple[int, str] | None:
        """Ask a server that may be killed meanwhile. Returns its answer; none: there was none."""
        with closing(server.listen("127.0.0.1", 0)) as door:
            port = door.getsockname()[1]
        child = start(_serve, self.url, self.clock, port)
        line = _connect(port)
        answer: tuple[int, str] | None = None
        try:
            with self.killed_maybe("request", child, times), suppress(OSError, HTTPException), closing(line):
                line.request("POST", path, body.encode(), headers)
                found = line.getresponse()
                answer = found.status, found.read().decode()
        finally:
            child.terminate()
            self.outcome.faults += end_of(child) == -signal.SIGKILL
        return answer

    # -- the end -----------------------------------------------------------------------------------

    def judge(self) -> None:
        """See that everything stands as the oracle reckons, and that nobody finds fault."""
        self.outcome.balance(balance(self.database, self.log, self.year), self.where)
        wrong = differences(picture(self.database), expected(self.year))
        wrong.pop("letters", None)  # their generations are the service's own affair
        self.outcome.demand(not wrong, *self.where, wrong)
        found = [
            one for one in examine(self.database, self.clock).findings if one.severity is Severity.VIOLATED
        ]
        self.outcome.demand(not found, *self.where, found)
        with self.database.read() as tx:
            proof = prove(tx, VIETNAM, today=self.clock.today())
        self.outcome.demand(proof.is_balanced, *self.where, proof)


def whose(code: str, event: str) -> str:
    """Return in whose hand an event of a product is."""
    if event in BY_COMMUNE:
        return COMMUNES[code]
    return "thu" if event in BY_COUNCIL else "minh"


def live(url: str, number: int, seed: int) -> Outcome:
    """Live year after year until so many processes were killed, on a database with nothing but its tables."""
    outcome, chance = Outcome(), random.Random(seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        sink(Path(folder) / "letters") as port,
        closing(Database(url)) as database,
    ):
        cast = _open_town(database)
        first_day = remember(database)
        while outcome.faults < number and outcome.right:
            rewind(database, first_day)
            for name in ("letters", "sent.jsonl"):
                (Path(folder) / name).write_bytes(b"")
            town = Town(url, database, port, Path(folder), chance, outcome, cast)
            _live_a_year(town, number)
    return outcome


def _open_town(database: Database) -> Cast:
    clock = FixedClock.at(IMPORT_DAY, 5)
    load_seed(database, clock)
    cast = hire(database, clock)
    for commune in sorted(set(COMMUNES.values())):
        with database.write() as tx:
            add_officer(tx, HOST, commune, commune, Role.COMMUNE_OFFICER, commune, now=clock.now())
        cast.tokens[commune] = cast.token(commune)
    return cast


def _live_a_year(town: Town, number: int) -> None:
    while town.outcome.right:
        town.morning()
        enough = town.outcome.faults >= number and is_worked(town.clock.today())  # else letters wait
        if enough or town.clock.today() >= LAST_DAY:
            break
        town.clock.move_to(town.clock.today(), 9)
        for _ in range(town.chance.randrange(3)):
            town.act()
        town.clock.move_to(min(town.clock.today() + timedelta(days=town.chance.choice(PAUSES)), LAST_DAY))
    town.judge()


# -- in processes of their own -------------------------------------------------------------------------


def _ocop(words: tuple[str, ...], settings: dict[str, str], says: str) -> None:
    """Be the command line."""
    os.environ.update(settings)  # noqa: TID251 - the settings of this process
    sys.argv = ["ocop", *words]
    with Path(says).open("w", encoding="utf-8") as said:
        sys.stdout = sys.stderr = said
        main()


def _serve(url: str, clock: FixedClock, port: int) -> None:
    """Be the server."""
    with closing(Database(url)) as database:
        server.serve(application_on(database, clock), server.listen("127.0.0.1", port))


def _connect(port: int) -> HTTPConnection:
    until = time.monotonic() + PATIENCE
    while True:
        line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            line.connect()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return line
