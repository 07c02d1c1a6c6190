"""Queries with which an officer looks at the outbox, and takes a letter in hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, or_, select, update

from ocop_workflow.access import Permission
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.letters.dead_queries import dead_letters
from ocop_workflow.notifications.outbox import LetterState, first_key, mailbox_of
from ocop_workflow.people.staff_queries import managed_from
from ocop_workflow.places.desk_queries import desks_of
from ocop_workflow.places.queries import reach
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import corrections, deadlines, desks, notice_steps, outbox, units
from ocop_workflow.store.tables.access import officers

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from ocop_workflow.access import Actor
    from ocop_workflow.notifications.outbox import LetterKind


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """A letter as it stands in the outbox, without its bytes.

    `officer`: the login of whose desk it goes to; then it goes to no unit, and `unit_name` is empty.
    """

    id: int
    key: str
    kind: LetterKind
    desk_id: int
    unit_id: int | None
    unit_name: str
    officer: str | None
    address: str
    subject: str
    state: LetterState
    attempts: int
    ambiguous: int
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None
    relay_reply: str | None
    last_error: str | None
    digest_id: int | None
    transition_id: int | None


def _records() -> Select[Any]:
    return select(
        outbox.c.id,
        outbox.c.key,
        outbox.c.kind,
        outbox.c.desk_id,
        desks.c.unit_id,
        func.coalesce(units.c.name, "").label("unit_name"),
        officers.c.login.label("officer"),
        outbox.c.address,
        outbox.c.subject,
        outbox.c.state,
        outbox.c.attempts,
        outbox.c.ambiguous,
        outbox.c.created_at,
        outbox.c.next_at,
        outbox.c.sent_at,
        outbox.c.relay_reply,
        outbox.c.last_error,
        outbox.c.digest_id,
        outbox.c.transition_id,
    ).select_from(
        outbox.join(desks, desks.c.id == outbox.c.desk_id)
        .outerjoin(units, units.c.id == desks.c.unit_id)
        .outerjoin(officers, officers.c.id == desks.c.officer_id)
    )


def letter_records(
    *where: ColumnElement[bool], state: LetterState | None = None, before: int | None = None
) -> Select[Any]:
    """Select letters, newest first; `before`: only those with a lower number."""
    statement = _records().where(*where).order_by(outbox.c.id.desc())
    if state is not None:
        statement = statement.where(outbox.c.state == state)
    if before is not None:
        statement = statement.where(outbox.c.id < before)
    return statement


def find_letters(tx: Connection, state: LetterState | None, limit: int) -> list[LetterRecord]:
    """Return the newest letters, all or those in one state."""
    statement = letter_records(state=state).limit(limit)
    return read_all(LetterRecord, tx.execute(statement))


def letter_by_id(tx: Connection, letter_id: int, actor: Actor) -> LetterRecord | None:
    """Return one letter, if the actor may read it."""
    return read_one(LetterRecord, tx.execute(_records().where(outbox.c.id == letter_id, *readable(actor))))


def readable(actor: Actor) -> list[ColumnElement[bool]]:
    """Match the letters that an actor may read: to units in reach, to the actor, to officers managed."""
    roots, managed = actor.units_with(Permission.READ), actor.units_with(Permission.MANAGE_OFFICERS)
    if roots is None:
        return []
    mine = or_(desks.c.officer_id == actor.officer_id, desks.c.officer_id.in_(managed_from(managed or ())))
    return [or_(desks.c.unit_id.in_(reach(roots)), mine)]


def letter_bytes(tx: Connection, letter_id: int) -> bytes:
    """Return the finished bytes of a letter."""
    return bytes(tx.execute(select(outbox.c.mime).where(outbox.c.id == letter_id)).scalar_one())


def corrected_by(tx: Connection, letter: LetterRecord) -> int | None:
    """Return the newest letter that tells the same address another date for anything this letter speaks of.

    None: what it says has not been corrected.
    """
    said, now = deadlines.alias("said"), deadlines.alias("now")
    spoken_of = select(corrections.c.deadline_id).where(corrections.c.outbox_id == letter.id)
    if letter.digest_id is not None:
        spoken_of = reminding.spoken_of(letter.digest_id)
    same = (
        said.c.plan_id == now.c.plan_id,
        said.c.kind == now.c.kind,
        said.c.rule == now.c.rule,
        said.c.product_id.is_not_distinct_from(now.c.product_id),
    )
    statement = (
        select(func.max(outbox.c.id))
        .join(corrections, corrections.c.outbox_id == outbox.c.id)
        .join(now, now.c.id == corrections.c.deadline_id)
        .join(said, and_(*same))
        .where(
            said.c.id.in_(spoken_of),
            func.lower(outbox.c.address) == mailbox_of(letter.address),
            outbox.c.id > letter.id,
            ~_same_letter(letter.key),
            outbox.c.state.not_in((LetterState.CANCELLED, LetterState.SUPERSEDED)),
        )
    )
    newest: int | None = tx.scalar(statement)
    return newest


def copies_of(tx: Connection, key: str) -> int:
    """Count a letter and the copies that officers have sent again."""
    return int(tx.execute(select(func.count()).where(_same_letter(key))).scalar_one())


def dead_numbers(
    tx: Connection, on: date, roots: Collection[int] | None, since: datetime | None
) -> list[int]:
    """Return the numbers of the letters that were given up and that nobody has seen to, oldest first.

    Args:
        tx: a transaction.
        on: the local day on which their addresses have to be in use.
        roots: the units to which they went, with whatever lies under them; none: any.
        since: the instant from which on they were written; none: ever.
    """
    within: list[ColumnElement[bool]] = (
        [] if roots is None else [outbox.c.desk_id.in_(desks_of(reach(roots)))]
    )
    if since is not None:
        within.append(outbox.c.created_at >= since)
    return [row.id for row in dead_letters(tx, on, *within)]


def copy_under_way(tx: Connection, key: str) -> int | None:
    """Return the number of a copy of this letter, or of the letter, that has not come to its end yet."""
    going = (LetterState.PENDING, LetterState.SENDING, LetterState.HELD)
    number: int | None = tx.scalar(
        select(func.min(outbox.c.id)).where(_same_letter(key), outbox.c.state.in_(going))
    )
    return number


def copies_since(tx: Connection, key: str, since: datetime) -> list[datetime]:
    """Return when copies of a letter were made after an instant, oldest first."""
    made = select(outbox.c.created_at).where(
        _same_letter(key), outbox.c.key != first_key(key), outbox.c.created_at > since
    )
    return list(tx.scalars(made.order_by(outbox.c.created_at)))


def _same_letter(key: str) -> ColumnElement[bool]:
    first = first_key(key)
    return (outbox.c.key == first) | outbox.c.key.startswith(f"{first}#", autoescape=True)


def speak_of_the_same(tx: Connection, letter_id: int, copy: str) -> None:
    """Let a copy speak of the deadlines, or tell of the steps, that its letter does.

    Args:
        tx: a writing transaction.
        letter_id: the letter; a correction or a notice, or nothing is done.
        copy: the key of its copy.
    """
    number = select(outbox.c.id).where(outbox.c.key == copy).scalar_subquery()
    same = select(number, corrections.c.deadline_id, corrections.c.falls_away)
    names = ("outbox_id", "deadline_id", "falls_away")
    tx.execute(insert(corrections).from_select(names, same.where(corrections.c.outbox_id == letter_id)))
    told = select(number, notice_steps.c.transition_id).where(notice_steps.c.outbox_id == letter_id)
    tx.execute(insert(notice_steps).from_select(("outbox_id", "transition_id"), told))


def change_state(
    tx: Connection, letter_id: int, before: LetterState, after: LetterState, at: datetime
) -> bool:
    """Move a letter from one state to another. False: it is not in the first one any more."""
    done = tx.execute(
        update(outbox)
        .where(outbox.c.id == letter_id, outbox.c.state == before)
        .values(state=after, next_at=at)
    )
    return done.rowcount == 1
