"""The one door to `transitions`: asks the library where an event leads, and nothing else.

One `Machine(model=None)` per regulation, built once. It has no callbacks and no automatic `to_<state>`
triggers: a decision has no effect, and there is no way around the table. The service does the rest.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from transitions import Machine

from ocop_workflow.regulations import read_fields
from ocop_workflow.states.facts import Dossier, EventData
from ocop_workflow.states.lifecycle import Lifecycle, ladder_after, lifecycle_of
from ocop_workflow.states.requirements import SCORE, STILL_SCORED
from ocop_workflow.states.words import Branch, Event, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ocop_workflow.errors import Text
    from ocop_workflow.regulations import Level, Regulation
    from ocop_workflow.states.facts import Facts
    from ocop_workflow.states.lifecycle import Transition
    from ocop_workflow.states.requirement import Requirement

logging.getLogger("transitions").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Missing:
    """A requirement that is not met, with the clause that asks for it (empty: the service itself does).

    `fields` are the data that would meet it; none: no data can.
    """

    name: str
    text: Text
    clause: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Allowed:
    """The event may happen and leads to `target`."""

    event: Event
    target: State


@dataclass(frozen=True, slots=True)
class Refused:
    """The event may not happen: it does not exist here, or something is missing.

    Attributes:
        allowed: the events that may happen now, if their data are given.
        missing: what this event lacks.
        needs: the data that each of the allowed events still takes to happen.
    """

    state: State
    event: Event
    allowed: tuple[Event, ...]
    missing: tuple[Missing, ...]
    needs: Mapping[Event, tuple[str, ...]] = field(default_factory=dict)


class _Standing:
    """What `transitions` moves: a state, thrown away after the decision."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def decide(state: State, event: Event, facts: Facts) -> Allowed | Refused:
    """Decide whether `event` may happen to a product in `state`, and where it leads.

    A pure function: nothing is changed and nobody is told.
    """
    lifecycle, machine = machine_of(facts.regulation)
    rows = [row for row in lifecycle.rows.get((state, event), ()) if row.branch.concerns(facts.dossier)]
    if not rows:
        return _refuse(state, event, facts, ())
    missing = _lacking(_needs(rows[0], facts), facts)
    if missing:
        return _refuse(state, event, facts, missing)
    standing = _Standing(state.value)
    machine.events[event.value].trigger(standing, facts)
    return Allowed(event, State(standing.state))


def blocked(state: State, facts: Facts) -> dict[Event, tuple[Missing, ...]]:
    """Say for each event possible in `state` what the record itself lacks; of one in silence nothing is said.

    Whatever can still be given together with the event does not count: an event with nothing missing
    can be done now by filling in its form.
    """
    lifecycle, _ = machine_of(facts.regulation)
    rows = {event: lifecycle.rows[state, event][0] for event in lifecycle.possible(state, facts.dossier)}
    return {
        event: _lacking([need for need in _needs(row, facts) if not _can_be_given(need, facts)], facts)
        for event, row in rows.items()
        if not any(need.silent and not need.met(facts) for need in row.needs)
    }


def needed(state: State, event: Event, facts: Facts) -> tuple[str, ...]:
    """Return the data that an event possible in `state` takes to happen, beside those that are given."""
    lifecycle, _ = machine_of(facts.regulation)
    unmet = _unmet(_needs(lifecycle.rows[state, event][0], facts), facts)
    return tuple(dict.fromkeys(name for need in unmet for name in _asked_fields(need, facts)))


def _needs(row: Transition, facts: Facts) -> tuple[Requirement, ...]:
    """Return what an event needs: where nothing is scored any more, that alone is said of a score."""
    is_read_only = facts.regulation.read_only and SCORE in row.needs
    return (STILL_SCORED,) if is_read_only else row.needs


