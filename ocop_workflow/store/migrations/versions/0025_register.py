"""The register: names and body as on the decision's day, what a certificate is known by, its public page.

What is there already is taken to be named as it is named now: nothing older is known. A confirmed one is known
by its signed decision, and gets its page; whatever else is a lead. Nobody has said which body decided.
"""

import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_OCTETS = 16
_LEVELS = "evidence IN ('A', 'B1', 'B2', 'C')"


def upgrade() -> None:
    for column in (
        sa.Column("commune", sa.String(length=200), nullable=True),
        sa.Column("province", sa.String(length=200), nullable=True),
        sa.Column("issuer", sa.String(length=300), nullable=True),
        sa.Column("regulation", sa.String(length=60), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=30), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=True),
        sa.Column("ended_by", sa.String(length=300), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(length=32), nullable=True),
        sa.Column("shown_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_on", sa.Date(), nullable=True),
    ):
        op.add_column("certificates", column)
    _fill(op.get_bind())
    with op.batch_alter_table("certificates") as table:
        for name, length in (("product", 200), ("commune", 200), ("evidence", 30), ("token", 32)):
            table.alter_column(name, existing_type=sa.String(length=length), nullable=False)
        table.create_check_constraint(op.f("ck_certificates_evidence"), _LEVELS)
        table.create_unique_constraint(op.f("uq_certificates_token"), ["token"])
        table.create_foreign_key(
            op.f("fk_certificates_replaced_by_id"), "certificates", ["replaced_by_id"], ["id"]
        )
    op.get_bind().execute(
        sa.text(
            "UPDATE certificates SET replaced_by_id = (SELECT MIN(n.id) FROM certificates n "
            "WHERE n.product_id = certificates.product_id AND n.id > certificates.id "
            "AND (n.ended_because IS NULL OR n.ended_because != 'undone')) WHERE ended_because = 'renewed'"
        )
    )


def downgrade() -> None:
    op.get_bind().execute(sa.text("UPDATE certificates SET replaced_by_id = NULL"))
    with op.batch_alter_table("certificates") as table:
        table.drop_constraint(op.f("fk_certificates_replaced_by_id"), type_="foreignkey")
        table.drop_constraint(op.f("uq_certificates_token"), type_="unique")
        table.drop_constraint(op.f("ck_certificates_evidence"), type_="check")
        for name in (
            *("commune", "province", "issuer", "regulation", "published_on", "evidence", "source"),
            *("ended_by", "replaced_by_id", "token", "shown_since", "taken_back_on"),
        ):
            table.drop_column(name)
        table.alter_column("product", existing_type=sa.String(length=200), nullable=True)


def _fill(tx: sa.Connection) -> None:
    units = {row.id: row for row in tx.execute(sa.text("SELECT id, name, level, parent_id FROM units"))}
    found = tx.execute(
        sa.text(
            "SELECT c.id, c.standing, c.settled_at, c.decided_on, c.ended_because, c.ended_on, "
            "coalesce(p.name, c.product) AS product, coalesce(r.name, c.producer) AS producer, "
            "coalesce(p.unit_id, c.unit_id) AS unit_id FROM certificates c "
            "LEFT JOIN products p ON p.id = c.product_id LEFT JOIN producers r ON r.id = p.producer_id"
        )
    ).all()
    for row in found:
        line = _line(units, row.unit_id)
        is_confirmed = row.standing == "confirmed"
        tx.execute(
            sa.text(
                "UPDATE certificates SET product = :product, producer = :producer, commune = :commune, "
                "province = :province, evidence = :evidence, token = :token, shown_since = :shown, "
                "taken_back_on = :back WHERE id = :id"
            ),
            {
                "id": row.id,
                "product": row.product,
                "producer": row.producer,
                "commune": units[row.unit_id].name,
                "province": next((unit.name for unit in line if unit.level == "province"), None),
                "evidence": "A" if is_confirmed else "C",
                "token": secrets.token_urlsafe(_OCTETS),
                "shown": (row.settled_at or f"{row.decided_on} 00:00:00") if is_confirmed else None,
                "back": row.ended_on if row.ended_because == "undone" else None,
            },
        )


def _line(units: dict[int, Any], unit_id: int | None) -> list[Any]:
    """Return a unit and those above it."""
    line = []
    while unit_id is not None:
        line.append(units[unit_id])
        unit_id = units[unit_id].parent_id
    return line
