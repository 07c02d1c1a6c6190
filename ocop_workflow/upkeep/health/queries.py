"""What the doctor reads of the database itself, and what health asks of it in a few look-ups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnClause, String, TableClause, exists, func, inspect, select, text

from ocop_workflow.notifications import LetterState
from ocop_workflow.store.batching import BATCH, batches
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.tables import (
    certificates,
    contacts,
    digests,
    extensions,
    metadata,
    outbox,
    plans,
    producers,
    products,
    transitions,
    units,
)
from ocop_workflow.store.tables.imports import imports, questions
from ocop_workflow.store.tables.sweeps import sweeps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from sqlalchemy import Column, ColumnElement, Connection, ForeignKey, Row, Select, Table

# -- health ----------------------------------------------------------------------------------------


def last_completed_sweep(tx: Connection) -> tuple[date, datetime] | None:
    """Return day and end of the last sweep that came to its end."""
    row = tx.execute(
        select(sweeps.c.day, sweeps.c.finished_at)
        .where(sweeps.c.finished_at.is_not(None), sweeps.c.taken_back_at.is_(None))
        .order_by(sweeps.c.id.desc())
        .limit(1)
    ).one_or_none()
    return (row.day, row.finished_at) if row else None


def first_plan_loaded_at(tx: Connection) -> datetime | None:
    """Return the instant at which there was first something to sweep for."""
    loaded: datetime | None = tx.scalar(select(func.min(plans.c.loaded_at)))
    return loaded


def letters_that_stay(tx: Connection) -> dict[LetterState, int]:
    """Count the letters that nobody will send unless somebody acts: dead and held ones."""
    state = outbox.c.state
    rows = tx.execute(
        select(state, func.count()).where(text("outbox.state IN ('dead', 'held')")).group_by(state)
    )
    return {LetterState(state): int(count) for state, count in rows}


def stale_leases(tx: Connection, before: datetime) -> list[Row[Any]]:
    """Return the letters being sent whose lease ended before an instant; an index finds them."""
    return list(
        tx.execute(
            select(outbox.c.id, outbox.c.key, outbox.c.lease_until)
            .where(
                text("outbox.state IN ('pending', 'sending')"),
                outbox.c.state == LetterState.SENDING,
                outbox.c.lease_until < before,
            )
            .order_by(outbox.c.id)
            .limit(BATCH)
        )
    )


def newest_instants(tx: Connection) -> list[datetime]:
    """Return the instants of the rows written last: by key, not by time."""
    newest = [
        tx.scalar(select(column).where(*_stands(column)).order_by(column.table.c.id.desc()).limit(1))
        for column in (sweeps.c.started_at, transitions.c.at, outbox.c.created_at)
    ]
    return [instant for instant in newest if instant is not None]


def _stands(column: Column[Any]) -> tuple[ColumnElement[bool], ...]:
    """Leave out what was taken back since: sweeps of a clock that ran ahead, and their days' letters."""
    if column.table is sweeps:
        return (sweeps.c.taken_back_at.is_(None),)
    if column.table is outbox:
        of_such_a_day = exists().where(
            digests.c.id == outbox.c.digest_id,
            sweeps.c.day == digests.c.day,
            sweeps.c.taken_back_at.is_not(None),
        )
        return (~of_such_a_day,)
    return ()


_INSTANTS = (
    sweeps.c.started_at,
    sweeps.c.finished_at,
    transitions.c.at,
    outbox.c.created_at,
    outbox.c.sent_at,
    imports.c.at,
    plans.c.loaded_at,
)


def rows_behind(tx: Connection, now: datetime) -> Iterator[tuple[str, str, datetime]]:
    """Yield (table, key, instant) of the newest row of each kind, where it lies behind `now`."""
    for column in _INSTANTS:
        row = tx.execute(
            select(column.table.c.id, column)
            .where(column > now, *_stands(column))
            .order_by(column.desc())
            .limit(1)
        ).one_or_none()
        if row is not None:
            yield column.table.name, f"{row[0]}.{column.name}", row[1]


# -- the database itself ---------------------------------------------------------------------------


def table_names(tx: Connection) -> list[str]:
    """Return the names of all tables."""
    return inspect(tx).get_table_names()


_SETTINGS = {
    "sqlite": ("foreign_keys", "journal_mode", "synchronous", "busy_timeout", "encoding"),
    "postgresql": ("fsync", "synchronous_commit", "full_page_writes", "server_encoding", "TimeZone"),
}


def live_settings(tx: Connection) -> dict[str, str]:
    """Return what this very connection runs under, by the names that the database gives it."""
    ask = "PRAGMA" if tx.dialect.name == "sqlite" else "SHOW"
    return {name: str(tx.scalar(text(f"{ask} {name}"))) for name in _SETTINGS[tx.dialect.name]}


@dataclass(frozen=True, slots=True)
class Orphan:
    """A row that refers to a row that is not there."""

    table: str
    key: str
    column: str
    value: str


def orphans(tx: Connection) -> Iterator[Orphan]:
    """Yield every row whose foreign key leads nowhere, whatever the database enforces."""
    for table, key, statement in _references():
        for *primary, leads_to in statement.rows(tx):
            yield Orphan(table.name, "/".join(map(str, primary)), key.parent.name, str(leads_to))


@cache
def _references() -> list[tuple[Table, ForeignKey, Prepared]]:
    """Return every foreign key with the statement that finds rows of which it leads nowhere.

    They are a hundred: to put them together takes ten times as long as to ask a small database.
    """
    return [
        (table, key, Prepared(_leading_nowhere(table, key)))
        for table in metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda item: item.parent.name)
    ]


def _leading_nowhere(table: Table, key: ForeignKey) -> Select[Any]:
    # an alias of the whole table would copy all its columns, which takes longer than to ask
    there = TableClause(key.column.table.name, ColumnClause(key.column.name)).alias("there")
    return select(*table.primary_key.columns, key.parent.label("leads_to")).where(
        key.parent.is_not(None),
        ~select(there.c[key.column.name]).where(there.c[key.column.name] == key.parent).exists(),
    )


#: the text that the service has cleaned before it stored it
_TEXTS: tuple[tuple[Table, tuple[Column[Any], ...]], ...] = (
    (units, (units.c.slug, units.c.name, units.c.office, units.c.search_key, units.c.sort_key)),
    (producers, (producers.c.name, producers.c.representative, producers.c.search_key)),
    (
        products,
        (
            products.c.code,
            products.c.name,
            products.c.search_key,
            products.c.sort_key,
        ),
    ),
    (contacts, (contacts.c.address,)),
    (certificates, (certificates.c.number, certificates.c.signer)),
    (transitions, (transitions.c.actor, transitions.c.note, transitions.c.data)),
    (questions, (questions.c.vi, questions.c.en, questions.c.answer, questions.c.answered_by)),
    (extensions, (extensions.c.decision_number, extensions.c.reason)),
)


def text_rows(tx: Connection) -> Iterator[tuple[str, Row[Any]]]:
    """Yield the name of the table and the row, for every row that holds text of people."""
    for table, columns in _TEXTS:
        for rows in batches(tx, select(table.c.id, *columns), table.c.id):
            yield from ((table.name, row) for row in rows)


def longest_allowed(table: str, column: str) -> int | None:
    """Return how many letters a column may hold; SQLite does not watch over it."""
    kind = metadata.tables[table].c[column].type
    return kind.length if isinstance(kind, String) else None
