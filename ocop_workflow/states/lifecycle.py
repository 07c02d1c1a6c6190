"""The table: which event leads from which state to which, by whose hand, and what it needs.

The table is data, built for the levels that a regulation knows. A state that a ladder lacks does not
exist for its products. Nothing here knows the `transitions` library; `machine` hands it the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from ocop_workflow.regulations import Level, regulation_ids, successor_of
from ocop_workflow.states import requirements as needs
from ocop_workflow.states.facts import Dossier
from ocop_workflow.states.words import Branch, Event, Hand, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states.requirement import Requirement


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    event: Event
    source: State
    target: State
    hands: tuple[Hand, ...]
    needs: tuple[Requirement, ...] = ()
    branch: Branch = Branch.ANY


#: the state in which a level's council has scored, and the one in which a dossier waits for it
SCORED = {
    Level.DISTRICT: State.DISTRICT_SCORED,
    Level.PROVINCE: State.PROVINCE_SCORED,
    Level.CENTRAL: State.CENTRAL_SCORED,
}
#: what is done to a product that is there
ACTS = tuple(event for event in Event if event is not Event.ENTER_REGISTER)
ESCALATED = {Level.PROVINCE: State.ESCALATED_TO_PROVINCE, Level.CENTRAL: State.ESCALATED_TO_CENTRAL}
_SCORE = {
    Level.DISTRICT: Event.SCORE_DISTRICT,
    Level.PROVINCE: Event.SCORE_PROVINCE,
    Level.CENTRAL: Event.SCORE_CENTRAL,
}

#: states that end a dossier without a rating: its deadlines are void
DEAD_ENDS = frozenset({State.NOT_SELECTED, State.WITHDRAWN, State.REVOKED, State.LAPSED})


@dataclass(frozen=True)
class Lifecycle:
    """The table of one regulation: a state may belong to it alone, whatever ladder it shares with others."""

    ladder: tuple[Level, ...]
    transitions: tuple[Transition, ...]
    regulation: str = ""

    @cached_property
    def states(self) -> tuple[State, ...]:
        """The states that exist under this ladder, in the order of a product's life."""
        used = {row.source for row in self.transitions} | {row.target for row in self.transitions}
        return tuple(state for state in State if state in used)

    @cached_property
    def rows(self) -> dict[tuple[State, Event], tuple[Transition, ...]]:
        """The rows of each pair that the table knows."""
        found: dict[tuple[State, Event], tuple[Transition, ...]] = {}
        for row in self.transitions:
            key = (row.source, row.event)
            found[key] = (*found.get(key, ()), row)
        return found

    def possible(self, state: State, dossier: Dossier) -> tuple[Event, ...]:
        """Return the events that the table knows for this state and kind of dossier."""
        return self._possible.get((state, dossier), ())

    @cached_property
    def _possible(self) -> dict[tuple[State, Dossier], tuple[Event, ...]]:
        return {
            (state, dossier): tuple(
                event
                for event in Event
                if any(row.branch.concerns(dossier) for row in self.rows.get((state, event), ()))
            )
            for state in self.states
            for dossier in Dossier
        }

    @cached_property
    def first_scored(self) -> State:
        """The scored state of the ladder's first council."""
        return next(SCORED[level] for level in self.ladder if level in SCORED)

    def step(self, state: State) -> int | None:
        """Tell how far a dossier has come in `state`: 0 idea … 3 consulting or re-rating … 6 outcome.

        None where the dossier has ended without a rating, or the table does not know the state. Every state
        behind the first council's score counts as outcome: what was sent up has left its plan's path.
        """
        if state in DEAD_ENDS or state not in self.states:
            return None
        return SCORED_STEP if state is self.first_scored else _STEPS[state]


#: the states of an open dossier that a commune may have received and has not reported on
_BEFORE_EVALUATION = (State.REGISTERED, State.SELECTED, State.CONSULTING, State.RE_RATING)
#: the states of an open dossier, whatever its ladder: it goes over to a new regulation
GOES_OVER = (*_BEFORE_EVALUATION, State.COMMUNE_EVALUATED, *SCORED.values(), *ESCALATED.values())

