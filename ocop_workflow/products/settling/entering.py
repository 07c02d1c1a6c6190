"""Entering a certificate that was decided elsewhere, or before: by itself, whatever plan it came from.

Of one that runs the product comes in, too: outside every plan, watched by the regulation in force, until a
re-rating gives it its first plan. Of one that has ended there is only the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from ocop_workflow.access import Permission, Place, may_settle
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.naming import Naming, province_of
from ocop_workflow.certificates.queries import Settling
from ocop_workflow.certificates.views import ListedCertificateView
from ocop_workflow.errors import Conflict, InvalidInput, NotPermitted, fault
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people import producer_queries, producers
from ocop_workflow.places import queries as units
from ocop_workflow.products.checks import outside_of
from ocop_workflow.products.settling.bringing import Entrance, bring_product_in
from ocop_workflow.regulations import Frozen, Level, read_fields, regulation_on
from ocop_workflow.states import (
    Certificate,
    CertificateStanding,
    Ending,
    EvidenceLevel,
)
from ocop_workflow.states.facts import Day, Line
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.errors import Fault, Language
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.store import Connection


class EnteredCertificate(Frozen):
    """A certificate as its paper has it.

    `unit`: the commune, by its id. `product`, `producer`: as the decision names them. Of one that runs who
    makes it is known: by `producer_id`, of one that is there; by `registration`, the number of its business:
    who is there under it is that one; else `producer` is a new one, with `new_producer` although the unit has
    one of this name. `issuer`: the body that decided. `ended_on`: the first local day on which it holds no
    longer, if it has ended before its last valid day. `ended_by`: the body that revoked it. `evidence`: what
    it is known by; `source`: where that stands.
    """

    unit: str
    product: Line
    producer: Line | None = None
    representative: Line | None = None
    producer_id: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    registration: Annotated[Line, Field(max_length=producers.LONGEST_REGISTRATION)] | None = None
    new_producer: bool = False
    certificate: Certificate
    signer: Line
    issuer: Line | None = None
    published_on: Day | None = None
    evidence: Literal["A", "B1"] = "A"
    source: Line | None = None
    ended_on: Day | None = None
    ended_because: Literal["revoked", "renewed"] | None = None
    ended_by: Line | None = None


@dataclass(frozen=True, slots=True)
class Entering:
    """That an officer enters a certificate, with what was given, on a local day at an instant."""

    actor: Actor
    data: Mapping[str, Any]
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is entered, where, by whose right; `commune`: what the unit was called that was named."""

    given: EnteredCertificate
    unit: UnitRecord
    commune: str
    warrant: Warrant
    order: Entering

    @property
    def settling(self) -> Settling:
        login, order = clean(self.order.actor.login)[:100], self.order
        return Settling(CertificateStanding.CONFIRMED, login, self.warrant.acting_for, order.now)


def enter_certificate(tx: Connection, order: Entering, language: Language = "vi") -> ListedCertificateView:
    """Enter a certificate; returns how it stands, its labels in a language.

    Raises:
        InvalidInput: the data are at fault; every fault at once.
        NotPermitted: its star is recognised by another level.
        Conflict: it is there already, or no regulation is in force.
        ProducerLikely: a producer of this name is there, and it is not said whether that one is meant.
    """
    given = read_fields(order.data, EnteredCertificate, "data", frozenset(EnteredCertificate.model_fields))
    commune, unit = _commune(tx, order, given.unit)
    faults = list(_faults(given, order.today))
    if faults:
        raise InvalidInput(*_AT_FAULT, faults)
    regulation = regulation_on(order.today)
    if regulation is None:
        raise Conflict(
            f"Ngày {order.today:%d/%m/%Y} không có quy định nào đang hiệu lực.",
            f"No regulation is in force on {order.today}.",
        )
    warrant = _warrant(tx, order.actor, given.certificate.star, regulation, unit)
    entry = _Entry(given, unit, commune, warrant, order)
    if certificates.is_entered(tx, unit.id, given.certificate.number, given.product):
        raise Conflict(
            f"{unit.name} đã có giấy chứng nhận {given.certificate.number} của {given.product}.",
            f"{unit.name} has the certificate {given.certificate.number} of {given.product} already.",
        )
    holds = given.ended_on is None and given.certificate.valid_until >= order.today
    number = _enter_running(tx, entry, regulation) if holds else _enter_ended(tx, entry)
    paper = given.certificate.model_dump(mode="json")
    after = {"unit": unit.slug, "product": given.product, "signer": given.signer, **paper}
    deed = Deed("certificate.enter", f"certificate:{number}", after=after)
    audit.record(tx, order.actor, deed, order.now, entry.warrant)
    record = certificates.certificate_by_id(tx, number)
    assert record is not None  # noqa: S101 - it was stored a moment ago
    return ListedCertificateView.of(record, order.today, language)


_AT_FAULT = "Giấy chứng nhận: dữ liệu có lỗi.", "The certificate's data are at fault."


def _commune(tx: Connection, order: Entering, slug: str) -> tuple[str, UnitRecord]:
    """Return what the unit of this id is called, and the one that stands in its place today."""
    named = units.unit_by_slug(tx, slug)
    unit = units.heir_of(tx, named, order.today) if named else None
    if named is None or unit is None or unit.level is not Level.COMMUNE:
        no_commune = fault("unit", f"không có xã, phường {slug}", f"no commune is called {slug}")
        raise InvalidInput(*_AT_FAULT, [no_commune])
    return named.name, unit


