"""Gives each dossier of before its regulation: for migrations, and for databases of before the first release.

It was in force on the day of receipt; of which nobody has told, on the day of the commune's report.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: as it was when this was written: a migration does not change when a pack is added
_SINCE: Final = (
    ("qd-1048-2019", date(2019, 8, 21)),
    ("qd-148-2023", date(2023, 2, 24)),
    ("qd-1489-2025", date(2025, 7, 6)),
    ("qd-26-2026", date(2026, 5, 22)),
)
_OPENING: Final = ("open_re_rating", "resubmit")
_REPORT: Final = "commune_evaluate"

_dossiers = sa.table(
    "dossiers",
    *(sa.column("product_id", sa.Integer), sa.column("number", sa.Integer)),
    *(sa.column("received_on", sa.Date), sa.column("regulation", sa.String)),
)
_steps = sa.table(
    "transitions",
    *(sa.column("product_id", sa.Integer), sa.column("seq", sa.Integer), sa.column("undoes", sa.Integer)),
    *(sa.column("event", sa.String), sa.column("on_day", sa.Date)),
)


def pin_regulations(tx: Connection) -> None:
    """Give a regulation to every dossier that was received or reported on and has none."""
    has_none = _dossiers.c.regulation.is_(None)
    for name, since in reversed(_SINCE):  # the latest that fits
        tx.execute(
            _dossiers.update().where(has_none, _dossiers.c.received_on >= since).values(regulation=name)
        )
    for (product_id, number), day in _reported(tx).items():
        known = [name for name, since in _SINCE if since <= day]
        if known:
            of_one = (_dossiers.c.product_id == product_id, _dossiers.c.number == number)
            tx.execute(_dossiers.update().where(*of_one, has_none).values(regulation=known[-1]))


def _reported(tx: Connection) -> dict[tuple[int, int], date]:
    """Return the day of the first report on each dossier, by its product and its number."""
    takes_back = sa.select(_steps.c.product_id, _steps.c.undoes).where(_steps.c.undoes.is_not(None))
    undone = {(product_id, seq) for product_id, seq in tx.execute(takes_back)}
    statement = (
        sa.select(_steps.c.product_id, _steps.c.seq, _steps.c.event, _steps.c.on_day)
        .where(_steps.c.undoes.is_(None), _steps.c.event.in_((*_OPENING, _REPORT)))
        .order_by(_steps.c.product_id, _steps.c.seq)
    )
    numbers: dict[int, int] = {}
    found: dict[tuple[int, int], date] = {}
    for product_id, seq, event, day in tx.execute(statement):
        if (product_id, seq) in undone:
            continue
        number = numbers.setdefault(product_id, 1)
        if event == _REPORT:
            found.setdefault((product_id, number), day)
        else:
            numbers[product_id] = number + 1
    return found
