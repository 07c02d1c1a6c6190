"""Producers have the number under which their business is registered. Nobody's is known yet."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("producers", sa.Column("registration", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_producers_registration"), "producers", ["registration"])


def downgrade() -> None:
    op.drop_index(op.f("ix_producers_registration"), table_name="producers")
    op.drop_column("producers", "registration")
