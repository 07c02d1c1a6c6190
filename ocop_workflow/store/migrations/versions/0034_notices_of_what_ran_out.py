"""Signed notices of certificates that ran out: of a unit, and a span of days."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_BEFORE = (
    *("invitation", "minutes", "council-report", "submission", "decision", "approval", "letter-up"),
    *("notice", "certificate", "revocation", "revocation-notice", "revocation-letter"),
)


def upgrade() -> None:
    with op.batch_alter_table("documents") as table:
        table.add_column(sa.Column("since", sa.Date(), nullable=True))
        table.add_column(sa.Column("until", sa.Date(), nullable=True))
        table.create_index(op.f("ix_documents_unit_id"), ["unit_id", "since"])
        _let_in(table, (*_BEFORE, "expiry-notice"))


def downgrade() -> None:
    op.execute("DELETE FROM documents WHERE since IS NOT NULL")
    with op.batch_alter_table("documents") as table:
        _let_in(table, _BEFORE)
        table.drop_index(op.f("ix_documents_unit_id"))
        table.drop_column("until")
        table.drop_column("since")


def _let_in(table: BatchOperations, kinds: tuple[str, ...]) -> None:
    if op.get_context().dialect.name != "sqlite":  # which forgets the check when it copies the table
        table.drop_constraint(op.f("ck_documents_kind"), type_="check")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    table.create_check_constraint(op.f("ck_documents_kind"), f"kind IN ({words})")
