"""Plans as they are kept beside their files, read already. The first sweeps fill it."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compiled_plans",
        sa.Column("plan_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_compiled_plans_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_compiled_plans")),
    )


def downgrade() -> None:
    op.drop_table("compiled_plans")
