"""Lists of certificates wait like those of products; what they asked is remembered; corrections stay on record.

A certificate is found by its own words and group, whether or not its product is here.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staged_lists") as table:
        table.alter_column("plan_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("evidence", sa.String(length=2), nullable=True))
    op.add_column("certificates", sa.Column("corrected", sa.Integer(), nullable=True))
    op.add_column("certificates", sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("certificates", sa.Column("search_key", sa.String(length=600), nullable=True))
    op.add_column("certificates", sa.Column("product_group", sa.String(length=60), nullable=True))
    _fill(op.get_bind())
    op.create_table(
        "certificate_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("after_step", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_corrections_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_corrections")),
    )
    op.create_index(
        op.f("ix_certificate_corrections_certificate_id"), "certificate_corrections", ["certificate_id"]
    )
    op.create_table(
        "register_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_register_answers_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_answers")),
    )
    op.create_index("ix_register_answers_unit_id", "register_answers", ["unit_id", "key"])


def downgrade() -> None:
    op.drop_table("register_answers")
    op.drop_table("certificate_corrections")
    op.execute(sa.text("DELETE FROM staged_lists WHERE plan_id IS NULL"))
    op.drop_column("certificates", "product_group")
    op.drop_column("certificates", "search_key")
    op.drop_column("certificates", "corrected_at")
    op.drop_column("certificates", "corrected")
    with op.batch_alter_table("staged_lists") as table:
        table.drop_column("evidence")
        table.alter_column("plan_id", existing_type=sa.Integer(), nullable=False)


def _fill(tx: sa.Connection) -> None:
    named = sa.text("SELECT id, product, coalesce(producer, '') AS producer FROM certificates")
    keys = [
        {"number": row.id, "words": _without_marks(f"{row.product} {row.producer}")}
        for row in tx.execute(named)
    ]
    if keys:
        tx.execute(sa.text("UPDATE certificates SET search_key = :words WHERE id = :number"), keys)


def _without_marks(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())
