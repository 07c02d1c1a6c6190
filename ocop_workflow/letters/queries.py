"""Queries on the outbox: writing letters, claiming one, settling it. One recipient a row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, insert, or_, select, text, update

from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.notifications.outbox import Letter, LetterState
from ocop_workflow.store.dialect import insert_new, look_anew
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_one
from ocop_workflow.store.tables import notice_steps, outbox, relay, transitions
from ocop_workflow.store.types import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

#: no lease and no wait for another attempt is as long: what ends later was written by a clock that ran ahead
NEVER_SO_LONG = timedelta(days=1)


def write_letters(tx: Connection, letters: Sequence[Letter], at: datetime) -> int:
    """Put finished letters into the outbox. Returns how many."""
    rows = [
        {
            "key": letter.key,
            "kind": letter.kind,
            "desk_id": letter.desk_id,
            "address": letter.address,
            "domain": letter.domain,
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


def keys_among(tx: Connection, keys: Collection[str]) -> set[str]:
    """Return those of these keys under which a letter was written."""
    return set(tx.scalars(select(outbox.c.key).where(outbox.c.key.in_(keys))))


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
    domain: str
    refusals: int
    failed_at: datetime | None


def claim_next(
    tx: Connection, now: datetime, lease: timedelta, without: Collection[str] = ()
) -> Claim | None:
    """Claim the letter that has waited longest; the attempt is counted before it is made.

    A letter whose sender died is claimed again when its lease is over; nobody knows how that attempt
    ended, so it counts as ambiguous. A digest that events have overtaken altogether is superseded instead,
    a notice that tells of a step that was undone is cancelled.

    Args:
        tx: a writing transaction.
        now: this instant.
        lease: how long the claim holds.
        without: domains whose letters have to wait now.
    """
    while (picked := _pick(tx, now, without)) is not None:
        if picked.digest_id is not None and reminding.is_overtaken(tx, picked.digest_id):
            _drop(tx, picked.id, picked.digest_id)
        elif picked.transition_id is not None and tells_of_undone(tx, picked.id):
            _cancel(tx, picked.id)
        else:
            return _claim(tx, picked, now, lease)
    return None


@dataclass(frozen=True, slots=True)
class _Picked:
    id: int
    state: LetterState
    digest_id: int | None
    transition_id: int | None


def _pick(tx: Connection, now: datetime, without: Collection[str]) -> _Picked | None:
    never = now + NEVER_SO_LONG
    if without:
        statement = _NEXT.where(outbox.c.domain.not_in(without))
        return read_one(_Picked, tx.execute(statement, {"now": now, "never": never}))
    found = _PICK.records(_Picked, tx, now=now, never=never)
    return found[0] if found else None


def tells_of_undone(tx: Connection, letter_id: int) -> bool:
    """Tell whether a step that a notice tells of was undone; what else it tells is told anew since."""
    undoing = transitions.alias()
    statement = (
        select(undoing.c.id)
        .join(transitions, transitions.c.product_id == undoing.c.product_id)
        .join(notice_steps, notice_steps.c.transition_id == transitions.c.id)
        .where(notice_steps.c.outbox_id == letter_id, undoing.c.undoes == transitions.c.seq)
        .limit(1)
    )
    return tx.execute(statement).one_or_none() is not None


def _cancel(tx: Connection, letter_id: int) -> None:
    tx.execute(
        update(outbox).where(outbox.c.id == letter_id).values(state=LetterState.CANCELLED, lease_until=None)
    )


def _drop(tx: Connection, letter_id: int, digest_id: int) -> None:
    tx.execute(
        update(outbox).where(outbox.c.id == letter_id).values(state=LetterState.SUPERSEDED, lease_until=None)
    )
    gone = select(outbox.c.id).where(
        outbox.c.digest_id == digest_id, outbox.c.state != LetterState.SUPERSEDED
    )
    if tx.execute(gone.limit(1)).one_or_none() is None:
        reminding.cancel_digest(tx, digest_id)


def _claim(tx: Connection, picked: _Picked, now: datetime, lease: timedelta) -> Claim:
    unsettled = 1 if picked.state is LetterState.SENDING else 0
    (claim,) = _CLAIM.records(Claim, tx, of_letter=picked.id, unsettled=unsettled, lease_until=now + lease)
    return claim


def _claimable() -> ColumnElement[bool]:
    """Match the letters whose time has come, or was set by a clock that has been put back since."""
    now, never = bindparam("now", type_=UtcDateTime()), bindparam("never", type_=UtcDateTime())
    next_at, lease_until = outbox.c.next_at, outbox.c.lease_until
    return or_(
        and_(outbox.c.state == LetterState.PENDING, or_(next_at <= now, next_at > never)),
        and_(outbox.c.state == LetterState.SENDING, or_(lease_until < now, lease_until > never)),
    )


# what each letter needs
_NEXT = (
    select(outbox.c.id, outbox.c.state, outbox.c.digest_id, outbox.c.transition_id)
    .where(text("outbox.state IN ('pending', 'sending')"), _claimable())
    .order_by(outbox.c.next_at, outbox.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_PICK = Prepared(_NEXT)
_CLAIM = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("of_letter"))
    .values(
        state=LetterState.SENDING,
        attempts=outbox.c.attempts + 1,
        ambiguous=outbox.c.ambiguous + bindparam("unsettled", type_=Integer),
        fence=outbox.c.fence + 1,
        lease_until=bindparam("lease_until"),
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
        outbox.c.domain,
        func.coalesce(outbox.c.refusals, 0).label("refusals"),
        outbox.c.failed_at,
    )
)
_SETTLE = Prepared(
    update(outbox).where(
        outbox.c.id == bindparam("of_letter"),
        outbox.c.fence == bindparam("by_fence"),
        outbox.c.state == bindparam("claimed", LetterState.SENDING, type_=outbox.c.state.type),
    )
)


def settle_sent(tx: Connection, claim: Claim, now: datetime, reply: str) -> bool:
    """Record that the relay has taken the letter. False: another process has claimed it since."""
    return _settle(tx, claim, state=LetterState.SENT, sent_at=now, relay_reply=reply)


def put_back(tx: Connection, claim: Claim, when: datetime, reply: str) -> bool:
    """Put the letter back that the relay's own fault has stopped, not to be tried before `when`."""
    return _settle(tx, claim, state=LetterState.PENDING, next_at=when, last_error=reply)


