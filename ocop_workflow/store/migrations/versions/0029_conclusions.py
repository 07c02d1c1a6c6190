"""Conclusions against a certificate are on record by themselves; a document filed by mistake is taken back.

What is there already stays as it is: no conclusion awaits a decision, every document stands.
"""

import sqlalchemy as sa
from alembic import op

from ocop_workflow.store.step_words import let_in

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_BEFORE = (
    *("register", "select", "decline", "start_consulting", "commune_evaluate"),
    *("score_district", "score_province", "score_central", "certify", "escalate", "reject"),
    *("begin_monitoring", "open_re_rating", "send_back", "forward", "re_evaluate"),
    *("revoke", "lapse", "withdraw", "resubmit", "enter_register"),
)
_AFTER = (*_BEFORE[:16], "conclude", "dismiss", *_BEFORE[16:])


def upgrade() -> None:
    op.add_column("products", sa.Column("concluded_on", sa.Date(), nullable=True))
    op.add_column("documents", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("documents", sa.Column("taken_back_by", sa.String(length=100), nullable=True))
    op.add_column("documents", sa.Column("taken_back_because", sa.String(length=500), nullable=True))
    let_in(_BEFORE, _AFTER)


def downgrade() -> None:
    let_in(_AFTER, _BEFORE)
    for name in ("taken_back_because", "taken_back_by", "taken_back_at"):
        op.drop_column("documents", name)
    op.drop_column("products", "concluded_on")