def _faults(given: EnteredCertificate, today: date) -> Iterator[Fault]:
    decided, until, ended = given.certificate.decided_on, given.certificate.valid_until, given.ended_on
    if decided > today:
        yield fault(
            "certificate.decided_on", f"{decided:%d/%m/%Y} còn ở tương lai", f"{decided} is in the future"
        )
    known = [name for name in ("producer_id", "registration") if getattr(given, name) is not None]
    if known and (ended is not None or until < today):
        yield fault(
            known[0], "giấy đã hết chỉ giữ tên chủ thể", "of one that has ended only the name is kept"
        )
    published = given.published_on
    if published is not None and not decided <= published <= today:
        yield fault(
            "published_on",
            f"{published:%d/%m/%Y} không nằm giữa ngày quyết định và hôm nay",
            f"{published} does not lie between the decision and today",
        )
    if until < decided:
        yield fault(
            "certificate.valid_until",
            f"{until:%d/%m/%Y} đứng trước ngày quyết định {decided:%d/%m/%Y}",
            f"{until} lies before the decision of {decided}",
        )
    if (ended is None) != (given.ended_because is None):
        yield fault("ended_on", "ngày chấm dứt và lý do phải cùng có", "its day and why it ended go together")
    if ended is not None and not decided <= ended <= today:
        yield fault(
            "ended_on",
            f"{ended:%d/%m/%Y} không nằm giữa ngày quyết định và hôm nay",
            f"{ended} does not lie between the decision and today",
        )


def _warrant(tx: Connection, actor: Actor, star: int, regulation: Regulation, unit: UnitRecord) -> Warrant:
    lineage = units.lineage(tx, unit.id)
    outside = outside_of(officers.staffed_levels(tx, lineage))
    warrant = may_settle(actor, star, regulation, Place(frozenset(lineage), frozenset(lineage[1:]), outside))
    if warrant is None:
        raise NotPermitted(
            f"{actor.login} không có quyền ghi giấy chứng nhận {star} sao: đó là việc của cấp công nhận.",
            f"{actor.login} may not enter a certificate of {star} stars: the level that recognises it does.",
        )
    return warrant


def _enter_ended(tx: Connection, entry: _Entry) -> int:
    given = entry.given
    more = {
        "unit_id": entry.unit.id,
        "signer": given.signer,
        "ended_on": given.ended_on or given.certificate.valid_until + timedelta(days=1),
        "ended_because": given.ended_because or Ending.LAPSED.value,
        "ended_by": given.ended_by,
    }
    naming = _naming(tx, entry)
    return certificates.insert_ended(tx, given.certificate, more, naming, entry.settling)


def _naming(tx: Connection, entry: _Entry) -> Naming:
    """Return how its paper names things; the commune by the name under which it was given."""
    given, line = entry.given, units.lineage(tx, entry.unit.id)
    known = units.units_by_id(tx, line)
    return Naming(
        product=given.product[:200],
        producer=given.producer,
        commune=entry.commune,
        province=province_of(known[unit_id] for unit_id in line),
        evidence=EvidenceLevel(given.evidence),
        issuer=given.issuer,
        published_on=given.published_on,
        source=given.source,
    )


def _enter_running(tx: Connection, entry: _Entry, regulation: Regulation) -> int:
    given, order = entry.given, entry.order
    entrance = Entrance(
        entry.unit.id,
        given.product,
        given.producer,
        given.representative,
        given.certificate,
        given.signer,
        entry.warrant,
        order.actor,
        order.today,
        order.now,
        naming=_naming(tx, entry),
        producer_id=_maker(tx, entry),
    )
    return bring_product_in(tx, entrance, regulation).certificate_id


def _maker(tx: Connection, entry: _Entry) -> int | None:
    """Return who makes it: one that is there, by number or registration, or a new one; none: not said.

    Raises:
        InvalidInput: there is no such producer within the officer's reach, or a number without a name is new.
        ProducerLikely: see `enter_certificate`.
    """
    given, registration = entry.given, producers.registered(entry.given.registration)
    roots = entry.order.actor.units_with(Permission.READ)
    if given.producer_id is not None:
        if producer_queries.producer_within(tx, given.producer_id, roots) is None:
            vi, en = f"không có chủ thể số {given.producer_id}", f"there is no producer {given.producer_id}"
            raise InvalidInput(*_AT_FAULT, [fault("producer_id", vi, en)])
        if registration:
            producer_queries.register_number(tx, given.producer_id, registration)
        return given.producer_id
    same = producers.registered_as(tx, registration, roots)
    if same is not None or (given.producer is None and registration is None):
        return same
    if given.producer is None:
        vi, en = "nêu tên chủ thể của số đăng ký này", "say who has this registration number"
        raise InvalidInput(*_AT_FAULT, [fault("producer", vi, en)])
    named = producers.Named(entry.unit.id, given.producer, given.representative, registration=registration)
    return producers.add(tx, named) if given.new_producer else producers.add_unless_likely(tx, named)
