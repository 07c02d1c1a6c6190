"""Lives with a clock that is wrong, by days, by months, by a year, and looks for what is said twice."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.store import Database
from ocop_workflow.sweep.daily import SweepOrder, careful_sweep, sweep
from ocop_workflow.sweep.holding import Caution, SweepHeld
from ocop_workflow.upkeep.examination import prove
from tests.contents import remember, rewind
from tests.factories import IMPORT_DAY, SENDER, load_seed, rows
from tests.fakes import VIETNAM, FixedClock, RecordingMailer
from tests.reliability.outcome import Outcome

if TYPE_CHECKING:
    from ocop_workflow.upkeep.examination.reckoning.balance import Proof

#: in one life of eight months
JUMPS = 30
FAR = (timedelta(days=1), timedelta(days=9), timedelta(days=31), timedelta(days=150), timedelta(days=366))

SAID = """
    SELECT r.deadline_id, r.stage, r.desk_id, r.digest_id
    FROM reminders r JOIN outbox o ON o.digest_id = r.digest_id WHERE o.state = 'sent'
"""


@dataclass
class Office:
    """Sweeps and sends, and remembers what was said to whom.

    Attributes:
        asks: sweeps stop and ask where their day is hardly meant, as at every entrance; else none is held.
    """

    database: Database
    asks: bool = False
    mailer: RecordingMailer = field(default_factory=RecordingMailer)
    said: dict[tuple[int, ...], int] = field(default_factory=dict)

    def work(self, clock: FixedClock, *, confirms: bool = False) -> None:
        """Do a day's work; a day that is asked about is confirmed, or nothing is swept."""
        if self.asks:
            self._ask(clock, confirms=confirms)
        else:
            sweep(self.database, clock, SENDER)
        deliver_pending(self.database, self.mailer, RetryPolicy(), clock, SENDER)
        for *stage, digest in rows(self.database, SAID):
            assert self.said.setdefault(tuple(stage), digest) == digest, stage

    def _ask(self, clock: FixedClock, *, confirms: bool) -> None:
        order = SweepOrder(confirm=clock.today() if confirms else None)
        with suppress(SweepHeld):
            careful_sweep(self.database, clock, SENDER, order, Caution())


def live(office: Office, clock: FixedClock, chance: random.Random, *, jumps: bool) -> Proof:
    """Live through eight months; the clock is wrong, further and further, before each right sweep."""
    for number in range(JUMPS):
        nearer = FAR[: 1 + len(FAR) * number // JUMPS]
        jump, pause = chance.choice(nearer) * chance.choice([-1, 1]), chance.randint(1, 8)
        if jumps:
            office.work(FixedClock(clock.instant + jump))
        office.work(clock, confirms=True)
        clock.wait(timedelta(days=pause))
    clock.move_to(date(2025, 1, 6))
    office.work(clock, confirms=True)
    with office.database.read() as tx:
        return prove(tx, VIETNAM)


def jump(url: str, number: int, seed: int) -> Outcome:
    """Let a clock jump so often, in as many lives as that takes, each beside one with a right clock.

    Each life is lived twice: no sweep is held, and each that is hardly meant is.
    """
    outcome, chance = Outcome(), random.Random(seed)
    with closing(Database(url)) as database:
        load_seed(database, FixedClock.at(IMPORT_DAY))
        before = remember(database)
        while outcome.faults < number:
            of_life = chance.randrange(10**6)
            for asks, jumps in ((False, False), (False, True), (True, True)):
                rewind(database, before)
                _judge(outcome, Office(database, asks), of_life, jumps=jumps)
                outcome.faults += JUMPS * jumps
    return outcome


def _judge(outcome: Outcome, office: Office, seed: int, *, jumps: bool) -> None:
    proof = live(office, FixedClock.at(IMPORT_DAY), random.Random(seed), jumps=jumps)
    copies = Counter(message for *_, message in office.mailer.sent)
    waiting = "SELECT COUNT(*) FROM outbox WHERE state NOT IN ('sent', 'superseded', 'cancelled')"
    outcome.checked += len(copies)
    outcome.duplicated += copies.total() - len(copies)
    outcome.lost += rows(office.database, waiting)[0][0]
    where = (seed, office.asks, jumps)
    outcome.demand(not proof.unbalanced, *where, proof.unbalanced)
    outcome.demand(proof.balance.adds_up, *where, proof.balance)
