"""Health: what somebody ought to know, and whether the service does its daily work."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.letters.delivery import LEASE, deliver_pending
from ocop_workflow.letters.queries import claim_next
from ocop_workflow.notifications import PermanentDeliveryError, RetryPolicy
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.health import Health, health, lasting
from tests.factories import IMPORT_DAY, SENDER
from tests.fakes import RecordingMailer
from tests.stories.days import run

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def pulse(database: Database, clock: FixedClock) -> Health:
    with database.read() as tx:
        return health(tx, clock)


def said(found: Health) -> list[str]:
    return [text.en for text in found.sentences]


def test_a_database_in_which_nothing_is_loaded_is_well(database: Database, clock: FixedClock) -> None:
    found = pulse(database, clock)
    assert found == Health(None, None, 0, 0, 0, timedelta())
    assert found.ok
    assert said(found) == []


def test_before_the_first_sweep_the_first_plan_counts(seeded: Database, clock: FixedClock) -> None:
    assert pulse(seeded, clock).ok
    clock.wait(timedelta(hours=26, minutes=1))
    found = pulse(seeded, clock)
    assert not found.ok
    assert said(found) == ["No sweep has come to its end for 26 hours; run `ocop sweep` or `ocop scheduler`."]


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (timedelta(minutes=119), "119 phút"),
        (timedelta(hours=2), "2 giờ"),
        (timedelta(hours=47, minutes=59), "47 giờ"),
        (timedelta(hours=48), "2 ngày"),
        (timedelta(hours=312), "13 ngày"),
    ],
)
def test_a_time_is_told_in_the_unit_that_people_would_use(time: timedelta, said: str) -> None:
    assert lasting(time).vi == said


def test_a_sweep_holds_for_twenty_six_hours(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    clock.wait(timedelta(hours=26))
    found = pulse(seeded, clock)
    assert (found.last_sweep_on, found.sweep_age) == (IMPORT_DAY, timedelta(hours=26))
    assert found.ok


def test_a_clock_that_lies_behind_the_data_is_noticed(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    clock.wait(timedelta(minutes=-2))
    assert pulse(seeded, clock).ok
    clock.wait(timedelta(minutes=-1))
    found = pulse(seeded, clock)
    assert found.clock_behind == timedelta(minutes=3)
    assert not found.ok
    assert said(found) == ["The clock lies 3 minutes behind what is recorded; set the machine's time right."]


def test_dead_and_held_letters_are_told_but_are_no_illness(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    mailer = RecordingMailer([PermanentDeliveryError("550 no such user")])
    deliver_pending(seeded, mailer, RetryPolicy(), clock, SENDER)
    found = pulse(seeded, clock)
    assert (found.dead, found.held) == (1, 0)
    assert found.ok
    (dead,) = said(found)
    assert dead == (
        "1 letters could not be sent, the first written on 2024-04-23; what the mail server said last: 550 "
        "no such user. See each by `ocop letters list --state dead`; send them again at once by `ocop "
        "letters resend --dead`, or tell their units in another way."
    )
    assert said(Health(date(2024, 4, 23), timedelta(), 0, 2, 0, timedelta())) == ["2 letters are held back."]


def test_a_letter_whose_sender_died_is_stale_when_nobody_takes_it_up(
    seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    with seeded.write() as tx:
        claim_next(tx, clock.now(), LEASE)
    clock.wait(2 * LEASE)
    assert pulse(seeded, clock).stale_leases == 0
    clock.wait(timedelta(seconds=1))
    found = pulse(seeded, clock)
    assert found.stale_leases == 1
    assert not found.ok
    assert said(found) == ["1 letters are half sent and nobody takes them up; run `ocop deliver`."]
