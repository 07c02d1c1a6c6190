"""A product's history lived once more, apart from the code that wrote it: what must stand in its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ocop_workflow.places.contact_queries import with_value
from ocop_workflow.states import Dossier, Event, EventData, Facts, Position, State, Taken
from ocop_workflow.upkeep.examination import product_queries as inspecting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.states import Transition
    from ocop_workflow.upkeep.examination.snapshot import Snapshot

#: where a product comes into the service: as an idea, or standing on its certificate
BEGINNINGS = (State.IDEA, State.MONITORED)


@dataclass(slots=True)
class Walked:
    """One step of a history: the entry, where the product stood, and what the decision rested on.

    `undone`: of an undoing, the step that it takes back.
    """

    entry: Any
    event: Event
    source: State
    target: State
    before: Position
    facts: Facts
    calendar: Calendar
    undone: Walked | None = None

    @property
    def is_undoing(self) -> bool:
        """Whether the entry takes back a step, and is none itself."""
        return self.entry.undoes is not None

    @property
    def row(self) -> Transition | None:
        """The row of the table by which the step is legal; none: it is not."""
        rows = self.calendar.lifecycle.rows.get((self.source, self.event), ())
        return next(
            (row for row in rows if row.target is self.target and row.branch.concerns(self.facts.dossier)),
            None,
        )


@dataclass(slots=True)
class Life:
    """A product, its history as it was walked, and its certificates as they are stored.

    `standing_steps` are those of its steps that were not undone. `known` is false where the record or the
    history uses words or plans that do not exist: other checks name them, and nothing can be walked.
    """

    product: Any
    calendar: Calendar | None
    position: Position
    walked: list[Walked] = field(default_factory=list)
    standing_steps: list[Walked] = field(default_factory=list)
    certificates: list[Any] = field(default_factory=list)
    known: bool = True


def lives(snapshot: Snapshot) -> Iterator[Life]:
    """Yield every product with its history, some of them in memory at once."""
    for batch in inspecting.product_batches(snapshot.tx):
        span = batch[0].id, batch[-1].id
        history = _by_product(inspecting.history_between(snapshot.tx, *span))
        certificates = _by_product(inspecting.certificates_between(snapshot.tx, *span))
        for product in batch:
            life = _live(snapshot, product, history.get(product.id, []))
            life.certificates = certificates.get(product.id, [])
            yield life


def _by_product(rows: list[Any]) -> dict[int, list[Any]]:
    return {key: list(group) for key, group in groupby(rows, key=attrgetter("product_id"))}


def _live(snapshot: Snapshot, product: Any, history: list[Any]) -> Life:  # noqa: ANN401 - a row of the database
    calendar = snapshot.calendar(product.plan_id)
    life = Life(product, calendar, _beginning(snapshot, product, history))
    life.known = calendar is not None and words_known(product, calendar)
    for entry in history:
        before = snapshot.calendar(life.position.plan_id)
        after = snapshot.calendar(entry.plan_id)
        if not life.known or before is None or after is None or not _step_known(entry):
            life.known = False
            break
        step = _walk(life, entry, before)
        life.walked.append(step)
        _take(life, step, after)
    return life


def _take(life: Life, step: Walked, after: Calendar) -> None:
    """Let one entry of the history happen; an undoing brings back what stood before the last step."""
    if not step.is_undoing:
        life.standing_steps.append(step)
        life.position = step.before.after(_taken(step), after.regulation)
    elif life.standing_steps:
        step.undone = life.standing_steps.pop()
        life.position = life.position.undoing(step.undone.before, step.undone.entry.on_day)


def _taken(step: Walked) -> Taken:
    entry = step.entry
    refuses = _refused(entry) is not None
    return Taken(step.event, step.target, entry.on_day, entry.plan_id, step.facts.data, refuses)


def _beginning(snapshot: Snapshot, product: Any, history: list[Any]) -> Position:  # noqa: ANN401 - see _live
    """A product begins in the plan whose prefix its code bears, in the state that its first step left."""
    first = history[0] if history else None
    state = first.source if first else product.state
    plan_id = snapshot.plan_of_prefix.get(product.code.rpartition("-")[0])
    return Position(
        state=State(state) if state in BEGINNINGS else State.IDEA,
        plan_id=plan_id or (first or product).plan_id,
    )


def words_known(product: Any, calendar: Calendar) -> bool:  # noqa: ANN401 - see _live
    """Tell whether a product's record uses words that exist under its plan's regulation."""
    return product.state in set(calendar.lifecycle.states) and product.dossier in set(Dossier)


def _step_known(entry: Any) -> bool:  # noqa: ANN401 - see _live
    return entry.event in set(Event) and {entry.source, entry.target} <= set(State)


def _walk(life: Life, entry: Any, calendar: Calendar) -> Walked:  # noqa: ANN401 - see _live
    product, before = life.product, life.position
    facts = Facts(
        regulation=calendar.regulation,
        on=entry.on_day,
        dossier=before.dossier,
        producer="on record" if product.producer_id else None,
        group=product.product_group,
        address=product.address,
        score=before.score,
        certificate=before.certificate,
        data=_data(with_value(entry.data, entry.address)),
        certificate_proposed=_refused(entry) is not None,
        by_paper=bool(entry.by_paper),
    )
    event, source, target = Event(entry.event), State(entry.source), State(entry.target)
    return Walked(entry, event, source, target, before, facts, calendar)


def _refused(entry: Any) -> int | None:  # noqa: ANN401 - see _live
    """Return the number of the proposed certificate that a step refused; none: it refused none."""
    number: int | None = (entry.replaced or {}).get("refused")
    return number


def _data(stored: dict[str, Any]) -> EventData:
    """Read what was given with an event; of what cannot be read the guards say that it is missing."""
    try:
        return EventData.model_validate(stored)
    except ValidationError:
        return EventData()
