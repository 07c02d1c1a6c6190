"""A country's worth of products, made by bulk SQL, on the eve of the day on which all are late."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.plans import compiled_queries as compiled_plans
from ocop_workflow.plans.loaded import unkept
from ocop_workflow.plans.queries import insert_plan
from ocop_workflow.store import schema

if TYPE_CHECKING:
    from ocop_workflow.store import Connection, Database

PROVINCES, AUTHORITIES, COMMUNES = 34, 700, 10_000
#: the commune's evaluation was due on 31/10/2024: on the next day flags rise and both levels are told
SPIKE, NEXT = date(2024, 11, 1), date(2024, 11, 7)
QUIET = date(2024, 10, 20)
NOW = datetime(2024, 11, 1, 6, tzinfo=UTC)

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {size}) "
_UNITS = """
INSERT INTO units (slug, parent_id, level, name, search_key, sort_key, office)
{numbers} SELECT '{level}-' || i, {parent}, '{level}', 'Đơn vị ' || i, 'don vi ' || i, 'don vi ' || i,
                 'UBND ' || i FROM n"""
_DESKS = "INSERT INTO desks (kind, unit_id) SELECT 'unit', id FROM units ORDER BY id"
_PRODUCTS = """
INSERT INTO products (code, name, search_key, sort_key, unit_id, producer_id, plan_id, state, version,
                      entered_on, dossier_no, product_group, address_id)
{numbers} SELECT 'SP24-' || i, 'Gạo lứt ' || i, 'gao lut ' || i, 'gao lut ' || i,
                 {first_commune} + i % {communes}, i % {producers} + 1, i % {communes} % {authorities} + 1,
                 'consulting', 3, {opened}, 1, 'food', i + 1 FROM n"""
_DOSSIERS = """
INSERT INTO dossiers (product_id, number, kind, plan_id)
SELECT id, 1, 'first', plan_id FROM products ORDER BY id"""
_ADDRESSES = """
INSERT INTO contacts (kind, address, mark, salt)
{numbers} SELECT 'place', 'thôn Vĩnh Bình', 'place ' || i, 'salt ' || i FROM n"""
_PRODUCERS = """
INSERT INTO producers (unit_id, name, representative, search_key)
{numbers} SELECT {first_commune} + i, 'Hợp tác xã ' || i, '', 'hop tac xa ' || i FROM n"""
_CONTACTS = """
INSERT INTO contacts (kind, desk_id, address, valid_from, mark, salt)
SELECT 'email', desks.id, 'ocop@' || slug || '.example', {opened}, 'unit ' || units.id, 'salt ' || units.id
FROM units JOIN desks ON desks.unit_id = units.id WHERE level <> 'province' ORDER BY units.id"""
_CLOSED = """
INSERT INTO deadlines (subject, subject_id, product_id, plan_id, kind, rule, due_on, opened_on, closed_on,
                       closed_because)
SELECT 'product', id, id, plan_id, 'milestone', 'consulting', {consulting}, {selected}, {opened}, 'reached'
FROM products ORDER BY id"""
_OPEN = """
INSERT INTO deadlines (subject, subject_id, product_id, plan_id, kind, rule, due_on, opened_on,
                       next_action_on)
SELECT 'product', p.id, p.id, p.plan_id, 'milestone', w.rule, w.due_on, {opened}, w.next_on
FROM products p JOIN (
  SELECT 1 AS due, 'commune-evaluation' AS rule, {due} AS due_on, {spike} AS next_on
  UNION ALL SELECT 0, 'outcome', {outcome}, {later}) w
