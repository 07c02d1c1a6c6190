"""An officer advances a product: may it, what is missing, and everything that follows, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import may_settle, may_step
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar import standing_of
from ocop_workflow.calendar.subjects import NOT_RENEWING, REACHED, REGULATION_CHANGED
from ocop_workflow.councils.leaving import LEAVING, SCORING, leave_session, refuse_scored_elsewhere
from ocop_workflow.deadlines.alignment import Holder, align_deadlines
from ocop_workflow.deadlines.communes import align_communes
from ocop_workflow.dossiers.numbering import Unnumbered, official_code
from ocop_workflow.errors import InvalidInput, WrongUse, fault
from ocop_workflow.places import queries as units
from ocop_workflow.plans.loaded import find_plan, hold_calendar
from ocop_workflow.products import queries as products
from ocop_workflow.products.bodies import Bodies
from ocop_workflow.products.checks import (
    checked_day,
    find_product,
    place_of,
    refuse_contradictions,
    refuse_unseen,
)
from ocop_workflow.products.effects import Step, write_step
from ocop_workflow.products.going_over.old_results import keep_old_result, said_of_law
from ocop_workflow.products.notices.notices import NOTICED, keep_words, write_notices
from ocop_workflow.products.refusals import in_other_hands, refused
from ocop_workflow.states import (
    CertificateStanding,
    Event,
    EventData,
    Facts,
    Refused,
    build_lifecycle,
    decide,
    reached_by,
    read_event_data,
)
from ocop_workflow.states.lifecycle import ACTS, DEAD_ENDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.calendar import Calendar, Deadline, Standing
    from ocop_workflow.notifications import Sender
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states import Allowed, Position, State
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer asks for.

    Attributes:
        on: the local day on which it happened; none: today.
        version: the product's version that the officer has seen; none: whichever.
        tags: likewise, as tags (`ProductRecord.tag`) of which one has to fit.
        session: in which a council has given the score; none: it is typed in from its minutes.
    """

    code: str
    event: str
    actor: Actor
    data: Mapping[str, Any]
    on: date | None = None
    note: str = ""
    version: int | None = None
    tags: frozenset[str] | None = None
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Advanced:
    """What advancing did."""

    code: str
    event: Event
    source: State
    state: State
    version: int
    deadlines: tuple[Deadline, ...]
    transition_id: int


def advance(tx: Connection, order: Order, *, sender: Sender, today: date, now: datetime) -> Advanced:
    """Move a product on by one event.

    1. the product and its plan's calendar are read;
    2. the data of the event and its day are checked, if the event exists in this state at all;
    3. the officer's right is looked up, and the table decides: allowed, or refused with what is missing;
    4. the product, its history and its certificate are written, guarded by the version;
    5. its deadlines are aligned: closed, cleared, opened;
    6. for some events a notice to the commune is put into the outbox;
    7. the audit says who did it, in whose name.

    Deadlines never block: a late product moves on, its lateness stays on record.

    Raises:
        NotFound: the officer sees no product of this code, or a plan named in the data is not loaded.
        NotPermitted: the step is in other hands than the officer's.
        WrongUse: no event has this name.
        InvalidInput: the data or the day cannot be; every fault at once.
        DatesDisagree: likewise, because of what is on record of this product.
        EventRefused: the event may not happen now; nothing was changed.
        Stale: the product, or its plan, was changed by somebody else meanwhile.
    """
    (advanced,) = advance_all(tx, [order], sender=sender, today=today, now=now)
    return advanced


def advance_all(
    tx: Connection, orders: Iterable[Order], *, sender: Sender, today: date, now: datetime
) -> tuple[Advanced, ...]:
    """Move several products on; what a commune is to be told of them is one letter. See `advance`."""
    made = [_make(tx, order, today, now) for order in orders]
    told: dict[int, list[int]] = {}
    for one in made:
        if one.step.event in NOTICED:
            keep_words(tx, one.transition_id, one.step)
            told.setdefault(one.step.record.unit_id, []).append(one.transition_id)
    for unit_id, step_ids in told.items():
        write_notices(tx, step_ids, unit_id, sender, today, now)
    for one in made:
        audit.record(tx, one.order.actor, _deed(one.step, one.transition_id), now, one.warrant)
    return tuple(one.advanced for one in made)


