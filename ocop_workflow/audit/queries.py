"""Queries on the audit: its last entry under the lock, appending, reading. Nobody updates or deletes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, bindparam, func, insert, not_, select

from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables.access import audit
from ocop_workflow.store.tables.sweeps import sweeps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

#: whoever appends on PostgreSQL takes turns by this number until the commit; on SQLite writers do anyway
_ADVISORY_LOCK = 0x0C0C

_LOCK = Prepared(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK, type_=Text())))
_HEAD = Prepared(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1))
_APPEND = Prepared(insert(audit))
_PAGE = (
    select(audit).where(audit.c.seq > bindparam("after")).order_by(audit.c.seq).limit(bindparam("at_most"))
)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of the audit, as it is stored."""

    seq: int
    at: datetime
    actor: str
    origin: str
    acting_for: str | None
    action: str
    subject: str
    before: Any
    after: Any
    transition_id: int | None
    previous: str
    hash: str


def head_under_lock(tx: Connection) -> tuple[int, str] | None:
    """Return the number and hash of the last entry; nobody else appends before this transaction ends."""
    if tx.dialect.name != "sqlite":
        _LOCK.rows(tx)
    return head(tx)


def head(tx: Connection) -> tuple[int, str] | None:
    """Return the number and hash of the last entry."""
    rows = _HEAD.rows(tx)
    return (rows[0][0], rows[0][1]) if rows else None


def append(tx: Connection, rows: list[dict[str, Any]]) -> None:
    """Append entries."""
    for row in rows:
        _APPEND.count(tx, **row)


def entries(tx: Connection, after: int = 0, at_most: int = 1000) -> list[AuditEntry]:
    """Return entries in their order, from behind the number `after`."""
    return read_all(AuditEntry, tx.execute(_PAGE, {"after": after, "at_most": at_most}))


def entries_about(tx: Connection, subject: str) -> list[AuditEntry]:
    """Return what was done to one thing, oldest first."""
    statement = select(audit).where(audit.c.subject == subject).order_by(audit.c.seq)
    return read_all(AuditEntry, tx.execute(statement))


def all_entries(tx: Connection) -> Iterator[AuditEntry]:
    """Yield every entry in order, some of them in memory at once."""
    after = 0
    while batch := entries(tx, after):
        yield from batch
        after = batch[-1].seq


def setbacks(tx: Connection) -> list[tuple[datetime, datetime]]:
    """Return to which instant and from which the clock was set back: entries older than some before them.

    Officers at work beside one another leave such entries too, older by fractions of a second. What sweeps
    wrote that were taken back is left out: they, and nobody else, saw those instants.
    """
    newest = func.max(audit.c.at).over(order_by=audit.c.seq, rows=(None, 0)).label("newest")
    readings = select(audit.c.at, newest).where(*_of_what_stands(tx)).subquery()
    earliest = func.min(readings.c.at)
    found = select(earliest, readings.c.newest).where(readings.c.at < readings.c.newest)
    return [(first, last) for first, last in tx.execute(found.group_by(readings.c.newest))]


#: a sweep stands in the audit a moment after it has ended
_A_MOMENT = timedelta(minutes=1)


def _of_what_stands(tx: Connection) -> list[ColumnElement[bool]]:
    taken_back = select(sweeps.c.started_at, sweeps.c.finished_at).where(sweeps.c.taken_back_at.is_not(None))
    return [
        not_(and_(audit.c.action == "sweep", audit.c.at.between(began, (ended or began) + _A_MOMENT)))
        for began, ended in tx.execute(taken_back)
    ]
