"""Open deadlines of certificates are found by the day on which they were opened: a law may have come since."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_OF_CERTIFICATES = sa.text("subject = 'certificate' AND closed_on IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_deadlines_certificates",
        "deadlines",
        ["opened_on"],
        sqlite_where=_OF_CERTIFICATES,
        postgresql_where=_OF_CERTIFICATES,
    )


def downgrade() -> None:
    op.drop_index("ix_deadlines_certificates", table_name="deadlines")
