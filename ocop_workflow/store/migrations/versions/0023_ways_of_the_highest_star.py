"""Two more steps of a product: a renewal that goes straight up, and an evaluation after the centre's.

Whatever is on record stays as it is.
"""

import sqlalchemy as sa
from alembic import op

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
    _let_in(_BEFORE, _AFTER)


def downgrade() -> None:
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
