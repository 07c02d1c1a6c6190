"""Delivery: claim, send, settle. At least once, never lost, and never more copies than were counted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ocop_workflow.letters import queries as letters
from ocop_workflow.letters.delivery import LEASE, DeliveryReport, deliver_pending
from ocop_workflow.letters.mailbox_queries import find_letters
from ocop_workflow.notifications import (
    DeliveryError,
    Letter,
    LetterKind,
    PermanentDeliveryError,
    RelayError,
    RetryPolicy,
    TemporaryDeliveryError,
)
from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER, rows
from tests.fakes import RecordingMailer

if TYPE_CHECKING:
    from ocop_workflow.letters.queries import Claim
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

POLICY = RetryPolicy(chance=lambda: 1.0)
MINUTE = timedelta(minutes=1)


@dataclass
class Watched:
    """What an inspector sees of one letter."""

    state: str
    attempts: int
    ambiguous: int
    last_error: str | None
    relay_reply: str | None


@pytest.fixture
def one(seeded: Database, clock: FixedClock) -> Database:
    """An outbox with one letter, to Phổ Ninh."""
    return outbox_of(seeded, clock, 1)


def outbox_of(database: Database, clock: FixedClock, count: int) -> Database:
    sweep(database, clock, SENDER)
    with database.write() as tx:
        tx.execute(
            text("DELETE FROM outbox WHERE id NOT IN (SELECT id FROM outbox ORDER BY id LIMIT :count)"),
            {"count": count},
        )
    return database


def deliver(database: Database, clock: FixedClock, *failures: Any) -> tuple[DeliveryReport, RecordingMailer]:  # noqa: ANN401 - any failure of the port
    mailer = RecordingMailer(list(failures))
    return deliver_pending(database, mailer, POLICY, clock, SENDER), mailer


def watched(database: Database) -> list[Watched]:
    columns = "state, attempts, ambiguous, last_error, relay_reply"
    return [Watched(*row) for row in rows(database, f"SELECT {columns} FROM outbox ORDER BY id")]


def stored(database: Database) -> list[bytes]:
    return [bytes(mime) for (mime,) in rows(database, "SELECT mime FROM outbox ORDER BY id")]


def claim(database: Database, clock: FixedClock) -> Claim:
    """Claim a letter as a process does that is about to die."""
    with database.write() as tx:
        claimed = letters.claim_next(tx, clock.now(), LEASE)
    assert claimed is not None
    return claimed


def tries_again_after(database: Database, clock: FixedClock) -> timedelta:
    """Return the shortest wait after which the letter can be claimed again."""
    with database.read() as tx:
        waits = [timedelta(seconds=seconds) for seconds in range(0, 30000, 30)]
        return next(wait for wait in waits if letters.waiting_count(tx, clock.now() + wait))


# -- one letter ------------------------------------------------------------------------------------


def test_a_letter_is_sent_once_and_keeps_the_relays_words(one: Database, clock: FixedClock) -> None:
    report, mailer = deliver(one, clock)
    again, silent = deliver(one, clock)

    assert report == DeliveryReport(sent=1)
    assert [(sender, message) for sender, _, message in mailer.sent] == [(SENDER.address, stored(one)[0])]
    assert (again, silent.sent) == (DeliveryReport(), [])
    assert watched(one) == [Watched("sent", 1, 0, None, "250 OK")]


def test_a_letter_that_is_refused_for_now_is_tried_again_after_doubling_waits(
    one: Database, clock: FixedClock
) -> None:
    waits = []
    for _ in range(3):
        report, _ = deliver(one, clock, TemporaryDeliveryError("450 mailbox busy"))
        assert report == DeliveryReport(retried=1)
        waits.append(tries_again_after(one, clock))
        clock.wait(waits[-1])

    report, mailer = deliver(one, clock)

    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert report == DeliveryReport(sent=1)
    assert [message for *_, message in mailer.sent] == stored(one)
    assert watched(one) == [Watched("sent", 4, 0, "450 mailbox busy", "250 OK")]


def test_a_letter_that_is_refused_for_good_is_dead_with_the_servers_words(
    one: Database, clock: FixedClock
) -> None:
    report, _ = deliver(one, clock, PermanentDeliveryError("550 5.1.1 no such user"))

    assert report == DeliveryReport(dead=1)
    assert watched(one) == [Watched("dead", 1, 0, "550 5.1.1 no such user", None)]


def test_a_letter_that_is_not_taken_for_14_days_while_others_are_is_given_up(
    seeded: Database, clock: FixedClock
) -> None:
    outbox_of(seeded, clock, 2)
    busy = TemporaryDeliveryError("450 mailbox busy")
    passing = Passing(clock, [busy])
    assert deliver_pending(seeded, passing, POLICY, clock, SENDER) == DeliveryReport(sent=1, retried=1)
    clock.wait(timedelta(days=14))

    assert deliver(seeded, clock, busy)[0] == DeliveryReport(dead=1)
    assert watched(seeded)[0] == Watched("dead", 2, 0, "expired: 450 mailbox busy", None)


def test_where_the_relay_takes_no_other_letter_either_14_days_kill_none(
    one: Database, clock: FixedClock
) -> None:
    for _ in range(3):
        clock.wait(timedelta(days=14))
        report, _ = deliver(one, clock, TemporaryDeliveryError("451 4.3.0 try later"))
        assert report == DeliveryReport(retried=1)


class Passing(RecordingMailer):
    """A mailer that takes a second over each letter."""

    def __init__(self, clock: FixedClock, failures: list[DeliveryError]) -> None:
        super().__init__(failures)
        self._clock = clock

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        self._clock.wait(timedelta(seconds=1))
        return super().send(sender, recipient, message)


def test_after_a_fourth_attempt_whose_end_nobody_knows_a_letter_is_given_up(
    one: Database, clock: FixedClock
) -> None:
    states = []
    for _ in range(4):
        deliver(one, clock, TemporaryDeliveryError("line lost", ambiguous=True))
        states.append((watched(one)[0].state, watched(one)[0].ambiguous))
        clock.wait(timedelta(hours=6))

    assert states == [("pending", 1), ("pending", 2), ("pending", 3), ("dead", 3)]
    assert watched(one)[0].last_error == "uncertain: line lost"


# -- the relay at fault ----------------------------------------------------------------------------


def test_when_the_relay_is_at_fault_every_letter_waits(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)

    report, mailer = deliver(seeded, clock, RelayError("connection refused"))

    assert report == DeliveryReport(retried=1, relay_fault="connection refused")
    assert mailer.sent == []
    assert [letter.state for letter in watched(seeded)] == ["pending"] * 7
    assert [letter.attempts for letter in watched(seeded)] == [1, 0, 0, 0, 0, 0, 0]


def test_the_relays_faults_bring_a_letter_nearer_to_no_limit(one: Database, clock: FixedClock) -> None:
    clock.wait(timedelta(days=20))

    report, _ = deliver(one, clock, RelayError("421 closing"))

    assert report == DeliveryReport(retried=1, relay_fault="421 closing")
    assert tries_again_after(one, clock) == MINUTE
    clock.wait(MINUTE)
    assert deliver(one, clock)[0] == DeliveryReport(sent=1)


# -- processes that die ----------------------------------------------------------------------------


def test_what_a_dead_process_had_claimed_is_claimed_again_when_its_lease_is_over(
    one: Database, clock: FixedClock
) -> None:
    claim(one, clock)
    clock.wait(LEASE)
    too_early, _ = deliver(one, clock)
    clock.wait(timedelta(seconds=1))

    report, mailer = deliver(one, clock)

    assert too_early == DeliveryReport()
    assert report == DeliveryReport(sent=1)
    assert [message for *_, message in mailer.sent] == stored(one)
    assert watched(one) == [Watched("sent", 2, 1, None, "250 OK")]


def test_a_letter_that_kills_whoever_sends_it_is_given_up_unsent(one: Database, clock: FixedClock) -> None:
    for _ in range(4):
        claim(one, clock)
        clock.wait(LEASE + MINUTE)

    report, mailer = deliver(one, clock)

    assert (report, mailer.sent) == (DeliveryReport(dead=1), [])
    assert watched(one) == [Watched("dead", 5, 4, "uncertain: nobody knows how its attempts ended", None)]


@pytest.mark.parametrize("outcome", ["sent", "retry", "put back", "dead"])
def test_who_was_too_slow_may_not_settle(one: Database, clock: FixedClock, outcome: str) -> None:
    slow = claim(one, clock)
    clock.wait(LEASE + MINUTE)
    deliver(one, clock)
    settled = watched(one)

    with one.write() as tx:
        done = {
            "sent": lambda: letters.settle_sent(tx, slow, clock.now(), "250 late"),
            "retry": lambda: letters.settle_retry(
                tx, slow, clock.now(), "450 late", clock.now(), ambiguous=1, refusals=0
            ),
            "put back": lambda: letters.put_back(tx, slow, clock.now(), "421 late"),
            "dead": lambda: letters.settle_dead(tx, slow, "550 late"),
        }[outcome]()

    assert done is False
    assert watched(one) == settled


def test_who_was_too_slow_may_not_settle_while_another_one_sends(one: Database, clock: FixedClock) -> None:
    slow = claim(one, clock)
    clock.wait(LEASE + MINUTE)
    quick = claim(one, clock)

    with one.write() as tx:
        results = [letters.settle_sent(tx, who, clock.now(), "250 OK") for who in (slow, quick)]

    assert results == [False, True]
    assert quick == replace(slow, fence=2, attempts=2, ambiguous=1)


def test_two_processes_never_claim_one_letter(seeded: Database, clock: FixedClock) -> None:
    outbox_of(seeded, clock, 2)

    first, second = claim(seeded, clock), claim(seeded, clock)

    assert first.id != second.id
    with seeded.write() as tx:
        assert letters.claim_next(tx, clock.now(), LEASE) is None


def test_nobody_delivers_what_another_process_has_just_taken(seeded: Database, clock: FixedClock) -> None:
    """Between counting and claiming, another process may have taken the rest."""
    outbox_of(seeded, clock, 2)
    mailer = Rival(seeded, clock)

    report = deliver_pending(seeded, mailer, POLICY, clock, SENDER)

    assert report == DeliveryReport(sent=1)
    assert [letter.state for letter in watched(seeded)] == ["sent", "sending"]


@dataclass
class Rival:
    """A mailer during whose sending another process claims the next letter."""

    database: Database
    clock: FixedClock

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        assert (sender, bool(recipient), bool(message)) == (SENDER.address, True, True)
        claim(self.database, self.clock)
        return "250 OK"

    def close(self) -> None:
        pass


@pytest.mark.parametrize("failures", [[], [TemporaryDeliveryError("450 busy")]], ids=["taken", "refused"])
def test_while_a_letter_is_being_sent_everybody_sees_that_it_is_claimed_and_counted(
    one: Database, clock: FixedClock, failures: list[DeliveryError]
) -> None:
    mailer = Onlooker(failures, database=one)

    deliver_pending(one, mailer, POLICY, clock, SENDER)

    assert mailer.saw == [Watched("sending", 1, 0, None, None)]


@dataclass
class Onlooker(RecordingMailer):
    """A mailer that looks, while it is sending, at what is written down of the letters for everybody."""

    database: Database = field(kw_only=True)
    saw: list[Watched] = field(default_factory=list)

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        self.saw += watched(self.database)
        return super().send(sender, recipient, message)


# -- the outbox, looked at -------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["held", "cancelled", "superseded", "dead", "sent"])
def test_only_what_is_pending_is_sent(one: Database, clock: FixedClock, state: str) -> None:
    with one.write() as tx:
        tx.execute(text("UPDATE outbox SET state = :state"), {"state": state})

    report, mailer = deliver(one, clock)

    assert (report, mailer.sent) == (DeliveryReport(), [])


def test_letters_leave_in_the_order_in_which_they_wait(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    deliver(seeded, clock, TemporaryDeliveryError("450 later"), RelayError("421 closing"))
    clock.wait(timedelta(hours=1))

    _, mailer = deliver(seeded, clock)

    written = [address for (address,) in rows(seeded, "SELECT address FROM outbox ORDER BY id")]
    assert [recipient for _, recipient, _ in mailer.sent] == [*written[2:], *written[:2]]


def test_the_outbox_is_listed_newest_first(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    deliver(seeded, clock, PermanentDeliveryError("550 no"), RelayError("421 closing"))

    with seeded.read() as tx:
        newest = find_letters(tx, None, 2)
        dead = find_letters(tx, LetterState.DEAD, 10)

    assert [letter.last_error for letter in dead] == ["550 no"]
    assert [(letter.kind, letter.state, letter.sent_at) for letter in newest] == [
        (LetterKind.DIGEST, LetterState.PENDING, None)
    ] * 2
    assert newest[0].id > newest[1].id
    assert newest[0].created_at == clock.now()


def test_nothing_to_write_writes_nothing(seeded: Database, clock: FixedClock) -> None:
    with seeded.write() as tx:
        assert letters.write_letters(tx, [], clock.now()) == 0


def test_a_letters_checksum_is_that_of_its_bytes(one: Database, clock: FixedClock) -> None:
    deliver(one, clock)
    ((mime, sha256),) = rows(one, "SELECT mime, sha256 FROM outbox")
    letter = Letter("k", LetterKind.DIGEST, 1, "a@b.example", "s", "<m@b.example>", bytes(mime))

    assert letter.sha256 == sha256


def test_progress_is_told(seeded: Database, clock: FixedClock) -> None:
    outbox_of(seeded, clock, 2)
    told: list[tuple[int, int]] = []

    deliver_pending(
        seeded, RecordingMailer(), POLICY, clock, SENDER, progress=lambda done, of: told.append((done, of))
    )

    assert told == [(0, 2), (1, 2), (2, 2)]
