"""Dated activities of a plan: done in time, done late, done once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.errors import Conflict, InvalidInput, NotFound
from ocop_workflow.services.activities import ActivityDone, finish_activity
from ocop_workflow.services.sweep import sweep
from tests.factories import MINH, SEED, SENDER, rows
from tests.services.journeys import EXAMPLE, everything, load_text

if TYPE_CHECKING:
    from ocop_workflow.errors import OcopError
    from ocop_workflow.storage import Database
    from tests.fakes import FixedClock

DUE = date(2024, 6, 30)


def finish(
    database: Database,
    clock: FixedClock,
    activity: str = "training",
    plan: str | None = None,
    on: date | None = None,
) -> ActivityDone:
    with database.write() as tx:
        return finish_activity(tx, MINH, activity, plan=plan, on=on, today=clock.today(), now=clock.now())


def record(database: Database) -> list[tuple[object, ...]]:
    return rows(
        database,
        "SELECT CAST(d.due_on AS TEXT), CAST(d.closed_on AS TEXT), d.closed_because, "
        "CAST(f.raised_on AS TEXT), CAST(f.cleared_on AS TEXT) FROM deadlines d "
        "LEFT JOIN flags f ON f.deadline_id = d.id WHERE d.rule = 'training'",
    )


def test_done_in_time_is_done_and_says_so(seeded: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 6, 28))
    done = finish(seeded, clock)
    assert (done, done.days_late) == (ActivityDone("training", SEED, DUE, date(2024, 6, 28)), 0)
    assert record(seeded) == [("2024-06-30", "2024-06-28", "reached", None, None)]


@pytest.mark.parametrize("with_sweep", [True, False])
def test_done_late_keeps_its_lateness_whether_a_sweep_ran_or_not(
    seeded: Database, clock: FixedClock, *, with_sweep: bool
) -> None:
    clock.move_to(date(2024, 7, 5))
    if with_sweep:
        sweep(seeded, clock, SENDER)
    assert finish(seeded, clock).days_late == 5
    assert record(seeded) == [("2024-06-30", "2024-07-05", "reached", "2024-07-01", "2024-07-05")]


def test_done_in_time_but_written_down_late_clears_the_flag_that_had_risen(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2024, 7, 5))
    sweep(seeded, clock, SENDER)
    assert finish(seeded, clock, on=date(2024, 6, 20)).days_late == 0
    assert record(seeded) == [("2024-06-30", "2024-06-20", "reached", "2024-07-01", "2024-07-01")]


def test_what_is_done_is_not_spoken_of_again(seeded: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 6, 28))
    finish(seeded, clock)
    clock.move_to(date(2024, 7, 1))
    sweep(seeded, clock, SENDER)
    assert rows(
        seeded,
        "SELECT COUNT(*) FROM reminders r JOIN deadlines d ON d.id = r.deadline_id "
        "WHERE d.rule = 'training' AND r.day > '2024-06-28'",
    ) == [(0,)]


@pytest.mark.parametrize(
    ("activity", "plan", "on", "kind", "sentence"),
    [
        ("feast", None, None, NotFound, "No loaded plan has a dated activity of the id feast"),
        ("communication", None, None, NotFound, "No loaded plan has a dated activity"),
        ("training", "duc-pho-1999", None, NotFound, "No loaded plan has a dated activity"),
        ("training", None, date(2024, 6, 29), InvalidInput, "The day is at fault"),
        (
            "training",
            None,
            None,
            Conflict,
            "Several plans have the activity training: duc-pho-2024, example-2026",
        ),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_nothing_changes(
    seeded: Database,
    clock: FixedClock,
    activity: str,
    plan: str | None,
    on: date | None,
    kind: type[OcopError],
    sentence: str,
) -> None:
    clock.move_to(date(2024, 6, 28))
    if kind is Conflict:
        load_text(seeded, clock, shipped_plan_text(EXAMPLE))
    before = everything(seeded)
    with pytest.raises(kind, match=sentence):
        finish(seeded, clock, activity, plan, on)
    assert everything(seeded) == before


def test_of_two_plans_with_one_activity_one_is_named(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, shipped_plan_text(EXAMPLE))
    assert finish(seeded, clock, plan=EXAMPLE).plan == EXAMPLE
    assert finish(seeded, clock, plan=SEED).plan == SEED


def test_it_is_done_once(seeded: Database, clock: FixedClock) -> None:
    finish(seeded, clock)
    with pytest.raises(Conflict, match="was recorded as done on 2024-04-23"):
        finish(seeded, clock)
