"""What a decided step changes in the product's own record: its values, its certificate, its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar import Held
from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.regulations import last_valid_day
from ocop_workflow.services.replaced import Replaced, changed_columns
from ocop_workflow.states import SCORED, Certificate, CertificateStanding, Dossier, Event, Score, State
from ocop_workflow.storage import certificates, contacts, products, questions
from ocop_workflow.storage.certificates import PROPOSED, Settling
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Warrant
    from ocop_workflow.calendar import Calendar
    from ocop_workflow.regulations import Level, Regulation
    from ocop_workflow.states import EventData, Facts
    from ocop_workflow.storage import Connection
    from ocop_workflow.storage.products import ProductRecord


#: the events that begin a new dossier of a product
OPENS_A_DOSSIER = frozenset({Event.OPEN_RE_RATING, Event.RESUBMIT})


@dataclass(frozen=True, slots=True)
class Step:
    """A decided step: everything that its effects depend on.

    Attributes:
        plan_id, authority_id: the plan that the dossier belongs to from now on, and whose it is.
        warrant: in whose name it is made.
        settles: whether whoever makes it may settle a certificate that is named with it.
        denies: the paper on which it refuses the product's proposed certificate; none: it is no such refusal.
    """

    record: ProductRecord
    plan_id: int
    authority_id: int
    calendar: Calendar
    facts: Facts
    data: EventData
    event: Event
    target: State
    warrant: Warrant
    settles: bool = False
    denies: Mapping[str, Any] | None = None

    @property
    def refuses(self) -> bool:
        """Whether the step ends a proposed certificate: its re-rating is withdrawn."""
        return self.event is Event.WITHDRAW and self.record.standing is CertificateStanding.PROPOSED

    @property
    def on(self) -> date:
        """The local day on which it happened."""
        return self.facts.on

    @property
    def opens_a_dossier(self) -> bool:
        """Whether the step begins a new dossier."""
        return self.event in OPENS_A_DOSSIER

    @property
    def dossier(self) -> Dossier:
        """The kind of dossier that the product has after the step."""
        if not self.opens_a_dossier:
            return self.record.dossier
        return Dossier(self.data.kind.value) if self.data.kind else Dossier.FIRST

    @property
    def received_on(self) -> date | None:
        """The day on which the commune received the dossier, as known after the step."""
        return self.data.received_on or (None if self.opens_a_dossier else self.record.received_on)

    @property
    def certificate(self) -> Certificate | None:
        """The certificate that the product holds after the step."""
        if self.event is Event.CERTIFY:
            return _new_certificate(self)
        if self.refuses or self.target in (State.REVOKED, State.LAPSED):
            return None
        return self.facts.known_certificate

    @property
    def score(self) -> Score | None:
        """What a council has given to the dossier that the product has after the step."""
        if self.opens_a_dossier:
            return None
        mean = self.data.exact_mean
        if self.target in SCORED.values() and mean is not None:
            return Score(_scoring_level(self.target), mean, self.gates_met)
        return self.record.score

    @property
    def gates_met(self) -> int:
        """The highest star whose minimum conditions are met; all of them where nobody says otherwise."""
        return 5 if self.data.gates_met is None else self.data.gates_met

    @property
    def held(self) -> Held:
        """What the product's record holds after the step, as far as its deadlines depend on it."""
        certificate = self.certificate
        return Held(
            self.target,
            self.dossier,
            self.on,
            self.received_on,
            self.score,
            certificate.star if certificate else None,
            certificate.valid_until if certificate else None,
        )


def write_step(tx: Connection, step: Step, actor: str, note: str, now: datetime) -> int:
    """Write a step: product, history and certificate. Returns the number of the transition.

    Raises:
        Conflict: the product was changed by somebody else meanwhile.
    """
    values = {"state": step.target, "entered_on": step.on, **_changes(tx, step)}
    products.move(tx, step.record, values, now)
    replaced = _write_certificate(tx, step, changed_columns(step.record, values), clean(actor)[:100], now)
    return products.write_history(
        tx,
        step.record,
        {
            "event": step.event,
            "source": step.record.state,
            "target": step.target,
            "actor": clean(actor)[:100],
            "on_day": step.on,
            "at": now,
            "note": clean(note),
            "data": contacts.without_value(step.data.model_dump(mode="json", exclude_none=True)),
            "address_id": values.get("address_id"),
            "plan_id": step.plan_id,
            "regulation": step.calendar.plan.regulation,
            "replaced": replaced.as_json(),
            "by_paper": step.warrant.by_paper or None,
        },
    )


