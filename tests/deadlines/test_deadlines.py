"""Deadlines of one product or activity: opened, closed, flagged, acknowledged; nothing is erased."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ocop_workflow.calendar import ReminderStatus
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.errors import Unavailable
from ocop_workflow.letters import reminder_queries as reminding
from tests.factories import IMPORT_DAY, rows

if TYPE_CHECKING:
    from ocop_workflow.store import Database

FIRST_OF_MAY, LATER = date(2024, 5, 1), date(2024, 5, 20)


def test_each_product_has_its_own_deadline_and_each_activity_one(seeded: Database) -> None:
    with seeded.read() as tx:
        of_one = deadlines.open_of_product(tx, 1)
        of_all = deadlines.open_of_products(tx, range(1, 15))
        activities = deadlines.activities_of_plan(tx, 1)
        assert deadlines.activities_named(tx, "training") == activities
    assert [(row.rule, row.due_on, row.opened_on) for row in of_one] == [
        ("registration", date(2024, 4, 30), IMPORT_DAY)
    ]
    assert [row.product_id for row in of_all] == list(range(1, 15))
    assert [(row.rule, row.due_on, row.product_id) for row in activities] == [
        ("training", date(2024, 6, 30), None)
    ]


def test_more_products_than_one_statement_takes_parameters_for_are_asked_for_in_parts(
    seeded: Database,
) -> None:
    with seeded.read() as tx:
        assert len(deadlines.open_of_products(tx, range(70_000))) == 14


def test_a_product_cannot_have_one_milestone_open_twice(seeded: Database) -> None:
    row = {
        "product_id": 1,
        "plan_id": 1,
        "kind": "milestone",
        "rule": "registration",
        "due_on": LATER,
        "opened_on": IMPORT_DAY,
    }
    with pytest.raises(Unavailable) as caught, seeded.write() as tx:
        deadlines.open_deadlines(tx, [row])
    assert isinstance(caught.value.__cause__, IntegrityError)


def test_a_closed_deadline_keeps_its_date_and_no_sweep_looks_at_it_again(seeded: Database) -> None:
    with seeded.write() as tx:
        (row,) = deadlines.open_of_product(tx, 1)
        deadlines.close_deadline(tx, row.id, LATER, "reached")
        assert deadlines.open_of_product(tx, 1) == []
        (closed,) = deadlines.all_of_product(tx, 1)
    assert (closed.due_on, closed.closed_on, closed.closed_because, closed.next_action_on) == (
        date(2024, 4, 30),
        LATER,
        "reached",
        None,
    )


def test_a_flag_is_raised_once_acknowledged_and_cleared(seeded: Database) -> None:
    def flag() -> list[tuple[object, ...]]:
        return rows(
            seeded, "SELECT CAST(raised_on AS TEXT), acknowledged_by, CAST(cleared_on AS TEXT) FROM flags"
        )

    with seeded.write() as tx:
        assert not deadlines.acknowledge_flag(tx, 2, LATER, "minh")
        deadlines.raise_flags(tx, {2: FIRST_OF_MAY})
        deadlines.raise_flags(tx, {2: LATER})
    assert flag() == [("2024-05-01", None, None)]
    with seeded.write() as tx:
        assert deadlines.acknowledge_flag(tx, 2, LATER, "minh")
        deadlines.clear_flag(tx, 2, LATER)
        deadlines.clear_flag(tx, 2, date(2024, 6, 1))
        assert not deadlines.acknowledge_flag(tx, 2, LATER, "lan")
    assert flag() == [("2024-05-01", "minh", "2024-05-20")]


def test_only_what_no_letter_has_said_is_cancelled(seeded: Database) -> None:
    ((unit,),) = rows(seeded, "SELECT id FROM units WHERE slug = 'pho-an'")

    def reminder(stage: int, status: ReminderStatus) -> dict[str, object]:
        day = date(2024, 4, 30 + stage)
        return {
            "deadline_id": 2,
            "stage": stage,
            "unit_id": unit,
            "day": day,
            "status": status,
            "reason": None,
        }

    with seeded.write() as tx:
        tx.execute(
            text(
                "INSERT INTO digests (desk_id, day, generation) SELECT id, :d, 1 FROM desks "
                "WHERE unit_id = :u"
            ),
            {"u": unit, "d": str(IMPORT_DAY)},
        )
        said = reminder(-7, ReminderStatus.DUE)
        reminding.record(
            tx, [said, reminder(-3, ReminderStatus.SUPERSEDED), reminder(-1, ReminderStatus.DUE)]
        )
        reminding.record(tx, [{**said, "status": ReminderStatus.WITHHELD}])
        tx.execute(text("UPDATE reminders SET digest_id = 1 WHERE stage = -7"))
        reminding.cancel_unsaid(tx, 2)
        found = [(row.stage, row.status, row.letter_day) for row in reminding.said_of(tx, [2])]
    assert found == [
        (-7, ReminderStatus.DUE, IMPORT_DAY),
        (-3, ReminderStatus.SUPERSEDED, None),
        (-1, ReminderStatus.CANCELLED, None),
    ]