SCORED_STEP, OUTCOME_STEP = 5, 6
_STEPS = {
    State.IDEA: 0,
    State.REGISTERED: 1,
    State.SELECTED: 2,
    State.CONSULTING: 3,
    State.RE_RATING: 3,
    State.COMMUNE_EVALUATED: 4,
    State.CERTIFIED: OUTCOME_STEP,
    State.MONITORED: OUTCOME_STEP,
    State.NOT_RATED: OUTCOME_STEP,
    **dict.fromkeys((*SCORED.values(), *ESCALATED.values()), OUTCOME_STEP),
}


def build_lifecycle(regulation: Regulation) -> Lifecycle:
    """Return the table of a regulation; it is built once."""
    return lifecycle_of(
        regulation.ladder, regulation.id, regulation.steps_of_its_own, ladder_after(regulation)
    )


def ladder_after(regulation: Regulation) -> tuple[Level, ...]:
    """Return the ladder of the regulation that came next; none: it is the latest, or not one that ships."""
    following = successor_of(regulation.id) if regulation.id in regulation_ids() else None
    return following.ladder if following else ()


#: the steps that not every regulation knows
DETOURS = frozenset({Event.FORWARD.value, Event.RE_EVALUATE.value})


@cache
def lifecycle_of(
    ladder: tuple[Level, ...],
    regulation: str = "",
    detours: frozenset[str] = DETOURS,
    following: tuple[Level, ...] = (),
) -> Lifecycle:
    """Return the table of a ladder, lowest level first.

    Args:
        ladder: the levels.
        regulation: under which; empty: under none of its own.
        detours: which of the steps that not every regulation knows it has.
        following: the ladder of the next regulation; none: none has come.
    """
    rows = (
        *_until_evaluation(),
        *_scoring(ladder),
        *_detours(ladder, detours),
        *_ratings(ladder),
        *_after(ladder),
        *_ways_out(ladder),
        *_to_the_next(ladder, following),
    )
    return Lifecycle(ladder, rows, regulation)


def _until_evaluation() -> Iterator[Transition]:
    known = needs.PRODUCER, needs.GROUP, needs.ADDRESS
    yield Transition(Event.REGISTER, State.IDEA, State.REGISTERED, (Hand.COMMUNE,), known)
    yield Transition(Event.SELECT, State.REGISTERED, State.SELECTED, (Hand.AUTHORITY,))
    yield Transition(Event.DECLINE, State.REGISTERED, State.NOT_SELECTED, (Hand.AUTHORITY,), (needs.REASON,))
    yield Transition(
        Event.START_CONSULTING, State.SELECTED, State.CONSULTING, (Hand.AUTHORITY,), (needs.CONSULTANT,)
    )
    for source in (State.CONSULTING, State.RE_RATING):
        yield Transition(
            Event.COMMUNE_EVALUATE,
            source,
            State.COMMUNE_EVALUATED,
            (Hand.COMMUNE,),
            (needs.COMMUNE_REPORT, needs.FOUR_CONTENTS, needs.CERTIFICATE_CONFIRMED),
        )
    for target, branch in ((State.CONSULTING, Branch.FIRST), (State.RE_RATING, Branch.RE_RATING)):
        yield Transition(
            Event.SEND_BACK, State.COMMUNE_EVALUATED, target, (Hand.AUTHORITY,), (needs.REASON,), branch
        )


def waits_at(ladder: tuple[Level, ...], level: Level) -> State:
    """Return the state in which a dossier waits for a level: for the commune, the one that is registered."""
    if level not in SCORED:
        return State.REGISTERED
    first = next((one for one in ladder if one in SCORED), level)
    return State.COMMUNE_EVALUATED if level is first else ESCALATED.get(level, State.COMMUNE_EVALUATED)


