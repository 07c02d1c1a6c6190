"""A plan that begins late: what lies behind is seen before anything is loaded."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import DeadlineKind, shipped_plan_text
from ocop_workflow.changes import ImpactView, preview_change
from ocop_workflow.changes.entry import enter_plan, what_lies_behind
from ocop_workflow.changes.loading import LoadedPlan, load_plan
from ocop_workflow.changes.views import LateView, PassedView
from ocop_workflow.errors import Conflict, InvalidInput
from ocop_workflow.views import to_plain
from tests.factories import IMPORT_DAY, LAN, SEED, SENDER, rows

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

SEED_TEXT = shipped_plan_text(SEED)
REGISTRATION = PassedView(
    DeadlineKind.MILESTONE, "registration", "Đăng ký ý tưởng sản phẩm", date(2024, 4, 30)
)


def enter(
    database: Database, clock: FixedClock, confirm: str | None = None
) -> LoadedPlan | ImpactView | LateView:
    with database.write() as tx:
        return enter_plan(
            tx, SEED_TEXT, confirm, actor=LAN, sender=SENDER, today=clock.today(), now=clock.now()
        )


def behind(database: Database, day: date) -> LateView | None:
    with database.read() as tx:
        return what_lies_behind(tx, SEED_TEXT, day)


@pytest.mark.parametrize("day", [date(2023, 12, 1), IMPORT_DAY, date(2024, 4, 30)])
def test_a_plan_of_which_no_day_has_passed_is_loaded_at_once(
    database: Database, clock: FixedClock, day: date
) -> None:
    clock.move_to(day)  # windows that opened before are nothing unusual
    assert isinstance(enter(database, clock), LoadedPlan)


def test_days_that_have_passed_are_seen_first_and_confirmed(database: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 7, 15))
    late = enter(database, clock)
    assert isinstance(late, LateView)
    assert (late.plan, late.ended_on, late.flags) == (SEED, None, 1)
    assert late.behind[0] == REGISTRATION
    assert [(item.kind, item.id, item.due_on.isoformat()) for item in late.behind[1:]] == [
        ("milestone", "selection", "2024-05-31"),
        ("activity", "training", "2024-06-30"),
    ]
    assert rows(database, "SELECT COUNT(*) FROM plans") == [(0,)]
    with pytest.raises(Conflict, match="not what was looked at"):
        enter(database, clock, "0" * 64)
    loaded = enter(database, clock, late.hash)
    assert isinstance(loaded, LoadedPlan)
    assert loaded.is_new
    assert isinstance(enter(database, clock), LoadedPlan)  # it is loaded; there is nothing to ask


def test_a_year_that_is_over_is_said(database: Database) -> None:
    assert behind(database, date(2024, 12, 31)) is not None
    late = behind(database, date(2026, 11, 28))
    assert late is not None
    assert late.ended_on == date(2024, 12, 31)
    assert to_plain(late)["flags"] == 1


def test_another_day_of_the_same_lateness_is_the_same_question(database: Database) -> None:
    first, second, later = (behind(database, date(2024, 6, day)) for day in (1, 29, 30))
    assert first == second == later != behind(database, date(2024, 7, 1))


def test_a_day_outside_the_year_enters_neither_as_a_new_plan_nor_as_a_change(
    seeded: Database, clock: FixedClock
) -> None:
    wrong = SEED_TEXT.replace("{ by = 2024-11-30 }", "{ by = 2042-11-30 }")
    with seeded.read() as tx, pytest.raises(InvalidInput) as refused:
        preview_change(tx, wrong, clock.today())
    assert [fault.place for fault in refused.value.faults] == ["milestones[4].when.by"]
    other = wrong.replace('id = "duc-pho-2024"', 'id = "other"').replace('"DP24"', '"OT24"')
    with seeded.write() as tx, pytest.raises(InvalidInput):
        load_plan(tx, other, actor="minh", today=clock.today(), now=clock.now())
