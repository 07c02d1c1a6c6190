"""How many there are: what monitoring asks of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ocop_workflow.notifications import LetterState
from ocop_workflow.places.queries import reach
from ocop_workflow.states import State
from ocop_workflow.store.tables import flags, outbox, products

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


def products_by_state(
    tx: Connection, plan_id: int | None = None, roots: Collection[int] | None = None
) -> dict[State, int]:
    """Count products by their state: those of a plan, or all; `roots`: only below these units."""
    statement = select(products.c.state, func.count()).group_by(products.c.state)
    if plan_id is not None:
        statement = statement.where(products.c.plan_id == plan_id)
    if roots is not None:
        statement = statement.where(products.c.unit_id.in_(reach(roots)))
    rows = tx.execute(statement)
    return {State(state): int(count) for state, count in rows}


def letters_by_state(tx: Connection) -> dict[LetterState, int]:
    """Count all letters by their state."""
    rows = tx.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {LetterState(state): int(count) for state, count in rows}


def open_flags(tx: Connection) -> int:
    """Count the overdue flags that are up."""
    return int(tx.scalar(select(func.count()).where(flags.c.cleared_on.is_(None)).select_from(flags)) or 0)
