"""Each sweep asks whether a unit has been merged: an index answers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MERGED = sa.text("successor_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_units_merged", "units", ["valid_to"], sqlite_where=_MERGED, postgresql_where=_MERGED)


def downgrade() -> None:
    op.drop_index("ix_units_merged", "units")
