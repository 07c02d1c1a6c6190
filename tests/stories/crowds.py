"""Very many products: what takes a list of thousands to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from ocop_workflow.store import Database


def multiply(database: Database, times: int) -> None:
    """Let there be so many products like DP24-002, each with its open deadline of the registration."""
    with database.write() as tx:
        tx.execute(
            text(
                "INSERT INTO products (code, name, search_key, sort_key, unit_id, producer_id, plan_id, "
                "state, version, dossier_no) "
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) "
                "SELECT 'DP24-X' || i, name || ' ' || i, search_key, sort_key, unit_id, producer_id, "
                "plan_id, state, version, 1 FROM products, n WHERE code = 'DP24-002'"
            ),
            {"n": times},
        )
        tx.execute(
            text(
                "INSERT INTO dossiers (product_id, number, kind, plan_id) "
                "SELECT id, 1, 'first', plan_id FROM products WHERE code LIKE 'DP24-X%'"
            )
        )
        tx.execute(
            text(
                "INSERT INTO deadlines (subject, subject_id, product_id, plan_id, kind, rule, due_on, "
                "opened_on, next_action_on) "
                "SELECT 'product', p.id, p.id, d.plan_id, d.kind, d.rule, d.due_on, d.opened_on, "
                "d.next_action_on "
                "FROM products p, deadlines d JOIN products o ON o.id = d.product_id "
                "WHERE o.code = 'DP24-002' AND p.code LIKE 'DP24-X%'"
            )
        )
