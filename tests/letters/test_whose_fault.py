"""What every letter meets is the relay's fault and all wait; what one letter meets alone is its own."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.letters.delivery import DeliveryReport, deliver_pending
from ocop_workflow.letters.queries import relay_record, write_letters
from ocop_workflow.notifications import Letter, LetterKind, RetryPolicy
from ocop_workflow.notifications.blame import refusal
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.settings import Tls
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER, rows
from tests.smtp_server import SmtpServer

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

POLICY = RetryPolicy(chance=lambda: 1.0)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NO_RELAY = "550 5.7.1 Unable to relay"
NO_SUCH_USER = "550 5.1.1 no such user"
LIMIT = "550 5.4.5 Daily user sending limit exceeded"

#: what relays were seen to say to every letter, and at which step of the dialogue
REFUSING_ALL = {
    "relay": ("RCPT", NO_RELAY),
    "no code": ("RCPT", "550 relaying denied"),
    "no such user, whoever it is": ("RCPT", NO_SUCH_USER),
    "mail": ("MAIL", LIMIT),
    "rcpt": ("RCPT", "550-5.4.5 Daily user sending limit exceeded. For more information\r\n550 5.4.5 see"),
    "data": ("DATA", LIMIT),
    "end": ("DOT", "554 5.7.0 Your message could not be sent. The limit was exceeded. Try again later."),
    "sendas": ("DOT", "554 5.2.252 SendAsDenied; app@x not allowed to send as y@x"),
    "sendas550": ("DOT", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    "sendas at once": ("MAIL", "550 5.7.60 SendAsDenied"),
}


class Relay:
    """A mailer whose relay answers by the recipient; what it takes takes it a second."""

    def __init__(self, clock: FixedClock, **refused: str) -> None:
        """Refuse those whose address begins, or whose domain begins, with such a word."""
        self._clock = clock
        self.refused = refused
        self.taken: list[str] = []
        self.tried = 0

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        assert (sender, bool(message)) == (SENDER.address, True)
        self._clock.wait(timedelta(seconds=1))
        self.tried += 1
        local, _, domain = recipient.partition("@")
        for word, reply in self.refused.items():
            if word in (local, domain.partition(".")[0], "all"):
                raise refusal(reply)
        self.taken.append(recipient)
        return "250 OK"

    def close(self) -> None:
        pass


def deliver(database: Database, clock: FixedClock, relay: Relay) -> DeliveryReport:
    return deliver_pending(database, relay, POLICY, clock, SENDER)


def live(database: Database, clock: FixedClock, relay: Relay, span: timedelta) -> None:
    """Look every five minutes whether there is something to send."""
    end = clock.now() + span
    while clock.now() < end:
        deliver(database, clock, relay)
        clock.wait(5 * MINUTE)


def states(database: Database) -> dict[str, int]:
    return dict(rows(database, "SELECT state, count(*) FROM outbox GROUP BY state"))


def post(database: Database, clock: FixedClock, *addresses: str) -> None:
    """Put letters to these addresses into the outbox."""
    with database.write() as tx:
        first = tx.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one()
        waiting = [
            Letter(f"n:{number}", LetterKind.NOTICE, 1, address, "s", f"<{number}@b.example>", b"x\r\n")
            for number, address in enumerate(addresses, first)
        ]
        write_letters(tx, waiting, clock.now())


@pytest.mark.parametrize(("stage", "reply"), REFUSING_ALL.values(), ids=REFUSING_ALL)
def test_what_every_letter_meets_ends_the_run_and_the_next_day_all_leave(
    seeded: Database, clock: FixedClock, stage: str, reply: str
) -> None:
    sweep(seeded, clock, SENDER)
    allowed = 2 if reply == NO_SUCH_USER else 0  # two mailboxes may well be gone; not every one
    with SmtpServer() as server, closing(SmtpMailer("127.0.0.1", server.port, "", "", Tls.NONE)) as mailer:
        server.script(stage, *[reply] * 5)
        report = deliver_pending(seeded, mailer, POLICY, clock, SENDER)
        assert (report.sent, report.dead) == (0, allowed)
        assert reply.partition("\r")[0].removeprefix("550-") in str(report.relay_fault)
        assert server.stages.count("MAIL") <= 5
        assert states(seeded).get("pending") == 7 - allowed
        while server.is_scripted(stage):
            server.reach(stage)
        clock.wait(DAY)
        deliver_pending(seeded, mailer, POLICY, clock, SENDER)
        deliver_pending(seeded, mailer, POLICY, clock, SENDER)
    assert states(seeded) == {"sent": 7 - allowed} | ({"dead": allowed} if allowed else {})


def test_a_daily_limit_met_after_some_letters_lets_the_others_wait(
    seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    with SmtpServer() as server, closing(SmtpMailer("127.0.0.1", server.port, "", "", Tls.NONE)) as mailer:
        server.script("DOT", "250 queued", "250 queued", *["554 5.7.0 limit exceeded. Try again later."] * 5)
        report = deliver_pending(seeded, mailer, POLICY, clock, SENDER)
    assert (report.sent, report.retried, report.dead) == (2, 3, 0)
    assert states(seeded) == {"sent": 2, "pending": 5}


def test_a_relay_that_refuses_all_kills_nothing_and_is_only_probed_meanwhile(
    seeded: Database, clock: FixedClock
) -> None:
    post(seeded, clock, *(f"xa-{number}@{'a' if number % 2 else 'b'}.example" for number in range(8)))
    relay = Relay(clock, all=NO_RELAY)
    live(seeded, clock, relay, 4 * HOUR)
    assert states(seeded) == {"pending": 8}
    assert relay.tried <= 3 + 2 * 4 * 12  # one letter of each domain every five minutes
    relay.refused.clear()
    live(seeded, clock, relay, 15 * MINUTE)
    assert states(seeded) == {"sent": 8}


def test_one_recipient_refused_by_policy_stops_nobody_and_is_given_up_after_days_of_it(
    seeded: Database, clock: FixedClock
) -> None:
    """550 5.7.1 for one address only: the others leave at once, each day; it waits, then it is told of."""
    relay = Relay(clock, blocked="550 5.7.1 blocked by policy")
    for day in range(5):
        post(seeded, clock, "xa-mot@a.example", "xa-hai@b.example", *["blocked@a.example"] * (day == 0))
        assert deliver(seeded, clock, relay).sent == 2
        assert states(seeded).get("pending", 0) == (day < 4)
        clock.wait(DAY)
    assert rows(seeded, "SELECT address, last_error FROM outbox WHERE state = 'dead'") == [
        ("blocked@a.example", "refused: 550 5.7.1 blocked by policy")
    ]


def test_when_nothing_else_leaves_nobody_knows_whose_fault_it_is_and_the_letter_waits(
    seeded: Database, clock: FixedClock
) -> None:
    post(seeded, clock, "blocked@a.example")
    relay = Relay(clock, blocked="550 5.7.1 blocked by policy")
    for _ in range(20):
        deliver(seeded, clock, relay)
        clock.wait(DAY)
    assert states(seeded) == {"pending": 1}
    assert rows(seeded, "SELECT faults FROM relay") == []  # one letter proves nothing against the relay


def test_a_relay_that_refuses_one_domain_takes_the_others_letters_all_the_while(
    seeded: Database, clock: FixedClock
) -> None:
    relay = Relay(clock, a=NO_RELAY)
    post(seeded, clock, *(f"xa-{number}@a.example" for number in range(30)), "phong@b.example")
    report = deliver(seeded, clock, relay)
    assert (report.sent, report.dead, report.relay_fault) == (1, 0, None)
    live(seeded, clock, relay, HOUR)  # nothing else to send: the relay is left alone
    post(seeded, clock, "so@c.example", "phong@b.example")
    live(seeded, clock, relay, 10 * MINUTE)  # a probe of each domain finds those that it takes
    assert relay.taken[1:] == ["so@c.example", "phong@b.example"]
    assert states(seeded) == {"sent": 3, "pending": 30}


def test_mailboxes_that_are_gone_die_one_by_one_though_the_first_of_the_run(
    seeded: Database, clock: FixedClock
) -> None:
    post(seeded, clock, "gone@a.example", "gone@b.example", "xa-ba@a.example", "gone@c.example")
    relay = Relay(clock, gone=NO_SUCH_USER)
    assert deliver(seeded, clock, relay) == DeliveryReport(sent=1, dead=3)


def test_ten_wrong_addresses_at_the_head_of_the_queue_hold_the_right_ones_up_for_minutes_only(
    seeded: Database, clock: FixedClock
) -> None:
    post(seeded, clock, *["gone@a.example"] * 5, *["gone@b.example"] * 5, "xa@a.example", "xa@b.example")
    relay = Relay(clock, gone=NO_SUCH_USER)
    first = deliver(seeded, clock, relay)
    assert (first.sent, first.dead, first.relay_fault) == (0, 2, NO_SUCH_USER)
    live(seeded, clock, relay, HOUR)
    assert relay.taken == ["xa@a.example", "xa@b.example"]


def test_a_relay_at_fault_says_since_when_and_that_it_is_over(seeded: Database, clock: FixedClock) -> None:
    post(seeded, clock, *(f"xa-{number}@{'a' if number % 2 else 'b'}.example" for number in range(4)))
    relay = Relay(clock, all=NO_RELAY)
    began = clock.now()
    live(seeded, clock, relay, 15 * MINUTE)
    with seeded.read() as tx:
        record = relay_record(tx)
    assert record.since is not None
    assert timedelta(0) < record.since - began < MINUTE
    assert (record.last_fault, record.taken_at) == (NO_RELAY, None)
