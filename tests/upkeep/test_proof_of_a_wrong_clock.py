"""A clock ran ahead and came back: what a letter has said by then is owed on no earlier day.

Sweeps count in the order in which they ran, not in that of their days. None is held here (see
`test_holding`): a sweep that is a few days ahead runs, and only the next one is asked about.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from ocop_workflow.store.tables import desks, digests, reminders, units
from tests.stories.days import daily, run
from tests.upkeep.test_proof import change, unbalanced

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def letters_with(database: Database, stage: int, unit: str) -> set[date]:
    """Return the days of the letters that say a stage to a unit."""
    said = (
        select(digests.c.day)
        .join(reminders, reminders.c.digest_id == digests.c.id)
        .join(desks, desks.c.id == reminders.c.desk_id)
        .join(units, units.c.id == desks.c.unit_id)
        .where(reminders.c.stage == stage, units.c.slug == unit)
    )
    with database.read() as tx:
        return set(tx.scalars(said))


@pytest.fixture(params=["2024-05-08", "2024-05-06", "2024-04-26"])
def back(request: pytest.FixtureRequest, seeded: Database, clock: FixedClock) -> Database:
    """From 25/4 the clock went to 9/5, where D+7 was said, and came back: behind the stage, or before it."""
    daily(seeded, clock, "2024-04-23", "2024-04-25")
    run(seeded, clock, "2024-05-09")
    run(seeded, clock, request.param)
    daily(seeded, clock, "2024-05-10", "2024-05-16")
    return seeded


def test_what_a_letter_of_a_later_day_has_said_is_not_owed_on_an_earlier_one(back: Database) -> None:
    assert letters_with(back, 7, "pho-an") == {date(2024, 5, 9)}
    assert unbalanced(back) == []


def test_a_letter_that_came_later_than_it_could_is_named_all_the_same(back: Database) -> None:
    change(back, "UPDATE digests SET day = '2024-05-10' WHERE day = '2024-05-09'")

    late = unbalanced(back)
    assert len(late) == 28  # to commune and authority, of 14 products
    assert {line.partition(": ")[2] for line in late} == {
        "ought to be in a letter, none was written (10/05/2024)."
    }


@pytest.fixture
def on_a_saturday(seeded: Database, clock: FixedClock) -> Database:
    """From 2/5 the clock went to a Saturday, where D+7 was found and no letter written, and came back."""
    daily(seeded, clock, "2024-04-23", "2024-05-02")
    run(seeded, clock, "2024-05-11")
    daily(seeded, clock, "2024-05-03", "2024-05-10")
    return seeded


def test_what_a_sweep_ahead_has_found_may_stand_in_the_letter_of_an_earlier_day(
    on_a_saturday: Database,
) -> None:
    assert letters_with(on_a_saturday, 7, "pho-an") == {date(2024, 5, 3)}
    assert unbalanced(on_a_saturday) == []


def test_a_letter_of_a_day_that_no_sweep_came_back_to_is_named_all_the_same(on_a_saturday: Database) -> None:
    change(on_a_saturday, "UPDATE digests SET day = '2024-04-29' WHERE day = '2024-05-03'")

    assert {line.partition(": ")[2] for line in unbalanced(on_a_saturday)} == {
        "has a status that it cannot have (letter of 29/04/2024)."
    }
