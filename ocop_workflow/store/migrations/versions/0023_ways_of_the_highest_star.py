"""Two more steps of a product: a renewal that goes straight up, and an evaluation after the centre's.

Whatever is on record stays as it is.
"""

from ocop_workflow.store.step_words import let_in

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_BEFORE = (
    *("register", "select", "decline", "start_consulting", "commune_evaluate"),
    *("score_district", "score_province", "score_central", "certify", "escalate", "reject"),
    *("begin_monitoring", "open_re_rating", "send_back", "revoke", "lapse", "withdraw", "resubmit"),
    "enter_register",
)
_AFTER = (*_BEFORE[:14], "forward", "re_evaluate", *_BEFORE[14:])


def upgrade() -> None:
    let_in(_BEFORE, _AFTER)


def downgrade() -> None:
    let_in(_AFTER, _BEFORE)