def _lacking(needs: Iterable[Requirement], facts: Facts) -> tuple[Missing, ...]:
    """Say what is not met, each with its clause."""
    return tuple(
        Missing(need.name, need.text, clause_of(facts, need.name), _asked_fields(need, facts))
        for need in _unmet(needs, facts)
    )


def _unmet(needs: Iterable[Requirement], facts: Facts) -> list[Requirement]:
    """Return what is not met; what merely follows from another lack is not spoken of."""
    unmet = [need for need in needs if not need.met(facts)]
    names = {need.name for need in unmet}
    return [need for need in unmet if names.isdisjoint(need.rests_on)]


def _asked_fields(need: Requirement, facts: Facts) -> tuple[str, ...]:
    """Return the event's data that would still have to be given; none: no form can satisfy it."""
    return need.still_asks(facts.data) if _can_be_given(need, facts) else ()


def _refuse(state: State, event: Event, facts: Facts, missing: tuple[Missing, ...]) -> Refused:
    """Refuse an event, and say what can be done instead; what was given with it serves no other."""
    bare = replace(facts, data=EventData())
    allowed = tuple(other for other, lack in blocked(state, bare).items() if not lack)
    needs = {other: needed(state, other, facts if other is event else bare) for other in allowed}
    return Refused(state, event, allowed, missing, needs)


def _can_be_given(need: Requirement, facts: Facts) -> bool:
    """Tell whether the event's form can satisfy `need`; a certificate on record is not replaced by a form."""
    return bool(need.fields) and (facts.certificate is None or need.fields != ("certificate",))


def clause_of(facts: Facts, requirement: str) -> str:
    """Return the article that asks for a requirement under the product's regulation, or nothing."""
    clause = facts.regulation.clauses.get(requirement)
    return clause.article if clause else ""


def fields_of(event: Event, lifecycle: Lifecycle) -> frozenset[str]:
    """Return the names of the data that an event takes."""
    return frozenset(
        name
        for row in lifecycle.transitions
        if row.event is event
        for need in row.needs
        for name in (*need.fields, *need.optional)
    )


def read_event_data(event: Event, given: Mapping[str, Any], lifecycle: Lifecycle) -> EventData:
    """Read what is given with an event.

    Raises:
        InvalidInput: a field that this event does not take, or a value that cannot be; all at once.
    """
    return read_fields(given, EventData, f"data ({event.value})", fields_of(event, lifecycle))


def machine_of(regulation: Regulation) -> tuple[Lifecycle, Machine]:
    """Return the table of a regulation and the machine that interprets it, built once."""
    return _machine(regulation.ladder, regulation.id, regulation.steps_of_its_own, ladder_after(regulation))


@cache
def _machine(
    ladder: tuple[Level, ...], regulation: str, detours: frozenset[str], following: tuple[Level, ...]
) -> tuple[Lifecycle, Machine]:
    lifecycle = lifecycle_of(ladder, regulation, detours, following)
    machine = Machine(
        model=None,
        states=[state.value for state in lifecycle.states],
        initial=State.IDEA.value,
        auto_transitions=False,
        queued=False,
    )
    for row in lifecycle.transitions:
        machine.add_transition(
            row.event.value, row.source.value, row.target.value, conditions=list(_CONDITIONS[row.branch])
        )
    return lifecycle, machine


def _is_first(facts: Facts) -> bool:
    return facts.dossier is Dossier.FIRST


def _is_re_rating(facts: Facts) -> bool:
    return facts.dossier is not Dossier.FIRST


def _runs(facts: Facts) -> bool:
    return facts.falls_back


def _is_over(facts: Facts) -> bool:
    return not facts.falls_back


_CONDITIONS = {
    Branch.ANY: (),
    Branch.FIRST: (_is_first,),
    Branch.RE_RATING: (_is_re_rating,),
    Branch.CERTIFICATE_RUNS: (_is_re_rating, _runs),
    Branch.CERTIFICATE_OVER: (_is_re_rating, _is_over),
}
