"""A service that lives at random, and is examined after every step.

By every entrance (`entrances`): imports, events by anybody, changes of plans, mergers, a clock that
jumps, sweeps, letters to a relay in every mood, backups, restores; any of it may be cut short at one of its
transactions or around one of its letters. After every step the doctor finds nothing, the proof balances, and
the relay has seen what the outbox says it has.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections import Counter
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from functools import partial
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from ocop_workflow.calendar import load_work_calendar
from ocop_workflow.errors import Conflict, OcopError
from ocop_workflow.letters.delivery import LEASE, deliver_pending
from ocop_workflow.letters.journal import Journal
from ocop_workflow.notifications import TemporaryDeliveryError
from ocop_workflow.people.officers import actor_on_host
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.states import ACTS
from ocop_workflow.store import Database
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.backup import back_up, reconcile, restore
from ocop_workflow.upkeep.examination import examine, prove
from ocop_workflow.upkeep.examination.findings import Severity
from tests import postgres
from tests.contents import Content, remember, rewind
from tests.factories import GOOD_DATA, IMPORT_DAY, LAN, SEED, SENDER, load_seed, rows, told_to_all
from tests.fakes import VIETNAM, FixedClock
from tests.reliability.dumps import drop_everything
from tests.reliability.entrances import Entrances
from tests.reliability.killing import PATIENT
from tests.reliability.moods import MOODS, relay
from tests.reliability.outcome import Outcome
from tests.smtp_server import DRIBBLE, PAUSE, STALL
from tests.stories.cast import PEOPLE, appoint
from tests.stories.journeys import MORE_DATA, candidate, everything, import_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from sqlalchemy import Connection

    from ocop_workflow.access import Actor
    from ocop_workflow.notifications import Mailer

#: steps of one life
STEPS = 25

_QUICK = [mood for mood in MOODS if mood[1] not in {PAUSE, STALL, DRIBBLE}]
_MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.MULTILINE)
_LETTERS = "SELECT message_id, sha256, state, attempts FROM outbox"
_UNSAID = "SELECT COUNT(*) FROM reminders WHERE status = 'due' AND digest_id IS NULL"

#: who does something: one of the cast, or the host's own operator
ANYBODY = st.sampled_from(["", "", *PEOPLE])

#: at which of its steps something is cut short; 0: at none. A sweep has dozens, an event only two
CUTS = st.one_of(st.just(0), st.integers(1, 4), st.integers(1, 40))


class PowerCut(BaseException):
    """The power is gone: nobody catches this, and nothing more is written."""


class Power:
    """Counts steps, and goes at one of them."""

    def __init__(self) -> None:
        self.left = self.gone = 0

    def __call__(self, *_: object) -> None:
        if self.left:
            self.left -= 1
            if not self.left:
                self.gone += 1
                raise PowerCut


class Post:
    """A mailer that knows what the relay has, and which letters nobody can be sure of."""

    def __init__(self, mailer: Mailer, power: Power, doubtful: set[str]) -> None:
        self._mailer, self._power, self._doubtful = mailer, power, doubtful
        self.last = ""

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        self.last = message_id(message)
        self._power()
        try:
            reply = self._mailer.send(sender, recipient, message)
        except TemporaryDeliveryError as error:
            if error.ambiguous:
                self._doubtful.add(self.last)
            raise
        self._power()
        return reply

    def close(self) -> None:
        self._mailer.close()


def message_id(message: bytes) -> str:
    found = _MESSAGE_ID.search(message)
    assert found is not None
    return found.group(1).decode()


def data_for(name: str, today: date) -> dict[str, Any]:
    """Return data that satisfy an event, as of today."""
    given = {**GOOD_DATA.get(name, {}), **MORE_DATA.get(name, {})}
    now = {key: str(today) for key in given if key.endswith("_date") or key == "published_on"}
    return {**given, **now, **({"plan": SEED} if "plan" in given else {})}


def somebody(tx: Connection, login: str) -> Actor:
    """Return whom `ANYBODY` has named."""
    return actor_on_host(tx, login, "host:test") if login else LAN


class Service(Entrances):
    """One life of the service."""

    def __init__(self, database: Database, empty: Content, tally: Outcome) -> None:
        super().__init__()
        self.database, self.tally, self.power = database, tally, Power()
        self.folder = Path(tempfile.mkdtemp(prefix="ocop-stateful-"))
        self.journal, self.backups = Journal(self.folder / "sent.jsonl"), list[Path]()
        self.clock = FixedClock.at(IMPORT_DAY)
        self.jumped = self.restored = False
        #: letters of which a second copy may come; attempts and letters that a restore has made forget
        self.doubtful, self.forgotten = set[str](), set[str]()
        self.carried, self.refused = Counter[str](), 0
        self._relay = relay()
        self.server, self.mailer = self._relay.__enter__()
        rewind(database, empty)
        for name in ("begin", "commit"):
            event.listen(database.engine, name, self.power, insert=name == "begin")

    @initialize()
    def begin(self) -> None:
        load_seed(self.database, self.clock, told_to_all())
        appoint(self.database, self.clock)
        self.open_doors()
        sweep(self.database, self.clock, SENDER)  # letters wait from the first

    def teardown(self) -> None:
        for name in ("begin", "commit"):
            event.remove(self.database.engine, name, self.power)
        try:
            self.end_well()
        finally:
            self._relay.__exit__(None, None, None)
            self.database.close()
            shutil.rmtree(self.folder)

    @contextmanager
    def cut_at(self, step: int) -> Iterator[None]:
        """Cut what is done here short at one of its steps; a process that begins anew has no lines open."""
        self.power.left = step
        try:
            yield
        except PowerCut:
            self.database.close()
        finally:
            self.power.left = 0

    # -- what happens ------------------------------------------------------------------------------

    @rule(
        number=st.integers(1, 14),
        name=st.sampled_from([one.value for one in ACTS]),
        who=ANYBODY,
        ago=st.sampled_from([0, 0, 0, 1, 20]),
        cut=CUTS,
    )
    def act(self, number: int, name: str, who: str, ago: int, cut: int) -> None:
        today = self.clock.today()

        def step(tx: Connection) -> None:
            actor = somebody(tx, who)
            data, on = data_for(name, today), today - timedelta(days=ago)
            order = Order(f"DP24-{number:03}", name, actor, data, on)
            advance(tx, order, sender=SENDER, today=today, now=self.clock.now())

        self.all_or_nothing(cut, step)

    @rule(number=st.integers(1, 14), who=ANYBODY, cut=CUTS)
    def take_back(self, number: int, who: str, cut: int) -> None:
        def step(tx: Connection) -> None:
            actor = somebody(tx, who)
            order = UndoOrder(f"DP24-{number:03}", actor, "ghi nhầm")
            undo(tx, order, sender=SENDER, today=self.clock.today(), now=self.clock.now())

        self.all_or_nothing(cut, step)

    def all_or_nothing(self, cut: int, step: Callable[[Connection], None]) -> None:
        """Let somebody do something in one transaction; who is refused or cut short has changed nothing."""
        before, done = everything(self.database), False
        with self.cut_at(cut), suppress(OcopError), self.database.write() as tx:
            step(tx)
            done = True
        if not done:
            assert everything(self.database) == before

    @rule(
        unit=st.sampled_from(["Phổ An", "Phổ Phong", "Phổ Hòa"]),
        name=st.text("abc", min_size=1, max_size=2),
        cut=CUTS,
    )
    def bring_in(self, unit: str, name: str, cut: int) -> None:
        with self.cut_at(cut), suppress(OcopError):
            import_rows(self.database, self.clock, SEED, candidate(1, unit, f"Nước mắm {name}"))

    @rule(days=st.one_of(st.integers(-2, 12), st.integers(-2, 400)), hours=st.integers(0, 12))
    def wait(self, days: int, hours: int) -> None:
        self.jumped = self.jumped or days < 0
        self.back = 0
        self.clock.wait(timedelta(days=days, hours=hours))

    @rule(cut=CUTS)
    def look(self, cut: int) -> None:
        with self.cut_at(cut):
            sweep(self.database, self.clock, SENDER)

    @rule(moods=st.lists(st.sampled_from(_QUICK), max_size=3), cut=CUTS)
    def deliver(self, moods: list[tuple[str, Any]], cut: int) -> None:
        for stage, deed in moods:
            self.server.script(stage, deed)
        post = Post(self.mailer, self.power, self.doubtful)
        with self.cut_at(cut), closing(post):
            gone = self.power.gone
            try:
                deliver_pending(self.database, post, PATIENT, self.clock, SENDER, journal=self.journal)
            finally:
                if self.power.gone > gone:
                    self.doubtful.add(post.last)
        left = Counter(self.server.planned())
        happened = Counter(moods) - left
        self.refused += sum(MOODS[mood].dead for mood in happened.elements())
        for stage, _ in left:  # a mood passes
            while self.server.is_scripted(stage):
                self.server.reach(stage)

    @precondition(lambda self: self.database.is_sqlite or postgres.HAS_TOOLS)
    @rule(cut=CUTS)
    def copy(self, cut: int) -> None:
        file = self.folder / f"{len(self.backups)}-{self.power.gone}.bak"
        with self.cut_at(cut):
            back_up(self.database, file)
            self.backups.append(file)

    @precondition(lambda self: self.backups)
    @rule(data=st.data(), cut=CUTS)
    def go_back(self, data: st.DataObject, cut: int) -> None:
        file = data.draw(st.sampled_from(self.backups))
        before = {name: attempts for name, _, _, attempts in rows(self.database, _LETTERS)}
        with self.cut_at(cut):
            self._restore(file)
        if self.power.gone:  # whoever was cut short does it again; a second time changes nothing
            self._restore(file)
        after = {name: attempts for name, _, _, attempts in rows(self.database, _LETTERS)}
        self.carried.update({name: before[name] - after.get(name, 0) for name in before})
        self.forgotten |= before.keys() - after.keys()
        self.restored = True

    def _restore(self, file: Path) -> None:
        if not self.database.is_sqlite:  # it wants an empty database
            drop_everything(self.database)
        restore(self.database, file, self.journal, self.clock.now())

    @precondition(lambda self: self.restored)
    @rule()
    def settle_accounts(self) -> None:
        try:
            reconcile(self.database, self.journal)
        except Conflict:  # the journal knows nothing: who was cut short had not come to it
            assert self.doubtful
            reconcile(self.database, self.journal, without_journal=True)
        self.restored = False

    # -- what always holds -------------------------------------------------------------------------

    @invariant()
    def a_step_more(self) -> None:
        self.tally.faults += 1

    @invariant()
    def doctor_finds_nothing(self) -> None:
        # who sets the clock back may find an instant to come
        permitted = {13} if self.jumped else set()
        violated = [
            finding
            for finding in examine(self.database, self.clock).findings
            if finding.severity is Severity.VIOLATED and finding.invariant not in permitted
        ]
        assert not violated, violated

    @invariant()
    def proof_balances(self) -> None:
        with self.database.read() as tx:
            proof = prove(tx, VIETNAM)
        assert proof.balance.adds_up, proof.balance
        assert not proof.unbalanced, proof.unbalanced

    @invariant()
    def relay_has_what_the_outbox_says(self) -> None:
        seen: dict[str, list[str]] = {}
        for letter in self.server.messages:
            checksum = hashlib.sha256(letter.content).hexdigest()
            seen.setdefault(message_id(letter.content), []).append(checksum)
        known = {name: tuple(rest) for name, *rest in rows(self.database, _LETTERS)}
        assert seen.keys() <= known.keys() | self.forgotten, "the relay has a letter that nobody wrote"
        for name, checksums in seen.items():
            assert len(checksums) == 1 or name in self.doubtful, f"{name} came twice, without a doubt"
            assert len(set(checksums)) == 1 or name in self.forgotten, f"a copy of {name} differs"
        for name, (checksum, state, attempts) in known.items():
            copies = seen.get(name, [])
            assert state != "sent" or copies, f"{name} is sent, says the outbox; the relay has not seen it"
            assert len(copies) <= attempts + self.carried[name], f"{name} came more often than it was tried"
            assert set(copies) <= {checksum} or name in self.forgotten, f"{name} is not what was written"

    def end_well(self) -> None:
        """In the end everything is well again: then each letter gets through, and no reminder is unsaid."""
        if self.restored:
            self.settle_accounts()
        self.let_go_of_letters()
        self.clock.move_to(load_work_calendar().add(self.clock.today(), 2))
        sweep(self.database, self.clock, SENDER)
        for _ in range(10):
            post = Post(self.mailer, self.power, self.doubtful)
            with closing(post):
                deliver_pending(self.database, post, PATIENT, self.clock, SENDER, journal=self.journal)
            self.clock.wait(timedelta(hours=7) + 2 * LEASE)
        states = Counter(state for _, _, state, _ in rows(self.database, _LETTERS))
        assert states.keys() <= {"sent", "superseded", "cancelled", "dead"}, states
        assert states["dead"] <= self.refused, states
        assert rows(self.database, _UNSAID) == [(0,)]
        self.relay_has_what_the_outbox_says()
        self.tally.checked += states.total()
        self.tally.copies += len(self.server.messages) - len({one.content for one in self.server.messages})


def live_at_random(url: str, steps: int, seed: int) -> Outcome:
    """Live as many lives as so many steps take."""
    outcome = Outcome()
    with closing(Database(url)) as database:
        empty = remember(database)
        life: type[Service] = seeded(seed)(partial(Service, database, empty, outcome))  # type: ignore[assignment]  # hypothesis asks for a class, calls it only
        chosen = settings(
            max_examples=ceil(steps / STEPS),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(life, settings=chosen)
        rewind(database, empty)
    return outcome
