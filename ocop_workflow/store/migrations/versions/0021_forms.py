"""Answers to the forms of dossiers, and revenue by year. Nobody has answered or told any yet."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_form_answers_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_answers")),
        sa.UniqueConstraint(
            "product_id", "dossier", "form", name=op.f("uq_form_answers_product_id_dossier_form")
        ),
    )
    op.create_table(
        "form_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["form_answers.id"], name=op.f("fk_form_values_sheet_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_form_values_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_values")),
        sa.UniqueConstraint("sheet_id", "field", name=op.f("uq_form_values_sheet_id_field")),
    )
    op.create_index(op.f("ix_form_values_contact_id"), "form_values", ["contact_id"])
    op.create_table(
        "revenues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revenue", sa.BigInteger(), nullable=False),
        sa.Column("profit", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_revenues_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revenues")),
        sa.UniqueConstraint("product_id", "year", name=op.f("uq_revenues_product_id_year")),
    )


def downgrade() -> None:
    op.drop_table("revenues")
    op.drop_table("form_values")
    op.drop_table("form_answers")
