"""The port through which letters leave, and the ways in which a letter may fail to.

Who sends needs one distinction from every failure: is this letter hopeless, or this attempt, or is it
the relay that is at fault and every letter must wait? And, of an attempt that failed, may the letter
have arrived all the same?
"""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

#: the longest that a mailer may take over one letter, all waiting included
BUDGET = timedelta(seconds=120)


class DeliveryError(Exception):
    """A letter was not accepted; `reply` holds what the relay or the line said."""

    def __init__(self, reply: str) -> None:
        self.reply = reply
        super().__init__(reply)


class PermanentDeliveryError(DeliveryError):
    """This letter will never be accepted: refused for good (5yz), or not fit to be sent at all."""


class TemporaryDeliveryError(DeliveryError):
    """This attempt failed; a later one may succeed.

    `ambiguous` is true when the line broke after the letter's last octet had left: the relay may or
    may not have taken it, and nobody can know (RFC 1047). Another attempt may make a second copy.
    """

    def __init__(self, reply: str, *, ambiguous: bool = False) -> None:
        self.ambiguous = ambiguous
        super().__init__(reply)


class DoubtfulRefusalError(TemporaryDeliveryError):
    """Refused for good, in words that leave open whom they mean: this letter, or all (see `blame`).

    The letter waits until what others meet has told.
    """


class RelayError(TemporaryDeliveryError):
    """The relay's fault or the set-up's, not the letter's: no line, no trusted TLS, no login, 421.

    Other letters would fare no better now, so it counts against no letter.
    """


class Mailer(Protocol):
    """Takes finished letters to whoever delivers them."""

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        """Hand over one letter for one recipient, byte for byte, within `BUDGET`.

        Args:
            sender: bare address that bounces go to.
            recipient: bare address, the only one.
            message: finished MIME bytes, lines ended by CRLF.

        Returns:
            The relay's reply when it accepted the letter.

        Raises:
            PermanentDeliveryError: this letter will never be accepted.
            DoubtfulRefusalError: this one, or every one.
            TemporaryDeliveryError: not now; see `ambiguous`.
            RelayError: the relay itself is out of order.
        """
        ...

    def close(self) -> None:
        """Say goodbye to the relay; whatever it answers, letters accepted before stay accepted."""
        ...
