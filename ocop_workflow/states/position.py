"""Where a product stands after some of its steps: the one fold over a history.

Whoever writes a step, tells a life again or examines one asks here what the step does; nobody else decides
what opens a dossier, what a score is, or what issues a certificate; what ends one stands in
`certificate_endings`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocop_workflow.regulations import (
    last_valid_day,
    load_regulation,
    regulation_on,
    star_of,
    successor_of,
)
from ocop_workflow.states.certificate_endings import Ending, ended_by
from ocop_workflow.states.facts import Certificate, Dossier, EventData, Score
from ocop_workflow.states.lifecycle import SCORED
from ocop_workflow.states.words import STAYING, Event, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ocop_workflow.regulations import Regulation

#: the events that begin a new dossier of a product
OPENS_A_DOSSIER = frozenset({Event.OPEN_RE_RATING, Event.RESUBMIT})
#: of a score whose minimum conditions nobody has spoken of: all are met
ALL_GATES = 5


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that a product was given or came with, and what ended it on which local day."""

    certificate: Certificate
    ended_on: date | None = None
    ended_because: Ending | None = None

    def end(self, on: date, because: Ending) -> Issued:
        """Return it ended, if it was still running."""
        return self if self.ended_on is not None else Issued(self.certificate, on, because)


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken.

    Attributes:
        on: the local day on which it happened.
        plan_id: the plan that the dossier belongs to from now on; none: it stands outside every plan.
        data: what was given with it.
        refuses: whether it ends a certificate that was only proposed: its re-rating is withdrawn.
    """

    event: Event
    target: State
    on: date
    plan_id: int | None
    data: EventData
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where a product stands.

    Attributes:
        plan_id: the plan that its dossier belongs to; none: it stands outside every plan.
        dossier: the kind of its dossier.
        number: which of its dossiers that is, from 1; 0: it has none yet.
        entered_on: the local day on which it came into its state; none: it has made no step.
        received_on: the local day on which the commune received its dossier.
        score: what a council gave to this dossier.
        issued: the certificates that it was given or came with, oldest first; at most one runs.
        reached: the states reached in this dossier, each with the local day.
        regulation: the id of the rule pack by which its dossier is rated: in force on the day on which it was
            received, at the latest that of the commune's report, whatever its plan names; none: it was not
            received yet.
        concluded_on: the local day of the conclusion against the certificate that runs, of which nothing was
            decided yet; none: there is none.
        not_renewing_on: the local day on which its producer declined to have it rated again; none: no.
        complete_on: the local day on which the body that decides had the whole dossier; none: not said.
    """

    state: State
    plan_id: int | None
    dossier: Dossier = Dossier.FIRST
    entered_on: date | None = None
    received_on: date | None = None
    score: Score | None = None
    issued: tuple[Issued, ...] = ()
    reached: Mapping[State, date] = field(default_factory=dict)
    number: int = 1
    regulation: str | None = None
    concluded_on: date | None = None
    not_renewing_on: date | None = None
    complete_on: date | None = None

    @property
    def certificate(self) -> Certificate | None:
        """The certificate that has not ended."""
        return next((item.certificate for item in self.issued if item.ended_on is None), None)

    def rated_by(self, of_plan: Regulation, on: date) -> Regulation:
        """Return the regulation by which its dossier is rated on a local day.

        It is its own, or, until it has one, what is in force on that day; where nothing is, its plan's.
        """
        return load_regulation(self.regulation) if self.regulation else regulation_on(on) or of_plan

    def after(self, step: Taken, regulation: Regulation) -> Position:
        """Return where it stands once a step has been taken.

        Args:
            step: the step.
            regulation: what the plan rests on that the dossier belongs to from then on.
        """
        before, data = self, step.data
        if step.event in OPENS_A_DOSSIER:
            kind = Dossier(data.kind.value) if data.kind else Dossier.FIRST
            fresh = Position(self.state, step.plan_id, kind, number=self.number + 1)
            before = replace(fresh, issued=self.issued, concluded_on=self.concluded_on)
        if step.event in STAYING:
            issued = self._issued_by(step, before.rated_by(regulation, step.on))
            return _staying(replace(before, issued=issued), step)
        ends = ended_by(step.event, step.target, refuses=step.refuses)
        return replace(
            before,
            state=step.target,
            plan_id=step.plan_id,
            entered_on=step.on,
            received_on=data.received_on or before.received_on,
            regulation=_own_after(before, step),
            score=None if _is_evaluated_anew(step) else _given(step) or before.score,
            issued=self._issued_by(step, before.rated_by(regulation, step.on)),
            reached=_reached_after(before, step),
            concluded_on=before.concluded_on if ends is None else None,
            not_renewing_on=before.not_renewing_on if ends is None else None,
        )

    def undoing(self, before: Position, on: date) -> Position:
        """Return where it stands once its last step is taken back.

        What the step had issued stays on record, as undone on the day of the step.

        Args:
            before: where it stood before that step.
            on: the local day of the step.
        """
        kept = (
            replace(then, certificate=now.certificate)  # a correction stands, whatever step is undone
            for then, now in zip(before.issued, self.issued, strict=False)
        )
        since = self.issued[len(before.issued) :]
        undone = (
            item if item.ended_because is Ending.UNDONE else Issued(item.certificate, on, Ending.UNDONE)
            for item in since
        )
        return replace(before, issued=(*kept, *undone))

    def corrected(self, place: int, certificate: Certificate) -> Position:
        """Return where it stands once the certificate at a place of `issued` says what it ought to."""
        issued = list(self.issued)
        issued[place] = replace(issued[place], certificate=certificate)
        return replace(self, issued=tuple(issued))

    def _issued_by(self, step: Taken, regulation: Regulation) -> tuple[Issued, ...]:
        issued, named = self.issued, step.data.certificate
        if named is not None and self.certificate is None:
            issued = (*issued, Issued(named))
        ending = ended_by(step.event, step.target, refuses=step.refuses)
        if ending is not None:
            issued = tuple(item.end(step.on, ending) for item in issued)
        if step.event is Event.CERTIFY:
            issued = (*issued, Issued(self._granted_by(step, regulation)))
        return issued

    def _granted_by(self, step: Taken, regulation: Regulation) -> Certificate:
        """Return the certificate that a decision grants; one without a star is found by the guards."""
        data, score = step.data, self.score
        decided_on = data.decision_date or step.on
        return Certificate.model_construct(
            star=star_of(regulation, score.mean, score.gates_met) if score else 0,
            number=data.decision_number or "",
            decided_on=decided_on,
            valid_until=data.valid_until or last_valid_day(regulation.validity, decided_on),
        )


