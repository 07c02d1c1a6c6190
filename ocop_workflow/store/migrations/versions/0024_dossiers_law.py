"""A dossier keeps the regulation by which it is rated, and its official code, which the product had.

The regulation is the one that was in force on the day on which the commune received it. A paper says from which
paper of an earlier dossier it was taken over.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_SINCE = (
    ("qd-1048-2019", date(2019, 8, 21)),
    ("qd-148-2023", date(2023, 2, 24)),
    ("qd-1489-2025", date(2025, 7, 6)),
    ("qd-26-2026", date(2026, 5, 22)),
)


def upgrade() -> None:
    op.add_column("dossiers", sa.Column("regulation", sa.String(length=60), nullable=True))
    op.add_column("dossiers", sa.Column("official_code", sa.String(length=60), nullable=True))
    dossiers = sa.table("dossiers", sa.column("received_on", sa.Date), sa.column("regulation", sa.String))
    for name, day in _SINCE:  # from the earliest on: a later one overrules
        op.execute(dossiers.update().where(dossiers.c.received_on >= day).values(regulation=name))
    op.execute(
        "UPDATE dossiers SET official_code = (SELECT official_code FROM products "
        "WHERE products.id = dossiers.product_id AND products.dossier_no = dossiers.number)"
    )
    op.drop_column("products", "official_code")
    op.add_column("papers", sa.Column("reused_from", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("papers", "reused_from")
    op.add_column("products", sa.Column("official_code", sa.String(length=60), nullable=True))
    op.execute(
        "UPDATE products SET official_code = (SELECT official_code FROM dossiers "
        "WHERE dossiers.product_id = products.id AND dossiers.number = products.dossier_no)"
    )
    op.drop_column("dossiers", "official_code")
    op.drop_column("dossiers", "regulation")
