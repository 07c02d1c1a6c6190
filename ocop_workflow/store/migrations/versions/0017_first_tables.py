"""The first tables: everything that there is before the first release.

Written from `store/tables` and frozen: from the first release on a change of tables is a migration of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "officers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officers")),
        sa.UniqueConstraint("login", name=op.f("uq_officers_login")),
    )
    op.create_table(
        "relay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_fault", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay")),
    )
    op.create_table(
        "sweeps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("withheld", sa.Integer(), nullable=False),
        sa.Column("superseded", sa.Integer(), nullable=False),
        sa.Column("flags_raised", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweeps")),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "commune",
                "district",
                "province",
                "central",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("office", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["units.id"], name=op.f("fk_units_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("slug", name=op.f("uq_units_slug")),
    )
    op.create_index(
        "ix_units_merged",
        "units",
        ["valid_to"],
        unique=False,
        sqlite_where=sa.text("successor_id IS NOT NULL"),
        postgresql_where=sa.text("successor_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_units_parent_id"), "units", ["parent_id"], unique=False)
    op.create_table(
        "desks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("unit", "officer", name="kind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(unit_id IS NOT NULL) = (kind = 'unit') AND (officer_id IS NOT NULL) = (kind = 'officer')",
            name=op.f("ck_desks_whose"),
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_desks_officer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_desks_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desks")),
        sa.UniqueConstraint("officer_id", name=op.f("uq_desks_officer_id")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_desks_unit_id")),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "authority_officer",
                "commune_officer",
                "council_secretary",
                "council_member",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.String(length=100), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_grants_officer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_grants_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index(op.f("ix_grants_officer_id"), "grants", ["officer_id"], unique=False)
    op.create_index(
        "uq_grants_current",
        "grants",
        ["officer_id", "unit_id", "role"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("regulation", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_plans_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("code", name=op.f("uq_plans_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_plans_slug")),
    )
    op.create_table(
        "producers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("representative", sa.String(length=300), nullable=False),
        sa.Column("search_key", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_producers_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_producers")),
    )
    op.create_index("ix_producers_unit_id", "producers", ["unit_id", "search_key"], unique=False)
    op.create_table(
        "replies",
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_replies_officer_id")),
        sa.PrimaryKeyConstraint("officer_id", "key", name=op.f("pk_replies")),
    )
    op.create_index(op.f("ix_replies_at"), "replies", ["at"], unique=False)
    op.create_table(
        "sweep_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("after_sweep_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["after_sweep_id"], ["sweeps.id"], name=op.f("fk_sweep_holds_after_sweep_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep_holds")),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "feed",
                "read",
                "act",
                "administer",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_tokens_officer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_tokens_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("prefix", name=op.f("uq_tokens_prefix")),
        sa.UniqueConstraint("sha256", name=op.f("uq_tokens_sha256")),
    )
    op.create_index(op.f("ix_tokens_expires_at"), "tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_tokens_officer_id"), "tokens", ["officer_id"], unique=False)
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
    op.create_index(op.f("ix_unit_codes_code"), "unit_codes", ["code"], unique=False)
    op.create_index(op.f("ix_unit_codes_unit_id"), "unit_codes", ["unit_id"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("email", "place", name="kind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("desk_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_contacts_desk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("mark", name=op.f("uq_contacts_mark")),
    )
    op.create_index(op.f("ix_contacts_desk_id"), "contacts", ["desk_id"], unique=False)
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_digests_desk_id")),
        sa.ForeignKeyConstraint(["superseded_by"], ["digests.id"], name=op.f("fk_digests_superseded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("desk_id", "day", "generation", name=op.f("uq_digests_desk_id_day_generation")),
    )
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decision_number", sa.String(length=300), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.String(length=100), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_extensions_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_plan_id"), "extensions", ["plan_id"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_imports_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "plan_versions",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.String(length=100), nullable=False),
        sa.Column("replaced_on", sa.Date(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_versions_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "version", name=op.f("pk_plan_versions")),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("official_code", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("producer_id", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("regulation", sa.String(length=60), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "idea",
                "registered",
                "selected",
                "consulting",
                "commune_evaluated",
                "district_scored",
                "escalated_to_province",
                "province_scored",
                "escalated_to_central",
                "central_scored",
                "certified",
                "monitored",
                "re_rating",
                "not_selected",
                "not_rated",
                "withdrawn",
                "revoked",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("dossier_no", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=30), nullable=True),
        sa.Column("product_group", sa.String(length=60), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("plan_id IS NOT NULL OR regulation IS NOT NULL", name=op.f("ck_products_watched")),
        sa.ForeignKeyConstraint(["address_id"], ["contacts.id"], name=op.f("fk_products_address_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_products_plan_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producers.id"], name=op.f("fk_products_producer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_products_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("code", name=op.f("uq_products_code")),
    )
    op.create_index("ix_products_plan_id", "products", ["plan_id", "code"], unique=False)
    op.create_index("ix_products_unit_id", "products", ["unit_id", "code"], unique=False)
    op.create_index(op.f("ix_products_updated_at"), "products", ["updated_at"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("product", sa.String(length=200), nullable=True),
        sa.Column("producer", sa.String(length=300), nullable=True),
        sa.Column("star", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=300), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("signer", sa.String(length=300), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(length=30), nullable=True),
        sa.Column(
            "standing",
            sa.Enum(
                "proposed",
                "confirmed",
                "refused",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("settled_by", sa.String(length=100), nullable=True),
        sa.Column("settled_for", sa.String(length=60), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_paper", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_certificates_product_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_certificates_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    )
    op.create_index(op.f("ix_certificates_unit_id"), "certificates", ["unit_id"], unique=False)
    op.create_index(
        "uq_certificates_current",
        "certificates",
        ["product_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "deadlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "product",
                "unit",
                "activity",
                "certificate",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "milestone",
                "relative",
                "activity",
                "commune",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_because", sa.String(length=30), nullable=True),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(product_id IS NULL) = (subject IN ('activity', 'unit')) AND (unit_id IS NOT NULL) = (subject = 'unit')",
            name=op.f("ck_deadlines_whose"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_deadlines_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_deadlines_product_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_deadlines_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
    )
    op.create_index(
        "ix_deadlines_next_action",
        "deadlines",
        ["next_action_on"],
        unique=False,
        sqlite_where=sa.text("next_action_on IS NOT NULL"),
        postgresql_where=sa.text("next_action_on IS NOT NULL"),
    )
    op.create_index("ix_deadlines_product_id", "deadlines", ["product_id"], unique=False)
    op.create_index(
        "uq_deadlines_commune",
        "deadlines",
        ["unit_id", "plan_id", "rule"],
        unique=True,
        sqlite_where=sa.text("unit_id IS NOT NULL AND closed_on IS NULL"),
        postgresql_where=sa.text("unit_id IS NOT NULL AND closed_on IS NULL"),
    )
    op.create_index(
        "uq_deadlines_open",
        "deadlines",
        ["subject_id", "rule", "subject"],
        unique=True,
        sqlite_where=sa.text("closed_on IS NULL AND subject <> 'unit'"),
        postgresql_where=sa.text("closed_on IS NULL AND subject <> 'unit'"),
    )
    op.create_table(
        "dossiers",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "first",
                "renewal",
                "upgrade",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column(
            "score_level",
            sa.Enum(
                "commune",
                "district",
                "province",
                "central",
                name="score_level",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("score_mean", sa.String(length=60), nullable=True),
        sa.Column("gates_met", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_dossiers_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_dossiers_product_id")),
        sa.PrimaryKeyConstraint("product_id", "number", name=op.f("pk_dossiers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_dossiers_plan_id"), "dossiers", ["plan_id"], unique=False)
    op.create_table(
        "extended_products",
        sa.Column("extension_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extension_id"], ["extensions.id"], name=op.f("fk_extended_products_extension_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_extended_products_product_id")
        ),
        sa.PrimaryKeyConstraint("extension_id", "product_id", name=op.f("pk_extended_products")),
    )
    op.create_index(
        op.f("ix_extended_products_product_id"), "extended_products", ["product_id"], unique=False
    )
    op.create_table(
        "imported_rows",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_imported_rows_import_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_imported_rows_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_imported_rows_product_id")),
        sa.PrimaryKeyConstraint("plan_id", "key", name=op.f("pk_imported_rows")),
    )
    op.create_table(
        "occurrences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.Column("undone_on", sa.Date(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=100), nullable=True),
        sa.Column("undone_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_occurrences_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_occurrences_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
    )
    op.create_index(op.f("ix_occurrences_plan_id"), "occurrences", ["plan_id"], unique=False)
    op.create_index(
        "uq_occurrences_standing",
        "occurrences",
        ["product_id", "plan_id", "event"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("vi", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_questions_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_product_id"), "questions", ["product_id"], unique=False)
    op.create_table(
        "recognised_rows",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_recognised_rows_import_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_recognised_rows_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_recognised_rows_product_id")),
        sa.PrimaryKeyConstraint("plan_id", "key", name=op.f("pk_recognised_rows")),
    )
    op.create_index(op.f("ix_recognised_rows_product_id"), "recognised_rows", ["product_id"], unique=False)
    op.create_table(
        "relocations",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("from_unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["from_unit_id"], ["units.id"], name=op.f("fk_relocations_from_unit_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_relocations_product_id")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["units.id"], name=op.f("fk_relocations_to_unit_id")),
        sa.PrimaryKeyConstraint("product_id", "from_unit_id", name=op.f("pk_relocations")),
    )
    op.create_table(
        "restarts",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_restarts_import_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_restarts_product_id")),
        sa.PrimaryKeyConstraint("product_id", "import_id", name=op.f("pk_restarts")),
    )
    op.create_table(
        "transitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(
                "register",
                "select",
                "decline",
                "start_consulting",
                "commune_evaluate",
                "score_district",
                "score_province",
                "score_central",
                "certify",
                "escalate",
                "reject",
                "begin_monitoring",
                "open_re_rating",
                "send_back",
                "revoke",
                "lapse",
                "withdraw",
                "resubmit",
                "enter_register",
                name="event",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "idea",
                "registered",
                "selected",
                "consulting",
                "commune_evaluated",
                "district_scored",
                "escalated_to_province",
                "province_scored",
                "escalated_to_central",
                "central_scored",
                "certified",
                "monitored",
                "re_rating",
                "not_selected",
                "not_rated",
                "withdrawn",
                "revoked",
                "lapsed",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "target",
            sa.Enum(
                "idea",
                "registered",
                "selected",
                "consulting",
                "commune_evaluated",
                "district_scored",
                "escalated_to_province",
                "province_scored",
                "escalated_to_central",
                "central_scored",
                "certified",
                "monitored",
                "re_rating",
                "not_selected",
                "not_rated",
                "withdrawn",
                "revoked",
                "lapsed",
                name="target",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("regulation", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("by_paper", sa.Boolean(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("replaced", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["address_id"], ["contacts.id"], name=op.f("fk_transitions_address_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_transitions_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_transitions_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transitions")),
        sa.UniqueConstraint("product_id", "seq", name=op.f("uq_transitions_product_id_seq")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("acting_for", sa.String(length=60), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("transition_id", sa.Integer(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["transition_id"], ["transitions.id"], name=op.f("fk_audit_transition_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_previous")),
    )
    op.create_table(
        "flags",
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("sweep_id", sa.Integer(), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=100), nullable=True),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_flags_deadline_id")),
        sa.ForeignKeyConstraint(["sweep_id"], ["sweeps.id"], name=op.f("fk_flags_sweep_id")),
        sa.PrimaryKeyConstraint("deadline_id", name=op.f("pk_flags")),
    )
    op.create_index(
        "ix_flags_acknowledged",
        "flags",
        ["acknowledged_on"],
        unique=False,
        sqlite_where=sa.text("acknowledged_on IS NOT NULL AND cleared_on IS NULL"),
        postgresql_where=sa.text("acknowledged_on IS NOT NULL AND cleared_on IS NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "digest",
                "notice",
                "correction",
                "warning",
                "token",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("domain", sa.String(length=254), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.Column("transition_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sending",
                "sent",
                "dead",
                "held",
                "cancelled",
                "superseded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ambiguous", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("relay_reply", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_outbox_desk_id")),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name=op.f("fk_outbox_digest_id")),
        sa.ForeignKeyConstraint(["transition_id"], ["transitions.id"], name=op.f("fk_outbox_transition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    op.create_index(
        "ix_outbox_desk_id",
        "outbox",
        ["desk_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'sending')"),
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.create_index(op.f("ix_outbox_digest_id"), "outbox", ["digest_id"], unique=False)
    op.create_index(
        "ix_outbox_next_at",
        "outbox",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'sending')"),
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.create_index(
        "ix_outbox_trouble",
        "outbox",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state IN ('dead', 'held')"),
        postgresql_where=sa.text("state IN ('dead', 'held')"),
    )
    op.create_table(
        "reminders",
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "due",
                "withheld",
                "superseded",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=30), nullable=True),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.Column("sweep_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_reminders_deadline_id")),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_reminders_desk_id")),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name=op.f("fk_reminders_digest_id")),
        sa.PrimaryKeyConstraint("deadline_id", "stage", "desk_id", name=op.f("pk_reminders")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_reminders_digest_id",
        "reminders",
        ["digest_id"],
        unique=False,
        sqlite_where=sa.text("digest_id IS NOT NULL"),
        postgresql_where=sa.text("digest_id IS NOT NULL"),
    )
    op.create_index(
        "ix_reminders_unsaid",
        "reminders",
        ["desk_id"],
        unique=False,
        sqlite_where=sa.text("status = 'due' AND digest_id IS NULL"),
        postgresql_where=sa.text("status = 'due' AND digest_id IS NULL"),
    )
    op.create_table(
        "told_steps",
        sa.Column("transition_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transition_id"], ["transitions.id"], name=op.f("fk_told_steps_transition_id")
        ),
        sa.PrimaryKeyConstraint("transition_id", name=op.f("pk_told_steps")),
    )
    op.create_table(
        "corrections",
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("falls_away", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_corrections_deadline_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_corrections_outbox_id")),
        sa.PrimaryKeyConstraint("outbox_id", "deadline_id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_deadline_id"), "corrections", ["deadline_id"], unique=False)
    op.create_table(
        "notice_steps",
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("transition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_notice_steps_outbox_id")),
        sa.ForeignKeyConstraint(
            ["transition_id"], ["transitions.id"], name=op.f("fk_notice_steps_transition_id")
        ),
        sa.PrimaryKeyConstraint("outbox_id", "transition_id", name=op.f("pk_notice_steps")),
    )
    op.create_index(op.f("ix_notice_steps_transition_id"), "notice_steps", ["transition_id"], unique=False)
    _guard_the_audit()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    if op.get_context().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_is_append_only()")


#: each after those that it refers to
_TABLES = (
    "attempts",
    "installation",
    "officers",
    "relay",
    "sweeps",
    "units",
    "desks",
    "grants",
    "plans",
    "producers",
    "replies",
    "sweep_holds",
    "tokens",
    "unit_codes",
    "contacts",
    "digests",
    "extensions",
    "imports",
    "plan_versions",
    "products",
    "certificates",
    "deadlines",
    "dossiers",
    "extended_products",
    "imported_rows",
    "occurrences",
    "questions",
    "recognised_rows",
    "relocations",
    "restarts",
    "transitions",
    "audit",
    "flags",
    "outbox",
    "reminders",
    "told_steps",
    "corrections",
    "notice_steps",
)


def _guard_the_audit() -> None:
    """Refuse UPDATE and DELETE on the audit."""
    if op.get_context().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
    )