def _changes(tx: Connection, step: Step) -> dict[str, Any]:
    """Return what the event changes in the product's record, besides its state."""
    data = step.data
    changes: dict[str, Any] = {}
    if data.received_on is not None:
        changes["received_on"] = data.received_on
    if step.event is Event.REGISTER:
        if data.group is not None:
            _refuse_unknown_group(step.calendar.regulation, data.group)
        changes |= written_columns(
            tx,
            step.record.unit_id,
            producer=data.producer,
            group=data.group,
            address=data.address,
            held=step.record,
        )
    elif step.opens_a_dossier:
        changes |= _new_dossier(step)
    elif data.exact_mean is not None:
        changes |= {
            "score_level": _scoring_level(step.target),
            "score_mean": str(data.exact_mean),
            "gates_met": step.gates_met,
        }
    elif data.official_code is not None:
        changes["official_code"] = data.official_code
    return changes


def written_columns(
    tx: Connection,
    unit_id: int,
    *,
    producer: str | None,
    group: str | None,
    address: str | None,
    representative: str | None = None,
    held: ProductRecord | None = None,
) -> dict[str, Any]:
    """Return the columns of what people write about a product; none: not said, so the column stays out.

    A producer that the unit does not know yet is stored; without a representative it stands for itself. An
    address that the product (`held`) has already stays the one it is.
    """
    columns: dict[str, Any] = {}
    if producer is not None:
        columns["producer_id"] = products.producer_id(tx, unit_id, producer, representative or producer)
    if group is not None:
        columns["product_group"] = group
    if address is not None:
        same = held is not None and held.address == address
        columns["address_id"] = held.address_id if held and same else contacts.keep_place(tx, address)
    return columns


def _refuse_unknown_group(regulation: Regulation, group: str) -> None:
    known = [item.id for item in regulation.groups]
    if group not in known:
        raise InvalidInput(
            "data (register): dữ liệu có lỗi.",
            "data (register): the data are at fault.",
            [
                fault(
                    "group",
                    f"không có ngành hàng {group}; có: "
                    + ", ".join(f"{g.id} ({g.name})" for g in regulation.groups),
                    f"no product group {group}; there are: {', '.join(known)}",
                )
            ],
        )


def _new_dossier(step: Step) -> dict[str, Any]:
    return {
        "dossier": step.dossier,
        "plan_id": step.plan_id,
        "received_on": step.received_on,
        "score_level": None,
        "score_mean": None,
        "gates_met": None,
    }


def _scoring_level(target: State) -> Level:
    return next(level for level, state in SCORED.items() if state is target)


def _write_certificate(
    tx: Connection, step: Step, columns: dict[str, Any], actor: str, now: datetime
) -> Replaced:
    """Issue and end certificates; returns all that the step has replaced."""
    product_id, data = step.record.id, step.data
    if step.refuses:
        paper = step.denies or {"reason": data.reason}
        refusing = Settling(CertificateStanding.REFUSED, actor, step.warrant.acting_for, now, paper)
        refused = certificates.refuse_certificate(tx, product_id, step.on, refusing)
        asked = _answered_by(tx, product_id)
        questions.reopen(tx, asked)
        return Replaced(columns, refused=refused, denied=step.denies is not None, asked=asked)
    confirming = Settling(CertificateStanding.CONFIRMED, actor, step.warrant.acting_for, now)
    issued: int | None = None
    ended: int | None = None
    answered: list[int] = []
    if data.certificate is not None and step.record.certificate is None:
        settling = confirming if step.settles else PROPOSED
        issued = certificates.insert_certificate(tx, product_id, data.certificate, "", settling)
        answered = questions.settle(tx, product_id)
    if step.event is Event.CERTIFY:
        ended = certificates.end_certificate(tx, product_id, step.on, "renewed")
        issued = certificates.insert_certificate(
            tx, product_id, _new_certificate(step), data.signer or "", confirming
        )
    elif step.target in (State.REVOKED, State.LAPSED):
        ended = certificates.end_certificate(tx, product_id, step.on, step.target.value)
    return Replaced(columns, issued, ended, tuple(answered))


def _answered_by(tx: Connection, product_id: int) -> tuple[int, ...]:
    """Return the questions that the product's open re-rating had answered by naming a certificate."""
    for entry in reversed(products.standing_steps(products.history(tx, product_id))):
        if entry.event is Event.OPEN_RE_RATING and entry.replaced:
            return tuple(entry.replaced["answered"])
    return ()


def _new_certificate(step: Step) -> Certificate:
    data = step.data
    decided_on = data.decision_date or step.on
    return Certificate(
        star=step.facts.star or 3,
        number=data.decision_number or "",
        decided_on=decided_on,
        valid_until=data.valid_until or last_valid_day(step.calendar.regulation.validity, decided_on),
    )
