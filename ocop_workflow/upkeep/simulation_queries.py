"""What a stretch of days has brought: letters by day and unit, flags by day and rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from ocop_workflow.letters.reminder_queries import how_many_in_digest
from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import deadlines, desks, digests, flags, outbox, units
from ocop_workflow.upkeep.simulation_views import LetterLineView, OverdueLineView

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection


def send_everything(tx: Connection) -> None:
    """Take every waiting letter for sent, as if the relay had taken it at once."""
    tx.execute(update(outbox).where(outbox.c.state == LetterState.PENDING).values(state=LetterState.SENT))


def letters_between(tx: Connection, first: date, last: date) -> list[LetterLineView]:
    """Return the digests of these days with the number of things each speaks of."""
    found = tx.execute(
        select(digests.c.day, units.c.name.label("unit"), how_many_in_digest().label("items"))
        .join(desks, desks.c.id == digests.c.desk_id)
        .join(units, units.c.id == desks.c.unit_id)
        .where(digests.c.day.between(first, last), digests.c.superseded_by.is_(None))
        .order_by(digests.c.day, units.c.sort_key, digests.c.generation)
    )
    return read_all(LetterLineView, found)


def raised_between(tx: Connection, first: date, last: date) -> list[OverdueLineView]:
    """Return how many flags of each rule rose on which of these days."""
    found = tx.execute(
        select(
            flags.c.raised_on.label("day"),
            deadlines.c.rule.label("milestone"),
            func.count().label("count"),
        )
        .join(deadlines, deadlines.c.id == flags.c.deadline_id)
        .where(flags.c.raised_on.between(first, last))
        .group_by(flags.c.raised_on, deadlines.c.rule)
        .order_by(flags.c.raised_on, deadlines.c.rule)
    )
    return read_all(OverdueLineView, found)
