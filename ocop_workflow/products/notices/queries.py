"""Queries behind the notices: which steps a letter tells of, and which letters wait that may tell of more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from ocop_workflow.notifications.outbox import LetterKind, LetterState
from ocop_workflow.places.desk_queries import desk_of
from ocop_workflow.store.dialect import insert_all
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.tables import notice_steps, outbox, products, told_steps, transitions
from ocop_workflow.store.types import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step of which notices tell: the product's code, its number, and what is told of it."""

    id: int
    seq: int
    code: str
    words: dict[str, Any]


_STEPS = Prepared(
    select(transitions.c.id, transitions.c.seq, products.c.code, told_steps.c.words)
    .join(told_steps, told_steps.c.transition_id == transitions.c.id)
    .join(products, products.c.id == transitions.c.product_id)
    .where(transitions.c.id == bindparam("of_step"))
)
_WORDS = Prepared(insert(told_steps))


def keep_words(tx: Connection, step_id: int, words: dict[str, Any]) -> None:
    """Keep what is told of a step."""
    _WORDS.count(tx, transition_id=step_id, words=words)


def steps_told(tx: Connection, step_ids: Collection[int]) -> list[ToldStep]:
    """Return these steps in the order in which they were recorded."""
    return [_STEPS.records(ToldStep, tx, of_step=step)[0] for step in sorted(step_ids)]


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice that waits, untried, and one of the steps that it tells of."""

    letter_id: int
    address: str
    step_id: int


# one look at the index of what waits for a unit
_WAITING = Prepared(
    select(outbox.c.id.label("letter_id"), outbox.c.address, notice_steps.c.transition_id.label("step_id"))
    .join(notice_steps, notice_steps.c.outbox_id == outbox.c.id)
    .where(
        outbox.c.desk_id == desk_of(bindparam("of_unit")),
        outbox.c.state == bindparam("waits", LetterState.PENDING, type_=outbox.c.state.type),
        outbox.c.kind == bindparam("told", LetterKind.NOTICE, type_=outbox.c.kind.type),
        outbox.c.attempts == 0,
        outbox.c.created_at > bindparam("since", type_=UtcDateTime()),
    )
    .order_by(outbox.c.id, notice_steps.c.transition_id)
    .with_for_update(of=outbox)
)


def waiting_notices(tx: Connection, unit_id: int, since: datetime) -> list[WaitingNotice]:
    """Return what waits for a unit, written after an instant, and keep senders off it until the end."""
    return _WAITING.records(WaitingNotice, tx, of_unit=unit_id, since=since)


def record_told(tx: Connection, told: Mapping[str, Collection[int]]) -> None:
    """Record of which steps notices tell, by the letter's key."""
    for key, step_ids in told.items():
        ((number,),) = _NUMBER.rows(tx, of_key=key)
        rows = [{"outbox_id": number, "transition_id": step} for step in sorted(step_ids)]
        insert_all(tx, insert(notice_steps), rows)


_NUMBER = Prepared(select(outbox.c.id).where(outbox.c.key == bindparam("of_key")))


def supersede(tx: Connection, letter_ids: Collection[int]) -> None:
    """Let letters rest in whose place another one tells the same."""
    if letter_ids:
        tx.execute(update(outbox).where(outbox.c.id.in_(letter_ids)).values(state=LetterState.SUPERSEDED))


def hold(tx: Connection, key: str) -> None:
    """Hold a letter back, as the one was in whose place it stands."""
    tx.execute(update(outbox).where(outbox.c.key == key).values(state=LetterState.HELD))
