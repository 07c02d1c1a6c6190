"""Producers may decline to have a product rated again: two more steps, and since when. Nobody has yet."""

import sqlalchemy as sa
from alembic import op

from ocop_workflow.store.step_words import let_in

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_BEFORE = (
    *("register", "select", "decline", "start_consulting", "commune_evaluate"),
    *("score_district", "score_province", "score_central", "certify", "escalate", "reject"),
    *("begin_monitoring", "open_re_rating", "send_back", "forward", "re_evaluate", "conclude", "dismiss"),
    *("revoke", "lapse", "withdraw", "resubmit", "change_regulation", "enter_register"),
)
_AFTER = (*_BEFORE[:18], "decline_renewal", "reconsider_renewal", *_BEFORE[18:])


def upgrade() -> None:
    let_in(_BEFORE, _AFTER)
    op.add_column("products", sa.Column("not_renewing_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("products", "not_renewing_on")
    let_in(_AFTER, _BEFORE)
