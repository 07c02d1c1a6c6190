"""An open dossier goes over to a new regulation: one more step; and each reported dossier has its regulation.

A dossier that nobody has said the receipt of was received with the commune's report, at the latest.
"""

import sqlalchemy as sa
from alembic import op

from ocop_workflow.store.pinning import pin_regulations

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
    _let_in(_BEFORE, _AFTER)
    op.create_index("ix_dossiers_regulation", "dossiers", ["regulation"])
    pin_regulations(op.get_bind())


def downgrade() -> None:
    op.drop_index("ix_dossiers_regulation", table_name="dossiers")
    _let_in(_AFTER, _BEFORE)


def _let_in(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let the check of `transitions.event` know other words.

    SQLite cannot alter a check. Its own way, beside copying a table to which others refer, is to write the
    table's text anew (https://www.sqlite.org/lang_altertable.html, section 7): no row is touched by that.
    """
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_transitions_event"), "transitions", type_="check")
        op.create_check_constraint(op.f("ck_transitions_event"), "transitions", f"event IN ({_words(after)})")
        return
    tx = op.get_bind()
    version = tx.exec_driver_sql("PRAGMA schema_version").scalar_one()
    tx.exec_driver_sql("PRAGMA writable_schema = ON")
    tx.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE name = 'transitions'"),
        {"before": _words(before), "after": _words(after)},
    )
    tx.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    tx.exec_driver_sql("PRAGMA writable_schema = OFF")


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