@dataclass(frozen=True, slots=True)
class _Made:
    """A step that was made, of which nobody has been told yet."""

    order: Order
    step: Step
    warrant: Warrant
    transition_id: int
    deadlines: tuple[Deadline, ...]

    @property
    def advanced(self) -> Advanced:
        record = self.step.record
        return Advanced(
            record.code,
            self.step.event,
            record.state,
            self.step.target,
            record.version + 1,
            self.deadlines,
            self.transition_id,
        )


def _make(tx: Connection, order: Order, today: date, now: datetime) -> _Made:
    step, warrant = decide_step(tx, order, today, writing=True)
    if step.event in LEAVING:
        leave_session(tx, (step.record.id, step.record.code), step.event, step.data.reason)
    transition_id = write_step(tx, step, order.actor.login, order.note or said_of_law(step), now)
    if step.event is Event.CHANGE_REGULATION:
        keep_old_result(tx, step, order.actor, now)
    open_now = align_after(tx, step)
    if step.plan_id != step.record.plan_id:
        align_communes(tx, [step.record.plan_id, step.plan_id], today)
    return _Made(order, step, warrant, transition_id, open_now)


def decide_step(tx: Connection, order: Order, today: date, *, writing: bool = False) -> tuple[Step, Warrant]:
    """Decide an order without doing it: the step, and in whose name it would be made; see `advance`.

    `writing`: it will be done, in this transaction.
    """
    record = find_product(tx, order.code)
    place = place_of(tx, order.actor, record)
    refuse_unseen(record, order.version, order.tags)
    calendar = hold_calendar(tx, record.plan_id, record.plan_sha256)
    event = read_event(order.event)
    seen_by, bodies = (order.actor, place), Bodies(tx, [record])
    rating = record.rated_by(calendar.regulation, order.on or today)
    lifecycle = build_lifecycle(rating)
    if event not in lifecycle.possible(record.state, record.dossier):
        impossible = Refused(record.state, event, (), ())
        raise refused(impossible, record, facts_of(record, rating, today), seen_by, bodies)
    data = read_event_data(event, order.data, lifecycle)
    if order.session is not None:
        data = data.model_copy(update={"session": order.session})
    elif event in SCORING:
        refuse_scored_elsewhere(tx, record.id, record.code)
    on = checked_day(tx, order.on, record, calendar, today)
    facts = facts_of(record, rating, on, data)
    warrant = may_step(order.actor, record.state, event, facts, place)
    if warrant is None:
        raise in_other_hands(record, event, facts, seen_by, bodies)
    facts = replace(facts, by_paper=warrant.by_paper)
    decision = decide(record.state, event, facts)
    if isinstance(decision, Refused):
        raise refused(decision, record, facts, seen_by, bodies)
    refuse_contradictions(tx, record, event, facts, today)
    if event is Event.COMMUNE_EVALUATE and rating.product_code is not None:
        facts = replace(facts, data=_numbered(tx, record, data, on, hold=writing))
    named = data.certificate
    settles = named and may_settle(order.actor, named.star, rating, place)
    step = _step(tx, record, calendar, facts, decision, warrant, order.actor)
    return replace(step, settles=bool(settles)), warrant


def _numbered(tx: Connection, record: ProductRecord, data: EventData, on: date, *, hold: bool) -> EventData:
    """Give a product its official code with the step by which its commune reports on it."""
    of = Unnumbered(record.id, record.unit_id, record.unit_name, record.official_code)
    code = official_code(tx, of, data.official_code, on, hold=hold)
    return data if code is None else data.model_copy(update={"official_code": code})


