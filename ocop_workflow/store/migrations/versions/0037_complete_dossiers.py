"""The body that decides says when a renewal's dossier was complete: one more step, and that day.

Until now the 45 days were counted from its receipt: what was opened so is called so.
"""

import sqlalchemy as sa
from alembic import op

from ocop_workflow.store.step_words import let_in

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_BEFORE = (
    *("register", "select", "decline", "start_consulting", "commune_evaluate"),
    *("score_district", "score_province", "score_central", "certify", "escalate", "reject"),
    *("begin_monitoring", "open_re_rating", "send_back", "forward", "re_evaluate", "conclude", "dismiss"),
    *("decline_renewal", "reconsider_renewal", "revoke", "lapse", "withdraw", "resubmit"),
    *("change_regulation", "enter_register"),
)
_AFTER = (*_BEFORE[:18], "confirm_complete", *_BEFORE[18:])


def upgrade() -> None:
    let_in(_BEFORE, _AFTER)
    op.add_column("dossiers", sa.Column("complete_on", sa.Date(), nullable=True))
    _call("re_rating_decision", "re_rating_decision_until_complete")


def downgrade() -> None:
    _call("re_rating_decision_until_complete", "re_rating_decision")
    op.drop_column("dossiers", "complete_on")
    let_in(_AFTER, _BEFORE)


def _call(old: str, new: str) -> None:
    for law in ("", ":qd-26-2026"):
        words = {"old": old + law, "new": new + law}
        op.get_bind().execute(sa.text("UPDATE deadlines SET rule = :new WHERE rule = :old"), words)
