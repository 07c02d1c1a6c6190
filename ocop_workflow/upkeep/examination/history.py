"""The one walk over products' histories: where each stood before and after every step of its own.

It leans on the fold of `states` and on nothing that the service has concluded: what must stand in a record,
and which deadlines ought to have been, is judged by what is walked here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ocop_workflow.places.contact_queries import with_value
from ocop_workflow.regulations import load_regulation, regulation_ids
from ocop_workflow.states import (
    Dossier,
    Event,
    EventData,
    Facts,
    Hand,
    Position,
    State,
    Taken,
    Transition,
    build_lifecycle,
)
from ocop_workflow.states import requirements as needs
from ocop_workflow.upkeep.examination import product_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.upkeep.examination.plan_queries import CorrectionFact
    from ocop_workflow.upkeep.examination.product_queries import (
        CertificateFact,
        DossierFact,
        ProductFact,
        StepFact,
    )
    from ocop_workflow.upkeep.examination.snapshot import Snapshot

#: where a product comes into the service: as an idea, or standing on its certificate
BEGINNINGS = (State.IDEA, State.MONITORED)

#: the first step of a product that no plan knew: it begins where it came in
ENTERED = Transition(
    Event.ENTER_REGISTER, State.MONITORED, State.MONITORED, (Hand.OWNER,), (needs.CERTIFICATE_KNOWN,)
)

#: the certificate by which a product came in was not confirmed: it stays, and is known by none
DENIED = Transition(Event.WITHDRAW, State.MONITORED, State.MONITORED, (Hand.OWNER,), (needs.REASON,))

_EVENTS, _STATES = frozenset(Event), frozenset(State)


@dataclass(slots=True)
class Walked:
    """One step of a history: the entry, where the product stood, and what the decision rested on.

    `calendar` is that of the plan that it stood in, `undone`, of an undoing, the step that it takes back;
    `regulation` the id of what its dossier is rated by from then on.
    """

    entry: StepFact
    event: Event
    source: State
    target: State
    before: Position
    after: Position
    facts: Facts
    calendar: Calendar
    undone: Walked | None = None
    regulation: str = ""

    @property
    def is_undoing(self) -> bool:
        """Whether the entry takes back a step, and is none itself."""
        return self.entry.undoes is not None

    @property
    def row(self) -> Transition | None:
        """The row of the table by which the step is legal; none: it is not."""
        if self.event is Event.ENTER_REGISTER:
            return ENTERED if self.entry.seq == 1 and self.target is State.MONITORED else None
        if self.event is Event.WITHDRAW and self.source is State.MONITORED and self.entry.refuses:
            return DENIED if self.target is State.MONITORED else None
        rows = build_lifecycle(self.facts.regulation).rows.get((self.source, self.event), ())
        return next(
            (row for row in rows if row.target is self.target and row.branch.concerns(self.facts.dossier)),
            None,
        )


@dataclass(frozen=True, slots=True)
class Corrected:
    """That a certificate was corrected between two steps, and where the product stands since."""

    fact: CorrectionFact
    after: Position


@dataclass(slots=True)
class History:
    """A product, its history as it was walked, and its certificates as they are stored.

    Attributes:
        product: its record.
        calendar: that of the plan that the record names.
        steps: every entry of its history, oldest first.
        certificates, dossiers: oldest first.
        beginning: where it stood before its first step.
        walked: the entries up to the first that uses words or plans that do not exist.
        standing: those of the steps walked that were not undone.
        told: the entries walked and the corrections of its certificates, in the order of their recording.
        known: false where the record or the history uses words or plans that do not exist: the checks of
            these name them.
    """

    product: ProductFact
    calendar: Calendar | None
    steps: Sequence[StepFact]
    certificates: Sequence[CertificateFact]
    dossiers: Sequence[DossierFact]
    beginning: Position
    walked: list[Walked] = field(default_factory=list)
    standing: list[Walked] = field(default_factory=list)
    told: list[Walked | Corrected] = field(default_factory=list)
    known: bool = True

    @property
    def position(self) -> Position:
        """Where its history leads."""
        return self.told[-1].after if self.told else self.beginning

    @property
    def runs(self) -> dict[int, Position]:
        """Where each of its dossiers has led, by number."""
        stood = (self.beginning, *(step.after for step in self.standing))
        return {position.number: position for position in stood if position.number}

    @property
    def is_whole(self) -> bool:
        """Whether all of it could be walked."""
        return len(self.walked) == len(self.steps)

    def go_on(self, entry: StepFact, before: Calendar, after: Calendar) -> None:
        """Let one entry happen; an undoing brings back what stood before the last step that stands.

        Args:
            entry: the entry.
            before: the calendar of the plan that the product stands in.
            after: that of the plan that it belongs to from then on.
        """
        position, facts = self.position, _facts(self.product, self.position, entry, before)
        event, target = Event(entry.event), State(entry.target)
        step = Walked(entry, event, State(entry.source), target, position, position, facts, before)
        if not step.is_undoing:
            taken = Taken(event, target, entry.on, entry.plan_id, facts.data, entry.refuses)
            step.after = position.after(taken, after.regulation)
            self.standing.append(step)
        elif self.standing:
            step.undone = self.standing.pop()
            step.after = position.undoing(step.undone.before, step.undone.entry.on)
        step.regulation = step.after.rated_by(after.regulation, entry.on).id
        self.walked.append(step)
        self.told.append(step)

    def correct(self, facts: Iterable[CorrectionFact]) -> None:
        """Let corrections of its certificates happen; of one that is not there another check speaks."""
        for fact in facts:
            places = {row.id: place for place, row in enumerate(self.certificates)}
            place, now = places.get(fact.certificate_id, -1), self.position
            if 0 <= place < len(now.issued):
                right = fact.put_right(now.issued[place].certificate)
                self.told.append(Corrected(fact, now.corrected(place, right)))


def histories(snapshot: Snapshot) -> Iterator[History]:
    """Yield every product with its history, some of them in memory at once."""
    return chain.from_iterable(batches_of_histories(snapshot))


def batches_of_histories(snapshot: Snapshot) -> Iterator[list[History]]:
    """Yield the products with their histories, some at once, in the order of their numbers."""
    for batch in product_queries.product_batches(snapshot.tx):
        span = batch[0].id, batch[-1].id
        steps = product_queries.history_between(snapshot.tx, *span)
        certificates = product_queries.certificates_between(snapshot.tx, *span)
        dossiers = product_queries.dossiers_between(snapshot.tx, *span)
        yield [
            _walked(
                snapshot,
                product,
                steps.get(product.id, ()),
                certificates.get(product.id, ()),
                dossiers.get(product.id, ()),
            )
            for product in batch
        ]


def _walked(
    snapshot: Snapshot,
    product: ProductFact,
    steps: Sequence[StepFact],
    certificates: Sequence[CertificateFact],
    dossiers: Sequence[DossierFact],
) -> History:
    calendar = snapshot.calendar_of(product, product.plan_id)
    history = History(product, calendar, steps, certificates, dossiers, _beginning(snapshot, product, steps))
    corrections = snapshot.corrections.get(product.id, ())
    for entry in steps:
        history.correct(fact for fact in corrections if fact.after_step == entry.seq - 1)
        plans = history.position.plan_id, entry.plan_id
        before, after = (snapshot.calendar_of(product, plan_id) for plan_id in plans)
        if before is None or after is None or not _words_of_step_known(entry):
            break
        history.go_on(entry, before, after)
    else:
        history.correct(fact for fact in corrections if fact.after_step >= len(steps))
    history.known = history.is_whole and calendar is not None and words_known(product, calendar)
    return history


def _beginning(snapshot: Snapshot, product: ProductFact, steps: Sequence[StepFact]) -> Position:
    """A product begins in the plan whose prefix its code bears, in the state that its first step left."""
    state = steps[0].source if steps else product.state
    if steps and steps[0].event == Event.ENTER_REGISTER:
        return Position(State.MONITORED, None, number=0)
    plan_id = snapshot.plan_of_prefix.get(product.code.rpartition("-")[0])
    return Position(
        state=State(state) if state in BEGINNINGS else State.IDEA,
        plan_id=plan_id or (steps[0] if steps else product).plan_id,
    )


def words_known(product: ProductFact, calendar: Calendar) -> bool:
    """Tell whether a record uses words that exist under its regulation; a dossier may be missing."""
    known = rating(product, calendar)
    return (
        known is not None
        and product.state in set(build_lifecycle(known).states)
        and product.dossier in {None, *Dossier}
    )


def rating(product: ProductFact, calendar: Calendar) -> Regulation | None:
    """Return the regulation by which a product's dossier is rated, as it is recorded; none: there is none."""
    if product.rated_by is None:
        return calendar.regulation
    return load_regulation(product.rated_by) if product.rated_by in regulation_ids() else None


def _words_of_step_known(entry: StepFact) -> bool:
    return entry.event in _EVENTS and entry.source in _STATES and entry.target in _STATES


def _facts(product: ProductFact, before: Position, entry: StepFact, calendar: Calendar) -> Facts:
    return Facts(
        regulation=before.rated_by(calendar.regulation, entry.on),
        on=entry.on,
        dossier=before.dossier,
        producer="on record" if product.producer_id else None,
        group=product.product_group,
        address=product.address,
        score=before.score,
        certificate=before.certificate,
        data=_data(with_value(entry.data, entry.address)),
        certificate_proposed=entry.refuses,
        received=before.regulation is not None,
        by_paper=bool(entry.by_paper),
        concluded_on=before.concluded_on,
        not_renewing_on=before.not_renewing_on,
        complete_on=before.complete_on,
        received_on=before.received_on,
    )


def _data(stored: dict[str, Any]) -> EventData:
    """Read what was given with an event; of what cannot be read the guards say that it is missing."""
    try:
        return EventData.model_validate(stored)
    except ValidationError:
        return EventData()
