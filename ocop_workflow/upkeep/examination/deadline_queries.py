"""Queries on deadlines, their flags and reminders: the bare facts. Nothing here knows what ought to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, false, func, or_, select, text

from ocop_workflow.calendar import ReminderStatus, Subject
from ocop_workflow.notifications import LetterState
from ocop_workflow.store.batching import batches, one_by_one
from ocop_workflow.store.records import read_all, reader
from ocop_workflow.store.tables import (
    certificates,
    contacts,
    deadlines,
    desks,
    digests,
    flags,
    outbox,
    reminders,
    units,
)
from ocop_workflow.upkeep.examination.product_queries import raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Subquery


@dataclass(frozen=True, slots=True)
class DeadlineFact:
    """A deadline as it stands in its table, with its flag if it has one."""

    id: int
    subject: str
    product_id: int | None
    unit_id: int | None
    plan_id: int | None
    kind: str
    rule: str
    due_on: date
    opened_on: date
    closed_on: date | None
    closed_because: str | None
    next_action_on: date | None
    raised_on: date | None
    cleared_on: date | None
    acknowledged_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether it has not been closed."""
        return self.closed_on is None


@dataclass(frozen=True, slots=True)
class ReminderFact:
    """A reminder as it stands in its table."""

    deadline_id: int
    stage: int
    unit_id: int
    day: date
    status: ReminderStatus
    reason: str | None
    digest_id: int | None


def _deadlines() -> Select[Any]:
    return select(
        deadlines.c.id,
        raw(deadlines.c.subject),
        deadlines.c.product_id,
        deadlines.c.unit_id,
        deadlines.c.plan_id,
        raw(deadlines.c.kind),
        deadlines.c.rule,
        deadlines.c.due_on,
        deadlines.c.opened_on,
        deadlines.c.closed_on,
        deadlines.c.closed_because,
        deadlines.c.next_action_on,
        flags.c.raised_on,
        flags.c.cleared_on,
        flags.c.acknowledged_on,
    ).outerjoin(flags, flags.c.deadline_id == deadlines.c.id)


def all_deadlines(tx: Connection) -> Iterator[DeadlineFact]:
    """Yield every deadline, oldest first."""
    statement = _deadlines()
    make = reader(DeadlineFact, statement.selected_columns.keys())
    return (make(row) for rows in batches(tx, statement, deadlines.c.id) for row in rows)


def deadlines_of(tx: Connection, first: int, last: int) -> dict[int, list[DeadlineFact]]:
    """Return the deadlines of the products from number `first` to number `last`, oldest first."""
    return _by_product(tx, deadlines.c.product_id.between(first, last))


def open_deadlines_of(tx: Connection, first: int, last: int) -> dict[int, list[DeadlineFact]]:
    """Return the open deadlines of the products from number `first` to number `last`, oldest first."""
    return _by_product(tx, deadlines.c.product_id.between(first, last) & deadlines.c.closed_on.is_(None))


def _by_product(tx: Connection, which: ColumnElement[bool]) -> dict[int, list[DeadlineFact]]:
    found: dict[int, list[DeadlineFact]] = {}
    for row in read_all(DeadlineFact, tx.execute(_deadlines().where(which).order_by(deadlines.c.id))):
        found.setdefault(row.product_id or 0, []).append(row)
    return found


def deadlines_without_product(tx: Connection) -> list[DeadlineFact]:
    """Return the deadlines of all plans' activities, and of communes (`unit_id`), closed ones too."""
    statement = _deadlines().where(deadlines.c.product_id.is_(None)).order_by(deadlines.c.id)
    return read_all(DeadlineFact, tx.execute(statement))


