"""Lives with a clock that is wrong, by days, by months, by a year, and looks for what is said twice."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta

from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.services.delivery import deliver_pending
from ocop_workflow.services.proof import prove
from ocop_workflow.services.proof.balance import Imbalance, Proof, Wrong
from ocop_workflow.services.sweep import sweep
from ocop_workflow.storage import Database
from tests.contents import remember, rewind
from tests.factories import IMPORT_DAY, SENDER, load_seed, rows
from tests.fakes import VIETNAM, FixedClock, RecordingMailer
from tests.reliability.outcome import Outcome

#: in one life of eight months
JUMPS = 30
FAR = (timedelta(days=1), timedelta(days=9), timedelta(days=31), timedelta(days=150), timedelta(days=366))

_OVERTAKEN = Wrong.WRONG_STATUS

SAID = """
    SELECT r.deadline_id, r.stage, r.unit_id, r.digest_id
    FROM reminders r JOIN outbox o ON o.digest_id = r.digest_id WHERE o.state = 'sent'
"""


@dataclass
class Office:
    """Sweeps and sends, and remembers what was said to whom."""

    database: Database
    mailer: RecordingMailer = field(default_factory=RecordingMailer)
    said: dict[tuple[int, ...], int] = field(default_factory=dict)

    def work(self, clock: FixedClock) -> None:
        sweep(self.database, clock, SENDER)
        deliver_pending(self.database, self.mailer, RetryPolicy(), clock, SENDER)
        for *stage, digest in rows(self.database, SAID):
            assert self.said.setdefault(tuple(stage), digest) == digest, stage


def live(office: Office, clock: FixedClock, chance: random.Random, *, jumps: bool) -> Proof:
    """Live through eight months; the clock is wrong, further and further, before each right sweep."""
    for number in range(JUMPS):
        nearer = FAR[: 1 + len(FAR) * number // JUMPS]
        jump, pause = chance.choice(nearer) * chance.choice([-1, 1]), chance.randint(1, 8)
        if jumps:
            office.work(FixedClock(clock.instant + jump))
        office.work(clock)
        clock.wait(timedelta(days=pause))
    clock.move_to(date(2025, 1, 6))
    office.work(clock)
    with office.database.read() as tx:
        return prove(tx, VIETNAM)


def jump(url: str, number: int, seed: int) -> Outcome:
    """Let a clock jump so often, in as many lives as that takes, each beside one with a right clock."""
    outcome, chance = Outcome(), random.Random(seed)
    with closing(Database(url)) as database:
        load_seed(database, FixedClock.at(IMPORT_DAY))
        before = remember(database)
        while outcome.faults < number:
            of_life = chance.randrange(10**6)
            for jumps in (False, True):
                rewind(database, before)
                _judge(outcome, Office(database), of_life, jumps=jumps)
            outcome.faults += JUMPS
    return outcome


def _judge(outcome: Outcome, office: Office, seed: int, *, jumps: bool) -> None:
    proof = live(office, FixedClock.at(IMPORT_DAY), random.Random(seed), jumps=jumps)
    copies = Counter(message for *_, message in office.mailer.sent)
    waiting = "SELECT COUNT(*) FROM outbox WHERE state NOT IN ('sent', 'superseded')"
    outcome.checked += len(copies)
    outcome.duplicated += copies.total() - len(copies)
    outcome.lost += rows(office.database, waiting)[0][0]
    # what was overtaken, or said in a later letter, only because the clock ran ahead is named; nothing is
    # missing, nothing too much
    left = [row for row in proof.unbalanced if not (jumps and (row.wrong is _OVERTAKEN or _said_late(row)))]
    outcome.demand(not left, seed, jumps, left)
    outcome.demand(proof.balance.adds_up, seed, jumps, proof.balance)


def _said_late(row: Imbalance) -> bool:
    """Tell whether what is wrong is only that it stands in a later letter, whose day is given."""
    return row.wrong is Wrong.UNSAID and "/" in row.detail
