"""Rules of the outbox: what a letter is, which states it has, when it is tried again.

No database and no network in here; `storage` keeps the rows, `letters.delivery` walks them.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text
from ocop_workflow.notifications.mailer import BUDGET

if TYPE_CHECKING:
    from collections.abc import Callable

#: what a sender may need beside the relay: five seconds for the database's lock, and a minute to spare
MARGIN = timedelta(seconds=65)


class LetterKind(StrEnum):
    """What a letter is.

    A digest of reminders, a notice about steps of products, a correction of what was told, a warning to
    the authority about the service itself, or a word to an officer about a token's end.
    """

    DIGEST = "digest"
    NOTICE = "notice"
    CORRECTION = "correction"
    WARNING = "warning"
    TOKEN = "token"  # noqa: S105 - a word, no secret

    @property
    def text(self) -> Text:
        """What it is, in both languages."""
        return _KINDS[self]


_KINDS = {
    LetterKind.DIGEST: Text("nhắc việc", "reminders"),
    LetterKind.NOTICE: Text("báo kết quả", "notice"),
    LetterKind.CORRECTION: Text("đính chính", "correction"),
    LetterKind.WARNING: Text("cảnh báo", "warning"),
    LetterKind.TOKEN: Text("mã truy cập sắp hết hạn", "a token's end"),
}


class LetterState(StrEnum):
    """Where a letter stands. Retrying is `pending` with a later `next_at`."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    HELD = "held"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        """The state in Vietnamese, as an officer says it."""
        return self.text.vi

    @property
    def text(self) -> Text:
        """The state in both languages."""
        return _LABELS[self]


_LABELS = {
    LetterState.PENDING: Text("chờ gửi", "waiting"),
    LetterState.SENDING: Text("đang gửi", "being sent"),
    LetterState.SENT: Text("đã gửi", "sent"),
    LetterState.DEAD: Text("đã bỏ", "given up"),
    LetterState.HELD: Text("giữ lại", "held"),
    LetterState.CANCELLED: Text("đã hủy", "cancelled"),
    LetterState.SUPERSEDED: Text("đã thay bằng thư mới", "replaced by a newer letter"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished letter to one recipient: its bytes, `Message-ID` and `Date` in them, never change."""

    key: str
    kind: LetterKind
    desk_id: int
    address: str
    subject: str
    message_id: str
    mime: bytes
    digest_id: int | None = None
    transition_id: int | None = None

    @property
    def domain(self) -> str:
        """Where the letter goes: what comes behind the sign of its address."""
        return mailbox_of(self.address).rpartition("@")[2]

    @property
    def sha256(self) -> str:
        """The checksum of the bytes."""
        return hashlib.sha256(self.mime).hexdigest()


def mailbox_of(address: str) -> str:
    """Return the mailbox that an address names, to compare it by: capital letters make no other one.

    A domain's letters never count (RFC 5321, 2.4). Those before the sign might, but no office has two
    mailboxes that differ in them, and the one that it has is written both ways.
    """
    return address.lower()


def digest_key(unit: str, address: str, day: date, generation: int) -> str:
    """Return the key of a digest's letter: unit, address, day (and which one of that day)."""
    return f"digest:{unit}:{address}:{day.isoformat()}:{generation}"


def notice_key(product: str, seq: int, address: str) -> str:
    """Return the key of the notice about a product's n-th transition."""
    return f"notice:{product}:{seq}:{address}"


def correction_key(subject: str, unit: str, address: str) -> str:
    """Return the key of a correction: what has changed (`plan:ID:VERSION`), unit, address."""
    return f"correction:{subject}:{unit}:{address}"


def retraction_key(product: str, seq: int, address: str) -> str:
    """Return the key of the letter that takes a notice back: `seq` is the number of the undoing."""
    return f"correction:{product}:{seq}:{address}"


def warning_key(subject: str, unit: str, address: str) -> str:
    """Return the key of a warning: what it is about (once for each occasion), unit, address."""
    return f"warning:{subject}:{unit}:{address}"


