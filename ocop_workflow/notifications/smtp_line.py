"""A line to the relay on which nobody waits for ever.

A socket's own timeout bounds one read: a relay that says one byte a second keeps below it for hours. Here
each answer has its limit, and so has the whole way of a letter.
"""

from __future__ import annotations

import io
import smtplib
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.notifications.mailer import BUDGET

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

#: octets handed to the socket at a time: each such piece may take as long as an answer
_PIECE = 16 * 1024


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """How long one letter may hold its sender up, in seconds.

    Attributes:
        connection: until the relay is reached.
        answer: until one answer is complete.
        handover: until the letter's last octet has left, connecting and all answers included.
        verdict: after that, until the relay says whether it has taken the letter. It has its own limit, so
            that a slow beginning leaves nobody in doubt about the end.

    Raises:
        ValueError: handover and verdict are longer than `mailer.BUDGET`.
    """

    connection: float = 10
    answer: float = 30
    handover: float = 60
    verdict: float = 60

    def __post_init__(self) -> None:
        if self.handover + self.verdict > BUDGET.total_seconds():
            raise ValueError(f"{self.handover} + {self.verdict} s for one letter are more than {BUDGET}")


class Patience:
    """Knows how much longer to wait."""

    def __init__(self) -> None:
        self.allow(0, 0)

    def allow(self, seconds: float, each: float) -> None:
        """From now on wait for so many seconds in all, and for each step no longer than `each`."""
        self._end, self._each = time.monotonic() + seconds, each
        self.next_step()

    def next_step(self) -> None:
        """Begin to wait for something else."""
        self._step_ends = min(self._end, time.monotonic() + self._each)

    def left(self) -> float:
        """Return how many seconds this step may still take.

        Raises:
            TimeoutError: none; the relay is too slow.
        """
        left = self._step_ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the relay is too slow")
        return left


class SmtpLine(smtplib.SMTP):
    """A line in the clear, on which STARTTLS may follow; `patience` says how long it waits."""

    def __init__(self, patience: Patience, host: str, port: int, **more: Any) -> None:  # noqa: ANN401 - smtplib's own options
        self._patience = patience
        super().__init__(host, port, **more)

    def connect(self, *where: Any, **more: Any) -> tuple[int, bytes]:  # noqa: ANN401 - smtplib's own arguments
        """Reach the relay. From then on no piece waits for word that the one before has arrived."""
        answer = super().connect(*where, **more)
        if self.sock is not None:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return answer

    def send(self, s: ReadableBuffer | str) -> None:
        """Send octets or a command, piece by piece; TLS alone would begin to wait anew with each record."""
        octets = s.encode("ascii") if isinstance(s, str) else bytes(s)
        for start in range(0, len(octets), _PIECE):
            self._patience.next_step()
            if self.sock is not None:
                self.sock.settimeout(self._patience.left())
            super().send(octets[start : start + _PIECE])

    def getreply(self) -> tuple[int, bytes]:
        """Wait for one whole answer, of however many lines."""
        self._patience.next_step()
        if self.file is None and self.sock is not None:  # a new line, or one that is encrypted from here on
            self.file = io.BufferedReader(_Reader(self.sock, self._patience))
        return super().getreply()


class EncryptedLine(SmtpLine, smtplib.SMTP_SSL):
    """A line that is encrypted from its first octet."""


class _Reader(io.RawIOBase):
    """Reads from a socket; each time it waits no longer than there is patience."""

    def __init__(self, sock: socket.socket, patience: Patience) -> None:
        self._sock = sock
        self._patience = patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._sock.settimeout(self._patience.left())
        return self._sock.recv_into(buffer)
