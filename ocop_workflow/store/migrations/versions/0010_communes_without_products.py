"""A deadline may be a commune's that has no product in its plan yet."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0012"
branch_labels = None
depends_on = None

_OF_PLAN_BEFORE = "product_id IS NULL AND closed_on IS NULL"
_OF_PLAN = "kind = 'activity' AND closed_on IS NULL"
_OF_COMMUNE = "unit_id IS NOT NULL AND closed_on IS NULL"
_OPEN = "closed_on IS NULL"
_DUE = "next_action_on IS NOT NULL"

_WHOSE_BEFORE = "(product_id IS NULL) = (kind = 'activity')"
_WHOSE = (
    "(product_id IS NULL) = (kind IN ('activity', 'commune')) AND (unit_id IS NOT NULL) = (kind = 'commune')"
)
_KINDS_BEFORE = ("milestone", "relative", "activity")
_KINDS = (*_KINDS_BEFORE, "commune")


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _build_anew(_KINDS, _WHOSE, [sa.Column("unit_id", sa.Integer(), nullable=True)], [_TO_UNITS])
    else:
        op.add_column("deadlines", sa.Column("unit_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_deadlines_unit_id"), "deadlines", "units", ["unit_id"], ["id"])
        _change_checks(_KINDS, _WHOSE)
        op.drop_index("uq_deadlines_activity", table_name="deadlines")
    _index("uq_deadlines_activity", ["plan_id", "rule"], _OF_PLAN)
    _index("uq_deadlines_commune", ["unit_id", "plan_id", "rule"], _OF_COMMUNE)


def downgrade() -> None:
    communes = "(SELECT id FROM deadlines WHERE kind = 'commune')"
    for table in ("corrections", "reminders", "flags"):
        op.execute(f"DELETE FROM {table} WHERE deadline_id IN {communes}")  # noqa: S608 - names from the line above
    op.execute("DELETE FROM deadlines WHERE kind = 'commune'")
    if op.get_context().dialect.name == "sqlite":
        _build_anew(_KINDS_BEFORE, _WHOSE_BEFORE, [], [])
    else:
        op.drop_index("uq_deadlines_commune", table_name="deadlines")
        op.drop_index("uq_deadlines_activity", table_name="deadlines")
        _change_checks(_KINDS_BEFORE, _WHOSE_BEFORE)
        op.drop_column("deadlines", "unit_id")
    _index("uq_deadlines_activity", ["plan_id", "rule"], _OF_PLAN_BEFORE)


_TO_UNITS = sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_deadlines_unit_id")


def _index(name: str, columns: list[str], where: str, *, unique: bool = True) -> None:
    op.create_index(
        name,
        "deadlines",
        columns,
        unique=unique,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _change_checks(kinds: tuple[str, ...], whose: str) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    for name, rule in (("ck_deadlines_kind", f"kind IN ({words})"), ("ck_deadlines_whose", whose)):
        op.drop_constraint(op.f(name), "deadlines")
        op.create_check_constraint(op.f(name), "deadlines", rule)


def _build_anew(
    kinds: tuple[str, ...],
    whose: str,
    more: list[sa.Column[int]],
    references: list[sa.ForeignKeyConstraint],
) -> None:
    """Build the table anew on SQLite, which changes no check in place.

    What refers to its rows waits for them until this transaction ends.
    """
    names = (
        "id, product_id, plan_id, kind, rule, due_on, opened_on, closed_on, closed_because, next_action_on"
    )
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM deadlines")
    op.execute("DELETE FROM deadlines")
    op.drop_table("deadlines")
    word = sa.Enum(*kinds, name="kind", native_enum=False, create_constraint=True, length=30)
    op.create_table(
        "deadlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        *more,
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_because", sa.String(length=30), nullable=True),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        sa.CheckConstraint(whose, name=op.f("ck_deadlines_whose")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_deadlines_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_deadlines_product_id")),
        *references,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
    )
    op.execute(f"INSERT INTO deadlines ({names}) SELECT {names} FROM kept")  # noqa: S608 - names from above
    op.execute("DROP TABLE kept")
    _index("ix_deadlines_next_action", ["next_action_on"], _DUE, unique=False)
    op.create_index("ix_deadlines_product_id", "deadlines", ["product_id"], unique=False)
    _index("uq_deadlines_open", ["product_id", "kind", "rule"], _OPEN)
