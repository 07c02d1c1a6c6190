"""Entering a certificate that a list tells of, and settling one that stands without a product.

What its level brings in by a signed decision, or by news of a state body, is confirmed, and brings its
product in while it runs. All else is proposed: it stands by itself, without a page and without a deadline,
until its level has confirmed it. No product is joined by its name alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Place, may_settle
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.naming import Naming, province_of
from ocop_workflow.certificates.queries import PROPOSED, Settling
from ocop_workflow.errors import Conflict
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.places import queries as units
from ocop_workflow.products.checks import outside_of
from ocop_workflow.products.settling.bringing import Entrance, bring_product_in
from ocop_workflow.regulations import regulation_on
from ocop_workflow.states import CertificateStanding, Ending, EvidenceLevel
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states import Certificate
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class ListedCertificate:
    """A certificate as a list has it, where it belongs, and who brings it.

    Attributes:
        unit: the commune that has it today.
        commune: what the list calls it.
        ended_on: the first local day on which it holds no longer because it was revoked.
        replaced_on: the local day on which a newer one of its product was decided.
        stands_apart: the code of a product of the same name, by which it is not joined; empty: there is none.
        warrant: in whose name the actor may confirm it; none: it is another level's.
    """

    unit: UnitRecord
    commune: str
    product: str
    producer: str | None
    representative: str | None
    certificate: Certificate
    evidence: EvidenceLevel
    issuer: str | None
    source: str
    ended_on: date | None
    replaced_on: date | None
    stands_apart: str
    warrant: Warrant | None
    actor: Actor
    today: date
    now: datetime

    @property
    def runs(self) -> bool:
        """Whether it holds today."""
        over = self.ended_on or self.replaced_on
        return over is None and self.certificate.valid_until >= self.today

    @property
    def standing(self) -> CertificateStanding:
        """How it stands once it is entered."""
        apart = self.runs and self.stands_apart
        if apart or not self.evidence.is_public or self.warrant is None:
            return CertificateStanding.PROPOSED
        return CertificateStanding.CONFIRMED


def warrant_for(
    tx: Connection, actor: Actor, star: int, unit_id: int, regulation: Regulation
) -> Warrant | None:
    """Return in whose name an actor may settle a certificate of a commune; none: another level does."""
    lineage = units.lineage(tx, unit_id)
    outside = outside_of(officers.staffed_levels(tx, lineage))
    return may_settle(actor, star, regulation, Place(frozenset(lineage), frozenset(lineage[1:]), outside))


def regulation_in_force(day: date) -> Regulation:
    """Return the regulation of a local day.

    Raises:
        Conflict: none is in force.
    """
    regulation = regulation_on(day)
    if regulation is None:
        raise Conflict(
            f"Ngày {day:%d/%m/%Y} không có quy định nào đang hiệu lực.",
            f"No regulation is in force on {day}.",
        )
    return regulation


def enter_listed(tx: Connection, listed: ListedCertificate, next_id: int | None) -> tuple[int, str | None]:
    """Enter a certificate that a list tells of; returns its number, and its product's code, if it has one.

    Args:
        tx: a writing transaction.
        listed: the certificate.
        next_id: the number of the one that has replaced it.

    Raises:
        Conflict: no regulation is in force.
    """
    standing, warrant = listed.standing, listed.warrant
    confirmed = standing is CertificateStanding.CONFIRMED and warrant is not None
    settling = PROPOSED
    if confirmed and warrant is not None:
        login = clean(listed.actor.login)[:100]
        settling = Settling(CertificateStanding.CONFIRMED, login, warrant.acting_for, listed.now)
    line = units.units_by_id(tx, units.lineage(tx, listed.unit.id))
    naming = Naming(
        product=listed.product,
        producer=listed.producer,
        commune=listed.commune[:200],
        province=province_of(line.values()),
        evidence=listed.evidence,
        issuer=listed.issuer,
        source=listed.source,
    )
    more: dict[str, Any] = {"unit_id": listed.unit.id, "signer": "", **_end(listed)}
    more["replaced_by_id"] = next_id if more.get("ended_because") == Ending.RENEWED else None
    number = certificates.insert_ended(tx, listed.certificate, more, naming, settling)
    code = None
    if confirmed and warrant is not None and listed.runs:
        entrance = Entrance(
            listed.unit.id,
            listed.product,
            listed.producer,
            listed.representative,
            listed.certificate,
            None,
            warrant,
            listed.actor,
            listed.today,
            listed.now,
            adopts=number,
        )
        _, code = bring_product_in(tx, entrance, regulation_in_force(listed.today))
    after = {"unit": listed.unit.slug, "product": listed.product, "source": listed.source}
    after |= listed.certificate.model_dump(mode="json")
    deed = Deed("certificate.enter", f"certificate:{number}", after=after)
    audit.record(tx, listed.actor, deed, listed.now, warrant)
    return number, code


def _end(listed: ListedCertificate) -> dict[str, Any]:
    """Return since when and why it holds no longer, by the columns; nothing while it does."""
    if listed.runs:
        return {}
    if listed.ended_on is not None:
        return {"ended_on": listed.ended_on, "ended_because": Ending.REVOKED}
    lapsed = listed.certificate.valid_until + timedelta(days=1)
    if listed.replaced_on is not None and listed.replaced_on < lapsed:
        return {"ended_on": listed.replaced_on, "ended_because": Ending.RENEWED}
    return {"ended_on": lapsed, "ended_because": Ending.LAPSED}


__all__ = ["ListedCertificate", "enter_listed", "regulation_in_force", "warrant_for"]
