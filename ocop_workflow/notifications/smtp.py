"""The SMTP adapter: one line to the relay, held open over many letters.

A refusal is a reply that the relay gave. Whatever `smtplib` or the socket raises is trouble with the
line, and what it means for the letter depends on how far the dialogue had come: `_trouble_is` says so.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING

from ocop_workflow.errors import InvalidInput
from ocop_workflow.notifications.blame import refusal
from ocop_workflow.notifications.mailer import PermanentDeliveryError, RelayError, TemporaryDeliveryError
from ocop_workflow.notifications.mime import check_address
from ocop_workflow.notifications.smtp_line import EncryptedLine, Patience, SmtpLine, TimeLimits
from ocop_workflow.settings import Tls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_workflow.notifications.mailer import DeliveryError

_OK = range(200, 300)
_GO_ON = range(300, 400)
_REFUSAL = range(400, 600)
_FOR_GOOD = range(500, 600)
_RELAY_CODES = frozenset({421, 530, 534, 535, 538})  # it closes, or wants a login: no letter's fault
_LIMITS = TimeLimits()
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class SmtpMailer:
    """Sends letters through one relay. Not for use by two threads at once.

    The line opens with the first letter and stays open. Before each further letter RSET asks whether it
    still lives and clears what a refused letter left behind; if not, it is opened anew.

    Args:
        host: the relay's name, also the name its certificate must bear.
        port: its port.
        user: login name; empty for a relay that asks for none.
        password: goes with `user`.
        tls: how the line is protected; a relay that cannot do this gets no letter.
        limits: how long a letter may hold the sender up, however slow the relay is.
        ssl_context: trust in a private authority; by default the host's authorities.
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        password: str,
        tls: Tls,
        *,
        limits: TimeLimits = _LIMITS,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._address = (host, port)
        self._login = (user, password)
        self._tls = tls
        self._limits = limits
        self._patience = Patience()
        self._trust = ssl_context
        self._client: SmtpLine | None = None

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        """Hand one letter to the relay; see `mailer.Mailer.send`."""
        _check(sender, recipient, message)
        self._patience.allow(self._limits.handover, self._limits.answer)
        client = self._line()
        with self._trouble_is(TemporaryDeliveryError):
            _expect(_OK, client.mail(sender), refused=RelayError)  # our own address: every letter's
            _expect(_OK, client.rcpt(recipient))
            _expect(_GO_ON, client.docmd("DATA"))
            # if this raises, the end of the letter was still here: no relay can have taken it
            client.send(_LEADING_DOT.sub(b"..", message) + b".\r\n")
        with self._trouble_is(partial(TemporaryDeliveryError, ambiguous=True)):
            self._patience.allow(self._limits.verdict, self._limits.verdict)
            return _expect(_OK, client.getreply())

    def close(self) -> None:
        """Say QUIT if a line is open; trouble with it is nobody's any more."""
        if self._client is not None:
            self._patience.allow(self._limits.answer, self._limits.answer)
            with suppress(OSError):
                self._client.quit()
        self._hang_up()

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()

    def _line(self) -> SmtpLine:
        """Return an open line on which no letter is begun."""
        if self._client is not None:
            with suppress(OSError):
                if self._client.rset()[0] in _OK:
                    return self._client
            self._hang_up()
        with self._trouble_is(RelayError):
            self._client = self._dial()
            self._introduce(self._client)
        return self._client

    def _dial(self) -> SmtpLine:
        self._patience.next_step()
        soon = min(self._limits.connection, self._patience.left())
        if self._tls is Tls.IMPLICIT:
            return EncryptedLine(self._patience, *self._address, timeout=soon, context=self._context)
        return SmtpLine(self._patience, *self._address, timeout=soon)

    def _introduce(self, client: SmtpLine) -> None:
        if self._tls is Tls.STARTTLS:
            client.starttls(context=self._context)  # raises where the relay does not offer it
        client.ehlo_or_helo_if_needed()
        if self._login[0]:
            client.login(*self._login)

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    @contextmanager
    def _trouble_is(self, named: Callable[[str], DeliveryError]) -> Iterator[None]:
        """Drop the line and raise `named` on anything that `smtplib`, TLS or the socket raise."""
        try:
            yield
        except UnicodeError:
            self._hang_up()
            # the cause would show a letter of the password
            raise named("host, user or password cannot be written as SMTP wants it") from None
        except (OSError, ValueError) as error:
            self._hang_up()
            raise named(_said(error)) from error


def _check(sender: str, recipient: str, message: bytes) -> None:
    """Refuse what would reach another address than it names, or other lines than it holds."""
    try:
        check_address(sender)
    except InvalidInput as error:
        raise RelayError(f"sender: {error}") from error
    try:
        check_address(recipient)
    except InvalidInput as error:
        raise PermanentDeliveryError(f"recipient: {error}") from error
    whole = message.count(b"\r\n")
    if not (message.endswith(b"\r\n") and message.count(b"\r") == message.count(b"\n") == whole):
        raise PermanentDeliveryError("message: a line does not end with CRLF")


def _expect(
    wanted: range, reply: tuple[int, bytes], refused: type[TemporaryDeliveryError] | None = None
) -> str:
    """Return the reply's text if its code is `wanted`, else raise what the code means.

    A code that is no answer at all counts as trouble with the line.
    """
    code, words = reply
    text = _text(code, words)
    if code in wanted:
        return text
    if code not in _REFUSAL:
        raise smtplib.SMTPServerDisconnected(f"no answer to this: {text}")
    if refused is not None:
        raise refused(text)
    if code in _RELAY_CODES:
        raise RelayError(text)
    raise refusal(text) if code in _FOR_GOOD else TemporaryDeliveryError(text)


def _said(error: OSError | ValueError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _text(error.smtp_code, error.smtp_error)
    words = getattr(error, "strerror", None) or str(error)
    meaning = next(vi for kind, vi in _MEANINGS if isinstance(error, kind))
    return f"{meaning} ({words})" if words else meaning


#: what trouble with the line is called; the first kind that an error is of
_MEANINGS: tuple[tuple[type[Exception], str], ...] = (
    (ConnectionRefusedError, "máy chủ thư không nhận kết nối"),
    (TimeoutError, "máy chủ thư không trả lời kịp"),
    (socket.gaierror, "không tìm thấy máy chủ thư"),
    (ssl.SSLError, "không lập được đường truyền mã hóa tin được với máy chủ thư"),
    (smtplib.SMTPServerDisconnected, "máy chủ thư ngắt kết nối"),
    (smtplib.SMTPNotSupportedError, "máy chủ thư không hỗ trợ cách được yêu cầu"),
    (smtplib.SMTPException, "máy chủ thư báo lỗi"),
    (OSError, "mất kết nối với máy chủ thư"),
    (ValueError, "máy chủ thư trả lời sai quy cách"),
)


def _text(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
