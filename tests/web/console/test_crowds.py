"""A page asks as often of many products as of few, and looks up what is asked for instead of reading all."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, inspect, text

from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER
from tests.web.console.test_doors import GETS, address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_workflow.store import Connection, Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor

MANY = 120
#: whatever grows with the products and the years
GROWING = "products|deadlines|transitions|reminders|certificates|outbox|audit|transition_changes|producers"
_PRODUCTS = """
INSERT INTO products ({columns}, code)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)
SELECT {columns}, 'DP24-' || (500 + i) FROM n, products WHERE products.code = 'DP24-002'"""
_DEADLINES = """
INSERT INTO deadlines ({columns}, product_id, subject_id)
SELECT {of_deadline}, crowd.id, crowd.id FROM deadlines, products AS crowd
WHERE crowd.code > 'DP24-500' AND deadlines.product_id = (SELECT id FROM products WHERE code = 'DP24-002')"""


@pytest.fixture
def asked(seeded: Database) -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    """Give what is asked of the database from here on."""
    noted: list[tuple[str, tuple[Any, ...]]] = []

    def note(_line: object, _cursor: object, sql: str, parameters: tuple[Any, ...], *_: object) -> None:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            noted.append((sql, parameters))

    event.listen(seeded.engine, "before_cursor_execute", note)
    yield noted
    event.remove(seeded.engine, "before_cursor_execute", note)


def crowd(database: Database) -> None:
    """Let a ward have so many products more, each with the deadlines of the one it is a copy of."""
    with database.write() as tx:
        names = [name for name in _columns(tx, "products") if name not in ("id", "code")]
        tx.execute(text(_PRODUCTS.format(columns=", ".join(names))), {"many": MANY})
        lines = [name for name in _columns(tx, "deadlines") if name not in ("id", "product_id", "subject_id")]
        of = ", ".join(f"deadlines.{name}" for name in lines)
        tx.execute(text(_DEADLINES.format(columns=", ".join(lines), of_deadline=of)))


def _columns(tx: Connection, table: str) -> list[str]:
    return [column["name"] for column in inspect(tx).get_columns(table)]


@pytest.mark.ordeal
@pytest.mark.parametrize("login", ["lan", "minh"])
def test_a_page_asks_as_often_of_many_as_of_few(
    login: str,
    visitor: Callable[[str], Visitor],
    seeded: Database,
    clock: FixedClock,
    asked: list[tuple[str, tuple[Any, ...]]],
) -> None:
    clock.move_to(date(2024, 5, 2))  # all are late
    sweep(seeded, clock, SENDER)
    browser = visitor(login)

    def counts() -> dict[str, int]:
        found = {}
        for path in GETS:
            browser.client.get(address(path))
            asked.clear()
            browser.client.get(address(path))
            found[path] = len(asked)
        return found

    few = counts()
    crowd(seeded)
    assert counts() == few


@pytest.mark.ordeal
@pytest.mark.parametrize("login", ["lan", "minh"])
def test_no_page_reads_all_that_grows(
    login: str,
    visitor: Callable[[str], Visitor],
    seeded: Database,
    clock: FixedClock,
    asked: list[tuple[str, tuple[Any, ...]]],
) -> None:
    clock.move_to(date(2024, 5, 2))
    sweep(seeded, clock, SENDER)
    if seeded.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads small tables as a whole; its plans at a crowd are in tests/sweep")
    browser, found = visitor(login), set()
    for path in GETS:
        asked.clear()
        browser.client.get(address(path))
        with seeded.connect() as tx:
            for sql, parameters in list(asked):
                plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
                found |= {(path, row[3], sql) for row in plan if re.match(rf"SCAN ({GROWING})\b", row[3])}
    assert found == set()