def _staying(before: Position, step: Taken) -> Position:
    """Return where it stands once a step is on record that leaves it where it is."""
    if step.event is Event.CONFIRM_COMPLETE:
        return replace(before, complete_on=step.data.complete_on)
    if step.event is Event.DECLINE_RENEWAL:
        return replace(before, not_renewing_on=step.on)
    if step.event is Event.RECONSIDER_RENEWAL:
        return replace(before, not_renewing_on=None)
    return replace(before, concluded_on=step.data.conclusion_date)


def reached_by(steps: Iterable[tuple[Event, State, date]]) -> dict[State, date]:
    """Return the states reached in the current dossier, each with its day.

    Args:
        steps: the steps of a product that stand, oldest first, as (event, target, local day).
    """
    reached: dict[State, date] = {}
    for event, target, on in steps:
        if event in OPENS_A_DOSSIER:
            reached = {}
        if event not in STAYING:
            reached[target] = on
    return reached


def _own_after(before: Position, step: Taken) -> str | None:
    """Return the regulation of its own that a dossier has once a step has been taken."""
    if step.event is Event.CHANGE_REGULATION:
        following = successor_of(before.regulation) if before.regulation else None
        return following.id if following else before.regulation
    if step.data.received_on is not None:
        return _in_force(step.data.received_on)
    if step.event is Event.COMMUNE_EVALUATE and before.regulation is None:
        return _in_force(step.on)
    return before.regulation


def _reached_after(before: Position, step: Taken) -> Mapping[State, date]:
    """Return the states reached; a dossier that goes over to another regulation where it stands was there."""
    if step.event is Event.CHANGE_REGULATION and step.target is before.state:
        return before.reached
    return {**before.reached, step.target: step.on}


def _in_force(on: date) -> str | None:
    known = regulation_on(on)
    return known.id if known else None


def _is_evaluated_anew(step: Taken) -> bool:
    """Tell whether what a council has given does not count any more: its level scores no longer, or again."""
    goes_over = step.event is Event.CHANGE_REGULATION and step.target is State.COMMUNE_EVALUATED
    return goes_over or step.event is Event.RE_EVALUATE


def _given(step: Taken) -> Score | None:
    """Return the score that a step gives, if a council has scored."""
    mean = step.data.exact_mean
    level = next((level for level, state in SCORED.items() if state is step.target), None)
    if level is None or mean is None:
        return None
    return Score(level, mean, ALL_GATES if step.data.gates_met is None else step.data.gates_met)
