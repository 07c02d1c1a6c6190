"""A relay at fault is left alone, a slow domain does not starve the others, what is overtaken is not sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.letters import delivery
from ocop_workflow.letters.delivery import DeliveryReport, deliver_pending
from ocop_workflow.letters.queries import write_letters
from ocop_workflow.notifications import (
    Letter,
    LetterKind,
    RelayError,
    RetryPolicy,
    TemporaryDeliveryError,
)
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER, act, rows
from tests.fakes import FixedClock, RecordingMailer

if TYPE_CHECKING:
    from ocop_workflow.store import Database

MINUTE = timedelta(minutes=1)
POLICY = RetryPolicy(chance=lambda: 1.0)
REFUSED = RelayError("535 wrong password")


def deliver(database: Database, clock: FixedClock, mailer: RecordingMailer) -> DeliveryReport:
    return deliver_pending(database, mailer, POLICY, clock, SENDER)


def states(database: Database) -> dict[str, int]:
    return dict(rows(database, "SELECT state, count(*) FROM outbox GROUP BY state"))


def test_after_three_faults_of_the_relay_nothing_is_tried_for_five_minutes_then_one_probes(
    seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    down = RecordingMailer(failures=[REFUSED] * 4)
    for _ in range(3):
        assert deliver(seeded, clock, down) == DeliveryReport(retried=1, relay_fault="535 wrong password")
        clock.wait(MINUTE)
    assert len(down.failures) == 1

    clock.wait(3 * MINUTE)
    assert deliver(seeded, clock, down) == DeliveryReport(relay_fault="535 wrong password")
    assert len(down.failures) == 1  # it was not asked

    clock.wait(2 * MINUTE)
    assert deliver(seeded, clock, down) == DeliveryReport(retried=1, relay_fault="535 wrong password")
    clock.wait(6 * MINUTE)
    assert deliver(seeded, clock, down) == DeliveryReport(sent=1)  # the probe got through …
    assert deliver(seeded, clock, down) == DeliveryReport(sent=6)  # … and the others follow
    assert rows(seeded, "SELECT faults, open_until FROM relay") == [(0, None)]


@pytest.mark.ordeal
def test_a_login_that_fails_for_a_day_kills_no_letter(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    down = RecordingMailer(failures=[REFUSED] * 10_000)
    for _ in range(24 * 60):
        deliver(seeded, clock, down)
        clock.wait(MINUTE)
    assert states(seeded) == {"pending": 7}
    assert 10_000 - len(down.failures) < 300  # one probe each five minutes, not 7 letters a minute


Post = Callable[..., None]


@pytest.fixture
def post(seeded: Database, clock: FixedClock) -> Post:
    """Put letters to these addresses into the outbox."""

    def write(*addresses: str) -> None:
        with seeded.write() as tx:
            waiting = [
                Letter(
                    f"notice:{number}:{address}",
                    LetterKind.NOTICE,
                    1,
                    address,
                    "s",
                    f"<{number}.{address}>",
                    b"x",
                )
                for number, address in enumerate(addresses)
            ]
            write_letters(tx, waiting, clock.now())

    return write


def test_a_large_domain_takes_turns_with_a_small_one(
    seeded: Database, clock: FixedClock, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "TURN", 2)
    post(*["a@large.example"] * 5, "b@small.example")
    mailer = RecordingMailer()

    assert deliver(seeded, clock, mailer).sent == 6

    assert [recipient[0] for _, recipient, _ in mailer.sent] == ["a", "a", "b", "a", "a", "a"]


def test_a_domain_that_fails_three_times_waits_for_the_next_run(
    seeded: Database, clock: FixedClock, post: Post
) -> None:
    post(*["a@slow.example"] * 6, *["b@quick.example"] * 2)
    slow = [TemporaryDeliveryError("451 try later")] * 3
    mailer = RecordingMailer(failures=[*slow])

    assert deliver(seeded, clock, mailer) == DeliveryReport(sent=2, retried=3)

    assert [recipient for _, recipient, _ in mailer.sent] == ["b@quick.example"] * 2
    assert deliver(seeded, clock, mailer) == DeliveryReport(sent=3)


def test_a_digest_that_events_have_overtaken_altogether_is_not_sent(
    seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    act(seeded, clock, "DP24-001", "register")  # the only product of Phổ Phong
    act(seeded, clock, "DP24-002", "register")  # one of five of Phổ An
    mailer = RecordingMailer()

    assert deliver(seeded, clock, mailer) == DeliveryReport(sent=6)

    assert "pho-phong@duc-pho.example" not in {recipient for _, recipient, _ in mailer.sent}
    assert states(seeded) == {"sent": 6, "superseded": 1}
    overtaken = (
        "SELECT r.status, r.digest_id FROM reminders r JOIN deadlines d ON d.id = r.deadline_id "
        "JOIN products p ON p.id = d.product_id WHERE p.code = 'DP24-001' AND r.stage = -7"
    )
    assert rows(seeded, overtaken) == [("cancelled", None)]


def test_a_letter_to_nobody_known_stops_no_queue(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    sweep(seeded, FixedClock.at(date(2024, 4, 26)), SENDER)
    assert deliver(seeded, FixedClock.at(date(2024, 4, 26), 7), RecordingMailer()).sent == 7
