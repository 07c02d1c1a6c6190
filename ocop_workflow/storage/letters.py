"""Queries on the outbox: writing letters, claiming one, settling it. One recipient a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, text, update

from ocop_workflow.notifications.outbox import Letter, LetterKind, LetterState
from ocop_workflow.storage.tables import outbox, units

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Connection


def write_letters(tx: Connection, letters: Sequence[Letter], at: datetime) -> int:
    """Put finished letters into the outbox. Returns how many."""
    rows = [
        {
            "key": letter.key,
            "kind": letter.kind,
            "unit_id": letter.unit_id,
            "address": letter.address,
            "digest_id": letter.digest_id,
            "transition_id": letter.transition_id,
            "subject": letter.subject,
            "message_id": letter.message_id,
            "mime": letter.mime,
            "sha256": letter.sha256,
            "state": LetterState.PENDING,
            "next_at": at,
            "attempts": 0,
            "ambiguous": 0,
            "fence": 0,
            "created_at": at,
        }
        for letter in letters
    ]
    if rows:
        tx.execute(insert(outbox), rows)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that this process may send now; `fence` proves it when the outcome is written."""

    id: int
    address: str
    mime: bytes
    fence: int
    attempts: int
    ambiguous: int
    created_at: datetime
    message_id: str


def claim_next(tx: Connection, now: datetime, lease: timedelta) -> Claim | None:
    """Claim the letter that has waited longest; the attempt is counted before it is made.

    A letter whose sender died is claimed again when its lease is over; nobody knows how that attempt
    ended, so it counts as ambiguous.
    """
    picked = tx.execute(
        select(outbox.c.id, outbox.c.state)
        .where(text("outbox.state IN ('pending', 'sending')"), _claimable(now))
        .order_by(outbox.c.next_at, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if picked is None:
        return None
    row = tx.execute(
        update(outbox)
        .where(outbox.c.id == picked.id)
        .values(
            state=LetterState.SENDING,
            attempts=outbox.c.attempts + 1,
            ambiguous=outbox.c.ambiguous + (1 if picked.state is LetterState.SENDING else 0),
            fence=outbox.c.fence + 1,
            lease_until=now + lease,
        )
        .returning(
            outbox.c.id,
            outbox.c.address,
            outbox.c.mime,
            outbox.c.fence,
            outbox.c.attempts,
            outbox.c.ambiguous,
            outbox.c.created_at,
            outbox.c.message_id,
        )
    ).one()
    return Claim(*row)


def _claimable(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(outbox.c.state == LetterState.PENDING, outbox.c.next_at <= now),
        and_(outbox.c.state == LetterState.SENDING, outbox.c.lease_until < now),
    )


def settle_sent(tx: Connection, claim: Claim, now: datetime, reply: str) -> bool:
    """Record that the relay has taken the letter. False: another process has claimed it since."""
    return _settle(tx, claim, state=LetterState.SENT, sent_at=now, relay_reply=reply)


def settle_retry(tx: Connection, claim: Claim, when: datetime, reply: str, *, ambiguous: bool) -> bool:
    """Put the letter back, not to be tried before `when`."""
    count = claim.ambiguous + (1 if ambiguous else 0)
    return _settle(tx, claim, state=LetterState.PENDING, next_at=when, last_error=reply, ambiguous=count)


def settle_dead(tx: Connection, claim: Claim, reply: str) -> bool:
    """Give the letter up, with the server's words."""
    return _settle(tx, claim, state=LetterState.DEAD, last_error=reply)


def _settle(tx: Connection, claim: Claim, **values: object) -> bool:
    done = tx.execute(
        update(outbox)
        .where(outbox.c.id == claim.id, outbox.c.fence == claim.fence, outbox.c.state == LetterState.SENDING)
        .values(lease_until=None, **values)
    )
    return done.rowcount == 1


def waiting_count(tx: Connection, now: datetime) -> int:
    """Count the letters that could be sent now."""
    statement = select(func.count()).where(text("outbox.state IN ('pending', 'sending')"), _claimable(now))
    return int(tx.execute(statement).scalar_one())


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """A letter as it stands in the outbox, without its bytes."""

    id: int
    kind: LetterKind
    unit_name: str
    address: str
    subject: str
    state: LetterState
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    last_error: str | None


def latest_letters(tx: Connection, limit: int) -> list[LetterRecord]:
    """Return the newest letters."""
    rows = tx.execute(
        select(
            outbox.c.id,
            outbox.c.kind,
            units.c.name,
            outbox.c.address,
            outbox.c.subject,
            outbox.c.state,
            outbox.c.attempts,
            outbox.c.created_at,
            outbox.c.sent_at,
            outbox.c.last_error,
        )
        .join(units, units.c.id == outbox.c.unit_id)
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    return [LetterRecord(*tuple(row)) for row in rows]


def letters_by_state(tx: Connection) -> dict[LetterState, int]:
    """Count the letters in each state."""
    rows = tx.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {LetterState(state): int(count) for state, count in rows}
