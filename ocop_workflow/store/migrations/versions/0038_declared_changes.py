"""What a producer says has changed since the recognition. Nobody has said anything yet."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "declared_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(length=60), nullable=False),
        sa.Column("change", sa.String(length=1000), nullable=True),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_declared_changes_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_changes")),
        sa.UniqueConstraint(
            "product_id", "dossier", "heading", name=op.f("uq_declared_changes_product_id_dossier_heading")
        ),
    )


def downgrade() -> None:
    op.drop_table("declared_changes")
