"""What a product was on a day that is over, as known today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import NotFound
from ocop_workflow.overview.past import product_on, products_on
from ocop_workflow.overview.products import WantedProducts
from ocop_workflow.states import State
from tests.factories import act
from tests.products.test_undoing import take_back

if TYPE_CHECKING:
    from ocop_workflow.products.views import PastProductView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

TWO = "DP24-002"
BEFORE = date(2024, 5, 2)
THAT_DAY = date(2024, 5, 3)


@pytest.fixture
def registered_late(seeded: Database, clock: FixedClock) -> Database:
    """The seeded town on 10/5/2024, where one product was registered on 3/5, after its due day."""
    clock.move_to(date(2024, 5, 10))
    act(seeded, clock, TWO, "register", {"group": "food"}, on=THAT_DAY)
    return seeded


def on(database: Database, day: date) -> PastProductView:
    with database.read() as tx:
        return product_on(tx, TWO, day)


def open_then(view: PastProductView) -> list[tuple[str, int, bool]]:
    return [(line.milestone, line.days_left, line.overdue) for line in view.deadlines]


def test_a_product_is_shown_as_it_was_before_and_after_a_step(registered_late: Database) -> None:
    before, after = on(registered_late, BEFORE), on(registered_late, THAT_DAY)
    assert (before.state, before.history, before.overdue) == (State.IDEA, (), True)
    assert open_then(before) == [("registration", -2, True)]
    assert (after.state, [step.seq for step in after.history or ()], after.overdue) == (
        State.REGISTERED,
        [1],
        False,
    )
    assert open_then(after) == [("selection", 28, False)]


def test_a_step_that_was_undone_never_was(registered_late: Database, clock: FixedClock) -> None:
    take_back(registered_late, clock, TWO)
    then = on(registered_late, date(2024, 5, 5))
    assert (then.state, then.history) == (State.IDEA, ())
    assert open_then(then) == [("registration", -5, True)]


def test_a_day_before_it_was_known_is_refused(registered_late: Database) -> None:
    with pytest.raises(NotFound, match="was not known here on 2024-04-22"):
        on(registered_late, date(2024, 4, 22))


def test_a_list_is_chosen_by_what_was_true_on_the_day(registered_late: Database) -> None:
    with registered_late.read() as tx:
        late = products_on(tx, BEFORE, WantedProducts(state="idea", overdue=True))
        registered = products_on(tx, THAT_DAY, WantedProducts(state="registered"))
        unknown = products_on(tx, date(2024, 4, 22))
    assert [view.code for view in late] == [f"DP24-{number:03}" for number in range(1, 15)]
    assert [view.code for view in registered] == [TWO]
    assert unknown == []