def _scoring(ladder: tuple[Level, ...]) -> Iterator[Transition]:
    councils = [level for level in ladder if level in SCORED]
    for level in councils:
        yield Transition(
            _SCORE[level],
            waits_at(ladder, level),
            SCORED[level],
            (Hand.COUNCIL,),
            (needs.SESSION_DATE, needs.SCORE, *_standing(level), needs.PAPER),
        )
    for level, above in pairwise(councils):
        yield Transition(
            Event.ESCALATE,
            SCORED[level],
            ESCALATED[above],
            (Hand.LEVEL,),
            (
                needs.FORWARDING_MEAN,
                needs.GATES_MET,
                needs.DECISION,
                *_standing(level),
                needs.DECISION_SIGNER,
            ),
        )


def _detours(ladder: tuple[Level, ...], detours: frozenset[str]) -> Iterator[Transition]:
    """The ways of the highest star: a renewal goes straight up, what comes back is evaluated below."""
    highest = [level for level in ladder if level in SCORED][-1]
    if Event.FORWARD.value in detours and highest in ESCALATED:
        yield Transition(
            Event.FORWARD,
            State.COMMUNE_EVALUATED,
            ESCALATED[highest],
            (Hand.OWNER,),
            (needs.HIGHEST_RENEWED, needs.AGENCY_REPORT, needs.PAPER),
            Branch.RE_RATING,
        )
    if Event.RE_EVALUATE.value in detours:
        yield Transition(
            Event.RE_EVALUATE,
            SCORED[highest],
            State.COMMUNE_EVALUATED,
            (Hand.OWNER,),
            (needs.HIGHEST_MISSED, needs.REASON, needs.PAPER),
        )


def _ratings(ladder: tuple[Level, ...]) -> Iterator[Transition]:
    standing = (needs.OWNER_STANDS,) if Level.DISTRICT in ladder else ()
    for level in (level for level in ladder if level in SCORED):
        source = SCORED[level]
        yield Transition(
            Event.CERTIFY,
            source,
            State.CERTIFIED,
            (Hand.OWNER,),
            (
                needs.STAR_RECOGNISED,
                needs.OWNER_REACHED,
                needs.DECISION,
                needs.SIGNER,
                needs.PUBLICATION,
                *standing,
            ),
        )
        asked = (needs.STAR_BELOW_THREE, *_standing(level), needs.PAPER)
        yield from _ends(Event.REJECT, source, State.NOT_RATED, (Hand.LEVEL,), asked)


def _standing(level: Level) -> tuple[Requirement, ...]:
    """A level that has been abolished makes no steps any more."""
    return (needs.DISTRICT_STANDS,) if level is Level.DISTRICT else ()


def _after(ladder: tuple[Level, ...]) -> Iterator[Transition]:
    yield Transition(Event.BEGIN_MONITORING, State.CERTIFIED, State.MONITORED, (Hand.AUTHORITY,))
    for source in (State.CERTIFIED, State.MONITORED):
        yield Transition(
            Event.OPEN_RE_RATING,
            source,
            State.RE_RATING,
            (Hand.COMMUNE, Hand.AUTHORITY),
            (needs.CERTIFICATE_KNOWN, needs.KIND, needs.PLAN),
        )
        hands = (Hand.COMMUNE, Hand.AUTHORITY)
        declining = (needs.CERTIFICATE_KNOWN, needs.NOT_DECLINED, needs.WHY_NOT_RENEWING)
        yield Transition(Event.DECLINE_RENEWAL, source, source, hands, declining)
        yield Transition(Event.RECONSIDER_RENEWAL, source, source, hands, (needs.DECLINED, needs.REASON))
    for source in (State.CERTIFIED, State.MONITORED, State.RE_RATING):
        yield Transition(
            Event.LAPSE,
            source,
            State.LAPSED,
            (Hand.ISSUER,),
            (
                *(needs.CERTIFICATE_KNOWN, needs.CERTIFICATE_CONFIRMED, needs.VALIDITY_OVER),
                *(needs.GRACE_OVER, needs.PAPER),
            ),
        )
    completing = (needs.NOT_COMPLETE, needs.COMPLETE)
    for source in _under_evaluation(ladder):
        if source not in SCORED.values():
            hands = (Hand.OWNER, Hand.AUTHORITY)
            yield Transition(Event.CONFIRM_COMPLETE, source, source, hands, completing, Branch.RE_RATING)
    yield from _revocation(ladder)


