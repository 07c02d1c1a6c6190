"""What sweeps say: recorded by set, but for the nag that an acknowledgement skips; and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, func, literal, or_, select, update

from ocop_workflow.calendar import ReminderStatus, WithheldBecause
from ocop_workflow.store.dialect import insert_new
from ocop_workflow.store.tables import deadlines, digests, flags, reminders
from ocop_workflow.sweep.queries import DUE, SAYINGS, count_new, still_due

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Select


def record_sayings(
    tx: Connection, low: int, high: int, day: date, status: ReminderStatus, sweep_id: int
) -> int:
    """Record the reminders of one status for a stretch. Returns how many were new."""
    source = select(
        DUE.c.deadline_id,
        SAYINGS.c.stage,
        func.coalesce(SAYINGS.c.desk_id, DUE.c.desk_id),
        SAYINGS.c.day,
        literal(status.value),
        SAYINGS.c.reason,
        literal(sweep_id),
    ).where(still_due(low, high, day), SAYINGS.c.group_no == DUE.c.group_no, SAYINGS.c.status == status.value)
    columns = ["deadline_id", "stage", "desk_id", "day", "status", "reason", "sweep_id"]
    return count_new(tx, insert_new(tx, reminders).from_select(columns, source))


def withhold_acknowledged(tx: Connection) -> int:
    """Withhold the one nag that each acknowledgement skips. Returns how many were withheld.

    It is the first day of nagging behind the acknowledgement: no stage has its day between the two. Nags
    that share a day off's next working day count as one: the others are superseded.
    """
    earlier = reminders.alias("earlier")
    before = (
        select(func.max(earlier.c.day))
        .where(earlier.c.deadline_id == reminders.c.deadline_id, earlier.c.day < reminders.c.day)
        .correlate(reminders)  # two levels up, which nothing but this would find
        .scalar_subquery()
    )
    acknowledged = (
        select(flags.c.deadline_id)
        .where(
            flags.c.acknowledged_on.is_not(None),
            flags.c.cleared_on.is_(None),
            flags.c.deadline_id == reminders.c.deadline_id,
            flags.c.acknowledged_on < reminders.c.day,
            or_(before.is_(None), flags.c.acknowledged_on >= before),
        )
        .exists()
    )
    statement = (
        update(reminders)
        .where(
            reminders.c.status == ReminderStatus.DUE,
            reminders.c.digest_id.is_(None),
            reminders.c.stage > 0,
            reminders.c.deadline_id.in_(
                select(flags.c.deadline_id).where(
                    flags.c.acknowledged_on.is_not(None), flags.c.cleared_on.is_(None)
                )
            ),
            acknowledged,
        )
        .values(status=ReminderStatus.WITHHELD, reason=WithheldBecause.ACKNOWLEDGED.value)
    )
    return int(tx.execute(statement).rowcount)


# -- taking back -------------------------------------------------------------------------------------


def signed_by(sweep_ids: Collection[int]) -> ColumnElement[bool]:
    """Match the reminders that these sweeps recorded, as they signed them."""
    return reminders.c.sweep_id.in_(sweep_ids)


def unsigned_behind(day: date | None) -> ColumnElement[bool]:
    """Match the reminders behind a local day (none: all) that were recorded before sweeps signed theirs."""
    behind = reminders.c.day > day if day is not None else reminders.c.day.is_not(None)
    return and_(reminders.c.sweep_id.is_(None), behind)


def is_any(tx: Connection, which: ColumnElement[bool]) -> bool:
    """Tell whether any reminder is such a one."""
    return tx.execute(select(reminders.c.deadline_id).where(which).limit(1)).one_or_none() is not None


def untold(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Match such reminders, but for what has left and what a closing left true."""
    true_of_closed = exists().where(
        deadlines.c.id == reminders.c.deadline_id, deadlines.c.closed_on >= reminders.c.day
    )
    return and_(which, reminders.c.digest_id.is_(None), ~true_of_closed)


def days_of(which: ColumnElement[bool]) -> Select[Any]:
    """Select the deadlines and the days of such reminders."""
    return select(reminders.c.deadline_id, reminders.c.day.label("day")).where(which)


def remove(tx: Connection, which: ColumnElement[bool]) -> int:
    """Remove such reminders. Returns how many."""
    return tx.execute(delete(reminders).where(which)).rowcount


def supersede_cancelled(tx: Connection, sweep_ids: Collection[int]) -> None:
    """Call what these sweeps recorded overtaken, not cancelled: nobody had it to say yet."""
    tx.execute(
        update(reminders)
        .where(signed_by(sweep_ids), reminders.c.status == ReminderStatus.CANCELLED)
        .values(status=ReminderStatus.SUPERSEDED)
    )


def say_again(tx: Connection, day: date) -> None:
    """Let what had been overtaken by a stage that is taken back be said again: the last one of each desk."""
    later, told = reminders.alias(), digests.alias()
    overtaken = (
        select(later.c.deadline_id)
        .outerjoin(told, told.c.id == later.c.digest_id)
        .where(
            later.c.deadline_id == reminders.c.deadline_id,
            later.c.desk_id == reminders.c.desk_id,
            later.c.stage > reminders.c.stage,
            or_(told.c.day.is_(None), told.c.day <= day),
        )
        .exists()
    )
    is_open = exists().where(deadlines.c.id == reminders.c.deadline_id, deadlines.c.closed_on.is_(None))
    tx.execute(
        update(reminders)
        .where(reminders.c.status == ReminderStatus.SUPERSEDED, is_open, ~overtaken)
        .values(status=ReminderStatus.DUE)
    )
