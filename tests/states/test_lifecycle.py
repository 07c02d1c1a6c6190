"""Laws of the table, whatever the ladder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_workflow.regulations import Level, Regulation, load_regulation, regulation_ids, successor_of
from ocop_workflow.states import (
    ESCALATED,
    SCORED,
    Dossier,
    Event,
    Hand,
    Lifecycle,
    State,
    build_lifecycle,
    machine_of,
)
from ocop_workflow.states.lifecycle import ACTS, DEAD_ENDS, OUTCOME_STEP, lifecycle_of

if TYPE_CHECKING:
    from transitions import Machine

PACKS = [load_regulation(name) for name in regulation_ids()]
each_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)

DISTRICT_ONLY_STATES = {State.DISTRICT_SCORED, State.ESCALATED_TO_PROVINCE}


def dossier_after(event: Event, dossier: Dossier) -> set[Dossier]:
    """Say which kinds of dossier a product may have after `event`."""
    if event is Event.OPEN_RE_RATING:
        return {Dossier.RENEWAL, Dossier.UPGRADE}
    return {Dossier.FIRST} if event is Event.RESUBMIT else {dossier}


def walk(lifecycle: Lifecycle) -> set[tuple[State, Dossier]]:
    """Follow the table from an idea to everywhere it leads."""
    seen: set[tuple[State, Dossier]] = set()
    ahead = {(State.IDEA, Dossier.FIRST)}
    while ahead:
        state, dossier = ahead.pop()
        seen.add((state, dossier))
        ahead |= {
            (row.target, after)
            for row in lifecycle.transitions
            if row.source is state and row.branch.concerns(dossier)
            for after in dossier_after(row.event, dossier)
        } - seen
    return seen


@each_pack
def test_every_state_can_be_reached_from_an_idea(pack: Regulation) -> None:
    lifecycle = build_lifecycle(pack)
    assert {state for state, _ in walk(lifecycle)} == set(lifecycle.states)


@each_pack
def test_only_a_revoked_product_has_no_way_on(pack: Regulation) -> None:
    lifecycle = build_lifecycle(pack)
    stuck = {state for state, dossier in walk(lifecycle) if not lifecycle.possible(state, dossier)}
    assert stuck == {State.REVOKED}


@each_pack
def test_a_first_dossier_never_stands_in_re_rating(pack: Regulation) -> None:
    assert (State.RE_RATING, Dossier.FIRST) not in walk(build_lifecycle(pack))


@each_pack
def test_a_state_outside_the_ladder_does_not_exist(pack: Regulation) -> None:
    missing = set(State) - set(build_lifecycle(pack).states)
    assert missing == (set() if Level.DISTRICT in pack.ladder else DISTRICT_ONLY_STATES)


@each_pack
def test_every_event_is_used_but_those_of_a_level_that_does_not_exist(pack: Regulation) -> None:
    unused = set(ACTS) - {row.event for row in build_lifecycle(pack).transitions}
    ladder = set() if Level.DISTRICT in pack.ladder else {Event.SCORE_DISTRICT}
    own = {Event.FORWARD, Event.RE_EVALUATE} - set(map(Event, pack.steps_of_its_own))
    latest = {Event.CHANGE_REGULATION} if successor_of(pack.id) is None else set()
    assert unused == ladder | own | latest


@each_pack
def test_no_row_stands_twice(pack: Regulation) -> None:
    rows = build_lifecycle(pack).transitions
    assert len({(row.event, row.source, row.branch) for row in rows}) == len(rows)


@each_pack
def test_the_rows_of_one_pair_differ_only_in_where_they_lead(pack: Regulation) -> None:
    for rows in build_lifecycle(pack).rows.values():
        assert len({(row.hands, row.needs) for row in rows}) == 1


@each_pack
def test_states_stand_in_the_order_of_a_products_life(pack: Regulation) -> None:
    states = build_lifecycle(pack).states
    assert list(states) == [state for state in State if state in states]


@each_pack
def test_the_steps_of_a_dossier_rise_along_its_path(pack: Regulation) -> None:
    lifecycle = build_lifecycle(pack)
    path = [State.IDEA, State.REGISTERED, State.SELECTED, State.CONSULTING, State.COMMUNE_EVALUATED]
    assert [lifecycle.step(state) for state in [*path, lifecycle.first_scored, State.CERTIFIED]] == [
        0,
        1,
        2,
        3,
        4,
        5,
        OUTCOME_STEP,
    ]
    assert lifecycle.step(State.RE_RATING) == lifecycle.step(State.CONSULTING)


@each_pack
def test_a_dossier_that_went_up_has_come_to_its_outcome(pack: Regulation) -> None:
    lifecycle = build_lifecycle(pack)
    gone_up = [state for state in ESCALATED.values() if state in lifecycle.states]
    assert {lifecycle.step(state) for state in [*gone_up, State.NOT_RATED]} == {OUTCOME_STEP}


@each_pack
def test_a_dead_end_is_no_step(pack: Regulation) -> None:
    lifecycle = build_lifecycle(pack)
    dead = {state for state in lifecycle.states if lifecycle.step(state) is None}
    assert dead == {State.NOT_SELECTED, State.WITHDRAWN, State.REVOKED, State.LAPSED} == DEAD_ENDS


def test_the_first_council_is_the_districts_only_where_there_is_one() -> None:
    assert [build_lifecycle(pack).first_scored for pack in PACKS] == [
        State.DISTRICT_SCORED,
        State.DISTRICT_SCORED,
        State.PROVINCE_SCORED,
        State.PROVINCE_SCORED,
    ]


def test_every_scoring_level_has_its_state() -> None:
    assert set(SCORED) == {rung.level for pack in PACKS for rung in pack.scoring}


@each_pack
def test_the_machine_knows_the_tables_events_and_no_way_around_them(pack: Regulation) -> None:
    lifecycle, machine = machine_of(pack)
    assert set(machine.events) == {row.event.value for row in lifecycle.transitions}
    assert not [event for event in machine.events if event.startswith("to_")]
    assert set(machine.states) == {state.value for state in lifecycle.states}
    assert machine.models == []


@each_pack
def test_the_machine_interprets_the_table_row_by_row(pack: Regulation) -> None:
    lifecycle, machine = machine_of(pack)
    interpreted = [
        (trigger, edge.source, edge.dest)
        for trigger, event in machine.events.items()
        for edges in event.transitions.values()
        for edge in edges
    ]
    assert sorted(interpreted) == sorted(
        (row.event.value, row.source.value, row.target.value) for row in lifecycle.transitions
    )


def callbacks_of(machine: Machine) -> list[object]:
    """Collect every callback that the library would run, conditions apart."""
    found: list[object] = []
    for name in ("prepare_event", "before_state_change", "after_state_change", "finalize_event"):
        found += getattr(machine, name)
    found += [*machine.on_exception, *machine.on_final]
    for state in machine.states.values():
        found += [*state.on_enter, *state.on_exit]
    for event in machine.events.values():
        for edges in event.transitions.values():
            for edge in edges:
                found += [*edge.prepare, *edge.before, *edge.after]
    return found


@each_pack
def test_the_machine_calls_nothing_back(pack: Regulation) -> None:
    assert callbacks_of(machine_of(pack)[1]) == []


def test_each_regulation_has_its_own_table_and_machine_whatever_ladder_it_shares() -> None:
    built = [machine_of(pack) for pack in PACKS]
    assert len({id(machine) for _, machine in built}) == len(PACKS)
    assert [lifecycle.regulation for lifecycle, _ in built] == [pack.id for pack in PACKS]
    assert [machine_of(pack) for pack in PACKS] == built  # each is built once
    assert PACKS[2].ladder == PACKS[3].ladder


def test_a_table_does_not_say_how_far_a_state_is_that_it_does_not_know() -> None:
    seed, today = build_lifecycle(PACKS[1]), build_lifecycle(PACKS[3])
    assert (seed.step(State.DISTRICT_SCORED), today.step(State.DISTRICT_SCORED)) == (5, None)
    every = lifecycle_of(tuple(Level))
    assert {state for state in every.states if every.step(state) is None} == DEAD_ENDS


@pytest.mark.parametrize("words", [State, Event, Hand, Dossier])
def test_every_word_has_its_own_vietnamese_label(words: type[State | Event | Hand | Dossier]) -> None:
    labels = [word.label for word in words]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@each_pack
def test_a_packs_clauses_and_deadlines_speak_of_things_that_exist(pack: Regulation) -> None:
    lifecycle = build_lifecycle(pack)
    asked = {need.name for row in lifecycle.transitions for need in row.needs}
    assert set(pack.clauses) - asked == ({"still_scored"} if pack.read_only else set())
    named = {state for deadline in pack.deadlines for state in deadline.open_in}
    assert named - {state.value for state in lifecycle.states} == set()


@each_pack
def test_expiry_is_watched_wherever_a_certificate_may_run(pack: Regulation) -> None:
    (expiry,) = (deadline for deadline in pack.deadlines if deadline.id == "expiry")
    revocable = {row.source.value for row in build_lifecycle(pack).transitions if row.event is Event.REVOKE}
    assert set(expiry.open_in) == revocable
