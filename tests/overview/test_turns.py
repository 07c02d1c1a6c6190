"""Whose turn it is, what is due when, in which order: what today's page and the lists are made of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import WhoseTurn, states_of
from ocop_workflow.overview.count_queries import RuleCount, products_by_rule
from ocop_workflow.overview.list_queries import search_products
from ocop_workflow.overview.plans import plan_year
from ocop_workflow.overview.product_queries import Due, ListOrder
from ocop_workflow.overview.products import WantedProducts, count_products, list_products
from ocop_workflow.plans.loaded import find_plan
from ocop_workflow.regulations import Level
from ocop_workflow.states import State
from tests.factories import SEED, act
from tests.stories.cast import acting

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ALL = {f"DP24-{number:03}" for number in range(1, 15)}


def listed(
    database: Database,
    clock: FixedClock,
    login: str,
    wanted: WantedProducts,
    order: ListOrder = ListOrder.CODE,
) -> list[str]:
    actor = acting(database, login)
    with database.read() as tx:
        found = [view.code for view in list_products(tx, clock.today(), wanted, actor, order=order)]
        if wanted.limit is None and order is not ListOrder.DUE:
            assert count_products(tx, clock.today(), wanted, actor) == len(found)
    return found


def test_each_role_has_its_states(staffed: Database) -> None:
    lan, minh, thu = (acting(staffed, login).grants for login in ("lan", "minh", "thu"))
    outside = [Level.PROVINCE, Level.CENTRAL]
    assert states_of(WhoseTurn.MINE, lan, outside) == {
        State.IDEA,
        State.CONSULTING,
        State.RE_RATING,
        State.CERTIFIED,
        State.MONITORED,
    }
    assert states_of(WhoseTurn.MINE, minh, outside) == {
        State.REGISTERED,
        State.SELECTED,
        State.DISTRICT_SCORED,
        State.ESCALATED_TO_PROVINCE,  # nobody is here from there: it is recorded from the paper
        State.PROVINCE_SCORED,
        State.ESCALATED_TO_CENTRAL,
        State.CENTRAL_SCORED,
        State.CERTIFIED,
        State.MONITORED,
    }
    assert states_of(WhoseTurn.MINE, thu, outside) == {State.COMMUNE_EVALUATED, State.DISTRICT_SCORED}
    assert states_of(WhoseTurn.MINE, acting(staffed, "vinh").grants, outside) == set()


@pytest.mark.parametrize("login", ["lan", "minh", "thu", "vinh"])
def test_a_turn_is_either_ones_own_or_somebody_elses(staffed: Database, login: str) -> None:
    held = acting(staffed, login).grants
    mine, others = (states_of(turn, held, []) for turn in WhoseTurn)
    assert not mine & others
    assert mine | others == states_of(WhoseTurn.OTHERS, (), [])


def test_an_idea_is_the_wards_turn_and_a_registered_one_the_towns(
    staffed: Database, clock: FixedClock
) -> None:
    act(staffed, clock, "DP24-003", "register")
    own = {"DP24-002", "DP24-004", "DP24-005", "DP24-006"}
    assert set(listed(staffed, clock, "lan", WantedProducts(turn=WhoseTurn.MINE))) == own
    assert listed(staffed, clock, "lan", WantedProducts(turn=WhoseTurn.OTHERS)) == ["DP24-003"]
    assert listed(staffed, clock, "minh", WantedProducts(turn=WhoseTurn.MINE)) == ["DP24-003"]
    assert set(listed(staffed, clock, "minh", WantedProducts(turn=WhoseTurn.OTHERS))) == ALL - {"DP24-003"}
    assert listed(staffed, clock, "vinh", WantedProducts(turn=WhoseTurn.MINE)) == []
    assert listed(staffed, clock, "lan", WantedProducts(turn=WhoseTurn.MINE, state="registered")) == []


def test_what_is_due_is_told_by_its_first_day(staffed: Database, clock: FixedClock) -> None:
    act(staffed, clock, "DP24-003", "register")  # due on 31/5, the others on 30/4
    of_lan = ["DP24-002", "DP24-004", "DP24-005", "DP24-006"]
    assert listed(staffed, clock, "lan", WantedProducts(due=Due.WEEK)) == of_lan
    assert listed(staffed, clock, "lan", WantedProducts(due=Due.LATER)) == ["DP24-003"]
    assert listed(staffed, clock, "lan", WantedProducts(due=Due.LATE)) == []
    clock.move_to(date(2024, 4, 22))  # eight days before: not within a week
    assert listed(staffed, clock, "lan", WantedProducts(due=Due.WEEK)) == []
    clock.move_to(date(2024, 5, 1))
    assert listed(staffed, clock, "lan", WantedProducts(due=Due.LATE)) == of_lan
    assert listed(staffed, clock, "lan", WantedProducts(due=Due.WEEK)) == of_lan
    clock.move_to(date(2024, 4, 30))
    assert listed(staffed, clock, "lan", WantedProducts(due=Due.LATE)) == []  # due today is not late


def test_a_milestone_names_exactly_the_products_of_which_it_is_asked(
    staffed: Database, clock: FixedClock
) -> None:
    act(staffed, clock, "DP24-003", "register")
    assert listed(staffed, clock, "minh", WantedProducts(milestone="selection")) == ["DP24-003"]
    registration = listed(staffed, clock, "minh", WantedProducts(milestone="registration"))
    assert set(registration) == ALL - {"DP24-003"}


@pytest.mark.parametrize("order", list(ListOrder))
def test_pages_of_any_order_hold_each_product_once(
    staffed: Database, clock: FixedClock, order: ListOrder
) -> None:
    act(staffed, clock, "DP24-003", "register")
    whole = listed(staffed, clock, "minh", WantedProducts(), order)
    assert set(whole) == ALL
    paged: list[str] = []
    while True:
        after = paged[-1] if paged else ""
        found = listed(staffed, clock, "minh", WantedProducts(after_code=after, limit=4), order)
        if not found:
            break
        paged += found
    assert paged == whole


def test_names_stand_in_vietnamese_order(staffed: Database, clock: FixedClock) -> None:
    actor = acting(staffed, "minh")
    with staffed.read() as tx:
        found = list_products(tx, clock.today(), actor=actor, order=ListOrder.NAME)
    names = [view.name for view in found]
    assert names.index("Chả lụa") < names.index("Cơm cháy") < names.index("Dầu phụng") < names.index("Khô Bò")


def test_what_is_due_first_stands_in_front(staffed: Database, clock: FixedClock) -> None:
    act(staffed, clock, "DP24-001", "register")
    assert listed(staffed, clock, "minh", WantedProducts(), ListOrder.DUE)[-1] == "DP24-001"


def test_sets_of_states_are_asked_for_by_one_word(staffed: Database, clock: FixedClock) -> None:
    act(staffed, clock, "DP24-001", "withdraw")
    live = set(listed(staffed, clock, "minh", WantedProducts(state="live")))
    assert (
        live == set(listed(staffed, clock, "minh", WantedProducts(state="under_way"))) == ALL - {"DP24-001"}
    )
    assert listed(staffed, clock, "minh", WantedProducts(state="recognised")) == []


def test_a_year_says_how_many_products_stand_before_in_and_behind_each_milestone(
    staffed: Database, clock: FixedClock
) -> None:
    for code in ("DP24-001", "DP24-002", "DP24-003"):
        act(staffed, clock, code, "register")
    act(staffed, clock, "DP24-001", "select")
    clock.move_to(date(2024, 5, 2))
    with staffed.read() as tx:
        year = plan_year(tx, find_plan(tx, SEED), clock.today(), acting(staffed, "minh"))
        mine = plan_year(tx, find_plan(tx, SEED), clock.today(), acting(staffed, "lan"))
        counted = products_by_rule(tx, 1, clock.today())
    lines = {line.id: (line.ahead, line.open, line.late, line.met) for line in year.lines}
    assert lines["registration"] == (0, 11, 11, 3)
    assert lines["selection"] == (11, 2, 0, 1)
    assert lines["consulting"] == (13, 1, 0, 0)
    assert counted["registration"] == RuleCount("registration", 11, 3, 11)
    assert {line.id: line.open for line in mine.lines}["registration"] == 3  # Lan's own ward alone
    days = {line.id: (line.start, line.due) for line in year.lines}
    assert days["registration"] == (date(2024, 3, 1), date(2024, 4, 30))
    assert days["communication"][1] is None
    assert (year.first_day, year.last_day, year.products) == (date(2024, 1, 1), date(2024, 12, 31), 14)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kho bo", {"DP24-002", "DP24-006"}),
        ("dp24-009", {"DP24-009"}),
        ("BON VAN", {"DP24-007", "DP24-008"}),
        ("%", set()),
    ],
)
def test_a_search_finds_names_codes_and_producers_without_marks(
    staffed: Database, words: str, found: set[str]
) -> None:
    with staffed.read() as tx:
        assert {hit.code for hit in search_products(tx, None, words, 20)} == found
        nowhere = search_products(tx, frozenset(), words, 20)
    assert nowhere == []
