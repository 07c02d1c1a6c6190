"""What a decided step changes in the product's own record: its values, its certificate, its history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.naming import Naming, province_of
from ocop_workflow.certificates.queries import PROPOSED, Settling
from ocop_workflow.dossiers import queries as dossiers
from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.people import producers
from ocop_workflow.places import contact_queries as contacts
from ocop_workflow.places import queries as units
from ocop_workflow.products import queries as products
from ocop_workflow.products.bodies import Bodies
from ocop_workflow.products.questions import queries as questions
from ocop_workflow.products.replaced import (
    Replaced,
    changed_columns,
    dossier_part,
    position_columns,
    product_part,
)
from ocop_workflow.states import CertificateStanding, Ending, Event, EvidenceLevel, Taken
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Warrant
    from ocop_workflow.calendar import Calendar
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Level, Regulation
    from ocop_workflow.states import Certificate, EventData, Facts, Position, State
    from ocop_workflow.store import Connection


@dataclass(frozen=True)
class Step:
    """A decided step: everything that its effects depend on.

    Attributes:
        plan_id, authority_id: the plan that the dossier belongs to from now on, and whose it is.
        warrant: in whose name it is made.
        settles: whether whoever makes it may settle a certificate that is named with it.
        denies: the paper on which it refuses the product's proposed certificate; none: it is no such refusal.
    """

    record: ProductRecord
    plan_id: int | None
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

    @cached_property
    def after(self) -> Position:
        """Where the product stands after the step; record, certificates and deadlines all follow from it."""
        taken = Taken(self.event, self.target, self.on, self.plan_id, self.data, self.refuses)
        return self.record.position.after(taken, self.calendar.regulation)

    @property
    def certificate(self) -> Certificate | None:
        """The certificate that the product holds after the step."""
        return self.after.certificate


def write_step(tx: Connection, step: Step, actor: str, note: str, now: datetime) -> int:
    """Write a step: product, history and certificate. Returns the number of the transition.

    Raises:
        Conflict: the product was changed by somebody else meanwhile.
    """
    stands = position_columns(step.after)
    values = stands | _written(tx, step)
    before = changed_columns(step.record, values)
    products.move(tx, step.record, {**product_part(values), "dossier_no": step.after.number}, now)
    if step.after.number != step.record.dossier_no:
        dossiers.open_next(tx, step.record.id, step.after.number, dossier_part(values))
    else:
        changed = {name: values[name] for name in before}
        dossiers.write_to(tx, step.record.id, step.after.number, dossier_part(changed))
    replaced = _write_certificates(tx, step, before, clean(actor)[:100], now)
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
            "regulation": step.after.rated_by(step.calendar.regulation, step.on).id,
            "replaced": replaced.as_json(),
            "by_paper": step.warrant.by_paper or None,
        },
    )


def _written(tx: Connection, step: Step) -> dict[str, Any]:
    """Return what people have written with a step, by the product's columns."""
    data = step.data
    if step.event is Event.REGISTER:
        if data.group is not None:
            _refuse_unknown_group(step.facts.regulation, data.group)
        held = step.record
        return written_columns(
            tx,
            producer_id=_producer(tx, held, data.producer) if data.producer is not None else None,
            group=data.group,
            address=data.address,
            held=held,
        )
    return {"official_code": data.official_code} if data.official_code is not None else {}


def written_columns(
    tx: Connection,
    *,
    producer_id: int | None,
    group: str | None,
    address: str | None,
    held: ProductRecord | None = None,
) -> dict[str, Any]:
    """Return the columns of what people write about a product; none: not said, so the column stays out.

    An address that the product (`held`) has already stays the one it is.
    """
    columns: dict[str, Any] = {}
    if producer_id is not None:
        columns["producer_id"] = producer_id
    if group is not None:
        columns["product_group"] = group
    if address is not None:
        same = held is not None and held.address == address
        columns["address_id"] = held.address_id if held and same else contacts.keep_place(tx, address)
    return columns


def _producer(tx: Connection, held: ProductRecord, name: str) -> int:
    """Return the producer that a step names: the product's own, or a new one."""
    if held.producer_id is not None and producers.is_called(name, held.producer or ""):
        return held.producer_id
    return producers.add(tx, producers.Named(held.unit_id, name))


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


def _write_certificates(
    tx: Connection, step: Step, columns: dict[str, Any], actor: str, now: datetime
) -> Replaced:
    """Put on record which certificates a step issues and ends; returns all that it has replaced."""
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
    held, after = step.record.position.issued, step.after.issued
    granted = after[-1] if step.event is Event.CERTIFY else None
    named = next((item for item in after[len(held) :] if item is not granted), None)
    if named is not None:
        settling = confirming if step.settles else PROPOSED
        known_by = EvidenceLevel.SIGNED if step.settles else EvidenceLevel.LEAD
        issued = certificates.insert_certificate(
            tx,
            product_id,
            named.certificate,
            data.signer or "",
            named_here(tx, step.record, known_by),
            settling,
        )
        answered = questions.settle(tx, product_id)
    because = next((item.ended_because for item in after if item.ended_because), None)
    if because is not None:
        by = _body_of(tx, step, step.facts.issuer) if because is Ending.REVOKED else None
        ended = certificates.end_certificate(tx, product_id, step.on, because, by)
    if granted is not None:
        said = replace(
            named_here(tx, step.record, EvidenceLevel.SIGNED),
            issuer=_body_of(tx, step, step.facts.regulation.owner(granted.certificate.star)),
            regulation=step.facts.regulation.id,
            published_on=data.published_on,
        )
        issued = certificates.insert_certificate(
            tx, product_id, granted.certificate, data.signer or "", said, confirming
        )
        if ended is not None:
            certificates.say_what_followed(tx, ended, issued)
    return Replaced(columns, issued, ended, tuple(answered))


def named_here(tx: Connection, record: ProductRecord, evidence: EvidenceLevel) -> Naming:
    """Return how a product, its producer and its places are named here, for a certificate to keep."""
    line = units.lineage(tx, record.unit_id)
    known = units.units_by_id(tx, line)
    return Naming(
        product=record.name,
        producer=record.producer,
        commune=record.unit_name,
        province=province_of(known[unit_id] for unit_id in line),
        evidence=evidence,
    )


def _body_of(tx: Connection, step: Step, level: Level | None) -> str | None:
    """Return the body of the level that disposes of a star, by its name; none: no level does."""
    return Bodies(tx, [step.record]).at(step.record, level, step.facts.regulation).vi if level else None


def _answered_by(tx: Connection, product_id: int) -> tuple[int, ...]:
    """Return the questions that the product's open re-rating had answered by naming a certificate."""
    for entry in reversed(products.standing_steps(products.history(tx, product_id))):
        if entry.event is Event.OPEN_RE_RATING and entry.replaced:
            return tuple(entry.replaced["answered"])
    return ()
