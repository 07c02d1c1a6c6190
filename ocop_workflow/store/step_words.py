"""Lets the check of `transitions.event` know other words: for migrations, which each name their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def let_in(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Put other words in the place of those that the check knows.

    SQLite cannot alter a check. Its own way, beside copying a table to which others refer, is to write the
    table's text anew (https://www.sqlite.org/lang_altertable.html, section 7): no row is touched by that.
    """
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_transitions_event"), "transitions", type_="check")
        op.create_check_constraint(op.f("ck_transitions_event"), "transitions", f"event IN ({_words(after)})")
        return
    tx = op.get_bind()
    version = tx.exec_driver_sql("PRAGMA schema_version").scalar_one()
    tx.exec_driver_sql("PRAGMA writable_schema = ON")
    tx.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE name = 'transitions'"),
        {"before": _words(before), "after": _words(after)},
    )
    tx.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    tx.exec_driver_sql("PRAGMA writable_schema = OFF")


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
