"""A value that no column may hold is named with its table, row and column, whoever meets it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.errors import Unavailable
from ocop_workflow.letters.outbox import list_letters
from ocop_workflow.overview.products import list_products
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine, prove
from ocop_workflow.upkeep.simulation import Scenario, simulate
from tests.factories import IMPORT_DAY, SEED, SENDER
from tests.fakes import VIETNAM

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


def spoil(database: Database, sql: str) -> None:
    assert database.file is not None
    with closing(sqlite3.connect(database.file)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(sql)


#: what is spoilt, and how it is named
SPOILT = {
    "UPDATE outbox SET state = 'lost' WHERE id = 3": "outbox, row id = 3, column state holds .*'lost'",
    "UPDATE outbox SET created_at = 'soon' WHERE id = 2": "outbox, row id = 2, column created_at .*'soon'",
    "UPDATE deadlines SET due_on = '2024-02-30' WHERE id = 5": "deadlines, row id = 5, column due_on .*'2024",
    "UPDATE products SET state = 'x' WHERE id = 1": "products, row id = 1, column state holds .*'x'",
    "UPDATE reminders SET status = 'x' WHERE stage = -7": "reminders, row deadline_id = .*, column status",
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sql", SPOILT)
def test_whoever_reads_it_is_told_where_it_stands(seeded: Database, clock: FixedClock, sql: str) -> None:
    sweep(seeded, clock, SENDER)
    spoil(seeded, sql)

    def read_everything() -> None:
        with seeded.read() as tx:
            list_letters(tx, None, 50)
            list_products(tx, IMPORT_DAY)
            prove(tx, VIETNAM)

    with pytest.raises(Unavailable, match=SPOILT[sql]):
        read_everything()
    with pytest.raises(Unavailable, match=SPOILT[sql]):
        simulate(seeded, Scenario(SEED, IMPORT_DAY, IMPORT_DAY), SENDER)
    assert examine(seeded, clock).violated


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_mistake_of_our_own_stays_one(seeded: Database) -> None:
    def stumble() -> None:
        with seeded.read() as tx:
            tx.execute(text("SELECT 1"))
            int("x")

    spoil(seeded, "UPDATE products SET state = 'nowhere' WHERE id = 1")
    with pytest.raises(ValueError, match="invalid literal"):
        stumble()