def token_key(prefix: str) -> str:
    """Return the key of the letter about a token's end: each token has one, wherever it goes."""
    return f"token:{prefix}"


def again_key(key: str, number: int) -> str:
    """Return the key of a letter that an officer sends again: its copy is a letter of its own."""
    return f"{first_key(key)}#{number}"


def first_key(key: str) -> str:
    """Return the key of the letter that a copy was made of; any other letter's is its own."""
    return key.rpartition("#")[0] if copy_number(key) > 1 else key


def copy_number(key: str) -> int:
    """Return which copy of its letter a key names: 2, 3 …; 1: the letter itself."""
    _, sign, number = key.rpartition("#")
    return int(number) if sign and number.isdecimal() and int(number) > 1 else 1


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of the letter with this key: the same over all attempts."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again, not before this instant."""

    when: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again; the letter is dead and somebody has to look."""

    reason: str


@dataclass(frozen=True, slots=True)
class Tried:
    """How a letter has fared.

    Attributes:
        attempts: how often it was tried, this time included.
        created_at: when it was written.
        ambiguous: how often nobody could know whether the relay had taken it.
        refusals: how often it was refused for good, others having been taken since the time before.
        alone: whether the relay has taken others since this one failed the time before.
    """

    attempts: int
    created_at: datetime
    ambiguous: int = 0
    refusals: int = 0
    alone: bool = False


def _chance() -> float:
    return random.random()  # noqa: S311 - spreads attempts in time, keeps no secret


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When a letter that did not get through is tried again.

    The longest possible wait doubles with each attempt; the wait itself is drawn anew between `least` and
    that ("full jitter"), so that letters which failed together do not come back together. `chance` gives
    the draw, 0 to 1. `lease` is how long a claim holds: a letter whose sender died is free again after it.

    A letter is given up only for what it meets alone: after `horizon`, or after `doubt` once it was refused
    for good `refusals` times between which the relay took others.

    Raises:
        ValueError: the lease is so short that a slow sender would lose its letter to another while sending.
    """

    least: timedelta = timedelta(seconds=10)
    first: timedelta = timedelta(minutes=1)
    longest: timedelta = timedelta(hours=6)
    horizon: timedelta = timedelta(days=14)
    doubt: timedelta = timedelta(days=1)
    refusals: int = 3
    ambiguous_limit: int = 3
    lease: timedelta = timedelta(minutes=5)
    chance: Callable[[], float] = _chance

    def __post_init__(self) -> None:
        if self.lease < BUDGET + MARGIN:
            raise ValueError(f"a lease of {self.lease} is shorter than sending may take: {BUDGET} + {MARGIN}")

    def after(self, tried: Tried, now: datetime) -> RetryAt | GiveUp:
        """Decide after a failure that leaves hope."""
        age = now - tried.created_at
        if tried.ambiguous > self.ambiguous_limit:
            return GiveUp("uncertain")
        if tried.alone and age >= self.horizon:
            return GiveUp("expired")
        if tried.refusals >= self.refusals and age >= self.doubt:
            return GiveUp("refused")
        doublings = min(max(tried.attempts - 1, 0), 20)
        most = min(self.first * 2**doublings, self.longest)
        return RetryAt(now + max(self.least, most * self.chance()))


@dataclass(frozen=True, slots=True)
class Breaker:
    """Keeps letters away from a relay that is at fault itself: no login, no trusted line, nobody there.

    After `limit` faults in a row nothing is tried for `pause`; then letters probe, one of each domain, until
    the relay takes one.
    """

    limit: int = 3
    pause: timedelta = timedelta(minutes=5)

    def open_until(self, faults: int, now: datetime) -> datetime | None:
        """Return until when nothing is tried after so many faults in a row; none: go on."""
        return now + self.pause if faults >= self.limit else None

    def is_open(self, until: datetime | None, now: datetime) -> bool:
        """Tell whether nothing is tried now; a pause set by a clock that ran ahead holds nobody up."""
        return until is not None and now < until <= now + self.pause

    def is_probing(self, faults: int) -> bool:
        """Tell whether a run only probes, after so many faults in a row."""
        return faults >= self.limit
