"""What the doctor and health read of letters that do not leave: by index, however many have left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, text

from ocop_workflow.notifications.outbox import LetterState, again_key, copy_number
from ocop_workflow.store.tables import contacts, desks, outbox, units
from ocop_workflow.store.tables.access import officers

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row

_WAITS = text("outbox.state IN ('pending', 'sending')")  # as the partial indexes say it
_DEAD = text("outbox.state IN ('dead', 'held')")
_AT_ONCE = 1000


def oldest_waiting(tx: Connection) -> Row[Any] | None:
    """Return how many letters wait, the first one's number, when the first was written, the last is due.

    None: no letter waits.
    """
    row = tx.execute(
        select(
            func.count().label("waiting"),
            func.min(outbox.c.id).label("id"),
            func.min(outbox.c.created_at).label("written_at"),
            func.max(outbox.c.next_at).label("due_at"),
        ).where(_WAITS)
    ).one()
    return row if row.waiting else None


def is_any_sent_after(tx: Connection, letter_id: int) -> bool:
    """Tell whether a letter that was written after another one has left."""
    sent = select(outbox.c.id).where(outbox.c.id > letter_id, outbox.c.state == LetterState.SENT)
    return tx.execute(sent.order_by(outbox.c.id).limit(1)).one_or_none() is not None


def last_sent_at(tx: Connection) -> datetime | None:
    """Return when the last written of the letters that have left did so; none: none has left."""
    sent = select(outbox.c.sent_at).where(outbox.c.state == LetterState.SENT)
    instant: datetime | None = tx.scalar(sent.order_by(outbox.c.id.desc()).limit(1))
    return instant


def last_error_of_waiting(tx: Connection) -> str | None:
    """Return what was said last about a letter that waits."""
    said = select(outbox.c.last_error).where(_WAITS, outbox.c.last_error.is_not(None))
    words: str | None = tx.scalar(said.order_by(outbox.c.id.desc()).limit(1))
    return words


def dead_letters(tx: Connection, on: date, *within: ColumnElement[bool]) -> list[Row[Any]]:
    """Return the letters that were given up and that nobody has seen to, oldest first.

    Somebody has where it was sent again, or where its desk has the address no longer on the local day `on`.
    `within`: only those for which this holds, too.
    """
    in_use = and_(
        contacts.c.desk_id == outbox.c.desk_id,
        func.lower(contacts.c.address) == func.lower(outbox.c.address),
        or_(contacts.c.valid_to.is_(None), contacts.c.valid_to > on),
    )
    statement = (
        select(
            outbox.c.id,
            outbox.c.key,
            outbox.c.address,
            outbox.c.created_at,
            outbox.c.last_error,
            func.coalesce(units.c.name, officers.c.name).label("unit"),
        )
        .join(desks, desks.c.id == outbox.c.desk_id)
        .outerjoin(units, units.c.id == desks.c.unit_id)
        .outerjoin(officers, officers.c.id == desks.c.officer_id)
        .where(
            _DEAD, outbox.c.state == LetterState.DEAD, select(contacts.c.id).where(in_use).exists(), *within
        )
        .order_by(outbox.c.id)
    )
    dead: list[Row[Any]] = list(tx.execute(statement))
    next_copy = {row.id: again_key(row.key, copy_number(row.key) + 1) for row in dead}
    keys, sent_again = sorted(next_copy.values()), set[str]()
    for start in range(0, len(keys), _AT_ONCE):
        part = outbox.c.key.in_(keys[start : start + _AT_ONCE])
        sent_again.update(tx.scalars(select(outbox.c.key).where(part)))
    return [row for row in dead if next_copy[row.id] not in sent_again]
