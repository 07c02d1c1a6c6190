"""Letters go to desks: a unit's, which bears its unit's number where it is made here, or an officer's.

So what names a recipient keeps its number, and only the column and what it refers to are called otherwise: a
million reminders are not written anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_KIND = sa.Enum("unit", "officer", name="kind", native_enum=False, create_constraint=True, length=30)
#: what names a recipient
_TABLES = ("contacts", "reminders", "digests", "outbox")
#: the indexes called after it, and of which rows
_INDEXES = {"contacts": None, "outbox": "state IN ('pending', 'sending')"}


def upgrade() -> None:
    op.create_table(
        "desks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _KIND, nullable=False),
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
    op.execute("INSERT INTO desks (id, kind, unit_id) SELECT id, 'unit', id FROM units ORDER BY id")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("SELECT setval('desks_id_seq', GREATEST(MAX(id), 1), MAX(id) IS NOT NULL) FROM desks")
    _rename("unit_id", "units", "desk_id", "desks")


def downgrade() -> None:
    """Go back to units; what spoke to officers goes."""
    of_officers = "desk_id IN (SELECT id FROM desks WHERE kind = 'officer')"
    for table in ("outbox", "contacts"):
        op.execute(f"DELETE FROM {table} WHERE {of_officers}")  # noqa: S608 - only our own words go in
    _rename("desk_id", "desks", "unit_id", "units")
    op.drop_table("desks")


def _rename(before: str, of: str, after: str, to: str) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _INDEXES:
        op.drop_index(f"ix_{table}_{before}", table_name=table)
    for table in _TABLES:
        if not is_sqlite:
            op.drop_constraint(f"fk_{table}_{before}", table, type_="foreignkey")
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {before} TO {after}")
    if is_sqlite:
        _describe(before, of, after, to)
        op.execute("PRAGMA defer_foreign_keys = ON")
    else:
        op.execute(
            f"ALTER TABLE digests RENAME CONSTRAINT uq_digests_{before}_day_generation "
            f"TO uq_digests_{after}_day_generation"
        )
    if to == "units":
        _number_by_units()
    for table in _TABLES:
        if not is_sqlite:
            op.create_foreign_key(op.f(f"fk_{table}_{after}"), table, to, [after], ["id"])
    for table, where in _INDEXES.items():
        of_rows = sa.text(where) if where else None
        op.create_index(f"ix_{table}_{after}", table, [after], sqlite_where=of_rows, postgresql_where=of_rows)


def _number_by_units() -> None:
    """Name units by their own numbers again: in two steps, for one may be the desk's of another."""
    for table in _TABLES:
        mine = f"(SELECT desks.unit_id FROM desks WHERE desks.id = {table}.unit_id)"  # noqa: S608 - likewise
        op.execute(f"UPDATE {table} SET unit_id = -{mine} WHERE unit_id IS NOT NULL")  # noqa: S608 - likewise
        op.execute(f"UPDATE {table} SET unit_id = -unit_id WHERE unit_id IS NOT NULL")  # noqa: S608 - likewise


def _describe(before: str, of: str, after: str, to: str) -> None:
    """Say to what the column refers now, in place, as SQLite's own manual shows."""
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table in _TABLES:
        reference = f"FOREIGN KEY({after}) REFERENCES"
        for old, new in (
            (f"fk_{table}_{before} {reference} {of} ", f"fk_{table}_{after} {reference} {to} "),
            (f"uq_digests_{before}_day", f"uq_digests_{after}_day"),
        ):
            connection.exec_driver_sql(
                "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?",
                (old, new, table),
            )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