def deadlines_about_nothing(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the deadlines whose subject is another's, or a certificate that has ended.

    That a certificate is not there at all is for the check of certificates to say.
    """
    over = deadlines.c.closed_on.is_(None) & certificates.c.ended_on.is_not(None)
    foreign = certificates.c.product_id != deadlines.c.product_id
    held = ~exists().where(certificates.c.id == deadlines.c.subject_id, over | foreign)
    named = {
        Subject.PRODUCT: deadlines.c.subject_id == deadlines.c.product_id,
        Subject.UNIT: deadlines.c.subject_id == deadlines.c.unit_id,
        Subject.ACTIVITY: deadlines.c.subject_id == deadlines.c.plan_id,
        Subject.CERTIFICATE: held,
    }
    right = or_(*(and_(deadlines.c.subject == subject, there) for subject, there in named.items()))
    statement = select(deadlines.c.id, raw(deadlines.c.subject), deadlines.c.subject_id).where(
        ~func.coalesce(right, false())
    )
    return one_by_one(tx, statement, deadlines.c.id)


# -- reminders: no other file of this room names their table -----------------------------------------


def reminders_of_products(tx: Connection, first: int, last: int) -> dict[int, list[ReminderFact]]:
    """Return by deadline the reminders of the products from number `first` to number `last`."""
    return _reminders(tx, deadlines.c.product_id.between(first, last))


def reminders_without_product(tx: Connection, plan_id: int) -> dict[int, list[ReminderFact]]:
    """Return by deadline the reminders of a plan's activities and of communes without a product in it."""
    return _reminders(tx, deadlines.c.product_id.is_(None) & (deadlines.c.plan_id == plan_id))


def _reminders(tx: Connection, which: ColumnElement[bool]) -> dict[int, list[ReminderFact]]:
    statement = (
        select(
            reminders.c.deadline_id,
            reminders.c.stage,
            func.coalesce(desks.c.unit_id, 0).label("unit_id"),
            reminders.c.day,
            reminders.c.status,
            reminders.c.reason,
            reminders.c.digest_id,
        )
        .join(deadlines, deadlines.c.id == reminders.c.deadline_id)
        .outerjoin(desks, desks.c.id == reminders.c.desk_id)
        .where(which)
        .order_by(reminders.c.deadline_id, reminders.c.stage, desks.c.unit_id)
    )
    found: dict[int, list[ReminderFact]] = {}
    for row in read_all(ReminderFact, tx.execute(statement)):
        found.setdefault(row.deadline_id, []).append(row)
    return found


def is_said_by(digest: Column[int] | Column[int | None]) -> ColumnElement[bool]:
    """Match the digests that say something."""
    return exists().where(reminders.c.digest_id == digest)


def sizes_of_digests() -> Subquery:
    """Select how many reminders (`size`) a digest (`digest_id`) says, of those that say any."""
    return (
        select(reminders.c.digest_id, func.count().label("size"))
        .where(reminders.c.digest_id.is_not(None))
        .group_by(reminders.c.digest_id)
        .subquery()
    )


def misplaced_reminders(tx: Connection) -> Iterable[Row[Any]]:
    """Return reminders that lie in a digest of another desk, of a superseded one, or are not `due`."""
    statement = (
        select(reminders.c.deadline_id, reminders.c.stage, reminders.c.desk_id, reminders.c.digest_id)
        .join(digests, digests.c.id == reminders.c.digest_id)
        .where(
            or_(
                digests.c.desk_id != reminders.c.desk_id,
                digests.c.superseded_by.is_not(None),
                raw(reminders.c.status) != ReminderStatus.DUE.value,
            )
        )
    )
    return tx.execute(statement)


def reminders_to_officers(tx: Connection) -> Iterable[Row[Any]]:
    """Return reminders to a desk that is no unit's."""
    statement = (
        select(reminders.c.deadline_id, reminders.c.stage, reminders.c.desk_id)
        .join(desks, desks.c.id == reminders.c.desk_id)
        .where(desks.c.unit_id.is_(None))
    )
    return tx.execute(statement)


def units_left_untold(tx: Connection, sweep_id: int, day: date) -> Iterable[Row[Any]]:
    """Return the units to which a sweep of a working day ought to have written and did not.

    They had an address, something unsaid that was on record by then, and no letter of that day on its way.
    """
    address = exists().where(
        contacts.c.desk_id == reminders.c.desk_id,
        contacts.c.valid_from <= day,
        or_(contacts.c.valid_to.is_(None), contacts.c.valid_to > day),
    )
    served = exists().where(
        digests.c.desk_id == reminders.c.desk_id,
        digests.c.day == day,
        outbox.c.digest_id == digests.c.id,
        outbox.c.state.not_in([LetterState.PENDING, LetterState.SUPERSEDED, LetterState.CANCELLED]),
    )
    statement = (
        select(
            units.c.slug, units.c.name, func.count().label("unsaid"), func.min(reminders.c.day).label("since")
        )
        .join(desks, desks.c.id == reminders.c.desk_id)
        .join(units, units.c.id == desks.c.unit_id)
        .where(
            text("reminders.status = 'due' AND reminders.digest_id IS NULL"),
            reminders.c.day <= day,
            or_(reminders.c.sweep_id.is_(None), reminders.c.sweep_id <= sweep_id),
            address,
            ~served,
        )
        .group_by(units.c.id, units.c.slug, units.c.name)
        .order_by(units.c.id)
    )
    return tx.execute(statement)
