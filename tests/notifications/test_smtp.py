"""The SMTP adapter against a real server that misbehaves: what it says of each failure."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.notifications.mailer import (
    DeliveryError,
    DoubtfulRefusalError,
    PermanentDeliveryError,
    RelayError,
    TemporaryDeliveryError,
)
from ocop_workflow.notifications.mime import Envelope, build_message
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.notifications.smtp_line import TimeLimits
from ocop_workflow.settings import Tls
from tests.smtp_server import HANG_UP, STALL, Silence, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.notifications.mailer import Mailer

SERVICE = "ocop@ducpho.example"
COMMUNE = "ubnd@phothanh.example"
LOGIN = ("ocop", "mat-khau")
LETTER = build_message(
    Envelope(
        sender=SERVICE,
        sender_name="Văn phòng điều phối OCOP",
        recipient=COMMUNE,
        recipient_name="UBND phường Phổ Thạnh",
        subject="Nhắc việc: còn 7 ngày",
        text="Kính gửi\n.\nTrân trọng\n",
        html="<p>Kính gửi</p>",
        message_id="1@ducpho.example",
        date=datetime(2024, 4, 23, tzinfo=UTC),
    )
)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture
def mailer(server: SmtpServer) -> Iterator[Mailer]:
    with closing(plain(server)) as open_mailer:
        yield open_mailer


def plain(server: SmtpServer, timeout: float = 5, login: tuple[str, str] = ("", "")) -> SmtpMailer:
    limits = TimeLimits(answer=timeout, verdict=timeout)
    return SmtpMailer("127.0.0.1", server.port, *login, Tls.NONE, limits=limits)


def patience(deed: str | Silence) -> float:
    """Return how many seconds to wait for a relay: few only where it says nothing, for machines are busy."""
    return 0.8 if deed is STALL else 5


def failure(mailer: Mailer, message: bytes = LETTER) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        mailer.send(SERVICE, COMMUNE, message)
    return raised.value


# -- when all goes well -------------------------------------------------------------------------------


def test_a_letter_arrives_byte_for_byte_for_one_recipient(server: SmtpServer, mailer: Mailer) -> None:
    assert mailer.send(SERVICE, COMMUNE, LETTER) == "250 2.0.0 Ok: queued as 1"
    (letter,) = server.messages
    assert (letter.sender, letter.recipients, letter.content) == (SERVICE, (COMMUNE,), LETTER)


def test_lines_of_dots_survive(server: SmtpServer, mailer: Mailer) -> None:
    message = b"Subject: x\r\n\r\n.\r\n..\r\n.x\r\na.\r\n.\r\n"
    mailer.send(SERVICE, COMMUNE, message)
    assert [letter.content for letter in server.messages] == [message]


def test_many_letters_go_over_one_line(server: SmtpServer, mailer: Mailer) -> None:
    for _ in range(3):
        mailer.send(SERVICE, COMMUNE, LETTER)
    assert [letter.content for letter in server.messages] == [LETTER] * 3
    assert server.stages.count("CONNECT") == 1


def test_closing_says_goodbye_and_a_later_letter_opens_a_new_line(server: SmtpServer, mailer: Mailer) -> None:
    mailer.send(SERVICE, COMMUNE, LETTER)
    mailer.close()
    mailer.close()
    mailer.send(SERVICE, COMMUNE, LETTER)
    assert (server.stages.count("QUIT"), server.stages.count("CONNECT")) == (1, 2)
    assert len(server.messages) == 2


@pytest.mark.parametrize("deed", [HANG_UP, "421 4.4.2 idle for too long", "500 5.5.1 no such command"])
def test_a_line_that_died_between_two_letters_is_opened_anew(
    server: SmtpServer, mailer: Mailer, deed: str | Silence
) -> None:
    mailer.send(SERVICE, COMMUNE, LETTER)
    server.script("RSET", deed)
    mailer.send(SERVICE, COMMUNE, LETTER)
    assert len(server.messages) == 2
    assert server.stages.count("CONNECT") == 2


def test_a_relay_that_closes_idle_lines_gets_the_next_letter_all_the_same() -> None:
    with SmtpServer(idle_seconds=0.05) as server, closing(plain(server)) as mailer:
        mailer.send(SERVICE, COMMUNE, LETTER)
        time.sleep(0.3)
        mailer.send(SERVICE, COMMUNE, LETTER)
        assert len(server.messages) == 2


@pytest.mark.parametrize("deed", [HANG_UP, "421 4.3.0 dying", "500 5.5.1 no"])
def test_trouble_at_quit_takes_nothing_back(server: SmtpServer, mailer: Mailer, deed: str | Silence) -> None:
    mailer.send(SERVICE, COMMUNE, LETTER)
    server.script("QUIT", deed)
    mailer.close()
    assert len(server.messages) == 1


# -- one test per family of answers -------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("reply", ["450 4.2.1 hộp thư bận", "451 4.7.1 greylisted", "452 4.2.2 full"])
def test_a_4yz_answer_means_not_now(server: SmtpServer, mailer: Mailer, stage: str, reply: str) -> None:
    server.script(stage, reply)
    error = failure(mailer)
    assert isinstance(error, TemporaryDeliveryError)
    assert (type(error), error.reply, error.ambiguous) == (TemporaryDeliveryError, reply, False)
    assert server.messages == []


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "DOT"])
@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        ("550 5.1.1 unknown", PermanentDeliveryError),
        ("552 5.3.4 too big", PermanentDeliveryError),
        ("553 5.1.3 no", PermanentDeliveryError),
        ("554 5.7.1 spam", DoubtfulRefusalError),
        ("550 no such user", DoubtfulRefusalError),
        ("550 5.4.5 daily limit", RelayError),
    ],
)
def test_a_5yz_answer_means_never_of_this_letter_of_any_or_leaves_it_open(
    server: SmtpServer, mailer: Mailer, stage: str, reply: str, meant: type[DeliveryError]
) -> None:
    server.script(stage, reply)
    error = failure(mailer)
    assert (type(error), error.reply) == (meant, reply)
    assert server.messages == []


@pytest.mark.parametrize("stage", ["CONNECT", "MAIL", "RCPT", "DATA", "DOT"])
def test_421_is_the_relays_own_trouble(server: SmtpServer, mailer: Mailer, stage: str) -> None:
    server.script(stage, "421 4.3.2 shutting down")
    error = failure(mailer)
    assert isinstance(error, RelayError)
    assert (error.reply, error.ambiguous) == ("421 4.3.2 shutting down", False)


@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        ("CONNECT", "554 5.7.1 no service for you"),
        ("MAIL", "550 5.7.1 this sender may not"),
        ("MAIL", "452 4.3.1 out of disk"),
        ("RCPT", "530 5.7.0 authentication required"),
    ],
)
def test_what_every_letter_would_meet_is_no_letters_fault(
    server: SmtpServer, mailer: Mailer, stage: str, reply: str
) -> None:
    server.script(stage, reply)
    error = failure(mailer)
    assert (type(error), error.reply) == (RelayError, reply)


def test_a_relay_without_ehlo_is_greeted_the_old_way(server: SmtpServer, mailer: Mailer) -> None:
    server.script("EHLO", "502 5.5.1 what?")
    mailer.send(SERVICE, COMMUNE, LETTER)
    assert len(server.messages) == 1


def test_after_a_refusal_the_next_letter_goes_over_the_same_line(server: SmtpServer, mailer: Mailer) -> None:
    server.script("RCPT", "550 5.1.1 unknown", "450 4.7.1 later")
    failure(mailer)
    failure(mailer)
    mailer.send(SERVICE, COMMUNE, LETTER)
    assert len(server.messages) == 1
    assert server.stages.count("CONNECT") == 1


def test_a_redirecting_recipient_answer_is_a_yes(server: SmtpServer, mailer: Mailer) -> None:
    server.script("DOT", "251 2.1.5 forwarded")
    assert mailer.send(SERVICE, COMMUNE, LETTER) == "251 2.1.5 forwarded"


# -- broken lines -------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("deed", [HANG_UP, STALL, "blah", "354 go ahead, but not here"])
def test_a_line_that_breaks_before_the_letter_leaves_no_doubt(
    server: SmtpServer, stage: str, deed: str | Silence
) -> None:
    if (stage, deed) == ("DATA", "354 go ahead, but not here"):
        deed = "250 no letter wanted"
    server.script(stage, deed)
    with closing(plain(server, timeout=patience(deed))) as mailer:
        error = failure(mailer)
        assert isinstance(error, TemporaryDeliveryError)
        assert (type(error), error.ambiguous) == (TemporaryDeliveryError, False)
        assert server.messages == []
        mailer.send(SERVICE, COMMUNE, LETTER)
    assert len(server.messages) == 1


def test_a_line_that_breaks_while_the_letter_still_leaves_gives_no_doubt(
    server: SmtpServer, mailer: Mailer
) -> None:
    endless = LETTER + b"x" * 70 + b"\r\n" + b"Trong thu nay co nhieu chu.\r\n" * 1_000_000
    server.script("BODY", HANG_UP)
    error = failure(mailer, endless)
    assert isinstance(error, TemporaryDeliveryError)
    assert (type(error), error.ambiguous) == (TemporaryDeliveryError, False)
    assert server.messages == []


@pytest.mark.parametrize("deed", [HANG_UP, STALL, "blah", "354 more?"])
def test_a_line_that_breaks_after_the_letter_leaves_doubt(server: SmtpServer, deed: str | Silence) -> None:
    server.script("DOT", deed)
    with closing(plain(server, timeout=patience(deed))) as mailer:
        error = failure(mailer)
        assert isinstance(error, TemporaryDeliveryError)
        assert (type(error), error.ambiguous) == (TemporaryDeliveryError, True)
        mailer.send(SERVICE, COMMUNE, LETTER)
    assert {letter.content for letter in server.messages} == {LETTER}


def test_nobody_listening_is_the_relays_fault() -> None:
    with SmtpServer() as server:
        pass
    with closing(plain(server)) as mailer:
        error = failure(mailer)
    assert type(error) is RelayError
    assert error.reply == "máy chủ thư không nhận kết nối (Connection refused)"


@pytest.mark.parametrize("deed", [HANG_UP, STALL])
def test_no_greeting_is_the_relays_fault(server: SmtpServer, deed: Silence) -> None:
    server.script("CONNECT", deed)
    with closing(plain(server, timeout=patience(deed))) as mailer:
        assert type(failure(mailer)) is RelayError


def test_a_host_name_that_cannot_be_one_is_the_relays_fault() -> None:
    mailer = SmtpMailer("relay..example", 25, "", "", Tls.NONE)
    assert type(failure(mailer)) is RelayError


# -- what is never sent -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "recipient", ["evil@y.example <a@x.example>", "a@x.example, evil@y.example", '"a\r\nb"@x.example', ""]
)
def test_an_address_that_is_not_one_bare_address_is_never_spoken(
    server: SmtpServer, mailer: Mailer, recipient: str
) -> None:
    with pytest.raises(PermanentDeliveryError, match="recipient"):
        mailer.send(SERVICE, recipient, LETTER)
    assert server.stages == []


def test_a_malformed_sender_is_the_set_ups_fault_and_not_the_letters(mailer: Mailer) -> None:
    with pytest.raises(RelayError, match="sender"):
        mailer.send("OCOP <ocop@ducpho.example>", COMMUNE, LETTER)


@pytest.mark.parametrize(
    "message", [b"", b"a", b"a\n", b"a\r", b"a\n.\nMAIL FROM:<x@y.example>\r\n", b"a\r.\r\r\n", b"\n\r\r\n"]
)
def test_bytes_with_other_line_ends_than_crlf_never_reach_the_wire(
    server: SmtpServer, mailer: Mailer, message: bytes
) -> None:
    assert type(failure(mailer, message)) is PermanentDeliveryError
    assert server.stages == []


# -- login --------------------------------------------------------------------------------------------


def test_it_logs_in_when_it_has_a_user() -> None:
    with SmtpServer(login=LOGIN) as server, closing(plain(server, login=LOGIN)) as mailer:
        mailer.send(SERVICE, COMMUNE, LETTER)
        assert [letter.logged_in for letter in server.messages] == [True]


@pytest.mark.parametrize("login", [("ocop", "sai"), ("", ""), ("ocop", "mật-khẩu")])
def test_a_refused_login_is_the_set_ups_fault_and_shows_no_password(login: tuple[str, str]) -> None:
    with SmtpServer(login=LOGIN) as server, closing(plain(server, login=login)) as mailer:
        error = failure(mailer)
        assert type(error) is RelayError
        assert "sai" not in error.reply
        assert "ậ" not in error.reply
        assert error.__cause__ is None or "\\u" not in str(error.__cause__)
        assert server.messages == []


def test_a_login_the_relay_drops_is_the_relays_fault() -> None:
    with SmtpServer(login=LOGIN) as server, closing(plain(server, login=LOGIN)) as mailer:
        server.script("AUTH", HANG_UP)
        assert type(failure(mailer)) is RelayError
