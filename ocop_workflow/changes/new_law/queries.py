"""Which open dossiers a regulation has left behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from ocop_workflow.dossiers.queries import is_current
from ocop_workflow.regulations import decided_no_longer
from ocop_workflow.states.lifecycle import GOES_OVER
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import products
from ocop_workflow.store.tables.dossiers import dossiers

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Select


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A product whose open dossier goes by a regulation that decides it no longer."""

    id: int
    code: str


def dossiers_left(tx: Connection, today: date, after: int, limit: int) -> list[LeftBehind]:
    """Return the products with such dossiers on a local day, the next so many behind a number."""
    statement = _left(today)
    if statement is None:
        return []
    next_ones = statement.where(products.c.id > after).order_by(products.c.id).limit(limit)
    return read_all(LeftBehind, tx.execute(next_ones))


def is_any_left(tx: Connection, today: date, code: str | None = None) -> bool:
    """Tell whether there is any such dossier on a local day; of one product, if its code is given."""
    statement = _left(today)
    if statement is None:
        return False
    if code is not None:
        statement = statement.where(products.c.code == code)
    return tx.execute(statement.limit(1)).first() is not None


def _left(today: date) -> Select[tuple[int, str]] | None:
    """Select them; none: no regulation has left any behind."""
    expired = decided_no_longer(today)
    if not expired:
        return None
    behind = (and_(dossiers.c.regulation == name, dossiers.c.kind == kind) for name, kind in expired)
    return (
        select(products.c.id, products.c.code)
        .join(dossiers, is_current())
        .where(products.c.state.in_(GOES_OVER), products.c.entered_on <= today, or_(*behind))
    )
