"""Delivery through a real SMTP server that is told to misbehave."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ocop_workflow.letters.delivery import DeliveryReport, deliver_pending
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.settings import Tls
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER
from tests.letters.test_delivery import MINUTE, POLICY, outbox_of, stored, watched
from tests.smtp_server import HANG_UP, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


@contextmanager
def real_relay() -> Iterator[tuple[SmtpServer, SmtpMailer]]:
    with SmtpServer() as server:
        mailer = SmtpMailer("127.0.0.1", server.port, "", "", Tls.NONE)
        yield server, mailer
        mailer.close()


def test_letters_go_through_a_real_relay_byte_for_byte(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)

    with real_relay() as (server, mailer):
        report = deliver_pending(seeded, mailer, POLICY, clock, SENDER)

    assert report == DeliveryReport(sent=7)
    assert [letter.content for letter in server.messages] == stored(seeded)
    assert watched(seeded)[0].relay_reply == "250 2.0.0 Ok: queued as 1"


def test_a_real_relays_answers_are_told_apart(seeded: Database, clock: FixedClock) -> None:
    outbox_of(seeded, clock, 3)

    with real_relay() as (server, mailer):
        server.script("RCPT", "450 4.2.1 mailbox busy", "550 5.1.1 no such user")
        report = deliver_pending(seeded, mailer, POLICY, clock, SENDER)

    assert report == DeliveryReport(sent=1, retried=1, dead=1)
    assert [(letter.state, letter.last_error) for letter in watched(seeded)] == [
        ("pending", "450 4.2.1 mailbox busy"),
        ("dead", "550 5.1.1 no such user"),
        ("sent", None),
    ]


def test_a_line_that_breaks_behind_the_final_dot_makes_an_identical_second_copy(
    seeded: Database, clock: FixedClock
) -> None:
    one = outbox_of(seeded, clock, 1)

    with real_relay() as (server, mailer):
        server.script("DOT", HANG_UP)
        first = deliver_pending(one, mailer, POLICY, clock, SENDER)
        clock.wait(MINUTE)
        second = deliver_pending(one, mailer, POLICY, clock, SENDER)

    assert (first, second) == (DeliveryReport(retried=1), DeliveryReport(sent=1))
    assert [letter.content for letter in server.messages] == stored(one) * 2
    assert (watched(one)[0].attempts, watched(one)[0].ambiguous) == (2, 1)


def test_a_real_relay_that_closes_stops_the_run(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)

    with real_relay() as (server, mailer):
        server.script("CONNECT", "421 4.3.2 shutting down")
        report = deliver_pending(seeded, mailer, POLICY, clock, SENDER)

    assert report == DeliveryReport(retried=1, relay_fault="421 4.3.2 shutting down")
    assert server.messages == []


def test_a_relay_that_breaks_off_at_quit_has_the_letter(seeded: Database, clock: FixedClock) -> None:
    one = outbox_of(seeded, clock, 1)

    with real_relay() as (server, mailer):
        server.script("QUIT", HANG_UP)
        first = deliver_pending(one, mailer, POLICY, clock, SENDER)
        mailer.close()
        clock.wait(MINUTE)
        second = deliver_pending(one, mailer, POLICY, clock, SENDER)

    assert (first, second) == (DeliveryReport(sent=1), DeliveryReport())
    assert [letter.content for letter in server.messages] == stored(one)
