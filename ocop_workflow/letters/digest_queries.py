"""Queries behind the digests: who has something unsaid, and which reminders a digest carries.

Reminders are marked first and read afterwards: a digest holds exactly what was marked for it, whatever
else is written meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, or_, select, text, update

from ocop_workflow.calendar import DeadlineKind, ReminderStatus
from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.states import CertificateStanding
from ocop_workflow.store.dialect import in_parts, look_anew
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import (
    certificates,
    deadlines,
    digests,
    outbox,
    producers,
    products,
    reminders,
    units,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

#: two sweeps that write digests on one PostgreSQL database at once take turns by this number
_ADVISORY_LOCK = 0x0C0D


#: what certainly nobody has read yet
UNSENT = text("outbox.state IN ('pending', 'held') AND outbox.ambiguous = 0")


def perhaps_sent() -> ColumnElement[bool]:
    """What somebody may have read: it was sent, is being sent, or nobody knows."""
    return or_(outbox.c.state.in_([LetterState.SENT, LetterState.SENDING]), outbox.c.ambiguous > 0)


def take_turns(tx: Connection) -> None:
    """Let only one process write digests at a time; on SQLite there is only one writer anyway."""
    if tx.dialect.name != "sqlite":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


_WAITING = text("outbox.state IN ('pending', 'sending')")  # as the partial indexes say it


def _unsaid() -> ColumnElement[bool]:
    # written out, so that the planner sees that the partial index holds
    return text("reminders.status = 'due' AND reminders.digest_id IS NULL")  # type: ignore[return-value]  # a text clause filters like an expression


def look_at_unsaid(tx: Connection) -> None:
    """Let the database learn how much is unsaid, before many batches ask for their own part of it."""
    look_anew(tx, reminders)


def units_with_something_unsaid(tx: Connection) -> list[int]:
    """Return the numbers of the units with reminders that no digest says yet."""
    return list(
        tx.scalars(select(reminders.c.unit_id).where(_unsaid()).distinct().order_by(reminders.c.unit_id))
    )


def still_unsaid(tx: Connection, unit_ids: Collection[int]) -> set[int]:
    """Return those of these units that have reminders which no digest says yet."""
    unsaid = select(reminders.c.unit_id).where(_unsaid(), reminders.c.unit_id == units.c.id).exists()
    return set(tx.scalars(select(units.c.id).where(units.c.id.in_(unit_ids), unsaid)))


def units_served_today(tx: Connection, unit_ids: Collection[int], day: date) -> set[int]:
    """Return the units whose digest of this day is on its way or sent: the rest waits a working day."""
    rows = tx.scalars(
        select(digests.c.unit_id)
        .join(outbox, outbox.c.digest_id == digests.c.id)
        .where(
            digests.c.unit_id.in_(unit_ids),
            digests.c.day == day,
            outbox.c.state.not_in([LetterState.PENDING, LetterState.SUPERSEDED, LetterState.CANCELLED]),
        )
    )
    return set(rows)


def hold_waiting(tx: Connection, unit_ids: Collection[int]) -> dict[int, int]:
    """Keep deliverers off the waiting letters of these units until this transaction has ended.

    Returns the digests among them, with their units.
    """
    waiting = select(outbox.c.digest_id, outbox.c.unit_id).where(_WAITING, outbox.c.unit_id.in_(unit_ids))
    held = tx.execute(waiting.with_for_update())
    return {digest: unit for digest, unit in held if digest is not None}


def open_digests(tx: Connection, unit_ids: Sequence[int], day: date) -> dict[int, tuple[int, int]]:
    """Begin a digest for each unit. Returns its number and generation by unit."""
    latest = tx.execute(
        select(digests.c.unit_id, func.max(digests.c.generation))
        .where(digests.c.unit_id.in_(unit_ids), digests.c.day == day)
        .group_by(digests.c.unit_id)
    )
    before: dict[int, int] = {unit: generation for unit, generation in latest}  # noqa: C416 - see importing
    rows = [{"unit_id": unit, "day": day, "generation": before.get(unit, 0) + 1} for unit in sorted(unit_ids)]
    statement = insert(digests).returning(digests.c.unit_id, digests.c.id, digests.c.generation)
    return {unit: (digest, generation) for unit, digest, generation in tx.execute(statement, rows)}


def mark_unsaid(tx: Connection, digest_ids: Collection[int]) -> None:
    """Give every unsaid reminder of the digests' units to its unit's digest."""
    of_unit = reminders.c.unit_id == digests.c.unit_id
    marked = update(reminders).where(_unsaid(), of_unit, digests.c.id.in_(digest_ids))
    tx.execute(marked.values(digest_id=digests.c.id))


def supersede_waiting(tx: Connection, waiting: dict[int, int], digest_by_unit: dict[int, int]) -> None:
    """Supersede the older digests of these units of which nothing has left; their items are carried over."""
    begun = select(outbox.c.digest_id).where(
        outbox.c.digest_id.in_(waiting), outbox.c.state != LetterState.PENDING
    )
    started = set(tx.scalars(begun)) if waiting else set()
    for old, unit in waiting.items():
        if unit in digest_by_unit and old not in started:
            _supersede(tx, old, digest_by_unit[unit])


def _supersede(tx: Connection, old: int, new: int) -> None:
    tx.execute(update(outbox).where(outbox.c.digest_id == old).values(state=LetterState.SUPERSEDED))
    tx.execute(update(digests).where(digests.c.id == old).values(superseded_by=new))
    tx.execute(update(reminders).where(reminders.c.digest_id == old).values(digest_id=new))


def drop_overtaken(tx: Connection, digest_ids: Collection[int]) -> None:
    """Take out of the digests what events have overtaken.

    A reminder of a deadline that is closed is cancelled; of two stages of one deadline the later is said.
    """
    mine = reminders.c.digest_id.in_(digest_ids)
    closed = (
        select(deadlines.c.id)
        .where(deadlines.c.id == reminders.c.deadline_id, deadlines.c.closed_on.is_not(None))
        .exists()
    )
    tx.execute(update(reminders).where(mine, closed).values(status=ReminderStatus.CANCELLED, digest_id=None))
    later = reminders.alias("later")
    overtaken = (
        select(later.c.deadline_id)
        .where(
            later.c.deadline_id == reminders.c.deadline_id,
            later.c.unit_id == reminders.c.unit_id,
            later.c.digest_id == reminders.c.digest_id,
            later.c.stage > reminders.c.stage,
        )
        .exists()
    )
    tx.execute(
        update(reminders).where(mine, overtaken).values(status=ReminderStatus.SUPERSEDED, digest_id=None)
    )


def let_rest(tx: Connection, digest_ids: Collection[int], plan_ids: Collection[int], day: date) -> None:
    """Take out of the digests what is late under plans whose year is over: it is said no more."""
    late = (
        select(deadlines.c.id)
        .where(
            deadlines.c.id == reminders.c.deadline_id,
            deadlines.c.plan_id.in_(plan_ids),
            deadlines.c.kind != DeadlineKind.RELATIVE,
            deadlines.c.due_on < day,
        )
        .exists()
    )
    tx.execute(
        update(reminders)
        .where(reminders.c.digest_id.in_(digest_ids), late)
        .values(status=ReminderStatus.SUPERSEDED, digest_id=None)
    )


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One reminder in a digest; by its kind it is about a product, a commune without one, or an activity."""

    digest_id: int
    plan_id: int
    kind: DeadlineKind
    rule: str
    due_on: date
    stage: int
    product_code: str | None
    product_name: str | None
    unit_name: str | None
    producer: str | None
    proposed: bool  # its product's certificate is only a commune's word


