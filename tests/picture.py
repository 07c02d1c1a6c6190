"""What a database says, in the words of people: no numbers of rows, so that two databases compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from ocop_workflow.places.queries import insert_contact
from ocop_workflow.store.tables import (
    deadlines,
    desks,
    digests,
    flags,
    metadata,
    outbox,
    products,
    reminders,
    units,
)
from tests.factories import load_seed

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Select

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

Row = tuple[Any, ...]

#: an activity of the plan belongs to no product
OF_THE_PLAN = "-"
_PRODUCT = func.coalesce(products.c.code, OF_THE_PLAN)


@dataclass(frozen=True)
class Picture:
    """Everything that sweeps and officers have brought about.

    Attributes:
        states: (product, state).
        deadlines: (product, rule, due on, opened on, closed on, because).
        flags: (product, rule, opened on, raised on, acknowledged on, cleared on).
        reminders: (product, rule, opened on, stage, unit, status).
        said: (letter's day, unit, product, rule, stage), of letters that are not superseded.
        letters: (letter's day, unit, address, generation, state).
    """

    states: list[Row]
    deadlines: list[Row]
    flags: list[Row]
    reminders: list[Row]
    said: list[Row]
    letters: list[Row]


def picture(database: Database) -> Picture:
    """Take a picture of a database."""
    with database.read() as tx:
        return Picture(
            _rows(tx, select(products.c.code, products.c.state)),
            _rows(tx, _deadlines()),
            _rows(tx, _flags()),
            _rows(tx, _reminders()),
            _rows(tx, _said()),
            _rows(tx, _letters()),
        )


def _rows(tx: Connection, statement: Select[Any]) -> list[Row]:
    rows = (tuple(getattr(cell, "value", cell) for cell in row) for row in tx.execute(statement))
    return sorted(rows, key=_as_words)


def _as_words(row: Row) -> tuple[str, ...]:
    """What rows are sorted by: their cells may be of any type, or nothing."""
    return tuple(map(str, row))


def _deadlines() -> Select[Any]:
    row = deadlines.c
    return select(
        _PRODUCT, row.rule, row.due_on, row.opened_on, row.closed_on, row.closed_because
    ).select_from(deadlines.outerjoin(products))


def _flags() -> Select[Any]:
    row = flags.c
    return select(
        _PRODUCT,
        deadlines.c.rule,
        deadlines.c.opened_on,
        row.raised_on,
        row.acknowledged_on,
        row.cleared_on,
    ).select_from(flags.join(deadlines).outerjoin(products))


def _reminders() -> Select[Any]:
    row = reminders.c
    return select(
        _PRODUCT, deadlines.c.rule, deadlines.c.opened_on, row.stage, units.c.slug, row.status
    ).select_from(
        reminders.join(deadlines)
        .outerjoin(products, products.c.id == deadlines.c.product_id)
        .join(desks, desks.c.id == row.desk_id)
        .join(units, units.c.id == desks.c.unit_id)
    )


def _said() -> Select[Any]:
    row = reminders.c
    return select(digests.c.day, units.c.slug, _PRODUCT, deadlines.c.rule, row.stage).select_from(
        reminders.join(deadlines)
        .outerjoin(products, products.c.id == deadlines.c.product_id)
        .join(digests, digests.c.id == row.digest_id)
        .join(desks, desks.c.id == digests.c.desk_id)
        .join(units, units.c.id == desks.c.unit_id)
    )


def _letters() -> Select[Any]:
    return select(
        digests.c.day, units.c.slug, outbox.c.address, digests.c.generation, outbox.c.state
    ).select_from(
        outbox.join(digests, digests.c.id == outbox.c.digest_id)
        .join(desks, desks.c.id == digests.c.desk_id)
        .join(units, units.c.id == desks.c.unit_id)
    )


def dump(database: Database, *without: str) -> dict[str, list[Row]]:
    """Return every row of every table but those named."""
    with database.read() as tx:
        return {
            table.name: sorted((tuple(row) for row in tx.execute(select(table))), key=_as_words)
            for table in metadata.sorted_tables
            if table.name not in without
        }


def start_over(database: Database, clock: FixedClock, day: date) -> None:
    """Forget everything but the audit, which forgets nothing, and import the seed again on another day."""
    with database.write() as tx:
        for table in reversed(metadata.sorted_tables):
            if table.name != "audit":
                tx.execute(delete(table))
    clock.move_to(day)
    load_seed(database, clock)


def give_address(database: Database, unit: str, address: str, since: date) -> None:
    """Let a unit have one more address."""
    with database.write() as tx:
        unit_id = tx.execute(select(units.c.id).where(units.c.slug == unit)).scalar_one()
        insert_contact(tx, unit_id, address, since)
