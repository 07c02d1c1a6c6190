"""Producers of one unit may bear one name: it finds them, and tells none from another."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_UNIQUE = "uq_producers_unit_id_search_key"


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _build_anew()
    else:
        op.drop_constraint(_UNIQUE, "producers")
    op.create_index("ix_producers_unit_id", "producers", ["unit_id", "search_key"])


def downgrade() -> None:
    op.drop_index("ix_producers_unit_id", table_name="producers")
    op.execute(  # a later one of the same name keeps its row under a key that is nobody's
        "UPDATE producers SET search_key = substr(search_key, 1, 289) || ' ' || id WHERE id NOT IN "
        "(SELECT min(id) FROM producers GROUP BY unit_id, search_key)"
    )
    if op.get_context().dialect.name == "sqlite":
        _build_anew(sa.UniqueConstraint("unit_id", "search_key", name=op.f(_UNIQUE)))
    else:
        op.create_unique_constraint(_UNIQUE, "producers", ["unit_id", "search_key"])


def _build_anew(*unique: sa.UniqueConstraint) -> None:
    """Build the table anew on SQLite, which drops no constraint in place; products wait for it."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM producers")
    op.execute("DELETE FROM producers")
    op.drop_table("producers")
    op.create_table(
        "producers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("representative", sa.String(length=300), nullable=False),
        sa.Column("search_key", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_producers_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_producers")),
        *unique,
    )
    op.execute("INSERT INTO producers SELECT * FROM kept")
    op.execute("DROP TABLE kept")
