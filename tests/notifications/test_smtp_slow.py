"""A relay that is slow without end: no letter holds its sender up for longer than it may.

An octet comes every 20 ms, so that no single wait on the socket is ever long.
"""

from __future__ import annotations

import time
from contextlib import closing
from statistics import median
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.notifications.mailer import BUDGET, DeliveryError, RelayError, TemporaryDeliveryError
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.notifications.smtp_line import TimeLimits
from ocop_workflow.settings import Tls
from tests.notifications.test_smtp import COMMUNE, LETTER, SERVICE, plain
from tests.notifications.test_smtp import server as server  # noqa: PLC0414 - a fixture
from tests.notifications.test_smtp_tls import certificate
from tests.smtp_server import DRIBBLE, PAUSE, PAUSE_SECONDS, STALL, SmtpServer

if TYPE_CHECKING:
    from pathlib import Path

#: each stage's own limit is short; the others are long, so that a busy machine takes no other stage for slow
SLOW_ANSWER = TimeLimits(answer=0.8, handover=30)
SLOW_LETTER = TimeLimits(answer=30, handover=1)
SLOW_VERDICT = TimeLimits(answer=30, handover=30, verdict=0.4)

#: the most that any of this may take: handover and verdict, and time for a busy machine
SOON = 4.0


def hurried(server: SmtpServer, limits: TimeLimits) -> SmtpMailer:
    return SmtpMailer("127.0.0.1", server.port, "", "", Tls.NONE, limits=limits)


def failure(mailer: SmtpMailer, message: bytes = LETTER) -> tuple[type[DeliveryError], bool]:
    """Return what a letter failed of, and whether it may have arrived; it must have failed soon."""
    begun = time.monotonic()
    with pytest.raises(TemporaryDeliveryError) as raised:
        mailer.send(SERVICE, COMMUNE, message)
    assert time.monotonic() - begun < SOON
    return type(raised.value), raised.value.ambiguous


@pytest.mark.parametrize(
    ("stage", "limits", "meaning"),
    [
        ("CONNECT", SLOW_ANSWER, (RelayError, False)),
        ("EHLO", SLOW_ANSWER, (RelayError, False)),
        ("MAIL", SLOW_ANSWER, (TemporaryDeliveryError, False)),
        ("RCPT", SLOW_LETTER, (TemporaryDeliveryError, False)),
        ("DATA", SLOW_LETTER, (TemporaryDeliveryError, False)),
        ("DOT", SLOW_VERDICT, (TemporaryDeliveryError, True)),
    ],
)
def test_an_answer_without_end_is_waited_for_only_so_long(
    server: SmtpServer, stage: str, limits: TimeLimits, meaning: tuple[type[DeliveryError], bool]
) -> None:
    server.script(stage, DRIBBLE)
    with closing(hurried(server, limits)) as mailer:
        assert failure(mailer) == meaning
        mailer.send(SERVICE, COMMUNE, LETTER)  # over a line of its own
    assert {letter.content for letter in server.messages} == {LETTER}


def test_answers_that_are_each_in_time_must_be_so_together(server: SmtpServer) -> None:
    for stage in ("MAIL", "RCPT", "DATA"):
        server.script(stage, PAUSE)
    with closing(hurried(server, TimeLimits(answer=10, handover=2.5 * PAUSE_SECONDS))) as mailer:
        assert failure(mailer) == (TemporaryDeliveryError, False)
    assert server.messages == []


def test_a_slow_beginning_leaves_the_end_its_full_time(server: SmtpServer) -> None:
    for stage in ("MAIL", "RCPT", "DATA", "DOT"):
        server.script(stage, PAUSE)
    with closing(hurried(server, TimeLimits(handover=3.8 * PAUSE_SECONDS))) as mailer:
        mailer.send(SERVICE, COMMUNE, LETTER)
    assert len(server.messages) == 1


def test_a_relay_that_stops_reading_gets_no_more(server: SmtpServer) -> None:
    endless = LETTER + b"Trong thu nay co nhieu chu.\r\n" * 1_000_000
    server.script("BODY", STALL)
    with closing(hurried(server, SLOW_LETTER)) as mailer:
        assert failure(mailer, endless) == (TemporaryDeliveryError, False)
    assert server.messages == []


def test_a_long_letter_never_waits_for_word_that_its_beginning_has_arrived(server: SmtpServer) -> None:
    long = LETTER + (b"x" * 900 + b"\r\n") * 30  # more than goes to the socket at a time
    with closing(plain(server)) as mailer:

        def seconds(letter: bytes) -> float:
            start = time.perf_counter()
            mailer.send(SERVICE, COMMUNE, letter)
            return time.perf_counter() - start

        usual = [seconds(LETTER) for _ in range(15)]
        longer = [seconds(long) for _ in range(15)]

    # a system that saves packets holds the rest back until the other side says so, which it delays by 40 ms
    assert median(longer) - median(usual) < 0.030


def test_a_line_that_answers_rset_without_end_is_given_up_for_a_new_one(server: SmtpServer) -> None:
    with closing(hurried(server, SLOW_ANSWER)) as mailer:
        mailer.send(SERVICE, COMMUNE, LETTER)
        server.script("RSET", DRIBBLE)
        mailer.send(SERVICE, COMMUNE, LETTER)
    assert len(server.messages) == 2
    assert server.stages.count("CONNECT") == 2


def test_nobody_waits_long_for_a_goodbye(server: SmtpServer) -> None:
    mailer = hurried(server, SLOW_ANSWER)
    mailer.send(SERVICE, COMMUNE, LETTER)
    server.script("QUIT", DRIBBLE)
    begun = time.monotonic()
    mailer.close()
    assert time.monotonic() - begun < SOON


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_an_encrypted_line_is_waited_for_no_longer(tls: Tls, tmp_path: Path) -> None:
    ours = certificate(tmp_path, "IP:127.0.0.1")
    with SmtpServer(tls=ours.server, implicit=tls is Tls.IMPLICIT) as server:
        address = ("127.0.0.1", server.port, "", "", tls)
        with closing(SmtpMailer(*address, limits=SLOW_VERDICT, ssl_context=ours.trusting)) as mailer:
            server.script("DOT", DRIBBLE)
            assert failure(mailer) == (TemporaryDeliveryError, True)


def test_a_relay_that_does_not_begin_to_encrypt_is_its_own_fault(server: SmtpServer) -> None:
    server.script("CONNECT", STALL)
    address = ("127.0.0.1", server.port, "", "", Tls.IMPLICIT)
    with closing(SmtpMailer(*address, limits=TimeLimits(connection=0.4))) as mailer:
        assert failure(mailer) == (RelayError, False)


def test_limits_that_exceed_what_a_letter_may_take_are_refused() -> None:
    TimeLimits(handover=20, verdict=100)
    with pytest.raises(ValueError, match=r"20 \+ 101 s for one letter are more than 0:02:00"):
        TimeLimits(handover=20, verdict=101)
    assert BUDGET.total_seconds() == TimeLimits().handover + TimeLimits().verdict
