"""One decision of the machine beside `transitions` called directly on a machine that all share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transitions import Machine

from benchmarks.data import SPIKE
from benchmarks.measuring import Row, Stopwatch, in_child, medians
from ocop_workflow.regulations import load_regulation
from ocop_workflow.states import Event, Facts, State, decide, read_event_data
from ocop_workflow.states.lifecycle import lifecycle_of
from tests.factories import GOOD_DATA

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.stores import Store

TIMES = 20_000


def _facts() -> Facts:
    regulation = load_regulation("qd-148-2023")
    data = read_event_data(
        Event.COMMUNE_EVALUATE, GOOD_DATA["commune_evaluate"], lifecycle_of(regulation.ladder)
    )
    return Facts(regulation, SPIKE, data=data)


def ours(watch: Stopwatch) -> None:
    """Decide."""
    facts = _facts()
    decide(State.CONSULTING, Event.COMMUNE_EVALUATE, facts)
    with watch:
        for _ in range(TIMES):
            decide(State.CONSULTING, Event.COMMUNE_EVALUATE, facts)


class Standing:
    """The object that `transitions` moves."""

    state = State.CONSULTING.value


def floor(watch: Stopwatch, *, guarded: bool = True) -> None:
    """Trigger the event; guarded: with the same requirements as its conditions."""
    facts = _facts()
    lifecycle = lifecycle_of(facts.regulation.ladder)
    machine = Machine(
        model=None, states=[s.value for s in lifecycle.states], initial="idea", auto_transitions=False
    )
    for row in lifecycle.transitions:
        conditions: list[str | Callable[..., bool | None]] = [need.met for need in row.needs if guarded]
        machine.add_transition(row.event.value, row.source.value, row.target.value, conditions=conditions)
    trigger = machine.events["commune_evaluate"].trigger
    trigger(Standing(), facts)
    with watch:
        for _ in range(TIMES):
            trigger(Standing(), facts)


def bare(watch: Stopwatch) -> None:
    """Trigger the event without any condition: less than the same work."""
    floor(watch, guarded=False)


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure a decision; no database has a part in it."""
    if store.kind != "sqlite":
        return []
    mine, best, least = medians(
        rounds, lambda: in_child(ours), lambda: in_child(floor), lambda: in_child(bare)
    )
    note = f"without any condition {least.seconds / TIMES * 1e6:.1f} µs"
    return [Row("a decision", "-", 1, mine.seconds / TIMES, best.seconds / TIMES, note=note)]
