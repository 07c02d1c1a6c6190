"""Queries behind the digests: whose turn it is, which letters wait, what a digest is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, or_, select, text, update

from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.states import CertificateStanding
from ocop_workflow.store.dialect import in_parts
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import (
    certificates,
    deadlines,
    digests,
    outbox,
    producers,
    products,
    units,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from ocop_workflow.calendar import DeadlineKind

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


def desks_served_today(tx: Connection, desk_ids: Collection[int], day: date) -> set[int]:
    """Return the desks whose digest of this day is on its way or sent: the rest waits a working day."""
    rows = tx.scalars(
        select(digests.c.desk_id)
        .join(outbox, outbox.c.digest_id == digests.c.id)
        .where(
            digests.c.desk_id.in_(desk_ids),
            digests.c.day == day,
            outbox.c.state.not_in([LetterState.PENDING, LetterState.SUPERSEDED, LetterState.CANCELLED]),
        )
    )
    return set(rows)


def hold_waiting(tx: Connection, desk_ids: Collection[int]) -> dict[int, int]:
    """Keep deliverers off the waiting letters of these desks until this transaction has ended.

    Returns the digests among them, with their desks.
    """
    waiting = select(outbox.c.digest_id, outbox.c.desk_id).where(_WAITING, outbox.c.desk_id.in_(desk_ids))
    held = tx.execute(waiting.with_for_update())
    return {digest: desk for digest, desk in held if digest is not None}


def open_digests(tx: Connection, desk_ids: Sequence[int], day: date) -> dict[int, tuple[int, int]]:
    """Begin a digest for each desk. Returns its number and generation by desk."""
    latest = tx.execute(
        select(digests.c.desk_id, func.max(digests.c.generation))
        .where(digests.c.desk_id.in_(desk_ids), digests.c.day == day)
        .group_by(digests.c.desk_id)
    )
    before: dict[int, int] = {desk: generation for desk, generation in latest}  # noqa: C416 - see importing
    rows = [{"desk_id": desk, "day": day, "generation": before.get(desk, 0) + 1} for desk in sorted(desk_ids)]
    statement = insert(digests).returning(digests.c.desk_id, digests.c.id, digests.c.generation)
    return {desk: (digest, generation) for desk, digest, generation in tx.execute(statement, rows)}


def supersede_waiting(tx: Connection, waiting: dict[int, int], digest_by_desk: dict[int, int]) -> None:
    """Supersede the older digests of these desks of which nothing has left; their items are carried over."""
    begun = select(outbox.c.digest_id).where(
        outbox.c.digest_id.in_(waiting), outbox.c.state != LetterState.PENDING
    )
    started = set(tx.scalars(begun)) if waiting else set()
    for old, desk in waiting.items():
        if desk in digest_by_desk and old not in started:
            _supersede(tx, old, digest_by_desk[desk])


def _supersede(tx: Connection, old: int, new: int) -> None:
    tx.execute(update(outbox).where(outbox.c.digest_id == old).values(state=LetterState.SUPERSEDED))
    tx.execute(update(digests).where(digests.c.id == old).values(superseded_by=new))
    reminding.carry_over(tx, old, new)


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One reminder in a digest; by its kind it is about a product, a commune without one, or an activity."""

    digest_id: int
    plan_id: int | None
    regulation: str | None  # by which a product outside every plan is watched
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
    said = reminding.said_in(digest_ids)
    rows = tx.execute(
        said.add_columns(
            deadlines.c.plan_id,
            products.c.regulation,
            deadlines.c.kind,
            deadlines.c.rule,
            deadlines.c.due_on,
            products.c.code.label("product_code"),
            products.c.name.label("product_name"),
            units.c.name.label("unit_name"),
            producers.c.name.label("producer"),
            certificates.c.id.is_not(None).label("proposed"),
        )
        .outerjoin(
            certificates,
            (certificates.c.product_id == deadlines.c.product_id)
            & certificates.c.ended_on.is_(None)
            & (certificates.c.standing == CertificateStanding.PROPOSED),
        )
        .outerjoin(products, products.c.id == deadlines.c.product_id)
        .outerjoin(units, units.c.id == products.c.unit_id)
        .outerjoin(producers, producers.c.id == products.c.producer_id)
        .order_by(said.selected_columns.digest_id, deadlines.c.due_on, products.c.code, deadlines.c.rule)
    )
    found: dict[int, list[DigestItem]] = {}
    for item in read_all(DigestItem, rows):
        found.setdefault(item.digest_id, []).append(item)
    return found


def plans_of(tx: Connection, digest_ids: Collection[int]) -> list[int]:
    """Return the numbers of the plans on which the digests' items rest."""
    plan = deadlines.c.plan_id
    statement = reminding.said_in(digest_ids).with_only_columns(plan).distinct().order_by(plan)
    statement = statement.where(plan.is_not(None))
    return list(tx.scalars(statement))


def take_back(tx: Connection, letter_ids: Collection[int], digest_ids: Collection[int]) -> None:
    """Supersede letters that have not gone out; what these digests say is unsaid again."""
    for part in in_parts(letter_ids):
        tx.execute(update(outbox).where(outbox.c.id.in_(part)).values(state=LetterState.SUPERSEDED))
    for part in in_parts(digest_ids):
        reminding.unsay(tx, reminding.in_digests(part))


def discard_digests(tx: Connection, digest_ids: Collection[int]) -> None:
    """Remove digests that turned out to have nothing to say."""
    if digest_ids:
        tx.execute(update(digests).where(digests.c.superseded_by.in_(digest_ids)).values(superseded_by=None))
        tx.execute(delete(digests).where(digests.c.id.in_(digest_ids)))
