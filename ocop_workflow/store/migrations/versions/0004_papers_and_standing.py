"""A deadline is not closed before it was opened: what had happened earlier closed it on that day."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE deadlines SET closed_because = 'reached_earlier' "
        "WHERE closed_because = 'reached' AND closed_on <= due_on AND due_on < opened_on"
    )
    op.execute("UPDATE deadlines SET closed_on = opened_on WHERE closed_on < opened_on")


def downgrade() -> None:
    op.execute("UPDATE deadlines SET closed_because = 'reached' WHERE closed_because = 'reached_earlier'")
