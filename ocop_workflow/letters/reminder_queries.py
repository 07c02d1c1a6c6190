"""Reminders: what is to be said of which deadline to whom, and which letter says it.

Whoever else's statement touches them takes a part of it from here; how a sweep records them, and takes them
back, stands in `sweep/reminder_queries.py`. A reminder is unsaid as long as it is due and no digest has it.
Reminders are marked for a digest first and read afterwards: a digest holds exactly what was marked for it,
whatever else is written meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, text, update

from ocop_workflow.calendar import DeadlineKind, ReminderStatus, Subject
from ocop_workflow.places.desk_queries import desk_of
from ocop_workflow.store.dialect import in_parts, insert_all, insert_new, look_anew
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all, reader
from ocop_workflow.store.tables import deadlines, desks, digests, outbox, reminders, units

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Exists, FromClause, Select, Table

#: for whoever walks over tables
TABLE: Table = reminders


# -- parts of other statements -----------------------------------------------------------------------


def unsaid() -> ColumnElement[bool]:
    """Match what no digest says yet."""
    # written out, so that the planner sees that the partial index holds
    return text("reminders.status = 'due' AND reminders.digest_id IS NULL")  # type: ignore[return-value]  # a text clause filters like an expression


def to_be_told() -> Select[Any]:
    """Select the numbers of the desks to which something is unsaid, each once for all that is."""
    return select(reminders.c.desk_id).where(unsaid())


def of_deadlines(numbers: Select[Any]) -> ColumnElement[bool]:
    """Match the reminders of these deadlines."""
    return reminders.c.deadline_id.in_(numbers)


def in_digests(numbers: Collection[int] | Select[Any]) -> ColumnElement[bool]:
    """Match what these digests say."""
    return reminders.c.digest_id.in_(numbers)


def spoken_of(digest_id: int) -> Select[Any]:
    """Select the numbers of the deadlines of which a digest speaks."""
    return select(reminders.c.deadline_id).where(reminders.c.digest_id == digest_id)


def letters_of_deadlines() -> FromClause:
    """Join the deadlines with the letters whose digests speak of them."""
    return deadlines.join(reminders, reminders.c.deadline_id == deadlines.c.id).join(
        outbox, outbox.c.digest_id == reminders.c.digest_id
    )


def said_in(digest_ids: Collection[int]) -> Select[Any]:
    """Select the digest and the stage of what these digests say, joined with its deadline."""
    return (
        select(reminders.c.digest_id, reminders.c.stage)
        .join(deadlines, deadlines.c.id == reminders.c.deadline_id)
        .where(in_digests(digest_ids))
    )


def said() -> Select[Any]:
    """Select what was said or not, with the day of the letter that says it, joined with its unit."""
    return (
        select(
            reminders.c.deadline_id,
            reminders.c.stage,
            desks.c.unit_id,
            reminders.c.day,
            reminders.c.status,
            reminders.c.reason,
            digests.c.day.label("letter_day"),
        )
        .join(desks, desks.c.id == reminders.c.desk_id)
        .join(units, units.c.id == desks.c.unit_id)
        .outerjoin(digests, digests.c.id == reminders.c.digest_id)
    )


def speaks_of(*which: ColumnElement[bool]) -> Exists:
    """Match the digests that speak of such a deadline."""
    mine = (reminders.c.digest_id == digests.c.id, deadlines.c.id == reminders.c.deadline_id)
    return select(reminders.c.deadline_id).where(*mine, *which).correlate(digests).exists()


def first_told(tx: Connection, certificate_ids: Collection[int], on: date) -> dict[int, date]:
    """Return the local day of the first letter that spoke of these certificates' ends, by certificate.

    What was said after a day is left out.
    """
    found: dict[int, date] = {}
    for part in in_parts(certificate_ids):
        found |= _first_told(tx, part, on)
    return found


def _first_told(tx: Connection, certificate_ids: Collection[int], on: date) -> dict[int, date]:
    statement = (
        select(deadlines.c.subject_id, func.min(digests.c.day).label("day"))
        .join(reminders, reminders.c.deadline_id == deadlines.c.id)
        .join(digests, digests.c.id == reminders.c.digest_id)
        .where(
            deadlines.c.subject == Subject.CERTIFICATE,
            deadlines.c.subject_id.in_(certificate_ids),
            digests.c.day <= on,
        )
        .group_by(deadlines.c.subject_id)
    )
    return {row.subject_id: row.day for row in tx.execute(statement)}


def how_many_in_digest() -> ColumnElement[int]:
    """Count, for each digest of a statement, what it says."""
    return (
        select(func.count()).where(reminders.c.digest_id == digests.c.id).correlate(digests).scalar_subquery()
    )


def _of_a_deadline(*which: ColumnElement[bool]) -> Exists:
    return select(deadlines.c.id).where(deadlines.c.id == reminders.c.deadline_id, *which).exists()


def _of_closed() -> Exists:
    return _of_a_deadline(deadlines.c.closed_on.is_not(None))


# -- recording, calling off, handing over ------------------------------------------------------------

# what a product's step needs
_CANCEL_UNSAID = Prepared(
    update(reminders)
    .where(
        reminders.c.deadline_id == bindparam("of_deadline"),
        reminders.c.status == ReminderStatus.DUE,
        # not "is null": just after a great sweep PostgreSQL would walk the whole index of unsaid reminders
        func.coalesce(reminders.c.digest_id, 0) == 0,
    )
    .values(status=ReminderStatus.CANCELLED)
)


def record(tx: Connection, rows: list[dict[str, Any]]) -> None:
    """Record reminders to units (`unit_id`); one that is recorded already stays as it is."""
    insert_all(tx, insert_new(tx, reminders).values(desk_id=desk_of(bindparam("unit_id"))), rows)


def cancel_unsaid(tx: Connection, deadline_id: int) -> None:
    """Cancel the reminders of a deadline that no letter has said yet."""
    _CANCEL_UNSAID.count(tx, of_deadline=deadline_id)


def cancel_unsaid_of(tx: Connection, deadline_ids: Collection[int]) -> None:
    """Cancel the reminders of deadlines, as many as one question takes, that no letter has said yet."""
    tx.execute(
        update(reminders)
        .where(
            reminders.c.deadline_id.in_(deadline_ids),
            reminders.c.status == ReminderStatus.DUE,
            reminders.c.digest_id.is_(None),
        )
        .values(status=ReminderStatus.CANCELLED)
    )


def hand_over(tx: Connection, old: int, new: int, *which: ColumnElement[bool]) -> int:
    """Let another unit hear what is unsaid to one, all of it or some. Returns how much.

    What that one hears or has heard anyway, as the authority of the plan does, it hears once.
    """
    mine = (unsaid(), reminders.c.desk_id == desk_of(old), *which)
    twin = reminders.alias("twin")
    doubles = (
        select(func.count())
        .where(
            twin.c.deadline_id == reminders.c.deadline_id,
            twin.c.stage == reminders.c.stage,
            twin.c.desk_id == desk_of(new),
        )
        .correlate(reminders)
        .scalar_subquery()
    )
    tx.execute(delete(reminders).where(*mine, doubles > 0))
    return tx.execute(update(reminders).where(*mine).values(desk_id=desk_of(new))).rowcount


# -- digests -----------------------------------------------------------------------------------------


def look_at_unsaid(tx: Connection) -> None:
    """Let the database learn how much is unsaid, before many batches ask for their own part of it."""
    look_anew(tx, reminders)


def desks_with_something_unsaid(tx: Connection) -> list[int]:
    """Return the numbers of the desks with reminders that no digest says yet."""
    return list(tx.scalars(to_be_told().distinct().order_by(reminders.c.desk_id)))


def still_unsaid(tx: Connection, desk_ids: Collection[int]) -> set[int]:
    """Return those of these desks that have reminders which no digest says yet."""
    theirs = to_be_told().where(reminders.c.desk_id == desks.c.id).exists()
    return set(tx.scalars(select(desks.c.id).where(desks.c.id.in_(desk_ids), theirs)))


def mark_unsaid(tx: Connection, digest_ids: Collection[int]) -> None:
    """Give every unsaid reminder of the digests' desks to its desk's digest."""
    of_desk = reminders.c.desk_id == digests.c.desk_id
    marked = update(reminders).where(unsaid(), of_desk, digests.c.id.in_(digest_ids))
    tx.execute(marked.values(digest_id=digests.c.id))


def carry_over(tx: Connection, old: int, new: int) -> None:
    """Let another digest say what one says."""
    tx.execute(update(reminders).where(reminders.c.digest_id == old).values(digest_id=new))


def drop_overtaken(tx: Connection, digest_ids: Collection[int]) -> None:
    """Take out of the digests what events have overtaken.

    A reminder of a deadline that is closed is cancelled; of two stages of one deadline the later is said.
    """
    mine = in_digests(digest_ids)
    _take_out(tx, ReminderStatus.CANCELLED, mine, _of_closed())
    later = reminders.alias("later")
    overtaken = (
        select(later.c.deadline_id)
        .where(
            later.c.deadline_id == reminders.c.deadline_id,
            later.c.desk_id == reminders.c.desk_id,
            later.c.digest_id == reminders.c.digest_id,
            later.c.stage > reminders.c.stage,
        )
        .exists()
    )
    _take_out(tx, ReminderStatus.SUPERSEDED, mine, overtaken)


def let_rest(tx: Connection, digest_ids: Collection[int], plan_ids: Collection[int], day: date) -> None:
    """Take out of the digests what is late under plans whose year is over: it is said no more."""
    late = _of_a_deadline(
        deadlines.c.plan_id.in_(plan_ids),
        deadlines.c.kind != DeadlineKind.RELATIVE,
        deadlines.c.due_on < day,
    )
    _take_out(tx, ReminderStatus.SUPERSEDED, in_digests(digest_ids), late)


def cancel_digest(tx: Connection, digest_id: int) -> None:
    """Cancel all that a digest says: it will not go out, and there is nothing more to say of it."""
    _take_out(tx, ReminderStatus.CANCELLED, reminders.c.digest_id == digest_id)


def _take_out(tx: Connection, becomes: ReminderStatus, *which: ColumnElement[bool]) -> None:
    tx.execute(update(reminders).where(*which).values(status=becomes, digest_id=None))


def put_back(tx: Connection, digest_ids: Collection[int], plan_id: int) -> None:
    """Take a plan's items out of the digests; see `unsay`."""
    unsay(tx, and_(in_digests(digest_ids), _of_a_deadline(deadlines.c.plan_id == plan_id)))


