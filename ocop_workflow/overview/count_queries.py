"""How many there are: what monitoring asks of the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from ocop_workflow.calendar.subjects import DONE
from ocop_workflow.notifications import LetterState
from ocop_workflow.places.queries import reach
from ocop_workflow.states import State
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import deadlines, flags, outbox, products

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

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


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many products of a plan a milestone asks, of how many it was met, and how many are late."""

    rule: str
    open: int
    met: int
    late: int


def products_by_rule(
    tx: Connection, plan_id: int, today: date, roots: Collection[int] | None = None
) -> dict[str, RuleCount]:
    """Count for each milestone the products of a plan of which it is open, met or late; each product once."""
    whose = func.count(deadlines.c.product_id.distinct())
    is_open = deadlines.c.closed_on.is_(None)
    statement = (
        select(
            deadlines.c.rule,
            whose.filter(is_open).label("open"),
            whose.filter(deadlines.c.closed_because.in_(DONE)).label("met"),
            whose.filter(and_(is_open, deadlines.c.due_on < today)).label("late"),
        )
        .where(deadlines.c.plan_id == plan_id, deadlines.c.product_id.is_not(None))
        .group_by(deadlines.c.rule)
    )
    if roots is not None:
        statement = statement.join(products, products.c.id == deadlines.c.product_id).where(
            products.c.unit_id.in_(reach(roots))
        )
    return {found.rule: found for found in read_all(RuleCount, tx.execute(statement))}


def letters_by_state(tx: Connection) -> dict[LetterState, int]:
    """Count all letters by their state."""
    rows = tx.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {LetterState(state): int(count) for state, count in rows}


def open_flags(tx: Connection) -> int:
    """Count the overdue flags that are up."""
    return int(tx.scalar(select(func.count()).where(flags.c.cleared_on.is_(None)).select_from(flags)) or 0)
