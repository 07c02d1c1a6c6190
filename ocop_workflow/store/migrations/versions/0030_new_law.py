"""An open dossier goes over to a new regulation: one more step; and each reported dossier has its regulation.

A dossier that nobody has said the receipt of was received with the commune's report, at the latest.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

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
_SINCE = (
    ("qd-1048-2019", date(2019, 8, 21)),
    ("qd-148-2023", date(2023, 2, 24)),
    ("qd-1489-2025", date(2025, 7, 6)),
    ("qd-26-2026", date(2026, 5, 22)),
)
_OPENING = ("open_re_rating", "resubmit")


def upgrade() -> None:
    _let_in(_BEFORE, _AFTER)
    op.create_index("ix_dossiers_regulation", "dossiers", ["regulation"])
    _pin_reported()


def downgrade() -> None:
    op.drop_index("ix_dossiers_regulation", table_name="dossiers")
    _let_in(_AFTER, _BEFORE)


def _pin_reported() -> None:
    tx = op.get_bind()
    dossiers = sa.table(
        "dossiers",
        *(sa.column("product_id", sa.Integer), sa.column("number", sa.Integer)),
        sa.column("regulation", sa.String),
    )
    reported: dict[tuple[int, int], date] = {}
    for product_id, steps in _standing_steps(tx).items():
        number = 1
        for event, day in steps:
            number += event in _OPENING
            if event == "commune_evaluate":
                reported.setdefault((product_id, number), day)
    for (product_id, number), day in reported.items():
        known = [name for name, since in _SINCE if since <= day]
        if known:
            tx.execute(
                dossiers.update()
                .where(
                    dossiers.c.product_id == product_id,
                    dossiers.c.number == number,
                    dossiers.c.regulation.is_(None),
                )
                .values(regulation=known[-1])
            )


def _standing_steps(tx: sa.Connection) -> dict[int, list[tuple[str, date]]]:
    """Return the steps that were not undone, oldest first, by product."""
    steps = sa.table(
        "transitions",
        *(sa.column("product_id", sa.Integer), sa.column("seq", sa.Integer), sa.column("undoes", sa.Integer)),
        *(sa.column("event", sa.String), sa.column("on_day", sa.Date)),
    )
    takes_back = sa.select(steps.c.product_id, steps.c.undoes).where(steps.c.undoes.is_not(None))
    undone = {(product_id, seq) for product_id, seq in tx.execute(takes_back)}
    found: dict[int, list[tuple[str, date]]] = {}
    rows = tx.execute(
        sa.select(steps.c.product_id, steps.c.seq, steps.c.event, steps.c.on_day)
        .where(steps.c.undoes.is_(None), steps.c.event.in_((*_OPENING, "commune_evaluate")))
        .order_by(steps.c.product_id, steps.c.seq)
    )
    for product_id, seq, event, day in rows:
        if (product_id, seq) not in undone:
            found.setdefault(product_id, []).append((event, day))
    return found


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