def settle_retry(
    tx: Connection, claim: Claim, when: datetime, reply: str, now: datetime, *, ambiguous: int, refusals: int
) -> bool:
    """Put the letter back that has failed, not to be tried before `when`, with how it has fared so far."""
    fared = {"failed_at": now, "ambiguous": ambiguous, "refusals": refusals}
    return _settle(tx, claim, state=LetterState.PENDING, next_at=when, last_error=reply, **fared)


def settle_dead(tx: Connection, claim: Claim, reply: str) -> bool:
    """Give the letter up, with the server's words."""
    return _settle(tx, claim, state=LetterState.DEAD, last_error=reply)


def _settle(tx: Connection, claim: Claim, **values: object) -> bool:
    return _SETTLE.count(tx, of_letter=claim.id, by_fence=claim.fence, lease_until=None, **values) == 1


def look_at_waiting(tx: Connection) -> None:
    """Let the database learn how many letters wait, before it is asked again and again for a few of them."""
    look_anew(tx, outbox)


def waiting_count(tx: Connection, now: datetime) -> int:
    """Count the letters that could be sent now."""
    statement = select(func.count()).where(text("outbox.state IN ('pending', 'sending')"), _claimable())
    return int(tx.execute(statement, {"now": now, "never": now + NEVER_SO_LONG}).scalar_one())


@dataclass(frozen=True, slots=True)
class RelayRecord:
    """How the relay has behaved lately.

    Attributes:
        faults: its own, in a row.
        open_until: nothing is tried before.
        last_fault: what it said.
        since: when the first of the faults was.
        taken_at: when it took a letter.
    """

    faults: int = 0
    open_until: datetime | None = None
    last_fault: str | None = None
    since: datetime | None = None
    taken_at: datetime | None = None


def relay_record(tx: Connection) -> RelayRecord:
    """Return how the relay has behaved lately."""
    columns = relay.c.faults, relay.c.open_until, relay.c.last_fault, relay.c.since, relay.c.taken_at
    return read_one(RelayRecord, tx.execute(select(*columns))) or RelayRecord()


def save_relay(tx: Connection, record: RelayRecord) -> None:
    """Remember how the relay behaves, for every process that sends."""
    values = asdict(record)
    if tx.execute(update(relay).values(**values)).rowcount == 0:
        tx.execute(insert_new(tx, relay).values(id=1, **values))
