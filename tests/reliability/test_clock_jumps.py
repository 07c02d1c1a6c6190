"""The clock is wrong: by days, by months, by a year. Nobody hears anything twice."""

from __future__ import annotations

import os
import secrets
import time
from datetime import date, timedelta

import pytest

from ocop_workflow.letters import queries as letters
from ocop_workflow.letters.delivery import LEASE, deliver_pending
from ocop_workflow.notifications import RelayError, RetryPolicy, TemporaryDeliveryError
from ocop_workflow.store import Database
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.health import health
from tests.contents import remember, rewind
from tests.factories import IMPORT_DAY, SENDER, load_seed, rows
from tests.fakes import FixedClock, RecordingMailer
from tests.reliability.children import end_of, start
from tests.reliability.clock_jumps import JUMPS, Office, jump
from tests.reliability.dumps import dump


@pytest.mark.usefixtures("database")
def test_a_clock_that_jumps_lets_nothing_be_said_twice(url: str) -> None:
    outcome = jump(url, 2 * JUMPS, secrets.randbelow(10**6))
    assert outcome.right, outcome
    assert outcome.faults == 2 * JUMPS  # with and without holding
    assert outcome.checked > 100


def test_what_a_clock_ahead_put_off_is_not_put_off_for_months(seeded: Database, clock: FixedClock) -> None:
    ahead = FixedClock(
        clock.instant + timedelta(days=202)
    )  # a Monday of the plan's year, after which nobody is reminded
    sweep(seeded, ahead, SENDER)
    with seeded.write() as tx:
        assert letters.claim_next(tx, ahead.now(), LEASE)  # its sender dies
    busy_relay = RecordingMailer([TemporaryDeliveryError("450 busy"), *[RelayError("no route")] * 3])
    for _ in range(4):
        deliver_pending(seeded, busy_relay, RetryPolicy(), ahead, SENDER)
        ahead.wait(timedelta(minutes=1))
    assert rows(seeded, "SELECT faults FROM relay") == [(3,)]

    with seeded.read() as tx:
        assert health(tx, clock).clock_behind > timedelta(days=199)
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