ON w.due = CASE WHEN (p.id + p.id / 10000) % 5 < 3 THEN 1 ELSE 0 END
ORDER BY p.id"""


def fill(database: Database, size: int) -> None:
    """Make the tables and `size` products: 700 plans, 10,000 communes, 60 % due on the spike day."""
    schema.upgrade(database)
    with database.write() as tx:
        _fill_units(tx)
        _fill_plans(tx)
        compiled_plans.keep(tx, unkept(tx, range(AUTHORITIES + 1)))  # as the sweep of the day before does
        days = {
            "selected": date(2024, 5, 20),
            "opened": date(2024, 7, 20),
            "consulting": date(2024, 7, 31),
            "due": date(2024, 10, 31),
            "spike": SPIKE,
            "outcome": date(2024, 11, 30),
            "later": date(2024, 11, 15),
        }
        sql_days = {name: _day(database, day) for name, day in days.items()}
        places = {
            "first_commune": PROVINCES + AUTHORITIES + 1,
            "communes": COMMUNES,
            "authorities": AUTHORITIES,
            "producers": COMMUNES,
        }
        tx.execute(text(_PRODUCERS.format(numbers=_NUMBERS.format(size=COMMUNES), **places)))
        tx.execute(text(_ADDRESSES.format(numbers=_NUMBERS.format(size=size))))
        tx.execute(text(_PRODUCTS.format(numbers=_NUMBERS.format(size=size), **places, **sql_days)))
        for statement in (_DOSSIERS, _CONTACTS, _CLOSED, _OPEN):
            tx.execute(text(statement.format(**sql_days)))
    _tidy(database)


def _fill_units(tx: Connection) -> None:
    levels = (
        ("province", PROVINCES, "NULL"),
        ("district", AUTHORITIES, f"i % {PROVINCES} + 1"),
        ("commune", COMMUNES, f"{PROVINCES} + 1 + i % {AUTHORITIES}"),
    )
    for level, size, parent in levels:
        tx.execute(text(_UNITS.format(numbers=_NUMBERS.format(size=size), level=level, parent=parent)))
    tx.execute(text(_DESKS))


def _fill_plans(tx: Connection) -> None:
    seed = shipped_plan_text("duc-pho-2024")
    for number in range(AUTHORITIES):
        slug, code = (
            f"plan-{number}",
            f"{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}{number // 676 + 24}",
        )
        plan = seed.replace('id = "duc-pho-2024"', f'id = "{slug}"').replace('"DP24"', f'"{code}"')
        values = {
            "slug": slug,
            "code": code,
            "title": slug,
            "version": 1,
            "year": 2024,
            "unit_id": PROVINCES + 1 + number,
            "regulation": "qd-148-2023",
            "sha256": hashlib.sha256(plan.encode()).hexdigest(),
            "text": plan,
            "loaded_at": NOW,
            "loaded_by": "minh",
        }
        insert_plan(tx, values)


def _day(database: Database, day: date) -> str:
    return f"'{day}'" if database.is_sqlite else f"DATE '{day}'"


def _tidy(database: Database) -> None:
    """Leave the file as a quiet night would: nothing to clean up, and PostgreSQL's statistics known."""
    connection = database.engine.raw_connection()
    driver: Any = connection.driver_connection
    if database.is_sqlite:
        driver.execute("VACUUM")
    else:
        driver.autocommit = True
        driver.execute("VACUUM ANALYZE")
        driver.autocommit = False
    connection.close()


_RESULTS = (
    "SELECT deadline_id, stage, desk_id, day, status, reason, digest_id FROM reminders ORDER BY 1, 2, 3",
    "SELECT deadline_id, raised_on, acknowledged_on, cleared_on FROM flags ORDER BY 1",
    "SELECT id, closed_on, closed_because, next_action_on FROM deadlines ORDER BY 1",
    "SELECT action, subject, transition_id FROM audit WHERE substr(action, 1, 8) = 'product.' ORDER BY seq",
)


def checksum(database: Database) -> str:
    """Return a checksum over every row that a sweep or a step may write."""
    digest = hashlib.sha256()
    with database.read() as tx:
        for statement in _RESULTS:
            rows = tx.execution_options(yield_per=10_000).exec_driver_sql(statement)
            for row in rows:
                digest.update(repr([str(value) for value in row]).encode())
    return digest.hexdigest()
