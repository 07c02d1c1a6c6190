"""What the doctor reads of what ought to have been said by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, or_, select, text

from ocop_workflow.notifications import LetterState
from ocop_workflow.store.batching import one_by_one
from ocop_workflow.store.tables import (
    contacts,
    digests,
    notice_steps,
    outbox,
    products,
    reminders,
    transitions,
    units,
)
from ocop_workflow.store.tables.sweeps import sweeps
from ocop_workflow.upkeep.examination.product_queries import raw

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from sqlalchemy import Connection, Row


def completed_sweeps(tx: Connection) -> Iterator[tuple[int, date]]:
    """Yield number and local day of the sweeps that ended and stand, newest first."""
    ended = (sweeps.c.finished_at.is_not(None), sweeps.c.taken_back_at.is_(None))
    rows = tx.execute(select(sweeps.c.id, sweeps.c.day).where(*ended).order_by(sweeps.c.id.desc()))
    return ((row[0], row[1]) for row in rows)


def units_left_untold(tx: Connection, sweep_id: int, day: date) -> list[Row[Any]]:
    """Return the units to which a sweep of a working day ought to have written and did not.

    They had an address, something unsaid that was on record by then, and no letter of that day on its way.
    """
    address = exists().where(
        contacts.c.unit_id == reminders.c.unit_id,
        contacts.c.valid_from <= day,
        or_(contacts.c.valid_to.is_(None), contacts.c.valid_to > day),
    )
    served = exists().where(
        digests.c.unit_id == reminders.c.unit_id,
        digests.c.day == day,
        outbox.c.digest_id == digests.c.id,
        outbox.c.state.not_in([LetterState.PENDING, LetterState.SUPERSEDED, LetterState.CANCELLED]),
    )
    statement = (
        select(
            units.c.slug, units.c.name, func.count().label("unsaid"), func.min(reminders.c.day).label("since")
        )
        .join(units, units.c.id == reminders.c.unit_id)
        .where(
            text("reminders.status = 'due' AND reminders.digest_id IS NULL"),
            reminders.c.day <= day,
            or_(reminders.c.sweep_id.is_(None), reminders.c.sweep_id <= sweep_id),
            address,
            ~served,
        )
        .group_by(units.c.id, units.c.slug, units.c.name)
        .order_by(units.c.id)
    )
    return list(tx.execute(statement))


def steps_without_notice(tx: Connection, events: Collection[str]) -> Iterator[Row[Any]]:
    """Yield the steps of these events of which no letter tells, though the commune had an address then."""
    address = exists().where(
        contacts.c.unit_id == products.c.unit_id,
        # the local day of the step begins before the UTC day does
        contacts.c.valid_from <= func.date(transitions.c.at),
        contacts.c.valid_to.is_(None),
    )
    statement = (
        select(transitions.c.id, products.c.code, transitions.c.seq, raw(transitions.c.event))
        .join(products, products.c.id == transitions.c.product_id)
        .join(units, units.c.id == products.c.unit_id)
        .where(
            raw(transitions.c.event).in_(events),
            transitions.c.undoes.is_(None),
            transitions.c.unit == units.c.name,  # a merged unit's heir need not have been told
            ~exists().where(notice_steps.c.transition_id == transitions.c.id),
            address,
        )
    )
    return one_by_one(tx, statement, transitions.c.id)
