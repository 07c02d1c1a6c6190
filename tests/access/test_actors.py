"""Whose hand each step is in, role by role: a table written from the decisions, not from the code."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ocop_workflow.access import (
    Actor,
    Grant,
    Permission,
    Place,
    Role,
    Scope,
    Warrant,
    may,
    may_step,
    operator,
)
from ocop_workflow.regulations import Level, load_regulation
from ocop_workflow.states import Event, Facts, Score, State
from tests.states.cast import RUNNING, TODAY

COMMUNE, DISTRICT, PROVINCE = 3, 2, 1
ELSEWHERE = 9
OF = {
    COMMUNE: ("pho-an", Level.COMMUNE),
    DISTRICT: ("duc-pho", Level.DISTRICT),
    PROVINCE: ("quang-ngai", Level.PROVINCE),
    ELSEWHERE: ("pho-khanh", Level.COMMUNE),
}
#: a product of Phổ An under the town's plan; and one under a plan of the province
TOWNS = Place(frozenset({COMMUNE, DISTRICT, PROVINCE}), frozenset({DISTRICT, PROVINCE}))
PROVINCES = Place(frozenset({COMMUNE, PROVINCE}), frozenset({PROVINCE}))


def officer(role: Role, unit: int, scope: Scope = Scope.ADMINISTER) -> Actor:
    return Actor("x", "test", (Grant(role, unit, *OF[unit]),), scope, 1)


OFFICERS = {
    "commune": officer(Role.COMMUNE_OFFICER, COMMUNE),
    "neighbour": officer(Role.COMMUNE_OFFICER, ELSEWHERE),
    "town for communes": officer(Role.COMMUNE_OFFICER, DISTRICT),
    "town": officer(Role.AUTHORITY_OFFICER, DISTRICT),
    "province": officer(Role.AUTHORITY_OFFICER, PROVINCE),
    "town's council": officer(Role.COUNCIL_SECRETARY, DISTRICT),
    "province's council": officer(Role.COUNCIL_SECRETARY, PROVINCE),
    "member": officer(Role.COUNCIL_MEMBER, DISTRICT),
    "administrator": officer(Role.ADMINISTRATOR, PROVINCE),
    "leadership": officer(Role.VIEWER, PROVINCE),
}
COMMUNES = {"commune", "town for communes"}
AUTHORITIES = {"town", "province"}
TOWN, ABOVE = {"town", "town's council"}, {"province", "province's council"}

#: QĐ 148/2023: state, event, mean of the score → who may
UNDER_148: list[tuple[State, Event, int | None, set[str]]] = [
    (State.IDEA, Event.REGISTER, None, COMMUNES),
    (State.REGISTERED, Event.SELECT, None, AUTHORITIES),
    (State.REGISTERED, Event.DECLINE, None, AUTHORITIES),
    (State.SELECTED, Event.START_CONSULTING, None, AUTHORITIES),
    (State.CONSULTING, Event.COMMUNE_EVALUATE, None, COMMUNES),
    (State.COMMUNE_EVALUATED, Event.SEND_BACK, None, AUTHORITIES),
    (State.COMMUNE_EVALUATED, Event.SCORE_DISTRICT, None, {"town's council"}),
    (State.ESCALATED_TO_PROVINCE, Event.SCORE_PROVINCE, None, {"province's council"}),
    (State.DISTRICT_SCORED, Event.ESCALATE, 75, TOWN),
    (State.DISTRICT_SCORED, Event.REJECT, 40, TOWN),
    (State.DISTRICT_SCORED, Event.CERTIFY, 65, TOWN),  # three stars are the district's
    (State.PROVINCE_SCORED, Event.CERTIFY, 65, TOWN),  # even where the province has scored
    (State.PROVINCE_SCORED, Event.CERTIFY, 75, ABOVE),  # four stars are the province's
    (State.CERTIFIED, Event.BEGIN_MONITORING, None, AUTHORITIES),
    (State.MONITORED, Event.OPEN_RE_RATING, None, COMMUNES | AUTHORITIES),
    (State.MONITORED, Event.REVOKE, None, TOWN),  # its certificate has three stars
    (State.MONITORED, Event.LAPSE, None, TOWN),
    (State.CONSULTING, Event.WITHDRAW, None, COMMUNES | AUTHORITIES),
    (State.WITHDRAWN, Event.RESUBMIT, None, COMMUNES),
]
#: QĐ 26/2026: no district; the province owns three and four stars and issues the plan
UNDER_26: list[tuple[State, Event, int | None, set[str]]] = [
    (State.REGISTERED, Event.SELECT, None, {"province"}),
    (State.COMMUNE_EVALUATED, Event.SCORE_PROVINCE, None, {"province's council"}),
    (State.PROVINCE_SCORED, Event.CERTIFY, 65, ABOVE),
    (State.CONSULTING, Event.COMMUNE_EVALUATE, None, {"commune"}),
    (State.MONITORED, Event.REVOKE, None, ABOVE),
]


@pytest.mark.parametrize(
    ("regulation", "place", "row"),
    [
        pytest.param(regulation, place, row, id=f"{regulation}-{row[0]}-{row[1]}-{row[2]}")
        for regulation, place, table in (
            ("qd-148-2023", TOWNS, UNDER_148),
            ("qd-26-2026", PROVINCES, UNDER_26),
        )
        for row in table
    ],
)
def test_each_step_is_in_the_hands_that_the_decisions_name(
    regulation: str, place: Place, row: tuple[State, Event, int | None, set[str]]
) -> None:
    state, event, mean, expected = row
    pack = load_regulation(regulation)
    score = Score(pack.scoring[0].level, Fraction(mean)) if mean is not None else None
    facts = Facts(pack, TODAY, producer="HTX", score=score, certificate=RUNNING)
    assert {name for name, one in OFFICERS.items() if may_step(one, state, event, facts, place)} == expected


def test_a_warrant_names_the_unit_in_whose_name_one_acts() -> None:
    facts = Facts(load_regulation("qd-148-2023"), TODAY)
    given = may_step(OFFICERS["town for communes"], State.IDEA, Event.REGISTER, facts, TOWNS)
    assert given == Warrant("duc-pho")


@pytest.mark.parametrize(
    ("scope", "reads", "acts", "changes_plans"),
    [
        (Scope.FEED, False, False, False),
        (Scope.READ, True, False, False),
        (Scope.ACT, True, True, False),
        (Scope.ADMINISTER, True, True, True),
    ],
)
def test_a_token_reaches_no_further_than_its_scope(
    scope: Scope, *, reads: bool, acts: bool, changes_plans: bool
) -> None:
    town = officer(Role.AUTHORITY_OFFICER, DISTRICT, scope)
    facts = Facts(load_regulation("qd-148-2023"), TODAY)
    assert bool(may(town, Permission.READ, TOWNS)) is reads
    assert bool(may_step(town, State.REGISTERED, Event.SELECT, facts, TOWNS)) is acts
    assert bool(may(town, Permission.CHANGE_PLANS, TOWNS)) is changes_plans


#: which roles may do what, apart from steps
CARRIED = {
    Permission.READ: set(Role),
    Permission.EDIT_PRODUCTS: {Role.AUTHORITY_OFFICER, Role.COMMUNE_OFFICER},
    Permission.ACKNOWLEDGE: {Role.AUTHORITY_OFFICER},
    Permission.HANDLE_LETTERS: {Role.ADMINISTRATOR, Role.AUTHORITY_OFFICER},
    Permission.CHANGE_PLANS: {Role.AUTHORITY_OFFICER},
    Permission.SWEEP: {Role.ADMINISTRATOR, Role.AUTHORITY_OFFICER},
    Permission.MANAGE_OFFICERS: {Role.ADMINISTRATOR},
    Permission.MANAGE_UNITS: {Role.ADMINISTRATOR},
    Permission.READ_AUDIT: {Role.ADMINISTRATOR},
    Permission.READ_HOMES: set(Role) - {Role.VIEWER},
    Permission.MANAGE_PEOPLE: {Role.ADMINISTRATOR},
    Permission.RUN_SESSIONS: {Role.AUTHORITY_OFFICER, Role.COUNCIL_SECRETARY},
    Permission.READ_SHEETS: {Role.AUTHORITY_OFFICER, Role.COUNCIL_SECRETARY},
    Permission.SCORE: {Role.COUNCIL_SECRETARY, Role.COUNCIL_MEMBER},
}


@pytest.mark.parametrize("permission", Permission)
def test_a_permission_is_carried_by_these_roles_and_no_other(permission: Permission) -> None:
    roles = {role for role in Role if may(officer(role, DISTRICT), permission, TOWNS)}
    assert roles == CARRIED[permission]
    assert not any(may(officer(role, ELSEWHERE), permission, TOWNS) for role in Role)
    assert permission.label


def test_whoever_has_two_roles_acts_by_the_one_that_reaches() -> None:
    grants = (
        Grant(Role.AUTHORITY_OFFICER, COMMUNE, *OF[COMMUNE]),  # reaches the product, not the plan
        Grant(Role.AUTHORITY_OFFICER, DISTRICT, *OF[DISTRICT]),
    )
    both = Actor("x", "test", grants, Scope.ACT, 1)
    facts = Facts(load_regulation("qd-148-2023"), TODAY)
    assert may_step(both, State.REGISTERED, Event.SELECT, facts, TOWNS) == Warrant("duc-pho")


def test_the_hosts_operator_may_do_anything_and_acts_for_nobody() -> None:
    host, facts = operator("host:test"), Facts(load_regulation("qd-148-2023"), TODAY)
    assert may_step(host, State.REGISTERED, Event.SELECT, facts, TOWNS) == Warrant(None)
    assert may(host, Permission.MANAGE_OFFICERS, TOWNS) == Warrant(None)
    assert host.units_with(Permission.READ) is None


def test_units_with_a_permission_are_those_of_the_roles_that_carry_it() -> None:
    grants = (
        Grant(Role.VIEWER, PROVINCE, *OF[PROVINCE]),
        Grant(Role.COMMUNE_OFFICER, COMMUNE, *OF[COMMUNE]),
    )
    lan = Actor("lan", "test", grants, Scope.READ, 1)
    assert lan.units_with(Permission.READ) == frozenset({PROVINCE, COMMUNE})
    assert lan.units_with(Permission.EDIT_PRODUCTS) == frozenset()
    acting = Actor("lan", "test", grants, Scope.ACT, 1)
    assert acting.units_with(Permission.EDIT_PRODUCTS) == frozenset({COMMUNE})


def test_an_event_that_is_not_there_is_in_nobodys_hands() -> None:
    facts = Facts(load_regulation("qd-26-2026"), TODAY)
    assert may_step(OFFICERS["town"], State.IDEA, Event.CERTIFY, facts, TOWNS) is None


def test_every_role_and_scope_has_a_vietnamese_name() -> None:
    assert all(role.label for role in Role)
    assert all(scope.label for scope in Scope)
