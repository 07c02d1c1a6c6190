"""A letter tells an officer of a token's end; tokens are found by it."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_BEFORE = "'digest', 'notice', 'correction', 'warning'"
_NOW = f"{_BEFORE}, 'token'"


def upgrade() -> None:
    op.create_index("ix_tokens_expires_at", "tokens", ["expires_at"])
    _allow_kinds(_BEFORE, _NOW)


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE kind = 'token'")
    _allow_kinds(_NOW, _BEFORE)
    op.drop_index("ix_tokens_expires_at", table_name="tokens")


def _allow_kinds(before: str, after: str) -> None:
    """Change which kinds of letters there are; on SQLite in place, see 0005."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint("kind", "outbox", type_="check")
        op.create_check_constraint("kind", "outbox", f"kind IN ({after})")
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'outbox'",
        (f"({before})", f"({after})"),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
