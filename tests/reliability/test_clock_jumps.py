"""The clock is wrong: by days, by months, by a year. Nobody hears anything twice."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from ocop_workflow.notifications import RelayError, RetryPolicy, TemporaryDeliveryError
from ocop_workflow.services.delivery import LEASE, deliver_pending
from ocop_workflow.services.health import health
from ocop_workflow.services.proof import prove
from ocop_workflow.services.proof.balance import Proof, Wrong
from ocop_workflow.services.sweep import sweep
from ocop_workflow.storage import Database, letters
from tests.factories import IMPORT_DAY, SENDER, load_seed, rows
from tests.fakes import VIETNAM, FixedClock, RecordingMailer
from tests.reliability.children import end_of, start
from tests.reliability.dumps import dump, remember, rewind

JUMPS = 30
FAR = (timedelta(days=1), timedelta(days=9), timedelta(days=31), timedelta(days=150), timedelta(days=366))

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


def live(office: Office, clock: FixedClock, seed: int, *, jumps: bool) -> Proof:
    """Live through eight months; the clock is wrong, further and further, before each right sweep."""
    chance = random.Random(seed)
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


def test_a_clock_that_jumps_lets_nothing_be_said_twice(seeded: Database, clock: FixedClock) -> None:
    seed = secrets.randbelow(10**6)
    before, office = remember(seeded), Office(seeded)
    right = live(office, FixedClock(clock.instant), seed, jumps=False)
    rewind(seeded, before)
    office = Office(seeded)
    wrong = live(office, clock, seed, jumps=True)

    written = Counter(message for *_, message in office.mailer.sent)
    assert set(written.values()) == {1}, seed
    assert rows(seeded, "SELECT COUNT(*) FROM outbox WHERE state NOT IN ('sent', 'superseded')") == [(0,)]
    assert right.unbalanced == [], seed
    # what was overtaken only because the clock ran ahead is named; nothing is missing, nothing too much
    assert {row.wrong for row in wrong.unbalanced} <= {Wrong.WRONG_STATUS}, seed
    assert right.balance.adds_up, seed
    assert wrong.balance.adds_up, seed


def test_what_a_clock_ahead_put_off_is_not_put_off_for_a_year(seeded: Database, clock: FixedClock) -> None:
    ahead = FixedClock(clock.instant + timedelta(days=366))
    sweep(seeded, ahead, SENDER)
    with seeded.write() as tx:
        assert letters.claim_next(tx, ahead.now(), LEASE)  # its sender dies
    busy_relay = RecordingMailer([TemporaryDeliveryError("450 busy"), *[RelayError("no route")] * 3])
    for _ in range(4):
        deliver_pending(seeded, busy_relay, RetryPolicy(), ahead, SENDER)
        ahead.wait(timedelta(minutes=1))
    assert rows(seeded, "SELECT faults FROM relay") == [(3,)]

    with seeded.read() as tx:
        assert health(tx, clock).clock_behind > timedelta(days=365)
    for _ in range(2):  # the first letter probes the relay
        deliver_pending(seeded, busy_relay, RetryPolicy(), clock, SENDER)

    assert rows(seeded, "SELECT DISTINCT state FROM outbox") == [("sent",)]


def in_zone(zone: str, url: str) -> None:
    """Live through the days about the first milestone, half an hour after midnight in Việt Nam."""
    os.environ["TZ"] = zone  # noqa: TID251 - the host's zone is what is tried
    time.tzset()
    database, clock = Database(url), FixedClock.at(IMPORT_DAY)
    load_seed(database, clock)
    office = Office(database)
    for day in (date(2024, 4, 23), date(2024, 4, 29), date(2024, 5, 2), date(2024, 5, 9)):
        office.work(FixedClock.at(day, 0, 30))


def test_the_hosts_time_zone_changes_nothing(database: Database, url: str) -> None:
    empty, found = remember(database), []
    for zone in ("UTC", "Asia/Ho_Chi_Minh", "America/Los_Angeles", "Pacific/Kiritimati"):
        rewind(database, empty)
        assert end_of(start(in_zone, zone, url)) == 0, zone
        found.append(dump(database))
    assert found[0]["letters"]
    assert found == [found[0]] * 4
