"""From one law to the next: where an open dossier goes, and what an abolished level does no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from ocop_workflow.regulations import Level, load_regulation
from ocop_workflow.states import (
    Allowed,
    Event,
    Facts,
    Issued,
    Position,
    Refused,
    Score,
    State,
    Taken,
    blocked,
    decide,
)
from tests.states.cast import DISTRICTLESS, EVERYTHING, IN_FORCE, NOTHING, RUNNING, SEED

#: the first days of the two younger laws
SECOND, THIRD = date(2025, 7, 6), date(2026, 5, 22)
STAY = ("registered", "selected", "consulting", "re_rating", "commune_evaluated", "province_scored")
STAYS = (*STAY, "escalated_to_central", "central_scored")
#: what a ladder without districts lacks
BACK = ("district_scored", "escalated_to_province")
LEADS_TO = {
    (SEED, SECOND): {**{state: state for state in STAYS}, **dict.fromkeys(BACK, "commune_evaluated")},
    (DISTRICTLESS, THIRD): {state: state for state in STAYS},
    (IN_FORCE, date(2030, 1, 1)): {},
}


@pytest.mark.parametrize(("regulation", "on"), LEADS_TO)
def test_an_open_dossier_stays_where_it_stands_or_is_scored_by_the_new_ladder(
    regulation: str, on: date
) -> None:
    facts = Facts(load_regulation(regulation), on, received=True)
    found = {}
    for state in State:
        decision = decide(state, Event.CHANGE_REGULATION, facts)
        if isinstance(decision, Allowed):
            found[state.value] = decision.target.value
    assert found == LEADS_TO[regulation, on]


@pytest.mark.parametrize(
    ("received", "on", "missing"),
    [
        (True, date(2025, 7, 5), ["next_in_force"]),
        (False, SECOND, ["received"]),
        (False, date(2025, 7, 5), ["received", "next_in_force"]),
    ],
)
def test_before_its_time_the_step_is_refused_and_nobody_speaks_of_it(
    received: bool,
    on: date,
    missing: list[str],
) -> None:
    facts = Facts(load_regulation(SEED), on, received=received)
    refused = decide(State.CONSULTING, Event.CHANGE_REGULATION, facts)
    assert isinstance(refused, Refused)
    assert [item.name for item in refused.missing] == missing
    assert Event.CHANGE_REGULATION not in blocked(State.CONSULTING, facts)
    assert Event.CHANGE_REGULATION not in refused.allowed


def lacks(state: State, event: Event, facts: Facts) -> set[str]:
    decision = decide(state, event, facts)
    return {item.name for item in decision.missing} if isinstance(decision, Refused) else set()


@pytest.mark.parametrize(
    ("state", "event", "name"),
    [
        (State.COMMUNE_EVALUATED, Event.SCORE_DISTRICT, "district_stands"),
        (State.DISTRICT_SCORED, Event.ESCALATE, "district_stands"),
        (State.DISTRICT_SCORED, Event.REJECT, "district_stands"),
        (State.DISTRICT_SCORED, Event.CERTIFY, "owner_stands"),
        (State.PROVINCE_SCORED, Event.CERTIFY, "owner_stands"),
    ],
)
def test_a_district_does_nothing_after_its_last_day(state: State, event: Event, name: str) -> None:
    three_stars = Score(Level.PROVINCE if state is State.PROVINCE_SCORED else Level.DISTRICT, Fraction(60))
    facts = Facts(load_regulation(SEED), date(2025, 6, 30), score=three_stars, data=EVERYTHING)
    assert name not in lacks(state, event, facts)
    assert name in lacks(state, event, replace(facts, on=date(2025, 7, 1)))


def test_what_is_the_provinces_it_still_does() -> None:
    four_stars = Score(Level.PROVINCE, Fraction(75))
    facts = Facts(load_regulation(SEED), date(2025, 7, 2), score=four_stars, data=EVERYTHING)
    assert isinstance(decide(State.PROVINCE_SCORED, Event.CERTIFY, facts), Allowed)


# -- the fold ------------------------------------------------------------------------------------------

OLD = load_regulation(SEED)
EVALUATED = Taken(Event.COMMUNE_EVALUATE, State.COMMUNE_EVALUATED, date(2025, 6, 2), 1, NOTHING)
SCORED = Taken(
    Event.SCORE_DISTRICT,
    State.DISTRICT_SCORED,
    date(2025, 6, 20),
    1,
    NOTHING.model_copy(update={"mean": Fraction(165, 2)}),
)


def went_over(position: Position, target: State, on: date) -> Position:
    return position.after(Taken(Event.CHANGE_REGULATION, target, on, 1, NOTHING), OLD)


def test_a_report_is_the_receipt_where_nobody_has_told_of_it() -> None:
    position = Position(State.CONSULTING, 1).after(EVALUATED, OLD)
    assert (position.received_on, position.regulation) == (None, SEED)
    told = replace(position, regulation=DISTRICTLESS).after(EVALUATED, OLD)
    assert told.regulation == DISTRICTLESS


def test_what_is_scored_anew_loses_its_score_and_nothing_else() -> None:
    scored = Position(State.CONSULTING, 1, issued=(Issued(RUNNING),)).after(EVALUATED, OLD).after(SCORED, OLD)
    over = went_over(scored, State.COMMUNE_EVALUATED, SECOND)
    assert over == replace(
        scored,
        state=State.COMMUNE_EVALUATED,
        entered_on=SECOND,
        regulation=DISTRICTLESS,
        score=None,
        reached={**scored.reached, State.COMMUNE_EVALUATED: SECOND},
    )


def test_what_stays_keeps_its_score_and_the_day_on_which_it_came_there() -> None:
    given = Score(Level.PROVINCE, Fraction(75))
    there = {State.PROVINCE_SCORED: date(2026, 5, 4)}
    scored = Position(State.PROVINCE_SCORED, 1, score=given, reached=there, regulation=DISTRICTLESS)
    over = went_over(scored, State.PROVINCE_SCORED, THIRD)
    assert (over.score, over.reached, over.regulation) == (given, there, IN_FORCE)


def test_one_without_a_regulation_of_its_own_goes_by_that_of_the_day() -> None:
    position = Position(State.CONSULTING, 1)
    assert [
        position.rated_by(OLD, day).id for day in (date(2018, 1, 1), date(2025, 7, 5), SECOND, THIRD)
    ] == [SEED, SEED, DISTRICTLESS, IN_FORCE]
    assert replace(position, regulation=SEED).rated_by(OLD, THIRD).id == SEED
    assert went_over(position, State.CONSULTING, THIRD).regulation is None
    latest = replace(position, regulation=IN_FORCE)
    assert went_over(latest, State.CONSULTING, THIRD).regulation == IN_FORCE
