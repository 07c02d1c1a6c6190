"""A letter remembers how it failed, the relay since when it does; the installation has an id of its own."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("refusals", sa.Integer(), nullable=True))
    op.add_column("outbox", sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("relay", sa.Column("since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("relay", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    # whoever reads a calendar already goes on with the name that stands in it from now on
    if op.get_bind().scalar(sa.text("SELECT 1 FROM tokens WHERE scope = 'feed' LIMIT 1")):
        op.get_bind().execute(
            sa.text("INSERT INTO installation (id, uid) VALUES (1, :uid)"), {"uid": str(uuid4())}
        )


def downgrade() -> None:
    op.drop_table("installation")
    op.drop_column("relay", "taken_at")
    op.drop_column("relay", "since")
    op.drop_column("outbox", "failed_at")
    op.drop_column("outbox", "refusals")
