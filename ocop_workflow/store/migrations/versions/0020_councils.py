"""Councils, their sessions and score sheets; a dossier's set of products.

No council is on record yet, and no dossier's set.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "councils",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("decision_number", sa.String(length=100), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("founded_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_councils_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_councils")),
    )
    op.create_index(op.f("ix_councils_unit_id"), "councils", ["unit_id"])
    op.create_table(
        "council_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=30), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "duty IN ('chair', 'vice_chair', 'member', 'secretary', 'adviser')",
            name=op.f("ck_council_members_duty"),
        ),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name=op.f("fk_council_members_council_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_council_members_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_members")),
    )
    op.create_index(op.f("ix_council_members_council_id"), "council_members", ["council_id"])
    op.create_index(op.f("ix_council_members_officer_id"), "council_members", ["officer_id"])
    op.create_table(
        "council_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.String(length=30), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.String(length=100), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_number", sa.String(length=100), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("signer", sa.String(length=200), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint("mode IN ('meeting', 'written')", name=op.f("ck_council_sessions_mode")),
        sa.CheckConstraint(
            "stage IN ('draft', 'open', 'closed', 'decided')", name=op.f("ck_council_sessions_stage")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name=op.f("fk_council_sessions_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_sessions")),
    )
    op.create_index(op.f("ix_council_sessions_council_id"), "council_sessions", ["council_id"])
    op.create_table(
        "session_attendance",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_members.id"], name=op.f("fk_session_attendance_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_sessions.id"], name=op.f("fk_session_attendance_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "member_id", name=op.f("pk_session_attendance")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "session_products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.Integer(), nullable=False),
        sa.Column("regulation", sa.String(length=60), nullable=False),
        sa.Column("product_set", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("again_because", sa.String(length=500), nullable=True),
        sa.Column("chair_note", sa.String(length=500), nullable=True),
        sa.Column("noted_by", sa.String(length=100), nullable=True),
        sa.Column("advice", sa.Text(), nullable=True),
        sa.Column("out_because", sa.String(length=500), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("transition_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('waiting', 'scoring', 'closed', 'confirmed', 'out')",
            name=op.f("ck_session_products_stage"),
        ),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_session_products_product_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_sessions.id"], name=op.f("fk_session_products_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["transition_id"], ["transitions.id"], name=op.f("fk_session_products_transition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_products")),
    )
    op.create_index(op.f("ix_session_products_product_id"), "session_products", ["product_id"])
    op.create_index(op.f("ix_session_products_session_id"), "session_products", ["session_id"])
    op.create_index(
        "ux_session_products_there",
        "session_products",
        ["product_id"],
        unique=True,
        sqlite_where=sa.text("stage IN ('waiting', 'scoring', 'closed')"),
        postgresql_where=sa.text("stage IN ('waiting', 'scoring', 'closed')"),
    )
    op.create_table(
        "paper_entries",
        sa.Column("scored_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("shelf", sa.String(length=200), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_members.id"], name=op.f("fk_paper_entries_member_id")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_paper_entries_officer_id")),
        sa.ForeignKeyConstraint(
            ["scored_id"], ["session_products.id"], name=op.f("fk_paper_entries_scored_id")
        ),
        sa.PrimaryKeyConstraint(
            "scored_id", "member_id", "round", "officer_id", name=op.f("pk_paper_entries")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "score_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scored_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=30), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint("stage IN ('open', 'signed', 'superseded')", name=op.f("ck_score_sheets_stage")),
        sa.CheckConstraint(
            "signed_by IN ('password', 'code', 'paper')", name=op.f("ck_score_sheets_signed_by")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_members.id"], name=op.f("fk_score_sheets_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["scored_id"], ["session_products.id"], name=op.f("fk_score_sheets_scored_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheets")),
        sa.UniqueConstraint("scored_id", "member_id", "round", name="uq_score_sheets_of"),
    )
    op.create_index(op.f("ix_score_sheets_member_id"), "score_sheets", ["member_id"])
    op.create_table(
        "session_conflicts",
        sa.Column("scored_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_members.id"], name=op.f("fk_session_conflicts_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["scored_id"], ["session_products.id"], name=op.f("fk_session_conflicts_scored_id")
        ),
        sa.PrimaryKeyConstraint("scored_id", "member_id", name=op.f("pk_session_conflicts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "session_opinions",
        sa.Column("scored_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_members.id"], name=op.f("fk_session_opinions_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["scored_id"], ["session_products.id"], name=op.f("fk_session_opinions_scored_id")
        ),
        sa.PrimaryKeyConstraint("scored_id", "member_id", name=op.f("pk_session_opinions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sheet_entries",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["score_sheets.id"], name=op.f("fk_sheet_entries_sheet_id")),
        sa.PrimaryKeyConstraint("sheet_id", "place", name=op.f("pk_sheet_entries")),
        sqlite_with_rowid=False,
    )
    op.add_column("dossiers", sa.Column("product_set", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_table("sheet_entries")
    op.drop_table("session_opinions")
    op.drop_table("session_conflicts")
    op.drop_table("score_sheets")
    op.drop_table("paper_entries")
    op.drop_table("session_products")
    op.drop_table("session_attendance")
    op.drop_table("council_sessions")
    op.drop_table("council_members")
    op.drop_table("councils")
    with op.batch_alter_table("dossiers") as table:
        table.drop_column("product_set")
