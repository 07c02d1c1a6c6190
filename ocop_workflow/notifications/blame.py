"""Whose fault a refusal is: the letter's own, or the relay's and so every letter's.

The three digits do not say it, and the status code behind them (RFC 3463) only at times: "550 5.1.1" speaks
of one mailbox, "550 5.4.5" of a sender's daily limit, "550 5.7.1" of either. What is left in doubt is told by
what the letters around it meet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ocop_workflow.notifications.mailer import (
    DeliveryError,
    DoubtfulRefusalError,
    PermanentDeliveryError,
    RelayError,
)

#: what came of an attempt: the relay's words when it took the letter, or what went wrong
Outcome = str | DeliveryError

_STATUS = re.compile(r"5\d\d #?5\.(\d{1,3}\.\d{1,3})\b")

#: the recipient's mailbox is not there, is closed or full, or the letter is too large for it (RFC 3463,
#: 3.2 to 3.4; 1.10: its domain takes no mail, RFC 7505)
_OF_ONE_LETTER = frozenset({"1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1", "2.2", "2.3", "2.4", "3.4"})

#: our own address (1.7, 1.8), login (7.8, 7.9, 7.11, 7.57) or right to send in its name (2.252, 7.60), the
#: sender's limits (4.5), a relay that is closed to us (3.2, 7.64): RFC 3463, 5248, and what Exchange adds
_OF_EVERY_LETTER = frozenset(
    {"1.7", "1.8", "2.252", "3.2", "4.5", "7.8", "7.9", "7.11", "7.57", "7.60", "7.64"}
)


def refusal(reply: str) -> DeliveryError:
    """Return what a refusal for good (5yz) means by its own words.

    Args:
        reply: the relay's reply, with its three digits.
    """
    found = _STATUS.match(reply)
    status = found[1] if found else ""
    if status in _OF_EVERY_LETTER:
        return RelayError(reply)
    return PermanentDeliveryError(reply) if status in _OF_ONE_LETTER else DoubtfulRefusalError(reply)


@dataclass
class Blame:
    """Weighs the refusals of one run, letter by letter.

    Several letters refused one after the other, to more than one domain, or to the only one that anything
    waits for, and none taken between: that is the relay, and even "no such mailbox" is not believed any more.

    Attributes:
        limit: how many are several.
        suspected: the relay was at fault when the run began: until it takes a letter, one refusal is enough.
    """

    limit: int
    suspected: bool = False
    reply: str = ""
    _refused: list[str] = field(default_factory=list)

    def weigh(self, domain: str, outcome: Outcome) -> Outcome:
        """Return what an outcome means beside those before it.

        Args:
            domain: where the letter goes.
            outcome: what came of it, by itself.
        """
        if isinstance(outcome, str):
            self._refused.clear()
            self.suspected = False
        if not isinstance(outcome, PermanentDeliveryError | DoubtfulRefusalError):
            return outcome
        self._refused.append(domain)
        self.reply = outcome.reply
        if not self.falls_on_the_relay:
            return outcome
        if len(set(self._refused)) > 1:
            return RelayError(outcome.reply)
        return DoubtfulRefusalError(outcome.reply)

    @property
    def falls_on_the_relay(self) -> bool:
        """Whether it is the relay, unless letters to another domain fare better."""
        return len(self._refused) >= (1 if self.suspected else self.limit)
