"""The sweep's statements: set-based, in short transactions of some thousand rows in key order.

The calendar's decisions, one for each due date, lie in two small temporary tables; each statement joins
a stretch of the open deadlines to them. Chunks that jump about the table would cost four times as much
on SQLite, and one long transaction would keep every other writer waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.schema import CreateTable

from ocop_workflow.calendar import DeadlineKind, ReminderStatus
from ocop_workflow.storage.dialect import insert_new
from ocop_workflow.storage.tables import deadlines, flags, products, reminders, sweeps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, FromClause

#: rows of one transaction: long enough to be fast, short enough that a writer hardly waits
CHUNK = 5000

_temporary = MetaData()
_groups = Table(
    "sweep_groups",
    _temporary,
    Column("plan_id", Integer, primary_key=True, autoincrement=False),
    Column("rule", String(60), primary_key=True),
    Column("due_on", Date, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("opened", Boolean(create_constraint=False), primary_key=True),
    Column("kind", String(30), primary_key=True),
    Column("group_no", Integer, nullable=False),
    Column("flag_on", Date),
    Column("next_on", Date),
    prefixes=["TEMPORARY"],
)
_sayings = Table(
    "sweep_sayings",
    _temporary,
    Column("group_no", Integer, primary_key=True, autoincrement=False),
    Column("stage", Integer, primary_key=True, autoincrement=False),
    Column("to_commune", Boolean(create_constraint=False), primary_key=True),
    Column("unit_id", Integer),  # none: the product's own commune
    Column("day", Date, nullable=False),
    Column("status", String(30), nullable=False),
    Column("reason", String(30)),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Group:
    """Open deadlines that share everything a decision depends on, and how many they are.

    `opened`: they opened on `since` and no sweep has seen them yet.
    """

    plan_id: int
    kind: DeadlineKind
    rule: str
    due_on: date
    since: date
    opened: bool
    size: int


def due_groups(tx: Connection, day: date) -> list[Group]:
    """Return what a sweep on this day has to decide; one look at an index if that is nothing."""
    opened = deadlines.c.opened_on == deadlines.c.next_action_on
    shared = (
        deadlines.c.plan_id,
        deadlines.c.kind,
        deadlines.c.rule,
        deadlines.c.due_on,
        deadlines.c.next_action_on,
        opened,
    )
    rows = tx.execute(
        select(*shared, func.count()).where(deadlines.c.next_action_on <= day).group_by(*shared)
    )
    return [Group(row[0], row[1], row[2], row[3], row[4], bool(row[5]), row[6]) for row in rows]


@dataclass(frozen=True, slots=True)
class GroupDecision:
    """What is done with one group: `sayings` are (stage, to unit or the commune, day, status, reason)."""

    group: Group
    sayings: tuple[tuple[int, int | None, date, ReminderStatus, str | None], ...]
    flag_on: date | None
    next_on: date | None


def store_decisions(tx: Connection, decisions: Iterable[GroupDecision]) -> None:
    """Lay the decisions into the temporary tables of this connection."""
    groups: list[dict[str, Any]] = []
    sayings: list[dict[str, Any]] = []
    for number, decision in enumerate(decisions):
        group = decision.group
        groups.append(
            {
                "group_no": number,
                "plan_id": group.plan_id,
                "kind": group.kind.value,
                "rule": group.rule,
                "due_on": group.due_on,
                "since": group.since,
                "opened": group.opened,
                "flag_on": decision.flag_on,
                "next_on": decision.next_on,
            }
        )
        sayings += [
            {
                "group_no": number,
                "stage": stage,
                "to_commune": unit_id is None,
                "unit_id": unit_id,
                "day": day,
                "status": status.value,
                "reason": reason,
            }
            for stage, unit_id, day, status, reason in decision.sayings
        ]
    for table, rows in ((_groups, groups), (_sayings, sayings)):
        tx.execute(CreateTable(table, if_not_exists=True))
        tx.execute(delete(table))
        if rows:
            tx.execute(insert(table), rows)


def stretches(tx: Connection, day: date) -> list[tuple[int, int]]:
    """Cut the deadlines that are due for action into stretches of the key, `(after, up to)`."""
    numbered = (
        select(deadlines.c.id, func.row_number().over(order_by=deadlines.c.id).label("place"))
        .where(deadlines.c.next_action_on <= day)
        .subquery()
    )
    last = select(func.max(numbered.c.id)).scalar_subquery()
    ends = list(
        tx.scalars(
            select(numbered.c.id)
            .where((numbered.c.place % CHUNK == 0) | (numbered.c.id == last))
            .order_by(numbered.c.id)
        )
    )
    return list(zip([0, *ends], ends, strict=False))


def _matched(low: int, high: int, day: date) -> tuple[FromClause, ColumnElement[bool]]:
    """Join a stretch of the open deadlines to the decisions."""
    joined = deadlines.join(_groups, _same_group())
    return joined, and_(deadlines.c.id > low, deadlines.c.id <= high, deadlines.c.next_action_on <= day)


def _same_group() -> ColumnElement[bool]:
    return and_(
        _groups.c.plan_id == deadlines.c.plan_id,
        _groups.c.rule == deadlines.c.rule,
        _groups.c.due_on == deadlines.c.due_on,
        _groups.c.since == deadlines.c.next_action_on,
        _groups.c.opened == (deadlines.c.opened_on == deadlines.c.next_action_on),
        _groups.c.kind == deadlines.c.kind,
    )


def record_sayings(tx: Connection, low: int, high: int, day: date, status: ReminderStatus) -> int:
    """Record the reminders of one status for a stretch. Returns how many were new."""
    joined, matching = _matched(low, high, day)
    source = (
        select(
            deadlines.c.id,
            _sayings.c.stage,
            func.coalesce(_sayings.c.unit_id, products.c.unit_id),
            _sayings.c.day,
            literal(status.value),
            _sayings.c.reason,
        )
        .select_from(
            joined.join(_sayings, _sayings.c.group_no == _groups.c.group_no).outerjoin(
                products, products.c.id == deadlines.c.product_id
            )
        )
        .where(matching, _sayings.c.status == status.value)
    )
    columns = ["deadline_id", "stage", "unit_id", "day", "status", "reason"]
    return _count(tx, insert_new(tx, reminders).from_select(columns, source))


def raise_flags(tx: Connection, low: int, high: int, day: date, sweep_id: int) -> int:
    """Raise the overdue flags of a stretch. Returns how many were new."""
    joined, matching = _matched(low, high, day)
    source = (
        select(deadlines.c.id, _groups.c.flag_on, literal(sweep_id))
        .select_from(joined)
        .where(matching, _groups.c.flag_on.is_not(None))
    )
    columns = ["deadline_id", "raised_on", "sweep_id"]
    return _count(tx, insert_new(tx, flags).from_select(columns, source))


def move_next_action(tx: Connection, low: int, high: int, day: date) -> None:
    """Set the next action day of a stretch; what an officer has closed meanwhile stays closed."""
    tx.execute(
        update(deadlines)
        .where(
            deadlines.c.id > low,
            deadlines.c.id <= high,
            deadlines.c.next_action_on <= day,
            _same_group(),
        )
        .values(next_action_on=_groups.c.next_on)
    )


def _count(tx: Connection, statement: Any) -> int:  # noqa: ANN401 - the two dialects' inserts share no type
    return int(tx.execute(statement, execution_options={"preserve_rowcount": True}).rowcount)


def withhold_acknowledged(tx: Connection) -> int:
    """Withhold the one nag that each acknowledgement skips. Returns how many were withheld.

    It is the first day of nagging behind the acknowledgement: no stage has its day between the two. Nags
    that share a day off's next working day count as one: the others are superseded.
    """
    earlier = reminders.alias("earlier")
    before = (
        select(func.max(earlier.c.day))
        .where(earlier.c.deadline_id == reminders.c.deadline_id, earlier.c.day < reminders.c.day)
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
        .values(status=ReminderStatus.WITHHELD, reason="acknowledged")
    )
    return int(tx.execute(statement).rowcount)


_NOTHING = dict.fromkeys(("reminders", "withheld", "superseded", "flags_raised", "letters"), 0)


def begin_record(tx: Connection, day: date, at: datetime) -> int:
    """Write the record of a sweep that has begun; returns its number."""
    statement = insert(sweeps).values(day=day, started_at=at, faults=[], **_NOTHING)
    return int(tx.execute(statement.returning(sweeps.c.id)).scalar_one())


def record_quiet_sweep(
    tx: Connection, day: date, at: datetime, finished: datetime, faults: list[str]
) -> None:
    """Write the record of a sweep that found nothing to do."""
    tx.execute(insert(sweeps).values(day=day, started_at=at, finished_at=finished, faults=faults, **_NOTHING))


def finish_record(
    tx: Connection, sweep_id: int, at: datetime, counts: dict[str, int], faults: list[str]
) -> None:
    """Complete the record of a sweep."""
    tx.execute(update(sweeps).where(sweeps.c.id == sweep_id).values(finished_at=at, faults=faults, **counts))


def latest_sweeps(tx: Connection, limit: int = 10) -> Iterator[Any]:
    """Return the records of the latest sweeps, newest first."""
    return iter(tx.execute(select(sweeps).order_by(sweeps.c.id.desc()).limit(limit)))