def items_of(tx: Connection, digest_ids: Collection[int]) -> dict[int, list[DigestItem]]:
    """Return the items of each digest, the most pressing first."""
    rows = tx.execute(
        select(
            reminders.c.digest_id,
            deadlines.c.plan_id,
            deadlines.c.kind,
            deadlines.c.rule,
            deadlines.c.due_on,
            reminders.c.stage,
            products.c.code.label("product_code"),
            products.c.name.label("product_name"),
            units.c.name.label("unit_name"),
            producers.c.name.label("producer"),
            certificates.c.id.is_not(None).label("proposed"),
        )
        .join(deadlines, deadlines.c.id == reminders.c.deadline_id)
        .outerjoin(
            certificates,
            (certificates.c.product_id == deadlines.c.product_id)
            & certificates.c.ended_on.is_(None)
            & (certificates.c.standing == CertificateStanding.PROPOSED),
        )
        .outerjoin(products, products.c.id == deadlines.c.product_id)
        .outerjoin(units, units.c.id == products.c.unit_id)
        .outerjoin(producers, producers.c.id == products.c.producer_id)
        .where(reminders.c.digest_id.in_(digest_ids))
        .order_by(reminders.c.digest_id, deadlines.c.due_on, products.c.code, deadlines.c.rule)
    )
    found: dict[int, list[DigestItem]] = {}
    for item in read_all(DigestItem, rows):
        found.setdefault(item.digest_id, []).append(item)
    return found


def plans_of(tx: Connection, digest_ids: Collection[int]) -> list[int]:
    """Return the numbers of the plans on which the digests' items rest."""
    statement = (
        select(deadlines.c.plan_id)
        .join(reminders, reminders.c.deadline_id == deadlines.c.id)
        .where(reminders.c.digest_id.in_(digest_ids))
        .distinct()
        .order_by(deadlines.c.plan_id)
    )
    return list(tx.scalars(statement))


def put_back(tx: Connection, digest_ids: Collection[int], plan_id: int) -> None:
    """Take a plan's items out of the digests; see `unsay`."""
    of_plan = select(deadlines.c.id).where(
        deadlines.c.id == reminders.c.deadline_id, deadlines.c.plan_id == plan_id
    )
    unsay(tx, and_(reminders.c.digest_id.in_(digest_ids), of_plan.exists()))


def take_back(tx: Connection, letter_ids: Collection[int], digest_ids: Collection[int]) -> None:
    """Supersede letters that have not gone out; what these digests say is unsaid again."""
    for part in in_parts(letter_ids):
        tx.execute(update(outbox).where(outbox.c.id.in_(part)).values(state=LetterState.SUPERSEDED))
    for part in in_parts(digest_ids):
        unsay(tx, reminders.c.digest_id.in_(part))


def unsay(tx: Connection, which: ColumnElement[bool]) -> None:
    """Take reminders out of digests that do not go out: they are unsaid again.

    What its deadline's end has overtaken meanwhile is cancelled: there is nothing more to say of it.
    """
    closed = select(deadlines.c.id).where(
        deadlines.c.id == reminders.c.deadline_id, deadlines.c.closed_on.is_not(None)
    )
    cancelled = {"status": ReminderStatus.CANCELLED, "digest_id": None}
    tx.execute(
        update(reminders)
        .where(which, closed.exists(), reminders.c.status == ReminderStatus.DUE)
        .values(cancelled)
    )
    tx.execute(update(reminders).where(which).values(digest_id=None))


def discard_digests(tx: Connection, digest_ids: Collection[int]) -> None:
    """Remove digests that turned out to have nothing to say."""
    if digest_ids:
        tx.execute(update(digests).where(digests.c.superseded_by.in_(digest_ids)).values(superseded_by=None))
        tx.execute(delete(digests).where(digests.c.id.in_(digest_ids)))
