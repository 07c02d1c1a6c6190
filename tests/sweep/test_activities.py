"""Dated activities of a plan: done in time, done late, done once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.errors import Conflict, InvalidInput, NotFound
from ocop_workflow.sweep.activities import (
    finish_activity,
    list_activities,
    reopen_activity,
)
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.sweep.views import FinishedView, ReopenedView
from tests.changes.amending import SEED_TEXT, change, is_sound
from tests.factories import MINH, SEED, SENDER, rows
from tests.stories.days import daily, run
from tests.stories.journeys import EXAMPLE, everything, load_text

if TYPE_CHECKING:
    from ocop_workflow.errors import OcopError
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

pytestmark = pytest.mark.alike

DUE = date(2024, 6, 30)


def finish(
    database: Database,
    clock: FixedClock,
    activity: str = "training",
    plan: str | None = None,
    on: date | None = None,
) -> FinishedView:
    with database.write() as tx:
        return finish_activity(tx, MINH, activity, plan=plan, on=on, today=clock.today(), now=clock.now())


def record(database: Database) -> list[tuple[object, ...]]:
    return rows(
        database,
        "SELECT CAST(d.due_on AS TEXT), CAST(d.closed_on AS TEXT), d.closed_because, "
        "CAST(f.raised_on AS TEXT), CAST(f.cleared_on AS TEXT) FROM deadlines d "
        "LEFT JOIN flags f ON f.deadline_id = d.id WHERE d.rule = 'training' ORDER BY d.id",
    )


def test_done_in_time_is_done_and_says_so(seeded: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 6, 28))
    done = finish(seeded, clock)
    assert done == FinishedView("training", SEED, DUE, date(2024, 6, 28), days_late=0)
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


# -- said by mistake -----------------------------------------------------------------------------------


def reopen(database: Database, clock: FixedClock, reason: str = "lớp đã hoãn") -> ReopenedView:
    with database.write() as tx:
        return reopen_activity(tx, MINH, "training", reason, plan=None, now=clock.now())


def open_or_done(database: Database, clock: FixedClock) -> list[tuple[str, date, date | None]]:
    with database.read() as tx:
        return [
            (one.activity, one.due_on, one.done_on)
            for one in list_activities(tx, clock.today())
            if one.activity == "training"
        ]


def test_taking_it_back_opens_the_deadline_anew_and_keeps_what_was_said(
    seeded: Database, clock: FixedClock
) -> None:
    daily(seeded, clock, "2024-06-21", "2024-06-24")
    finish(seeded, clock)
    clock.move_to(date(2024, 6, 25))
    assert reopen(seeded, clock) == ReopenedView("training", SEED, DUE, date(2024, 6, 24))
    assert record(seeded) == [
        ("2024-06-30", "2024-06-24", "undone", None, None),
        ("2024-06-30", None, None, None, None),
    ]
    assert open_or_done(seeded, clock) == [("training", DUE, None)]
    daily(seeded, clock, "2024-06-25", "2024-07-01")
    assert record(seeded)[1] == ("2024-06-30", None, None, "2024-07-01", None)
    is_sound(seeded, clock)
    said = "SELECT action, subject, before, after FROM audit WHERE action = 'activity.undo'"
    ((action, subject, before, after),) = rows(seeded, said)
    assert (action, subject) == ("activity.undo", f"plan:{SEED}:training")
    assert "2024-06-24" in str(before)
    assert "hoãn" in str(after) or "ho\\u00e3n" in str(after)


def test_its_lateness_is_that_of_its_due_day_however_late_it_is_taken_back(
    seeded: Database, clock: FixedClock
) -> None:
    clock.move_to(date(2024, 6, 20))
    finish(seeded, clock)
    clock.move_to(date(2024, 7, 20))
    assert reopen(seeded, clock).due_on == DUE
    run(seeded, clock, "2024-07-22")
    assert record(seeded)[1] == ("2024-06-30", None, None, "2024-07-01", None)
    is_sound(seeded, clock)


def test_done_and_taken_back_again_and_again(seeded: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 6, 20))
    for _ in range(3):
        finish(seeded, clock)
        reopen(seeded, clock)
    finish(seeded, clock)
    assert [row[2] for row in record(seeded)] == ["undone", "undone", "undone", "reached"]
    assert open_or_done(seeded, clock) == [("training", DUE, date(2024, 6, 20))]
    run(seeded, clock, "2024-06-21")
    is_sound(seeded, clock)


def test_a_plan_that_changes_moves_what_was_reopened(seeded: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 6, 20))
    finish(seeded, clock)
    reopen(seeded, clock)
    run(seeded, clock, "2024-06-21")
    change(seeded, clock, SEED_TEXT.replace('when = { quarter = "2024-Q2" }', "when = { by = 2024-07-31 }"))
    assert [row[:3] for row in record(seeded)] == [
        ("2024-06-30", "2024-06-20", "undone"),
        ("2024-06-30", "2024-06-21", "moved"),
        ("2024-07-31", None, None),
    ]
    daily(seeded, clock, "2024-06-22", "2024-07-02")
    is_sound(seeded, clock)


@pytest.mark.parametrize(
    ("reason", "error", "said"),
    [
        ("lớp đã hoãn", Conflict, "The activity training is not recorded as done: there is nothing to undo."),
        ("", InvalidInput, "Undoing needs a reason."),
    ],
)
def test_what_is_not_done_cannot_be_taken_back_and_nothing_without_a_reason(
    seeded: Database, clock: FixedClock, reason: str, error: type[OcopError], said: str
) -> None:
    before = everything(seeded)
    with pytest.raises(error) as refused:
        reopen(seeded, clock, reason)
    assert refused.value.text.en == said
    assert everything(seeded) == before


def test_what_the_plan_no_longer_asks_for_stays_done(seeded: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 6, 20))
    finish(seeded, clock)
    before, training, after = SEED_TEXT.partition('id = "training"')
    unwatched = after.replace("remind =", "# remind =", 1).replace("overdue =", "# overdue =", 1)
    silent = f"{before}{training}{unwatched}"
    change(seeded, clock, silent)
    with pytest.raises(Conflict) as refused:
        reopen(seeded, clock)
    assert refused.value.text.en == (
        f"The plan {SEED} no longer asks for the activity training: there is nothing to open."
    )
