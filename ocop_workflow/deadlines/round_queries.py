"""How many of a plan's products have come to each of its rounds, from what is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, select

from ocop_workflow.calendar.rounds.shares import RoundShare
from ocop_workflow.calendar.when import read_when
from ocop_workflow.places.queries import reach
from ocop_workflow.states import Event, waits_at
from ocop_workflow.store.tables import products, transitions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, FromClause

    from ocop_workflow.calendar import Calendar

#: by which a product comes among those that a plan has registered
_REGISTERS = (Event.REGISTER, Event.OPEN_RE_RATING)


def round_shares(
    tx: Connection, plan_id: int, calendar: Calendar, today: date, roots: Collection[int] | None = None
) -> tuple[RoundShare, ...]:
    """Return how many products have come to each round of a plan by its cut-off, or by today.

    Steps that were undone count for nothing; whoever came, was sent back and came again counts once.

    Args:
        tx: the transaction.
        plan_id: the plan.
        calendar: the same, read.
        today: the local day.
        roots: only products below these units; none: all.
    """
    if not calendar.plan.rounds:
        return ()
    reader = calendar.reader(today, {})
    cut_offs = [read_when(entry.dossiers, reader).due for entry in calendar.plan.rounds]
    days = [min(cut_off, today) if cut_off else today for cut_off in cut_offs]
    states = [waits_at(calendar.regulation.ladder, entry.level) for entry in calendar.plan.rounds]
    of_product = transitions.c.product_id.distinct()
    counted = [func.count(of_product).filter(transitions.c.event.in_(_REGISTERS))]
    for day, state in zip(days, states, strict=True):
        came = and_(transitions.c.target == state, transitions.c.on_day <= day)
        counted.append(func.count(of_product).filter(came))
        counted.append(func.count(of_product).filter(_sent_back(came)))
    statement = select(*counted).where(
        transitions.c.plan_id == plan_id, transitions.c.on_day <= today, _stands()
    )
    if roots is not None:
        statement = statement.join(products, products.c.id == transitions.c.product_id).where(
            products.c.unit_id.in_(reach(roots))
        )
    registered, *numbers = tx.execute(statement).one()
    return tuple(
        RoundShare(
            entry.id,
            entry.number,
            entry.part,
            entry.level,
            cut_off,
            entry.quota_percent,
            registered,
            numbers[2 * place],
            numbers[2 * place + 1],
        )
        for place, (entry, cut_off) in enumerate(zip(calendar.plan.rounds, cut_offs, strict=True))
    )


def _stands(steps: FromClause = transitions) -> ColumnElement[bool]:
    """Match steps that stand: neither undone nor what has undone one."""
    later = transitions.alias()
    undone = exists().where(later.c.product_id == steps.c.product_id, later.c.undoes == steps.c.seq)
    return and_(steps.c.undoes.is_(None), ~undone)


def _sent_back(came: ColumnElement[bool]) -> ColumnElement[bool]:
    """Match an arrival behind which a step that stands sends it back."""
    following = transitions.alias()
    back = exists().where(
        following.c.product_id == transitions.c.product_id,
        following.c.seq > transitions.c.seq,
        following.c.source == transitions.c.target,
        following.c.event == Event.SEND_BACK,
        _stands(following),
    )
    return and_(came, back)