def unsay(tx: Connection, which: ColumnElement[bool]) -> None:
    """Take reminders out of digests that do not go out: they are unsaid again.

    What its deadline's end has overtaken meanwhile is cancelled: there is nothing more to say of it.
    """
    _take_out(tx, ReminderStatus.CANCELLED, which, _of_closed(), reminders.c.status == ReminderStatus.DUE)
    tx.execute(update(reminders).where(which).values(digest_id=None))


_STILL_OPEN = Prepared(
    select(reminders.c.deadline_id)
    .join(deadlines, deadlines.c.id == reminders.c.deadline_id)
    .where(reminders.c.digest_id == bindparam("of_digest"), deadlines.c.closed_on.is_(None))
    .limit(1)
)


def is_overtaken(tx: Connection, digest_id: int) -> bool:
    """Tell whether every deadline that a digest speaks of is closed."""
    return not _STILL_OPEN.rows(tx, of_digest=digest_id)


# -- what was said, and what is not ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """What was said, or not said, about a deadline to a unit."""

    deadline_id: int
    stage: int
    day: date
    unit_name: str
    status: ReminderStatus
    reason: str | None
    letter_day: date | None
    letter_states: tuple[str, ...]


def said_of(tx: Connection, deadline_ids: Collection[int]) -> list[ReminderRecord]:
    """Return the reminders of these deadlines in the order of their stages."""
    found = tx.execute(
        said()
        .add_columns(units.c.name.label("unit_name"), reminders.c.digest_id)
        .where(reminders.c.deadline_id.in_(deadline_ids))
        .order_by(reminders.c.deadline_id, reminders.c.stage, units.c.sort_key)
    )
    record_of = reader(ReminderRecord, found.keys(), "letter_states", apart=("unit_id", "digest_id"))
    rows = found.all()
    states = _letter_states(tx, {row.digest_id for row in rows if row.digest_id is not None})
    return [record_of(row, states.get(row.digest_id, ())) for row in rows]


