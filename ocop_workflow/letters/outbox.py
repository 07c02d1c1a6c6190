"""The outbox in an officer's hand: look, send again, hold back, let go."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.errors import Conflict, NotFound, OcopError, TooManyAttempts, WrongUse
from ocop_workflow.letters import mailbox_queries as mailbox
from ocop_workflow.letters.queries import tells_of_undone, write_letters
from ocop_workflow.notifications import Letter, LetterState, again_key, message_id, reissue
from ocop_workflow.people.officers import HOST, find_officer, find_unit, managing, permitted

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.clock import Clock
    from ocop_workflow.errors import Text
    from ocop_workflow.letters.mailbox_queries import LetterRecord
    from ocop_workflow.notifications import Sender
    from ocop_workflow.store import Connection

#: what may be sent again: what has come to an end; anything else is still on its way
_ENDED = frozenset({LetterState.SENT, LetterState.DEAD})

#: a letter is sent again no more often in 24 hours: whom three copies have not reached, a fourth will not
COPIES_A_DAY = 3
_A_DAY = timedelta(hours=24)


class TooManyCopies(TooManyAttempts):
    """A letter was sent again too often; `wait` seconds have to pass before the next copy."""


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One letter with its bytes."""

    record: LetterRecord
    mime: bytes


def list_letters(tx: Connection, state: str | None, limit: int) -> list[LetterRecord]:
    """Return the newest letters.

    Raises:
        WrongUse: there is no such state.
    """
    if state is not None and state not in set(LetterState):
        known = ", ".join(LetterState)
        raise WrongUse(
            f"Không có trạng thái thư {state}; có: {known}.", f"No letter state {state}; there are: {known}."
        )
    return mailbox.find_letters(tx, LetterState(state) if state else None, limit)


def show_letter(tx: Connection, letter_id: int, actor: Actor = HOST) -> LetterPage:
    """Return one letter with its bytes.

    Raises:
        NotFound: there is none of this number that the actor may see.
    """
    return LetterPage(_find(tx, letter_id, actor), mailbox.letter_bytes(tx, letter_id))


def _find(tx: Connection, letter_id: int, actor: Actor) -> LetterRecord:
    record = mailbox.letter_by_id(tx, letter_id, actor)
    if record is None:
        raise NotFound(
            f"Không có thư số {letter_id}; xem bằng `ocop letters list`.",
            f"There is no letter {letter_id}; see `ocop letters list`.",
        )
    return record


def _handling(tx: Connection, by: Actor, record: LetterRecord) -> Warrant:
    """Return in whose name the actor handles a letter; an officer's, whoever manages the officer."""
    if record.unit_id is None:
        return managing(tx, by, find_officer(tx, record.officer or ""))
    return permitted(tx, by, Permission.HANDLE_LETTERS, record.unit_id)


def resend(tx: Connection, by: Actor, letter_id: int, sender: Sender, now: datetime) -> str:
    """Send a letter that was sent or given up once more, as a letter of its own. Returns its key.

    Raises:
        NotFound: there is none of this number.
        NotPermitted: the letter's desk is not in the actor's hands.
        Conflict: it, or a copy of it, is still on its way, or what it says was corrected since.
        TooManyCopies: it was sent again often enough for a day.
    """
    page = show_letter(tx, letter_id, by)
    record = page.record
    warrant = _handling(tx, by, record)
    _refuse_resending(tx, record, now)
    key = again_key(record.key, mailbox.copies_of(tx, record.key) + 1)
    identity = message_id(key, sender.address)
    copy = Letter(
        key=key,
        kind=record.kind,
        desk_id=record.desk_id,
        address=record.address,
        subject=record.subject,
        message_id=identity,
        mime=reissue(page.mime, identity, now.astimezone(sender.zone)),
        digest_id=record.digest_id,
        transition_id=record.transition_id,
    )
    write_letters(tx, [copy], now)
    mailbox.speak_of_the_same(tx, letter_id, key)
    audit.record(tx, by, Deed("letter.resend", f"letter:{letter_id}", after={"key": key}), now, warrant)
    return key