def _deed(step: Step, transition_id: int) -> Deed:
    """Say what the audit tells of a step; what was given with it stands in the history."""
    record = step.record
    return Deed(
        f"product.{step.event.value}",
        f"product:{record.code}",
        {"state": record.state.value, "version": record.version},
        {"state": step.target.value, "version": record.version + 1, "on": step.on.isoformat()},
        transition_id,
    )


def read_event(name: str) -> Event:
    """Return the event of this name.

    Raises:
        WrongUse: there is none; the sentence lists those there are.
    """
    try:
        return Event(name)
    except ValueError:
        known = ", ".join(event.value for event in ACTS)
        raise WrongUse(
            f"Không có thao tác nào tên {name}; có: {known}.",
            f"No event is called {name}; there are: {known}.",
        ) from None


_NOTHING_GIVEN = EventData()


def facts_of(
    record: ProductRecord, regulation: Regulation, on: date, data: EventData = _NOTHING_GIVEN
) -> Facts:
    """Return what a decision about this product rests on."""
    return Facts(
        regulation=regulation,
        on=on,
        dossier=record.dossier,
        producer=record.producer,
        group=record.group,
        address=record.address,
        score=record.score,
        certificate=record.certificate,
        data=data,
        certificate_proposed=record.standing is CertificateStanding.PROPOSED,
        received=record.position.regulation is not None,
        concluded_on=record.concluded_on,
        not_renewing_on=record.not_renewing_on,
        complete_on=record.complete_on,
        received_on=record.received_on,
    )


def _step(
    tx: Connection,
    record: ProductRecord,
    calendar: Calendar,
    facts: Facts,
    decision: Allowed,
    warrant: Warrant,
    actor: Actor,
) -> Step:
    """Complete a decision with the plan that the dossier belongs to from now on."""
    plan_id, authority_id = record.plan_id, record.authority_id
    named = facts.data.plan
    if named and named != record.plan_slug:
        plan = find_plan(tx, named, actor)
        _refuse_a_stranger(tx, plan, record)
        plan_id, authority_id = plan.id, plan.unit_id
        calendar = hold_calendar(tx, plan.id, plan.sha256)
    return Step(
        record, plan_id, authority_id, calendar, facts, facts.data, decision.event, decision.target, warrant
    )


def _refuse_a_stranger(tx: Connection, plan: PlanRecord, record: ProductRecord) -> None:
    """A dossier can only move to a plan whose authority its commune lies under."""
    if record.unit_id not in {unit.id for unit in units.units_below(tx, plan.unit_id)}:
        raise InvalidInput(
            "data: dữ liệu có lỗi.",
            "data: the data are at fault.",
            [
                fault(
                    "plan",
                    f"{plan.slug} là kế hoạch của {plan.unit_name}, không gồm {record.unit_name}",
                    f"{plan.slug} is a plan of {plan.unit_name}, which {record.unit_name} does not lie under",
                )
            ],
        )


def align_after(tx: Connection, step: Step) -> tuple[Deadline, ...]:
    """Bring a product's deadlines in line with where a step has led; returns those that are open now."""
    standing = standing_now(tx, step.record.id, step.calendar, step.after, step.on)
    holder = Holder(step.record.id, step.record.unit_id, step.plan_id, step.authority_id)
    return align_deadlines(tx, holder, step.calendar, standing, _because(step))


def standing_now(
    tx: Connection, product_id: int, calendar: Calendar, position: Position, on: date
) -> Standing:
    """Return where a product stands; the states that it has reached are looked up where they are needed."""
    if calendar.counts_from_states:
        walked = products.standing_steps(products.history(tx, product_id))
        steps = ((entry.event, entry.target, entry.on) for entry in walked)
        position = replace(position, reached=reached_by(steps))
    return standing_of(position, calendar.regulation, on)


def _because(step: Step) -> str:
    if step.event is Event.SEND_BACK:
        return "sent_back"
    if step.event is Event.CHANGE_REGULATION:
        return REGULATION_CHANGED
    if step.event is Event.DECLINE_RENEWAL:
        return NOT_RENEWING
    return "ended" if step.event is Event.WITHDRAW or step.target in DEAD_ENDS else REACHED
