"""Signed documents of steps outside sessions: of a recognition, a dossier sent up or not, a revocation."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_BEFORE = (
    *("invitation", "blank-sheets", "filled-sheets", "minutes", "results", "results-workbook"),
    *("council-report", "submission", "decision", "approval", "letter-up", "notice", "certificate"),
)
_AFTER = (
    *("invitation", "minutes", "council-report", "submission", "decision", "approval", "letter-up"),
    *("notice", "certificate", "revocation", "revocation-notice", "revocation-letter"),
)


def upgrade() -> None:
    with op.batch_alter_table("documents") as table:
        table.add_column(sa.Column("transition_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_documents_transition_id"), "transitions", ["transition_id"], ["id"])
        table.create_index(op.f("ix_documents_transition_id"), ["transition_id"])
        table.alter_column("session_id", existing_type=sa.Integer(), nullable=True)
        _let_in(table, _AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM documents WHERE session_id IS NULL")
    with op.batch_alter_table("documents") as table:
        _let_in(table, _BEFORE)
        table.alter_column("session_id", existing_type=sa.Integer(), nullable=False)
        table.drop_index(op.f("ix_documents_transition_id"))
        table.drop_constraint(op.f("fk_documents_transition_id"), type_="foreignkey")
        table.drop_column("transition_id")


def _let_in(table: BatchOperations, kinds: tuple[str, ...]) -> None:
    if op.get_context().dialect.name != "sqlite":  # which forgets the check when it copies the table
        table.drop_constraint(op.f("ck_documents_kind"), type_="check")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    table.create_check_constraint(op.f("ck_documents_kind"), f"kind IN ({words})")
