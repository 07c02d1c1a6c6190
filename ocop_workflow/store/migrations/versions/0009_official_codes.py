"""Units bear official codes, each for its time; products of divided communes remember whence they came."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_codes_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_codes")),
    )
    op.create_index(op.f("ix_unit_codes_unit_id"), "unit_codes", ["unit_id"])
    op.create_index(op.f("ix_unit_codes_code"), "unit_codes", ["code"])
    op.create_table(
        "relocations",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("from_unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_relocations_product_id")),
        sa.ForeignKeyConstraint(["from_unit_id"], ["units.id"], name=op.f("fk_relocations_from_unit_id")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["units.id"], name=op.f("fk_relocations_to_unit_id")),
        sa.PrimaryKeyConstraint("product_id", "from_unit_id", name=op.f("pk_relocations")),
    )


def downgrade() -> None:
    op.drop_table("relocations")
    op.drop_table("unit_codes")