def _refuse_resending(tx: Connection, record: LetterRecord, now: datetime) -> None:
    if record.state not in _ENDED:
        raise _conflict(record, "chỉ gửi lại được thư đã gửi hoặc đã bỏ", "only what was sent or given up")
    if not mailbox.letter_bytes(tx, record.id):
        raise Conflict(
            f"Thư số {record.id}: nội dung {record.address}, không gửi lại được.",
            f"Letter {record.id}: its bytes are no longer kept; it is not sent again.",
        )
    copy = mailbox.copy_under_way(tx, record.key)
    if copy is not None:
        raise Conflict(
            f"Thư số {record.id} đã được gửi lại: bản mới là thư số {copy}, chưa gửi xong.",
            f"The letter {record.id} is being sent again already: its copy is letter {copy}.",
        )
    _refuse_corrected(tx, record)
    made = mailbox.copies_since(tx, record.key, now - _A_DAY)
    if len(made) >= COPIES_A_DAY:
        wait = int((made[-COPIES_A_DAY] + _A_DAY - now).total_seconds()) + 1
        raise TooManyCopies(
            f"Thư số {record.id} đã được gửi lại {len(made)} lần trong 24 giờ; hãy gọi cho đơn vị.",
            f"The letter {record.id} was sent again {len(made)} times in 24 hours; call the unit.",
            wait,
        )


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A letter that was given up; `refusal`: why it is not sent again."""

    record: LetterRecord
    refusal: Text | None


@dataclass(frozen=True, slots=True)
class Resending:
    """The letters that were given up, and which of them would be sent again.

    `hash` stands for these very letters: whoever confirms gives it.
    """

    hash: str
    letters: tuple[DeadLetter, ...]

    @property
    def wanted(self) -> tuple[LetterRecord, ...]:
        """Those that would be sent again."""
        return tuple(letter.record for letter in self.letters if letter.refusal is None)


@dataclass(frozen=True, slots=True)
class Which:
    """Which of the letters that were given up are meant.

    Attributes:
        since: the local day from which on they were written; none: ever.
        unit: to this unit, by its id, and whatever lies under it; none: every unit in the actor's hands.
    """

    since: date | None = None
    unit: str | None = None


def dead_letters(tx: Connection, by: Actor, which: Which, clock: Clock) -> Resending:
    """Return the letters that were given up and that nobody has seen to; nothing is written.

    Raises:
        NotFound: there is no such unit.
        NotPermitted: the unit's letters are not in the actor's hands.
    """
    roots = by.units_with(Permission.HANDLE_LETTERS)
    if which.unit is not None:
        place = find_unit(tx, which.unit)
        permitted(tx, by, Permission.HANDLE_LETTERS, place.id)
        roots = frozenset({place.id})
    first = None if which.since is None else _midnight(which.since, clock)
    found = []
    for number in mailbox.dead_numbers(tx, clock.today(), roots, first):
        record = _find(tx, number, by)
        found.append(DeadLetter(record, _why_not(tx, record, clock.now())))
    content = [(letter.record.id, letter.refusal is None) for letter in found]
    return Resending(hashlib.sha256(repr(content).encode()).hexdigest()[:16], tuple(found))


def _midnight(day: date, clock: Clock) -> datetime:
    """Return the instant at which a local day begins."""
    return datetime.combine(day, time(), clock.local(clock.now()).tzinfo)


def _why_not(tx: Connection, record: LetterRecord, now: datetime) -> Text | None:
    try:
        _refuse_resending(tx, record, now)
    except OcopError as refused:
        return refused.text
    return None


def resend_dead(
    tx: Connection, by: Actor, which: Which, confirm: str, sender: Sender, clock: Clock
) -> tuple[str, ...]:
    """Send the letters that were given up again, each as one of its own. Returns their keys.

    Args:
        tx: a writing transaction.
        by: who sends them.
        which: which of them.
        confirm: the hash of what was looked at.
        sender: in whose name they go out.
        clock: this instant.

    Raises:
        NotFound: there is no such unit.
        NotPermitted: the unit's letters are not in the actor's hands.
        Conflict: others than those looked at would be sent.
    """
    found = dead_letters(tx, by, which, clock)
    if found.hash != confirm:
        raise Conflict(
            "Các thư đã bỏ nay khác lúc xem trước; hãy xem lại rồi xác nhận. Chưa gửi lại thư nào.",
            "The letters given up are not those looked at any more; look again. None was sent again.",
        )
    return tuple(resend(tx, by, record.id, sender, clock.now()) for record in found.wanted)


def _refuse_corrected(tx: Connection, record: LetterRecord) -> None:
    if record.transition_id is not None and tells_of_undone(tx, record.id):
        raise Conflict(
            f"Thư số {record.id} báo một thao tác nay đã được hoàn tác; không gửi lại được.",
            f"The letter {record.id} tells of a step that was undone since; it is not sent again.",
        )
    later = mailbox.corrected_by(tx, record)
    if later is not None:
        raise Conflict(
            f"Thư số {record.id} ghi hạn đã được đính chính bằng thư số {later}; hãy gửi lại thư số {later}.",
            f"Letter {record.id} tells dates that letter {later} has corrected; send letter {later} again.",
        )


def hold(tx: Connection, by: Actor, letter_id: int, now: datetime) -> None:
    """Keep a waiting letter back until it is released.

    Raises:
        NotFound: there is none of this number.
        NotPermitted: the letter's desk is not in the actor's hands.
        Conflict: it is not waiting.
    """
    _change(tx, by, letter_id, LetterState.PENDING, LetterState.HELD, now)


def release(tx: Connection, by: Actor, letter_id: int, now: datetime) -> None:
    """Let a letter go that was held back.

    Raises:
        NotFound: there is none of this number.
        NotPermitted: the letter's desk is not in the actor's hands.
        Conflict: it is not held.
    """
    _change(tx, by, letter_id, LetterState.HELD, LetterState.PENDING, now)


def _change(
    tx: Connection, by: Actor, letter_id: int, before: LetterState, after: LetterState, now: datetime
) -> None:
    record = _find(tx, letter_id, by)
    warrant = _handling(tx, by, record)
    if not mailbox.change_state(tx, letter_id, before, after, now):
        raise _conflict(record, f"cần ở trạng thái {before.label}", f"it has to be {before}")
    verb = "hold" if after is LetterState.HELD else "release"
    audit.record(tx, by, Deed(f"letter.{verb}", f"letter:{letter_id}"), now, warrant)


def _conflict(record: LetterRecord, vi: str, en: str) -> Conflict:
    return Conflict(
        f"Thư số {record.id} đang ở trạng thái {record.state.label}: {vi}.",
        f"The letter {record.id} is {record.state}: {en}.",
    )
