"""Whoever asks for one unit's part looks at that part, however much of the others' was written just now.

PostgreSQL knows next to nothing of rows that were just written. Left to its guesses it walks through all of
them for each batch of digests and for each letter.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from ocop_workflow.letters import queries as letters
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.sweep.digests import write_digests
from tests.factories import SENDER

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Connection, Database
    from tests.fakes import FixedClock

MANY = 3000

_UNITS = """
INSERT INTO units (slug, parent_id, level, name, search_key, sort_key, office)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)
SELECT 'xa-' || i, (SELECT parent_id FROM units WHERE slug = 'pho-an'), 'commune', 'Xã', 'xa', 'xa', 'UBND xã'
FROM n"""
_DESKS = "INSERT INTO desks (kind, unit_id) SELECT 'unit', id FROM units WHERE slug LIKE 'xa-%'"
_REMINDERS = """
INSERT INTO reminders (deadline_id, stage, desk_id, day, status)
SELECT MIN(deadlines.id), 7, desks.id, '2024-11-01', 'due'
FROM deadlines, desks JOIN units ON units.id = desks.unit_id WHERE units.slug LIKE 'xa-%' GROUP BY desks.id"""
_LETTERS = """
INSERT INTO outbox (key, kind, desk_id, address, domain, subject, message_id, mime, sha256, state, next_at,
                    attempts, ambiguous, fence, created_at)
SELECT slug, 'digest', desks.id, 'xa@duc-pho.example', 'duc-pho.example', '', slug, :mime, '', 'pending', :at,
       0, 0, 0, :at
FROM units JOIN desks ON desks.unit_id = units.id WHERE slug LIKE 'xa-%'"""


def effort(database: Database, many: int, work: Callable[[Connection], object], clock: FixedClock) -> int:
    """Count the rows (on SQLite: the machine's steps) that some work looks at, with so many others about."""
    at = clock.now().isoformat(" ")[:19]
    with database.connect() as tx, tx.begin() as everything:
        tx.execute(text(_UNITS), {"many": many})
        tx.execute(text(_DESKS))
        tx.execute(text(_REMINDERS))
        tx.execute(text(_LETTERS), {"mime": b"", "at": at})
        reminding.look_at_unsaid(tx)
        letters.look_at_waiting(tx)
        count = _steps(tx) if tx.dialect.name == "sqlite" else _rows_read(tx)
        before = count()
        work(tx)
        done = count() - before
        everything.rollback()
    return done


def _rows_read(tx: Connection) -> Callable[[], int]:
    read = "SELECT SUM(COALESCE(seq_tup_read, 0) + COALESCE(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
    return lambda: int(tx.scalars(text(read)).one())


def _steps(tx: Connection) -> Callable[[], int]:
    steps = 0

    def hundred_more() -> int:
        nonlocal steps
        steps += 100
        return 0

    tx.connection.driver_connection.set_progress_handler(hundred_more, 100)  # type: ignore[union-attr]  # sqlite3's
    return lambda: steps


def test_claiming_a_letter_looks_at_one_of_all_that_wait(seeded: Database, clock: FixedClock) -> None:
    def claim(tx: Connection) -> None:
        assert letters.claim_next(tx, clock.now(), timedelta(minutes=5)) is not None

    assert effort(seeded, MANY, claim, clock) < effort(seeded, 10, claim, clock) + MANY / 3


def test_a_batch_of_digests_looks_at_its_own_units_alone(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)  # its letters wait; what they say is carried over

    def write(tx: Connection) -> None:
        ids = tx.scalars(text("SELECT id FROM units WHERE slug IN ('pho-an', 'pho-thanh')")).all()
        again = "UPDATE reminders SET digest_id = NULL WHERE status = 'due' AND digest_id IS NOT NULL"
        assert tx.execute(text(again)).rowcount > 0
        assert write_digests(tx, ids, clock.today(), SENDER, clock.now()).letters > 0

    assert effort(seeded, MANY, write, clock) < effort(seeded, 10, write, clock) + MANY / 3
