"""What later lists said of products that were there already: rows recognised, starts put right."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recognised_rows",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_recognised_rows_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_recognised_rows_product_id")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_recognised_rows_import_id")),
        sa.PrimaryKeyConstraint("plan_id", "key", name=op.f("pk_recognised_rows")),
    )
    op.create_index(op.f("ix_recognised_rows_product_id"), "recognised_rows", ["product_id"])
    op.create_table(
        "restarts",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_restarts_product_id")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_restarts_import_id")),
        sa.PrimaryKeyConstraint("product_id", "import_id", name=op.f("pk_restarts")),
    )


def downgrade() -> None:
    op.drop_table("restarts")
    op.drop_table("recognised_rows")
