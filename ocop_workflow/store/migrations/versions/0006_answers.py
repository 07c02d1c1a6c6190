"""The questions of an import are answered by an officer, with a word."""

import sqlalchemy as sa
from alembic import op

from ocop_workflow.store.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("questions", sa.Column("answer", sa.Text))
    op.add_column("questions", sa.Column("answered_at", UtcDateTime))
    op.add_column("questions", sa.Column("answered_by", sa.String(100)))


def downgrade() -> None:
    for name in ("answered_by", "answered_at", "answer"):
        op.drop_column("questions", name)
