"""What is in a database, without the numbers that depend on who came first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from tests.factories import rows

if TYPE_CHECKING:
    from ocop_workflow.store import Database

_WHOSE = """
    a.slug, d.kind, d.rule, d.due_on, d.opened_on, p.code
    FROM deadlines d JOIN plans a ON a.id = d.plan_id LEFT JOIN products p ON p.id = d.product_id
"""
_WHAT_IS_SAID = {
    "deadlines": f"SELECT d.closed_on, d.closed_because, d.next_action_on, {_WHOSE}",
    "flags": f"SELECT f.raised_on, f.cleared_on, {_WHOSE} JOIN flags f ON f.deadline_id = d.id",
    "reminders": (
        f"SELECT r.stage, u.slug, r.day, r.status, r.reason, g.day, g.generation, {_WHOSE} "
        "JOIN reminders r ON r.deadline_id = d.id JOIN desks k ON k.id = r.desk_id "
        "JOIN units u ON u.id = k.unit_id "
        "LEFT JOIN digests g ON g.id = r.digest_id"
    ),
    "digests": (
        "SELECT u.slug, g.day, g.generation, n.day, n.generation "
        "FROM digests g JOIN desks k ON k.id = g.desk_id JOIN units u ON u.id = k.unit_id LEFT "
        "JOIN digests n ON n.id = g.superseded_by"
    ),
    "letters": "SELECT key, message_id, address, subject, state FROM outbox",
}
_HOW_IT_WENT = {
    "outbox": "SELECT key, sha256, created_at, sent_at, attempts, ambiguous, fence, relay_reply FROM outbox",
    "steps": (
        "SELECT p.code, t.seq, t.event, t.source, t.target, t.actor, t.on_day, t.at "
        "FROM transitions t JOIN products p ON p.id = t.product_id"
    ),
}


def said(database: Database) -> dict[str, list[str]]:
    """Return what the service has decided and written, but not when, nor in how many attempts."""
    return {name: sorted(map(repr, rows(database, sql))) for name, sql in _WHAT_IS_SAID.items()}


def dump(database: Database) -> dict[str, list[str]]:
    """Return what `said` does, and every instant, attempt and byte."""
    went = {name: sorted(map(repr, rows(database, sql))) for name, sql in _HOW_IT_WENT.items()}
    return {**said(database), **went}


def drop_everything(database: Database) -> None:
    """Leave a PostgreSQL database without any table."""
    with database.write() as tx:
        tx.execute(text("DROP SCHEMA public CASCADE"))
        tx.execute(text("CREATE SCHEMA public"))
