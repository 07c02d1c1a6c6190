"""The sweep's statements: set-based, in short transactions of some thousand rows in key order.

The calendar's decisions, one for each due date, lie in two small temporary tables; a third one lists the
deadlines that are due for action, in key order and with their decision. Each statement takes a stretch of
that list: it never looks at a deadline that has nothing to do, however many there are. Chunks that jump
about the table would cost four times as much on SQLite, and one long transaction would keep every other
writer waiting.
"""

from __future__ import annotations

from contextlib import contextmanager
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
    UniqueConstraint,
    and_,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.schema import CreateTable, DropTable

from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.places.desk_queries import numbers_of_desks
from ocop_workflow.store.dialect import insert_new
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import deadlines, desks, flags, products, units
from ocop_workflow.store.tables.sweeps import sweeps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, FromClause

    from ocop_workflow.calendar import DeadlineKind, ReminderStatus

#: rows of one transaction: long enough to be fast, short enough that a writer hardly waits; a server takes
#: longer over a row than SQLite does, so it gets fewer
CHUNK = 2500
SERVER_CHUNK = 500

_temporary = MetaData()
_groups = Table(
    "sweep_groups",
    _temporary,
    Column("group_no", Integer, primary_key=True, autoincrement=False),
    Column("plan_id", Integer, nullable=False),  # 0: outside every plan, by a regulation under an authority
    Column("regulation", String(60), nullable=False),
    Column("authority_id", Integer, nullable=False),
    Column("rule", String(60), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("since", Date, nullable=False),
    Column("opened", Boolean(create_constraint=False), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("flag_on", Date),
    Column("next_on", Date),
    UniqueConstraint("plan_id", "rule", "due_on", "since", "opened", "kind", "regulation", "authority_id"),
    prefixes=["TEMPORARY"],
)
#: what each decision says to whom
SAYINGS = Table(
    "sweep_sayings",
    _temporary,
    Column("group_no", Integer, primary_key=True, autoincrement=False),
    Column("stage", Integer, primary_key=True, autoincrement=False),
    Column("to_commune", Boolean(create_constraint=False), primary_key=True),
    Column("desk_id", Integer),  # none: that of the commune whose deadline it is
    Column("day", Date, nullable=False),
    Column("status", String(30), nullable=False),
    Column("reason", String(30)),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,  # asked for each deadline: one look instead of two
)
#: what is due for action, each with its decision, in the order in which it is taken
DUE = Table(
    "sweep_due",
    _temporary,
    Column("place", Integer, primary_key=True),  # 1, 2, 3 … in the order of the deadlines' key
    Column("deadline_id", Integer, nullable=False),
    Column("group_no", Integer, nullable=False),
    Column("desk_id", Integer),  # of the commune whose it is; none: an activity
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class DeadlineGroup:
    """What a decision depends on: the open deadlines that share it are decided once.

    `opened`: they opened on `since` and no sweep has seen them yet. Outside every plan (none) a regulation
    says what is asked, and the unit above stands for the authority.
    """

    plan_id: int | None
    kind: DeadlineKind
    rule: str
    due_on: date
    since: date
    opened: bool
    regulation: str = ""
    authority_id: int = 0


@contextmanager
def reading(connection: Connection) -> Iterator[None]:
    """Let the transactions inside take no lock that a writer would feel; they may fill temporary tables."""
    connection.execution_options(ocop_writes=False)
    try:
        yield
    finally:
        connection.execution_options(ocop_writes=True)


# The earliest day is asked for, not whether one lies before a given day: for a day that it does not know yet
# PostgreSQL's prepared plan expects a third of the table and walks through it.
_WAITING = Prepared(
    select(
        select(func.min(deadlines.c.next_action_on))
        .where(deadlines.c.next_action_on.is_not(None))
        .scalar_subquery(),
        reminding.to_be_told().exists(),
        select(func.min(units.c.valid_to)).where(units.c.successor_id.is_not(None)).scalar_subquery(),
    )
)
_RECORD = Prepared(insert(sweeps))


def anything_to_do(tx: Connection, day: date) -> bool:
    """Tell whether a sweep on this day has anything to decide or to say, or a unit has been merged by then.

    One look at three indexes.
    """
    ((first, unsaid, merged),) = _WAITING.rows(tx)
    return bool(unsaid) or any(one is not None and one <= day for one in (first, merged))


def due_groups(tx: Connection, day: date) -> list[DeadlineGroup]:
    """Return what a sweep on this day has to decide."""
    shared = (
        deadlines.c.plan_id,
        deadlines.c.kind,
        deadlines.c.rule,
        deadlines.c.due_on,
        deadlines.c.next_action_on.label("since"),
        (deadlines.c.opened_on == deadlines.c.next_action_on).label("opened"),
    )
    due = deadlines.c.next_action_on <= day
    planned = tx.execute(select(*shared).where(due, deadlines.c.plan_id.is_not(None)).distinct())
    without = select(*shared, products.c.regulation, units.c.parent_id.label("authority_id"))
    outside = tx.execute(
        without.select_from(_with_holders()).where(due, deadlines.c.plan_id.is_(None)).distinct()
    )
    return [*read_all(DeadlineGroup, planned), *read_all(DeadlineGroup, outside)]


def _with_holders() -> FromClause:
    """Join deadlines with their products, and these with their units."""
    return deadlines.join(products, products.c.id == deadlines.c.product_id).join(
        units, units.c.id == products.c.unit_id
    )


@dataclass(frozen=True, slots=True)
class GroupDecision:
    """What is done with one group: `sayings` are (stage, to unit or the commune, day, status, reason)."""

    group: DeadlineGroup
    sayings: tuple[tuple[int, int | None, date, ReminderStatus, str | None], ...]
    flag_on: date | None
    next_on: date | None


def store_decisions(tx: Connection, decisions: Iterable[GroupDecision]) -> None:
    """Lay the decisions into the temporary tables of this connection."""
    decisions = tuple(decisions)
    told = {unit_id for decision in decisions for _, unit_id, *_ in decision.sayings if unit_id is not None}
    desk_by_unit = numbers_of_desks(tx, told)
    groups: list[dict[str, Any]] = []
    sayings: list[dict[str, Any]] = []
    for number, decision in enumerate(decisions):
        group = decision.group
        groups.append(
            {
                "group_no": number,
                "plan_id": group.plan_id or 0,
                "regulation": group.regulation,
                "authority_id": group.authority_id,
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
                "desk_id": None if unit_id is None else desk_by_unit[unit_id],
                "day": day,
                "status": status.value,
                "reason": reason,
            }
            for stage, unit_id, day, status, reason in decision.sayings
        ]
    for table, rows in ((_groups, groups), (SAYINGS, sayings)):
        _create_anew(tx, table)
        if rows:
            tx.execute(insert(table), rows)


def _create_anew(tx: Connection, table: Table) -> None:
    tx.execute(DropTable(table, if_exists=True))
    tx.execute(CreateTable(table))


def stretches(tx: Connection, day: date) -> list[tuple[int, int]]:
    """List the deadlines that are due for action, and cut the list into stretches `(after, up to)`."""
    _create_anew(tx, DUE)
    source = (
        select(deadlines.c.id, _groups.c.group_no, desks.c.id)
        .select_from(
            deadlines.join(_groups, _same_group())
            .outerjoin(products, products.c.id == deadlines.c.product_id)
            .outerjoin(desks, desks.c.unit_id == func.coalesce(products.c.unit_id, deadlines.c.unit_id))
        )
        .where(deadlines.c.next_action_on <= day)
        # not by the bare key: SQLite would walk the whole table along it rather than use the index and sort
        .order_by(deadlines.c.id + 0)
    )
    columns = ["deadline_id", "group_no", "desk_id"]
    tx.execute(insert(DUE).from_select(columns, source))
    outside = (
        select(deadlines.c.id, _groups.c.group_no, desks.c.id)
        .select_from(
            _with_holders()
            .join(
                _groups,
                and_(
                    _groups.c.plan_id == 0,
                    _groups.c.regulation == products.c.regulation,
                    _groups.c.authority_id == units.c.parent_id,
                    *_alike(),
                ),
            )
            .join(desks, desks.c.unit_id == products.c.unit_id)
        )
        .where(deadlines.c.next_action_on <= day, deadlines.c.plan_id.is_(None))
        .order_by(deadlines.c.id + 0)
    )
    tx.execute(insert(DUE).from_select(columns, outside))
    size = int(tx.scalar(select(func.coalesce(func.max(DUE.c.place), 0))) or 0)
    step = CHUNK if tx.dialect.name == "sqlite" else min(CHUNK, SERVER_CHUNK)
    return [(low, min(low + step, size)) for low in range(0, size, step)]


def _same_group() -> ColumnElement[bool]:
    return and_(_groups.c.plan_id == deadlines.c.plan_id, *_alike())


def _alike() -> tuple[ColumnElement[bool], ...]:
    return (
        _groups.c.rule == deadlines.c.rule,
        _groups.c.due_on == deadlines.c.due_on,
        _groups.c.since == deadlines.c.next_action_on,
        _groups.c.opened == (deadlines.c.opened_on == deadlines.c.next_action_on),
        _groups.c.kind == deadlines.c.kind,
    )


def still_due(low: int, high: int, day: date) -> ColumnElement[bool]:
    """Match a stretch of the list with its deadlines; what an officer has closed meanwhile falls away."""
    return and_(
        DUE.c.place > low,
        DUE.c.place <= high,
        deadlines.c.id == DUE.c.deadline_id,
        deadlines.c.next_action_on <= day,
    )


def raise_flags(tx: Connection, low: int, high: int, day: date, sweep_id: int) -> int:
    """Raise the overdue flags of a stretch. Returns how many were new."""
    source = select(DUE.c.deadline_id, _groups.c.flag_on, literal(sweep_id)).where(
        still_due(low, high, day), _groups.c.group_no == DUE.c.group_no, _groups.c.flag_on.is_not(None)
    )
    columns = ["deadline_id", "raised_on", "sweep_id"]
    return count_new(tx, insert_new(tx, flags).from_select(columns, source))


def move_next_action(tx: Connection, low: int, high: int, day: date) -> None:
    """Set the next action day of a stretch; what an officer has closed meanwhile stays closed."""
    tx.execute(
        update(deadlines)
        .where(still_due(low, high, day), _groups.c.group_no == DUE.c.group_no)
        .values(next_action_on=_groups.c.next_on)
    )


def count_new(tx: Connection, statement: Any) -> int:  # noqa: ANN401 - the two dialects' inserts share no type
    """Execute an INSERT that leaves rows alone which are there. Returns how many were new."""
    return int(tx.execute(statement, execution_options={"preserve_rowcount": True}).rowcount)


_NOTHING = dict.fromkeys(("reminders", "withheld", "superseded", "flags_raised", "letters"), 0)


def begin_record(tx: Connection, day: date, at: datetime) -> int:
    """Write the record of a sweep that has begun; returns its number."""
    statement = insert(sweeps).values(day=day, started_at=at, faults=[], **_NOTHING)
    return int(tx.execute(statement.returning(sweeps.c.id)).scalar_one())


def record_quiet_sweep(tx: Connection, day: date, at: datetime, finished: datetime, letters: int) -> None:
    """Write the record of a sweep that found nothing to do, but may have had to warn the authority."""
    done = {**_NOTHING, "letters": letters}
    _RECORD.count(tx, day=day, started_at=at, finished_at=finished, faults=[], **done)


def finish_record(
    tx: Connection, sweep_id: int, at: datetime, counts: dict[str, int], faults: list[str]
) -> None:
    """Complete the record of a sweep."""
    tx.execute(update(sweeps).where(sweeps.c.id == sweep_id).values(finished_at=at, faults=faults, **counts))
