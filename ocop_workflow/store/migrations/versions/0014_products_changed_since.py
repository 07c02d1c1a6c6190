"""Products know when they last changed, so that a client can ask for what has changed since."""

import sqlalchemy as sa
from alembic import op

from ocop_workflow.store.types import UtcDateTime

revision = "0014"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("products", sa.Column("updated_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_products_updated_at"), "products", ["updated_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_products_updated_at"), "products")
    op.drop_column("products", "updated_at")
