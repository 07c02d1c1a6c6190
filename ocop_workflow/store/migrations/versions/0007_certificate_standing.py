"""Certificates are proposed, confirmed or refused; steps say when they come from another level's paper."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # in SQL, because SQLite takes a constraint with a new column but not afterwards
    op.execute(
        "ALTER TABLE certificates ADD COLUMN standing VARCHAR(30) NOT NULL DEFAULT 'confirmed' "
        "CONSTRAINT ck_certificates_standing CHECK (standing IN ('proposed', 'confirmed', 'refused'))"
    )
    if op.get_context().dialect.name != "sqlite":  # which cannot drop a default
        op.alter_column("certificates", "standing", server_default=None)
    op.add_column("certificates", sa.Column("settled_by", sa.String(length=100), nullable=True))
    op.add_column("certificates", sa.Column("settled_for", sa.String(length=60), nullable=True))
    op.add_column("certificates", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("certificates", sa.Column("settled_paper", sa.JSON(), nullable=True))
    op.add_column("transitions", sa.Column("by_paper", sa.Boolean(), nullable=True))
    # who certifies signs; what was only named, and nothing rests on yet, has to be confirmed
    op.execute(
        "UPDATE certificates SET standing = 'proposed' WHERE signer = '' AND ended_on IS NULL "
        "AND product_id IN (SELECT id FROM products WHERE state = 're_rating')"
    )


def downgrade() -> None:
    op.drop_column("transitions", "by_paper")
    for column in ("settled_paper", "settled_at", "settled_for", "settled_by", "standing"):
        op.drop_column("certificates", column)
