"""Sweeps that were held or taken back, letters to the authority about the service, notices in one letter."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KINDS = "'digest', 'notice', 'correction'"
_KINDS_NOW = "'digest', 'notice', 'correction', 'warning'"


def upgrade() -> None:
    op.add_column("sweeps", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reminders", sa.Column("sweep_id", sa.Integer(), nullable=True))
    op.create_table(
        "sweep_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("after_sweep_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["after_sweep_id"], ["sweeps.id"], name=op.f("fk_sweep_holds_after_sweep_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep_holds")),
    )
    op.create_table(
        "told_steps",
        sa.Column("transition_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transition_id"], ["transitions.id"], name=op.f("fk_told_steps_transition_id")
        ),
        sa.PrimaryKeyConstraint("transition_id", name=op.f("pk_told_steps")),
    )
    op.create_table(
        "notice_steps",
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("transition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_notice_steps_outbox_id")),
        sa.ForeignKeyConstraint(
            ["transition_id"], ["transitions.id"], name=op.f("fk_notice_steps_transition_id")
        ),
        sa.PrimaryKeyConstraint("outbox_id", "transition_id", name=op.f("pk_notice_steps")),
    )
    op.create_index(op.f("ix_notice_steps_transition_id"), "notice_steps", ["transition_id"], unique=False)
    op.execute(
        "INSERT INTO notice_steps SELECT id, transition_id FROM outbox "
        "WHERE kind = 'notice' AND transition_id IS NOT NULL"
    )
    _allow_kinds(_KINDS, _KINDS_NOW)


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE kind = 'warning'")
    _allow_kinds(_KINDS_NOW, _KINDS)
    op.drop_table("notice_steps")
    op.drop_table("told_steps")
    op.drop_table("sweep_holds")
    op.drop_column("reminders", "sweep_id")
    op.drop_column("sweeps", "taken_back_at")


def _allow_kinds(before: str, after: str) -> None:
    """Change which kinds of letters there are.

    SQLite cannot change a check, and the table cannot be built anew under those that refer to it: its
    description is changed in place, as SQLite's own manual shows for checks.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("kind", "outbox", type_="check")
        op.create_check_constraint("kind", "outbox", f"kind IN ({after})")
        return
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'outbox'",
        (f"({before})", f"({after})"),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
