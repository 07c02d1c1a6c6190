"""An open dossier goes over to a new regulation: one more step; and each reported dossier has its regulation.

A dossier that nobody has said the receipt of was received with the commune's report, at the latest.
"""

from alembic import op

from ocop_workflow.store.pinning import pin_regulations
from ocop_workflow.store.step_words import let_in

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_BEFORE = (
    *("register", "select", "decline", "start_consulting", "commune_evaluate"),
    *("score_district", "score_province", "score_central", "certify", "escalate", "reject"),
    *("begin_monitoring", "open_re_rating", "send_back", "forward", "re_evaluate"),
    *("conclude", "dismiss", "revoke", "lapse", "withdraw", "resubmit", "enter_register"),
)
_AFTER = (*_BEFORE[:-1], "change_regulation", "enter_register")


def upgrade() -> None:
    let_in(_BEFORE, _AFTER)
    op.create_index("ix_dossiers_regulation", "dossiers", ["regulation"])
    pin_regulations(op.get_bind())


def downgrade() -> None:
    op.drop_index("ix_dossiers_regulation", table_name="dossiers")
    let_in(_AFTER, _BEFORE)
