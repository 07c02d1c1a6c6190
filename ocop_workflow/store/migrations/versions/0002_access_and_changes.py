"""Officers and their access, the audit chain, changes of plan, steps that can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KINDS = "'digest', 'notice'"
_KINDS_NOW = "'digest', 'notice', 'correction'"


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
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
    op.create_index(op.f("ix_tokens_officer_id"), "tokens", ["officer_id"], unique=False)

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
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("acting_for", sa.String(length=60), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("transition_id", sa.Integer(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["transition_id"], ["transitions.id"], name=op.f("fk_audit_transition_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_previous")),
    )

    op.add_column("plans", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("transitions", sa.Column("unit", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("products", sa.Column("edits", sa.Integer(), nullable=True))
    op.add_column("transitions", sa.Column("undoes", sa.Integer(), nullable=True))
    op.add_column("transitions", sa.Column("replaced", sa.JSON(), nullable=True))
    op.execute(
        "UPDATE transitions SET unit = (SELECT u.name FROM units u JOIN products p ON p.unit_id = u.id "
        "WHERE p.id = transitions.product_id)"
    )
    if not _is_sqlite():  # which cannot drop a default
        op.alter_column("plans", "version", server_default=None)
        op.alter_column("transitions", "unit", server_default=None)
    _one_deadline_an_activity("product_id IS NULL", "product_id IS NULL AND closed_on IS NULL")
    _allow_kinds(_KINDS, _KINDS_NOW)
    _corrections()
    _append_only()


def downgrade() -> None:
    op.drop_table("corrections")
    op.execute("DELETE FROM outbox WHERE kind = 'correction'")
    _allow_kinds(_KINDS_NOW, _KINDS)
    _one_deadline_an_activity("product_id IS NULL AND closed_on IS NULL", "product_id IS NULL")
    op.drop_table("audit")  # and its triggers with it
    if not _is_sqlite():
        op.execute("DROP FUNCTION audit_is_append_only()")
    for column in ("replaced", "undoes", "unit"):
        op.drop_column("transitions", column)
    op.drop_column("products", "edits")
    op.drop_column("plans", "version")
    for table in (
        "extended_products",
        "plan_versions",
        "extensions",
        "tokens",
        "replies",
        "grants",
        "officers",
        "attempts",
    ):
        op.drop_table(table)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _one_deadline_an_activity(before: str, after: str) -> None:
    """A moved activity opens a second deadline beside the closed one."""
    old, new = sa.text(before), sa.text(after)
    name = "uq_deadlines_activity"
    op.drop_index(name, table_name="deadlines", sqlite_where=old, postgresql_where=old)
    columns = ["plan_id", "rule"]
    op.create_index(name, "deadlines", columns, unique=True, sqlite_where=new, postgresql_where=new)


def _allow_kinds(before: str, after: str) -> None:
    """Change which kinds of letters there are. SQLite cannot change a check: the table is built anew."""
    if not _is_sqlite():
        op.drop_constraint("kind", "outbox", type_="check")
        op.create_check_constraint("kind", "outbox", f"kind IN ({after})")
        return
    connection = op.get_bind()
    described = connection.exec_driver_sql("SELECT type, sql FROM sqlite_master WHERE tbl_name = 'outbox'")
    parts = [(kind, sql) for kind, sql in described if sql]
    (table,) = (sql for kind, sql in parts if kind == "table")
    op.execute("ALTER TABLE outbox RENAME TO outbox_before")
    for sql in (sql for kind, sql in parts if kind == "index"):
        op.drop_index(sql.split(" INDEX ")[1].split(" ON ")[0], table_name="outbox_before")
    op.execute(table.replace(f"({before})", f"({after})"))
    op.execute("INSERT INTO outbox SELECT * FROM outbox_before")
    op.execute("DROP TABLE outbox_before")
    for sql in (sql for kind, sql in parts if kind == "index"):
        op.execute(sql)


def _corrections() -> None:
    """Lay the table that refers to letters: SQLite would lead it astray while theirs is built anew."""
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


def _append_only() -> None:
    """Let the database itself refuse to change or delete what the audit says."""
    if _is_sqlite():
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
