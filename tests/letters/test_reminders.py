"""Reminders that no letter has said yet: handed from one unit to another."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ocop_workflow.calendar import ReminderStatus
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.places.desk_queries import numbers_of_desks
from ocop_workflow.store.tables import deadlines, reminders, units

if TYPE_CHECKING:
    from ocop_workflow.store import Database


def test_a_unit_that_hears_it_anyway_hears_once_what_is_handed_to_it(seeded: Database) -> None:
    """A product may go to the very unit that is its plan's authority, and is told of each of them."""
    with seeded.write() as tx:
        number = {row.slug: row.id for row in tx.execute(select(units.c.slug, units.c.id))}
        commune, authority = number["pho-an"], number["duc-pho"]
        desk = numbers_of_desks(tx, number.values())
        first, second = tx.scalars(select(deadlines.c.id).order_by(deadlines.c.id).limit(2))
        told = [(first, -7, commune), (first, -7, authority), (first, -3, commune), (second, -7, commune)]
        tx.execute(
            insert(reminders),
            [
                {
                    "deadline_id": deadline,
                    "stage": stage,
                    "desk_id": desk[unit],
                    "day": date(2024, 4, 23),
                    "status": ReminderStatus.DUE,
                }
                for deadline, stage, unit in told
            ],
        )
        of_first = reminding.of_deadlines(select(deadlines.c.id).where(deadlines.c.id == first))

        assert reminding.hand_over(tx, commune, authority, of_first) == 1

        left = tx.execute(
            select(reminders.c.deadline_id, reminders.c.stage, reminders.c.desk_id)
            .where(reminding.unsaid())
            .order_by(reminders.c.deadline_id, reminders.c.stage)
        )
        assert [tuple(row) for row in left] == [
            (first, -7, desk[authority]),
            (first, -3, desk[authority]),
            (second, -7, desk[commune]),
        ]
