"""Visits to certified products, and what each has found. Nothing was recorded before."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_TO_DO = sa.text("due_on IS NOT NULL AND done_on IS NULL")


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visitors", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("conclusion", sa.String(length=2000), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=100), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_visits_product_id")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_visits_certificate_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_visits_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_product_id"), "visits", ["product_id"])
    op.create_index(op.f("ix_visits_certificate_id"), "visits", ["certificate_id"])
    op.create_table(
        "visit_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=10), nullable=True),
        sa.Column("what", sa.String(length=500), nullable=True),
        sa.Column("result", sa.String(length=30), nullable=False),
        sa.Column("follow_up", sa.String(length=500), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_note", sa.String(length=300), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=100), nullable=True),
        sa.CheckConstraint("result IN ('met', 'not_met', 'note')", name=op.f("ck_visit_findings_result")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_findings_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_findings")),
    )
    op.create_index(op.f("ix_visit_findings_visit_id"), "visit_findings", ["visit_id"])
    op.create_index(
        "ix_visit_findings_to_do", "visit_findings", ["due_on"], sqlite_where=_TO_DO, postgresql_where=_TO_DO
    )


def downgrade() -> None:
    op.drop_table("visit_findings")
    op.drop_table("visits")