def _letter_states(tx: Connection, digest_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    rows = tx.execute(
        select(outbox.c.digest_id, outbox.c.state)
        .where(outbox.c.digest_id.in_(digest_ids))
        .order_by(outbox.c.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for digest_id, state in rows:
        found[digest_id] = (*found.get(digest_id, ()), state.value)
    return found


@dataclass(frozen=True, slots=True)
class UnsaidReminder:
    """A reminder that no letter which has gone out says."""

    deadline_id: int
    stage: int
    day: date
    unit_id: int


def unsaid_of_plan(tx: Connection, plan_id: int, digest_ids: Collection[int]) -> list[UnsaidReminder]:
    """Return the reminders of a plan's open deadlines that no digest says, or only one of these."""
    columns = (reminders.c.deadline_id, reminders.c.stage, reminders.c.day, desks.c.unit_id)
    statement = (
        select(*columns)
        .join(desks, desks.c.id == reminders.c.desk_id)
        .join(deadlines, deadlines.c.id == reminders.c.deadline_id)
        .where(
            deadlines.c.plan_id == plan_id,
            deadlines.c.closed_on.is_(None),
            reminders.c.status == ReminderStatus.DUE,
            or_(reminders.c.digest_id.is_(None), in_digests(digest_ids)),
        )
    )
    return read_all(UnsaidReminder, tx.execute(statement))
