"""What the documents that end certificates say, read once: the certificate, its conclusion, who decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates import register_queries as register
from ocop_workflow.certificates.register_queries import SoughtCertificates
from ocop_workflow.certificates.views import CertificateStatus
from ocop_workflow.documents.ending.words import Issuing
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault
from ocop_workflow.people.officers import permitted, sees
from ocop_workflow.places import queries as units
from ocop_workflow.products.advance import facts_of
from ocop_workflow.products.checks import find_product, regulation_behind
from ocop_workflow.products.notices.conclusions import last_conclusion
from ocop_workflow.products.settling.confirming import no_certificate
from ocop_workflow.regulations import load_regulation, regulation_ids, regulation_on
from ocop_workflow.states import CertificateStanding, Ending

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.products.notices.conclusions import Concluded
    from ocop_workflow.regulations import Level
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class RevocationOnRecord:
    """A certificate that is, or was, to be revoked; `commune`: where its product lies today."""

    certificate: CertificateRecord
    concluded: Concluded
    issuing: Issuing
    commune: UnitRecord
    on: date

    @property
    def number(self) -> str | None:
        """The number of the decision; none: it is not on record yet."""
        return self.concluded.revoked.decision_number if self.concluded.revoked else None

    @property
    def day(self) -> date | None:
        """The local day of the decision; none: it is not on record yet."""
        return self.concluded.revoked.decision_date if self.concluded.revoked else None


@dataclass(frozen=True, slots=True)
class ExpiriesOnRecord:
    """The certificates of a unit that ran out in a span of days and were not rated again.

    `granted`: how many each decision had granted there, by number and day. `on`: the local day of asking.
    """

    items: tuple[CertificateRecord, ...]
    granted: dict[tuple[str, date], int]
    issuing: Issuing
    since: date
    until: date
    on: date


@dataclass(frozen=True, slots=True)
class ExpirySpan:
    """Whose certificates are announced, by the unit's slug, and between which last days (local)."""

    unit: str
    since: date
    until: date


def read_revocation(tx: Connection, number: int, actor: Actor, today: date) -> RevocationOnRecord:
    """Read what the documents of a revocation say.

    Raises:
        NotFound: none that the actor may see has this number.
        NotPermitted: the actor does not draft documents there.
        Conflict: no conclusion is on record against this certificate.
    """
    record = certificates.certificate_by_id(tx, number)
    if record is None or not sees(tx, actor, record.unit_id):
        raise no_certificate(number)
    permitted(tx, actor, Permission.READ_SHEETS, record.unit_id)
    product = find_product(tx, record.code) if record.code else None
    concluded = last_conclusion(tx, product.id) if product else None
    is_its_own = record.ended_on is None or record.ended_because == Ending.REVOKED
    if product is None or concluded is None or not is_its_own:
        raise Conflict(
            f"Giấy chứng nhận {number} không có kết luận nào để thu hồi; ghi kết luận trước (thao tác "
            "«Ghi kết luận để xem xét thu hồi»).",
            f"No conclusion against the certificate {number} is on record; record it first (the step "
            "`conclude`).",
        )
    day = concluded.recorded_for or today
    rating = regulation_behind(tx, product, day)
    held = certificates.certificate(tx, record.id)
    facts = facts_of(product, rating, day)
    level = _owner(facts.regulation.owner(held.star), concluded, held.star)
    law = concluded.law or rating
    issuing = Issuing(_unit_of(tx, record.unit_id, level), law)
    commune = units.units_by_id(tx, [record.unit_id])[record.unit_id]
    return RevocationOnRecord(record, concluded, issuing, commune, day)


def _owner(of_pack: Level | None, concluded: Concluded, star: int) -> Level | None:
    law = concluded.law
    return law.owner(star) if law and of_pack not in law.ladder else of_pack


def _unit_of(tx: Connection, unit_id: int, level: Level | None) -> UnitRecord:
    """Return the unit of a level above a commune, else the highest that is stored."""
    line = units.lineage(tx, unit_id)
    known = units.units_by_id(tx, line)
    return next((known[one] for one in line if known[one].level is level), known[line[-1]])


def announcing_unit(tx: Connection, span: ExpirySpan, actor: Actor) -> UnitRecord:
    """Return the unit whose agency announces what ran out.

    Raises:
        NotFound: there is no such unit, as far as the actor may know.
        NotPermitted: the actor does not draft documents there.
        InvalidInput: the span is upside down.
    """
    unit = units.unit_by_slug(tx, span.unit)
    if unit is None or not sees(tx, actor, unit.id):
        raise NotFound(f"Không có địa phương {span.unit}.", f"No unit is called {span.unit}.")
    permitted(tx, actor, Permission.READ_SHEETS, unit.id)
    if span.until < span.since:
        raise InvalidInput(
            "Khoảng ngày có lỗi.",
            "The span of days is at fault.",
            [fault("until", f"đứng trước {span.since:%d/%m/%Y}", f"lies before {span.since}")],
        )
    return unit


def read_expiries(tx: Connection, unit: UnitRecord, span: ExpirySpan, today: date) -> ExpiriesOnRecord:
    """Read what the notice of a unit's certificates that ran out says, on a local day.

    Raises:
        Conflict: none ran out in this span.
    """
    since, until = span.since, span.until
    expired = register.find_certificates(
        tx,
        SoughtCertificates(
            today, unit_id=unit.id, standing=CertificateStanding.CONFIRMED, status=CertificateStatus.EXPIRED
        ),
    )
    items = tuple(item for item in expired if since <= item.valid_until <= until)
    if not items:
        raise Conflict(
            f"Không có giấy chứng nhận nào của {unit.name} hết hạn từ {since:%d/%m/%Y} đến {until:%d/%m/%Y} "
            "mà chưa được đánh giá lại.",
            f"No certificate of {unit.slug} ran out from {since} to {until} without a new rating.",
        )
    issuing = Issuing(unit, regulation_on(today) or load_regulation(regulation_ids()[-1]))
    return ExpiriesOnRecord(items, _granted(tx, unit.id, items, today), issuing, since, until, today)


def _granted(
    tx: Connection, unit_id: int, items: Sequence[CertificateRecord], today: date
) -> dict[tuple[str, date], int]:
    """Count what each of the decisions had granted in a unit; what was undone or refused never held."""
    found: dict[tuple[str, date], int] = {}
    wanted = {(item.number, item.decided_on) for item in items}
    sought = SoughtCertificates(today, unit_id=unit_id, standing=CertificateStanding.CONFIRMED)
    for item in register.find_certificates(tx, sought):
        key = item.number, item.decided_on
        if key in wanted and item.ended_because not in (Ending.UNDONE, Ending.REFUSED):
            found[key] = found.get(key, 0) + 1
    return found
