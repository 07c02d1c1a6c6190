"""A producer that has its product rated no more: why is kept, nobody is reminded, and it may think again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from ocop_workflow.errors import InvalidInput
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.renewals.forecast import ForecastView, forecast
from ocop_workflow.renewals.listing import RenewalView, WantedRenewals, list_renewals
from tests.changes.test_new_law import day_comes, is_sound
from tests.factories import MINH, SENDER
from tests.stories.cast import acting, appoint
from tests.stories.journeys import closed_deadlines, open_deadlines, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE, TWO, THREE = "DP24-001", "DP24-002", "DP24-003"
DAY = date(2027, 3, 1)
END = date(2027, 11, 25)
ASKED = {"re_rating_filing:qd-26-2026": date(2027, 7, 28), "expiry:qd-26-2026": END}


@pytest.fixture
def monitored(seeded: Database, clock: FixedClock) -> Database:
    """A product that the town recognised on 25/11/2024, by the day on which its end is still far."""
    walk_to(seeded, clock, ONE, "begin_monitoring")
    day_comes(seeded, clock, DAY)
    return seeded


def the_one(database: Database, on: date) -> RenewalView:
    with database.read() as tx:
        (found,) = list_renewals(tx, on, WantedRenewals())
    return found


def test_why_is_kept_and_nobody_is_reminded_any_more(monitored: Database, clock: FixedClock) -> None:
    assert open_deadlines(monitored, ONE) == ASKED
    step(monitored, clock, ONE, "decline_renewal", DAY)
    assert open_deadlines(monitored, ONE) == {}
    assert [row[4] for row in closed_deadlines(monitored, ONE)[-2:]] == ["not_renewing", "not_renewing"]

    found = the_one(monitored, DAY)
    assert (found.status, found.not_renewing, found.reason) == (
        "not_renewing",
        "cost",
        "tốn kém hoặc nhiều việc so với lợi ích: lãi không đủ bù chi phí kiểm nghiệm",
    )
    assert the_one(monitored, date(2027, 2, 1)).status == "running"  # as it was then
    day_comes(monitored, clock, date(2027, 6, 1))
    assert open_deadlines(monitored, ONE) == {}
    assert is_sound(monitored, clock)


def test_it_may_think_again_and_is_asked_as_before(monitored: Database, clock: FixedClock) -> None:
    step(monitored, clock, ONE, "decline_renewal", DAY)
    step(monitored, clock, ONE, "reconsider_renewal", date(2027, 4, 1))
    assert open_deadlines(monitored, ONE) == ASKED
    assert (the_one(monitored, date(2027, 4, 1)).status, the_one(monitored, DAY).reason) == (
        "announced",
        None,
    )
    assert is_sound(monitored, clock)


def test_taken_back_it_was_never_declined(monitored: Database, clock: FixedClock) -> None:
    step(monitored, clock, ONE, "decline_renewal", DAY)
    with monitored.write() as tx:
        undo(tx, UndoOrder(ONE, MINH, "ghi nhầm"), sender=SENDER, today=clock.today(), now=clock.now())
    assert open_deadlines(monitored, ONE) == ASKED
    assert (the_one(monitored, DAY).status, the_one(monitored, DAY).not_renewing) == ("announced", None)
    assert is_sound(monitored, clock)


def test_a_renewal_that_is_filed_all_the_same_is_filed(monitored: Database, clock: FixedClock) -> None:
    step(monitored, clock, ONE, "decline_renewal", DAY)
    step(
        monitored,
        clock,
        ONE,
        "open_re_rating",
        date(2027, 6, 1),
        plan="duc-pho-2024",
        received_on="2027-06-01",
    )
    assert the_one(monitored, date(2027, 6, 1)).status == "filed"
    assert is_sound(monitored, clock)


def test_why_is_one_of_a_few_words_and_has_to_be_there(monitored: Database, clock: FixedClock) -> None:
    with pytest.raises(EventRefused) as refused:
        step(monitored, clock, ONE, "decline_renewal", DAY, not_renewing=None)
    assert "vì sao chủ thể không đánh giá lại" in refused.value.text.vi
    with pytest.raises(InvalidInput):
        step(monitored, clock, ONE, "decline_renewal", DAY, not_renewing="lười")
    step(monitored, clock, ONE, "decline_renewal", DAY, not_renewing="stopped", reason=None)
    assert the_one(monitored, DAY).reason == "không còn sản xuất"
    with pytest.raises(EventRefused):  # once is enough
        step(monitored, clock, ONE, "decline_renewal", DAY)


def test_the_commune_itself_records_it(monitored: Database, clock: FixedClock) -> None:
    people = {"phong": (Role.COMMUNE_OFFICER, "pho-phong")}
    appoint(monitored, clock, people)
    order = Order(ONE, "decline_renewal", acting(monitored, "phong"), {"not_renewing": "market"}, on=DAY)
    with monitored.write() as tx:
        made = advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert (made.state.value, made.deadlines) == ("monitored", ())


# -- what becomes of the stars ---------------------------------------------------------------------------


def foreseen(database: Database, on: date, unit: str | None = None) -> ForecastView:
    with database.read() as tx:
        return forecast(tx, on, unit)


def test_stars_are_counted_by_when_they_are_to_be_filed_by_commune_and_by_star(
    monitored: Database, clock: FixedClock
) -> None:
    """Of three products one is declined, one is filed, one has done nothing."""
    clock.move_to(date(2027, 7, 29))
    for code in (TWO, THREE):
        walk_to(monitored, clock, code, "begin_monitoring")
    step(monitored, clock, ONE, "decline_renewal", date(2027, 7, 29))
    step(
        monitored,
        clock,
        TWO,
        "open_re_rating",
        date(2027, 7, 29),
        plan="duc-pho-2024",
        received_on="2027-07-28",
    )

    found = foreseen(monitored, date(2027, 7, 29))
    assert [(one.key, one.saved, one.open, one.late, one.lost, one.total) for one in found.rounds] == [
        ("2027-07", 1, 0, 1, 1, 3)
    ]
    assert found.rounds[0].label == "nộp chậm nhất tháng 07/2027"
    assert [(one.key, one.saved, one.late, one.lost) for one in found.communes] == [
        ("pho-an", 1, 1, 0),
        ("pho-phong", 0, 0, 1),
    ]
    assert [(one.label, one.total) for one in found.stars] == [("3 sao", 3)]
    assert foreseen(monitored, date(2027, 7, 29), "pho-phong").overall.lost == 1
    assert foreseen(monitored, date(2024, 1, 1)).overall.total == 0
