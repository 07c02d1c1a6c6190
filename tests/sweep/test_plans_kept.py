"""A sweep keeps the plans that it has read from their files; who starts anew need not read them so again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.calendar.reading.compiled import FORMAT
from ocop_workflow.plans import compiled_queries as compiled_plans
from ocop_workflow.plans import loaded
from ocop_workflow.plans.loaded import calendar_from, calendar_of, checksum
from ocop_workflow.sweep.daily import sweep
from tests.factories import SEED, SENDER, rows, write

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

TEXT = shipped_plan_text(SEED)
KEPT = "SELECT plan_id, sha256, format FROM compiled_plans"


@pytest.fixture(autouse=True)
def started_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaded, "_CALENDARS", {})


def test_what_was_read_is_kept_once_and_read_instead_of_the_file(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rows(seeded, KEPT) == []
    sweep(seeded, clock, SENDER)
    assert rows(seeded, KEPT) == [(1, checksum(TEXT), FORMAT)]
    monkeypatch.setattr(loaded, "_CALENDARS", {})
    monkeypatch.setattr(loaded, "calendar_from", None)  # whoever reads the file fails
    with seeded.read() as tx:
        kept = calendar_of(tx, 1, checksum(TEXT))
    assert kept == calendar_from(TEXT)


@pytest.mark.parametrize(
    "change",
    ["sha256 = 'of another file'", "format = 0", "content = '{}'"],
)
def test_what_does_not_hold_is_passed_over(seeded: Database, clock: FixedClock, change: str) -> None:
    sweep(seeded, clock, SENDER)
    write(seeded, f"UPDATE compiled_plans SET {change}")
    loaded._CALENDARS.clear()
    with seeded.read() as tx:
        assert calendar_of(tx, 1, checksum(TEXT)) == calendar_from(TEXT)


def test_a_plan_that_was_changed_is_kept_anew(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    write(seeded, "UPDATE compiled_plans SET sha256 = 'of the version before', content = 'its content'")
    write(seeded, "UPDATE deadlines SET next_action_on = '2024-04-23' WHERE next_action_on IS NOT NULL")
    sweep(seeded, clock, SENDER)
    assert rows(seeded, KEPT) == [(1, checksum(TEXT), FORMAT)]


def test_a_rehearsal_keeps_nothing(seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER, rehearsal=True)
    assert rows(seeded, KEPT) == []


def test_a_plan_that_is_gone_meanwhile_is_passed_over(seeded: Database) -> None:
    with seeded.write() as tx:
        compiled_plans.keep(tx, {1: (checksum(TEXT), "{}"), 77: ("gone", "{}")})
    assert rows(seeded, KEPT) == [(1, checksum(TEXT), FORMAT)]