def _revocation(ladder: tuple[Level, ...]) -> Iterator[Transition]:
    """A conclusion comes first, and stays on record; then the decision, or nothing more."""
    always = (State.CERTIFIED, State.MONITORED, State.RE_RATING)
    ours = (Hand.ISSUER, Hand.AUTHORITY)
    held = (needs.CERTIFICATE_HOLDS, needs.CERTIFICATE_CONFIRMED)
    concluding = (*held, needs.NOTHING_CONCLUDED, needs.GROUND, needs.CONCLUSION)
    revoking = (*held, needs.CONCLUDED, needs.REVOCATION_DECISION)
    for source in (*always, *_under_evaluation(ladder)):
        branch = Branch.ANY if source in always else Branch.RE_RATING
        yield Transition(Event.CONCLUDE, source, source, ours, concluding, branch)
        yield Transition(
            Event.DISMISS,
            source,
            source,
            (Hand.ISSUER,),
            (needs.CONCLUDED, needs.REASON, needs.PAPER),
            branch,
        )
        yield Transition(Event.REVOKE, source, State.REVOKED, (Hand.ISSUER,), revoking, branch)


def _ways_out(ladder: tuple[Level, ...]) -> Iterator[Transition]:
    hands = (Hand.COMMUNE, Hand.AUTHORITY)
    for source in (State.IDEA, State.REGISTERED, State.SELECTED, State.CONSULTING):
        yield Transition(Event.WITHDRAW, source, State.WITHDRAWN, hands, (needs.REASON,))
    for source in (State.RE_RATING, *_under_evaluation(ladder)):
        yield from _ends(Event.WITHDRAW, source, State.WITHDRAWN, hands, (needs.REASON,))
    for source in (State.NOT_SELECTED, State.NOT_RATED, State.WITHDRAWN, State.LAPSED):
        yield Transition(Event.RESUBMIT, source, State.IDEA, (Hand.COMMUNE,), (needs.PLAN,))


def _to_the_next(ladder: tuple[Level, ...], following: tuple[Level, ...]) -> Iterator[Transition]:
    """An open dossier goes over to the next regulation; what its ladder lacks is evaluated once more."""
    if not following:
        return
    known = (*_BEFORE_EVALUATION, *_under_evaluation(following))
    for source in (*_BEFORE_EVALUATION, *_under_evaluation(ladder)):
        target = source if source in known else State.COMMUNE_EVALUATED
        yield Transition(
            Event.CHANGE_REGULATION,
            source,
            target,
            (Hand.AUTHORITY,),
            (needs.RECEIVED, needs.NEXT_IN_FORCE),
        )


def _ends(
    event: Event, source: State, first: State, hands: tuple[Hand, ...], asked: tuple[Requirement, ...]
) -> Iterator[Transition]:
    """A first dossier ends in `first`; a re-rating falls back on its certificate."""
    if source is not State.RE_RATING:
        yield Transition(event, source, first, hands, asked, Branch.FIRST)
    yield Transition(event, source, State.MONITORED, hands, asked, Branch.CERTIFICATE_RUNS)
    yield Transition(event, source, State.LAPSED, hands, asked, Branch.CERTIFICATE_OVER)


def _under_evaluation(ladder: tuple[Level, ...]) -> tuple[State, ...]:
    """Return the states of a dossier between the commune's report and its outcome."""
    councils = [level for level in ladder if level in SCORED]
    escalated = [ESCALATED[level] for level in councils[1:]]
    return (State.COMMUNE_EVALUATED, *(SCORED[level] for level in councils), *escalated)
