"""A level without an officer here is outside: the plan's authority records its steps, until it has one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from ocop_workflow.access import Place, Role, Scope, may_settle, may_step
from ocop_workflow.regulations import Level, load_regulation
from ocop_workflow.states import SCORED, Certificate, Event, Facts, Score, State
from tests.access.test_actors import COMMUNE, DISTRICT, OFFICERS, PROVINCE, TOWNS, officer
from tests.states.cast import RUNNING, TODAY

PACK = load_regulation("qd-148-2023")
LEVELS = (Level.DISTRICT, Level.PROVINCE, Level.CENTRAL)

#: whose step it is: level → state, event, mean of its score, star of the certificate
STEPS: dict[Level, tuple[tuple[State, Event, int, int], ...]] = {
    Level.PROVINCE: (
        (State.ESCALATED_TO_PROVINCE, Event.SCORE_PROVINCE, 75, 3),
        (State.PROVINCE_SCORED, Event.CERTIFY, 75, 3),
        (State.PROVINCE_SCORED, Event.ESCALATE, 92, 3),
        (State.PROVINCE_SCORED, Event.REJECT, 40, 3),
        (State.MONITORED, Event.REVOKE, 40, 4),
        (State.MONITORED, Event.LAPSE, 40, 4),
    ),
    Level.CENTRAL: (
        (State.ESCALATED_TO_CENTRAL, Event.SCORE_CENTRAL, 92, 3),
        (State.CENTRAL_SCORED, Event.CERTIFY, 92, 3),
        (State.CENTRAL_SCORED, Event.REJECT, 40, 3),
        (State.MONITORED, Event.REVOKE, 40, 5),
        (State.MONITORED, Event.LAPSE, 40, 5),
    ),
}


def place(*outside: Level) -> Place:
    return Place(TOWNS.lineage, TOWNS.authority, frozenset(outside))


def facts(state: State, mean: int, star: int) -> Facts:
    level = next((level for level, scored in SCORED.items() if scored is state), Level.DISTRICT)
    held = Certificate(star=star, number="1", decided_on=RUNNING.decided_on, valid_until=RUNNING.valid_until)
    return Facts(PACK, TODAY, score=Score(level, Fraction(mean)), certificate=held)


@pytest.mark.parametrize(
    ("level", "step"),
    [
        pytest.param(level, step, id=f"{level}-{step[0]}-{step[1]}")
        for level, steps in STEPS.items()
        for step in steps
    ],
)
@pytest.mark.parametrize("is_outside", [True, False])
def test_who_makes_a_levels_step(level: Level, step: tuple[State, Event, int, int], is_outside: bool) -> None:
    state, event, mean, star = step
    where = place(level) if is_outside else place()
    known = facts(state, mean, star)
    warrants = {name: may_step(one, state, event, known, where) for name, one in OFFICERS.items()}
    of_the_level = {
        Level.PROVINCE: {"province's council"}
        if event is Event.SCORE_PROVINCE
        else {"province", "province's council"},
        Level.CENTRAL: set(),
    }[level]
    by_paper = {name for name, warrant in warrants.items() if warrant and warrant.by_paper}
    theirs = {name for name, warrant in warrants.items() if warrant and not warrant.by_paper}
    assert theirs == of_the_level
    assert by_paper == (({"town", "province"} - of_the_level) if is_outside else set())


@pytest.mark.parametrize(("level", "other"), list(product(LEVELS, repeat=2)))
def test_only_the_level_that_is_outside_is_stood_in_for(level: Level, other: Level) -> None:
    star = {Level.DISTRICT: 3, Level.PROVINCE: 4, Level.CENTRAL: 5}[level]
    found = may_settle(OFFICERS["town"], star, PACK, place(other))
    own = level is Level.DISTRICT  # the town recognises three stars itself
    assert (found is not None) is (own or level is other)
    assert found is None or found.by_paper is (not own)


@pytest.mark.parametrize(
    ("role", "unit", "scope"),
    [
        (Role.COMMUNE_OFFICER, COMMUNE, Scope.ACT),
        (Role.COUNCIL_SECRETARY, DISTRICT, Scope.ACT),
        (Role.COUNCIL_MEMBER, DISTRICT, Scope.ACT),
        (Role.VIEWER, PROVINCE, Scope.ACT),
        (Role.ADMINISTRATOR, PROVINCE, Scope.ADMINISTER),
        (Role.AUTHORITY_OFFICER, COMMUNE, Scope.ACT),
        (Role.AUTHORITY_OFFICER, DISTRICT, Scope.READ),
    ],
)
def test_nobody_else_stands_in(role: Role, unit: int, scope: Scope) -> None:
    one = replace(officer(role, unit), scope=scope)
    known = facts(State.PROVINCE_SCORED, 75, 3)
    assert may_step(one, State.PROVINCE_SCORED, Event.CERTIFY, known, place(*LEVELS)) is None
    assert may_settle(one, 4, PACK, place(*LEVELS)) is None
