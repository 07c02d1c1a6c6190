"""Statements behind holding a sweep, and behind taking back what sweeps of later days have recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Date, and_, case, delete, exists, func, insert, or_, select, union_all, update

from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.store.records import read_one
from ocop_workflow.store.tables import deadlines, digests, flags, outbox
from ocop_workflow.store.tables.sweeps import sweep_holds, sweeps
from ocop_workflow.sweep import reminder_queries as saying

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Subquery

#: letters that are still in the house
_IN_THE_HOUSE = (LetterState.PENDING, LetterState.HELD)


# -- what has been swept ---------------------------------------------------------------------------


def last_completed_day(tx: Connection) -> date | None:
    """Return the last local day of which a sweep has come to its end and still stands."""
    day: date | None = tx.scalar(select(func.max(sweeps.c.day)).where(*_ENDED))
    return day


def last_completed_id(tx: Connection) -> int | None:
    """Return the number of the last sweep that has come to its end and still stands."""
    number: int | None = tx.scalar(select(func.max(sweeps.c.id)).where(*_ENDED))
    return number


_ENDED = (sweeps.c.finished_at.is_not(None), sweeps.c.taken_back_at.is_(None))


def anything_due_before(tx: Connection, day: date) -> bool:
    """Tell whether an open deadline was due before a local day."""
    late = select(deadlines.c.id).where(deadlines.c.closed_on.is_(None), deadlines.c.due_on < day)
    return tx.scalar(late.limit(1)) is not None


def letters_about_nothing_after(tx: Connection, written_on: date, day: date) -> int:
    """Count the letters of a local day whose due days all lie before another."""
    later = reminding.speaks_of(deadlines.c.due_on >= day)
    statement = (
        select(func.count())
        .select_from(outbox.join(digests, digests.c.id == outbox.c.digest_id))
        .where(digests.c.day == written_on, outbox.c.state == LetterState.PENDING, ~later)
    )
    return int(tx.execute(statement).scalar_one())


# -- the memory of holds ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HoldRecord:
    """A sweep that stopped and asked: of which local day, and how many letters it would have written."""

    day: date
    letters: int


def hold_after(tx: Connection, sweep_id: int | None) -> HoldRecord | None:
    """Return the hold since a sweep (none: before the first one) of which the authority was told."""
    same = sweep_holds.c.after_sweep_id
    statement = select(sweep_holds.c.day, sweep_holds.c.letters).where(
        same.is_(None) if sweep_id is None else same == sweep_id
    )
    return read_one(HoldRecord, tx.execute(statement.order_by(sweep_holds.c.id.desc()).limit(1)))


def record_hold(tx: Connection, sweep_id: int | None, day: date, letters: int, at: datetime) -> None:
    """Remember that a sweep was held, and that the authority is told."""
    tx.execute(insert(sweep_holds).values(after_sweep_id=sweep_id, day=day, letters=letters, at=at))


# -- taking back -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken back: sweeps by number, and how many reminders, flags and letters."""

    sweeps: tuple[int, ...]
    reminders: int
    flags: int
    letters: int


def take_back_after(tx: Connection, day: date, now: datetime) -> TakenBack:
    """Take back what the sweeps of later days than this one recorded and what has not left the house.

    What a letter has said that left, or may have, stays as it is. Each open deadline is looked at again
    from the first day of what it loses.
    """
    later = tuple(
        tx.scalars(
            select(sweeps.c.id)
            .where(sweeps.c.day > day, sweeps.c.taken_back_at.is_(None))
            .order_by(sweeps.c.id)
        )
    )
    letters = _cancel_letters(tx, day)
    theirs = _recorded_by(tx, later, day)
    flagged = and_(
        flags.c.sweep_id.in_(later),
        flags.c.deadline_id == deadlines.c.id,
        flags.c.raised_on > func.coalesce(deadlines.c.closed_on, day),
    )
    _look_again(tx, _losses(theirs, flagged))
    removed = saying.remove(tx, theirs)
    saying.supersede_cancelled(tx, later)  # what closed meanwhile
    lowered = tx.execute(
        delete(flags).where(flags.c.deadline_id.in_(select(deadlines.c.id).where(flagged)))
    ).rowcount
    saying.say_again(tx, day)
    tx.execute(update(sweeps).where(sweeps.c.id.in_(later)).values(taken_back_at=now))
    return TakenBack(later, removed, lowered, letters)


def _cancel_letters(tx: Connection, day: date) -> int:
    """Cancel the letters of later days that are in the house; what only they say is unsaid again."""
    of_later = outbox.c.digest_id.in_(select(digests.c.id).where(digests.c.day > day))
    in_the_house = and_(outbox.c.state.in_(_IN_THE_HOUSE), outbox.c.ambiguous == 0)
    waiting = list(tx.scalars(select(outbox.c.id).where(of_later, in_the_house).with_for_update()))
    tx.execute(
        update(outbox).where(of_later, in_the_house).values(state=LetterState.CANCELLED, last_error=None)
    )
    gone = exists().where(outbox.c.digest_id == digests.c.id, _may_have_left())
    unsaid = select(digests.c.id).where(digests.c.day > day, ~gone)
    reminding.unsay(tx, reminding.in_digests(unsaid))
    return len(waiting)


def _may_have_left() -> ColumnElement[bool]:
    return or_(
        outbox.c.state.in_((LetterState.SENDING, LetterState.SENT, LetterState.DEAD)), outbox.c.ambiguous > 0
    )


def _recorded_by(tx: Connection, sweep_ids: Collection[int], day: date) -> ColumnElement[bool]:
    """Match the reminders that these sweeps recorded, but for what has left and what a closing left true.

    Before sweeps signed what they recorded, whatever lies behind the last one that stands was theirs.
    """
    theirs = saying.signed_by(sweep_ids)
    if not saying.is_any(tx, theirs):
        seen = tx.scalar(select(func.max(sweeps.c.day)).where(*_ENDED, sweeps.c.day <= day))
        theirs = saying.unsigned_behind(seen)
    return saying.untold(theirs)


def _losses(theirs: ColumnElement[bool], flagged: ColumnElement[bool]) -> Subquery:
    """Select the first day of what each open deadline loses."""
    lost = union_all(
        saying.days_of(theirs),
        select(flags.c.deadline_id, flags.c.raised_on.label("day"))
        .select_from(flags.join(deadlines, deadlines.c.id == flags.c.deadline_id))
        .where(flagged),
    ).subquery()
    return (
        select(lost.c.deadline_id, func.min(lost.c.day, type_=Date()).label("day"))
        .group_by(lost.c.deadline_id)
        .subquery()
    )


def _look_again(tx: Connection, losses: Subquery) -> None:
    first = select(losses.c.day).where(losses.c.deadline_id == deadlines.c.id).scalar_subquery()
    since = case((deadlines.c.opened_on > first, deadlines.c.opened_on), else_=first)
    tx.execute(
        update(deadlines)
        .where(
            deadlines.c.closed_on.is_(None),
            deadlines.c.id.in_(select(losses.c.deadline_id)),
            or_(deadlines.c.next_action_on.is_(None), deadlines.c.next_action_on > since),
        )
        .values(next_action_on=since)
    )
