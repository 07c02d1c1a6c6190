"""A simulated year is the year that then happens, and leaves no trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.errors import Conflict, NotFound, WrongUse
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.store.tables import metadata
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.simulation import Scenario, draft_id, simulate
from ocop_workflow.upkeep.simulation_views import LetterLineView, OverdueLineView
from tests.changes.amending import MONTHS, SEED_TEXT, amended, extend
from tests.factories import IMPORT_DAY, SEED, SENDER, act, rows
from tests.fakes import FixedClock, RecordingMailer
from tests.stories.days import run, sweep_on
from tests.stories.journeys import candidate, import_rows, load_text
from tests.stories.mergers import join, load_new_units
from tests.upkeep.examination.corruptions import Corruption

if TYPE_CHECKING:
    from ocop_workflow.store import Database

SPRING = Scenario(SEED, IMPORT_DAY, date(2024, 6, 14))


def test_what_is_simulated_is_what_a_real_run_then_records(seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, "DP24-002", "register")
    expected = simulate(seeded, SPRING, SENDER)
    day = SPRING.first
    while day <= SPRING.last:
        clock.move_to(day)
        sweep(seeded, clock, SENDER)
        deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
        day += timedelta(days=1)
    real = rows(
        seeded,
        "SELECT d.day, u.name, (SELECT count(*) FROM reminders r WHERE r.digest_id = d.id) "
        "FROM digests d JOIN desks k ON k.id = d.desk_id JOIN units u ON u.id = k.unit_id",
    )
    assert sorted((str(day), name, items) for day, name, items in real) == sorted(
        (str(line.day), line.unit, line.items) for line in expected.letters
    )
    flags = rows(
        seeded,
        "SELECT f.raised_on, d.rule, count(*) FROM flags f JOIN deadlines d ON d.id = f.deadline_id "
        "GROUP BY f.raised_on, d.rule",
    )
    assert sorted((str(day), rule, count) for day, rule, count in flags) == [
        (str(line.day), line.milestone, line.count) for line in expected.overdue
    ]
    assert expected.overdue == (
        OverdueLineView(date(2024, 5, 1), "registration", 13),
        OverdueLineView(date(2024, 6, 1), "selection", 1),
    )


def test_a_simulation_leaves_no_trace(seeded: Database) -> None:
    before = _everything(seeded)
    simulate(seeded, SPRING, SENDER)
    assert _everything(seeded) == before


def _everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    return {name: sorted(rows(database, f"SELECT * FROM {name}"), key=str) for name in metadata.tables}


def test_a_moved_milestone_moves_its_reminders(seeded: Database) -> None:
    moved = Scenario(SEED, IMPORT_DAY, date(2024, 5, 20), shifts={"registration": 14})
    found = simulate(seeded, moved, SENDER)
    assert found.overdue == (OverdueLineView(date(2024, 5, 15), "registration", 14),)
    assert {line.day for line in found.letters if line.unit == "Xã Phổ An"} == {
        date(2024, 4, 23),  # D-30 is in force
        date(2024, 4, 26),  # D-14 would be 30/4, and the days before it are off
        date(2024, 5, 7),
        date(2024, 5, 10),
        date(2024, 5, 13),
        date(2024, 5, 15),
    }


def test_an_outage_gives_one_true_letter_afterwards(seeded: Database) -> None:
    dark = frozenset(IMPORT_DAY + timedelta(days=number) for number in range(9))
    found = simulate(seeded, Scenario(SEED, IMPORT_DAY, date(2024, 5, 2), outage=dark), SENDER)
    assert [line for line in found.letters if line.unit == "Xã Phổ An"] == [
        LetterLineView(date(2024, 5, 2), "Xã Phổ An", 5)
    ]
    assert found.overdue == (OverdueLineView(date(2024, 5, 1), "registration", 14),)


def test_the_load_of_each_week_is_counted_with_the_empty_ones(seeded: Database) -> None:
    found = simulate(seeded, Scenario(SEED, IMPORT_DAY, date(2024, 5, 8)), SENDER)
    assert found.weeks == {date(2024, 4, 22): 14, date(2024, 4, 29): 8, date(2024, 5, 6): 8}
    assert simulate(seeded, Scenario(SEED, date(2024, 4, 24), date(2024, 4, 24)), SENDER).weeks == {
        date(2024, 4, 22): 7
    }


def test_a_draft_is_tried_out_before_it_is_loaded(seeded: Database) -> None:
    draft = shipped_plan_text("example-2026")
    scenario = Scenario(draft_id(draft), date(2026, 1, 5), date(2026, 12, 31), draft=draft)
    found = simulate(seeded, scenario, SENDER)
    assert "Tỉnh Ví Dụ" in {line.unit for line in found.letters}
    assert rows(seeded, "SELECT slug FROM plans") == [(SEED,)]


def test_another_version_of_a_loaded_plan_is_tried_out_as_a_change(seeded: Database) -> None:
    draft = amended("2024-05-15")
    found = simulate(seeded, Scenario(SEED, IMPORT_DAY, date(2024, 5, 20), draft=draft), SENDER)
    assert found.overdue == (OverdueLineView(date(2024, 5, 16), "registration", 14),)
    assert rows(seeded, "SELECT version FROM plans") == [(1,)]


def test_an_extension_outlasts_a_milestone_that_is_moved_on_trial(
    seeded: Database, clock: FixedClock
) -> None:
    extend(seeded, clock, "DP24-002", to="2024-05-20")
    moved = Scenario(SEED, IMPORT_DAY, date(2024, 5, 22), shifts={"registration": 7})
    assert simulate(seeded, moved, SENDER).overdue == (
        OverdueLineView(date(2024, 5, 8), "registration", 13),
        OverdueLineView(date(2024, 5, 21), "registration", 1),
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_moving_one_milestone_leaves_one_that_is_counted_from_a_state_as_it_is(
    database: Database, clock: FixedClock
) -> None:
    """The selection is due ten days after the registration: late on 6/5, whatever else is moved."""
    counted = SEED_TEXT.replace(MONTHS["selection"], '{ after = { event = "registered", days = 10 } }')
    load_text(database, clock, counted)
    import_rows(database, clock, SEED, candidate(1, "Xã Phổ An", "Nước mắm"))
    clock.move_to(date(2024, 4, 24), 9)
    act(database, clock, "DP24-001", "register")
    spring = Scenario(SEED, date(2024, 4, 25), date(2024, 5, 20))
    assert simulate(database, spring, SENDER).overdue == (OverdueLineView(date(2024, 5, 5), "selection", 1),)
    moved = replace(spring, shifts={"outcome": 7})
    assert simulate(database, moved, SENDER) == simulate(database, spring, SENDER)


def test_a_database_whose_rows_point_at_later_ones_is_lived_on_from(
    seeded: Database, clock: FixedClock
) -> None:
    """A digest that a later one has superseded, and a commune that ends and whose heir was entered later."""
    run(seeded, clock, "2024-04-23")
    sweep_on(seeded, clock, "2024-04-26")
    sweep_on(seeded, clock, "2024-05-02")
    load_new_units(seeded, clock)
    join(seeded, clock, "pho-an", "moi-mot", date(2024, 6, 1))
    assert rows(seeded, "SELECT count(*) FROM digests WHERE superseded_by > id")[0][0] > 0
    assert rows(seeded, "SELECT count(*) FROM units WHERE successor_id > id") == [(1,)]
    found = simulate(seeded, Scenario(SEED, date(2024, 5, 3), date(2024, 5, 10)), SENDER)
    assert {line.day for line in found.letters} == {date(2024, 5, 7)}


def test_a_database_whose_rows_point_nowhere_is_not_lived_on_from(
    seeded: Database, clock: FixedClock
) -> None:
    run(seeded, clock, "2024-04-23")
    Corruption(26, "", "UPDATE flags SET sweep_id = 999999").apply(seeded)
    Corruption(26, "", "UPDATE digests SET superseded_by = 999999").apply(seeded)
    with pytest.raises(Conflict, match="points at one that is not there"):
        simulate(seeded, SPRING, SENDER)


def test_mistakes_are_said(seeded: Database) -> None:
    with pytest.raises(NotFound, match="no dated milestone none"):
        simulate(seeded, Scenario(SEED, IMPORT_DAY, IMPORT_DAY, shifts={"none": 1}), SENDER)
    with pytest.raises(NotFound, match="is not loaded"):
        simulate(seeded, Scenario("other", IMPORT_DAY, IMPORT_DAY), SENDER)
    with pytest.raises(WrongUse, match="before the first"):
        simulate(seeded, Scenario(SEED, IMPORT_DAY, date(2024, 1, 1)), SENDER)
