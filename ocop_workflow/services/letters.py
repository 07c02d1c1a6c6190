"""The outbox in an officer's hand: look, send again, hold back, let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.errors import Conflict, NotFound, WrongUse
from ocop_workflow.notifications import Letter, LetterState, again_key, message_id, reissue
from ocop_workflow.services import audit
from ocop_workflow.services.audit import Deed
from ocop_workflow.services.officers import HOST, permitted, sees
from ocop_workflow.storage import mailbox
from ocop_workflow.storage.letters import tells_of_undone, write_letters

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.notifications import Sender
    from ocop_workflow.storage import Connection
    from ocop_workflow.storage.mailbox import LetterRecord

#: what may be sent again: what has come to an end; anything else is still on its way
_ENDED = frozenset({LetterState.SENT, LetterState.DEAD})


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
    record = mailbox.letter_by_id(tx, letter_id)
    if record is None or not sees(tx, actor, record.unit_id):
        raise NotFound(
            f"Không có thư số {letter_id}; xem bằng `ocop letters list`.",
            f"There is no letter {letter_id}; see `ocop letters list`.",
        )
    return record


def resend(tx: Connection, by: Actor, letter_id: int, sender: Sender, now: datetime) -> str:
    """Send a letter that was sent or given up once more, as a letter of its own. Returns its key.

    Raises:
        NotFound: there is none of this number.
        NotPermitted: the letter's unit is not in the actor's hands.
        Conflict: it is still on its way, or what it says was corrected since.
    """
    page = show_letter(tx, letter_id, by)
    record = page.record
    warrant = permitted(tx, by, Permission.HANDLE_LETTERS, record.unit_id)
    if not page.mime:
        raise Conflict(
            f"Thư số {record.id}: nội dung {record.address}, không gửi lại được.",
            f"Letter {record.id}: its bytes are no longer kept; it is not sent again.",
        )
    if record.state not in _ENDED:
        raise _conflict(record, "chỉ gửi lại được thư đã gửi hoặc đã bỏ", "only what was sent or given up")
    _refuse_corrected(tx, record)
    key = again_key(record.key, mailbox.copies_of(tx, record.key) + 1)
    identity = message_id(key, sender.address)
    copy = Letter(
        key=key,
        kind=record.kind,
        unit_id=record.unit_id,
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
        NotPermitted: the letter's unit is not in the actor's hands.
        Conflict: it is not waiting.
    """
    _change(tx, by, letter_id, LetterState.PENDING, LetterState.HELD, now)


def release(tx: Connection, by: Actor, letter_id: int, now: datetime) -> None:
    """Let a letter go that was held back.

    Raises:
        NotFound: there is none of this number.
        NotPermitted: the letter's unit is not in the actor's hands.
        Conflict: it is not held.
    """
    _change(tx, by, letter_id, LetterState.HELD, LetterState.PENDING, now)


def _change(
    tx: Connection, by: Actor, letter_id: int, before: LetterState, after: LetterState, now: datetime
) -> None:
    record = _find(tx, letter_id, by)
    warrant = permitted(tx, by, Permission.HANDLE_LETTERS, record.unit_id)
    if not mailbox.change_state(tx, letter_id, before, after, now):
        raise _conflict(record, f"cần ở trạng thái {before.label}", f"it has to be {before}")
    verb = "hold" if after is LetterState.HELD else "release"
    audit.record(tx, by, Deed(f"letter.{verb}", f"letter:{letter_id}"), now, warrant)


def _conflict(record: LetterRecord, vi: str, en: str) -> Conflict:
    return Conflict(
        f"Thư số {record.id} đang ở trạng thái {record.state.label}: {vi}.",
        f"The letter {record.id} is {record.state}: {en}.",
    )
