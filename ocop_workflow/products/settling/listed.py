"""Entering a certificate that a list tells of, and settling one that stands without a product.

What its level brings in by a signed decision, or by news of a state body, is confirmed. All else is proposed:
it has no page, and no state past a re-rating rests on it, until its level has confirmed it. While it runs it
brings its product in either way, so that its last day is spoken of in time; but no product is joined by its
name alone: where one of its name is there, it stands by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Place, may_settle
from ocop_workflow.audit.chain import Deed
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.naming import Naming, province_of
from ocop_workflow.certificates.queries import PROPOSED, Settling
from ocop_workflow.errors import Conflict
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.places import queries as units
from ocop_workflow.products.checks import outside_of
from ocop_workflow.products.settling.bringing import Entrance, bring_product_in, bring_products_in
from ocop_workflow.regulations import regulation_on
from ocop_workflow.states import CertificateStanding, Ending, EvidenceLevel
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
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
        entry: in whose name the actor brings it in.
        address, producer_id, reason: see `Entrance`.
        whole_cell: the cell of the list that names it among others, as it stands; empty: it names it alone.
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
    entry: Warrant
    actor: Actor
    today: date
    now: datetime
    address: str | None = None
    producer_id: int | None = None
    whole_cell: str = ""
    reason: str | None = None
    group: str | None = None

    @property
    def in_whose_name(self) -> Warrant:
        """By what right it is brought in: of the level that may confirm it, or of whoever enters."""
        return self.warrant or self.entry

    @property
    def brings_product(self) -> bool:
        """Whether its product comes in with it."""
        return self.runs and not self.stands_apart

    @property
    def settling(self) -> Settling:
        """How it stands once it is entered, and by whom."""
        if self.standing is not CertificateStanding.CONFIRMED or self.warrant is None:
            return PROPOSED
        return Settling(self.standing, clean(self.actor.login)[:100], self.warrant.acting_for, self.now)

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


@dataclass(frozen=True, slots=True)
class EnteredListed:
    """A certificate of a list that was entered: its number, its product's code if it has one, and the deed.

    The audit is told last, of all of a list together: whoever appends to it holds everybody else up.
    """

    number: int
    code: str | None
    deed: Deed


def enter_listed(
    tx: Connection, given: Sequence[tuple[ListedCertificate, int | None]]
) -> list[EnteredListed]:
    """Enter certificates that a list tells of; the audit has to be told yet.

    Args:
        tx: a writing transaction.
        given: the certificates, each with the number of the one that has replaced it.

    Raises:
        Conflict: no regulation is in force.
    """
    provinces: dict[int, str | None] = {}
    coming = [(place, listed) for place, (listed, _) in enumerate(given) if listed.brings_product]
    rest = [(place, *of) for place, of in enumerate(given) if not of[0].brings_product]
    entered: dict[int, tuple[int, str | None]] = {}
    if coming:
        entrances = [_entrance(listed, _naming(tx, listed, provinces)) for _, listed in coming]
        came = bring_products_in(tx, entrances, regulation_in_force(coming[0][1].today))
        entered |= {
            place: (one.certificate_id, one.code) for (place, _), one in zip(coming, came, strict=True)
        }
    rows = [_row(listed, next_id, _naming(tx, listed, provinces)) for _, listed, next_id in rest]
    numbers = certificates.insert_many(tx, rows)
    entered |= {place: (number, None) for (place, _, _), number in zip(rest, numbers, strict=True)}
    return [
        EnteredListed(*entered[place], _deed(listed, entered[place][0]))
        for place, (listed, _) in enumerate(given)
    ]


def _row(listed: ListedCertificate, next_id: int | None, naming: Naming) -> dict[str, Any]:
    """Return the row of a certificate that stands by itself."""
    more: dict[str, Any] = {"unit_id": listed.unit.id, "signer": "", **_end(listed)}
    more["replaced_by_id"] = next_id if more["ended_because"] == Ending.RENEWED else None
    return certificates.certificate_row(listed.certificate, more, naming, listed.settling)


def _naming(tx: Connection, listed: ListedCertificate, provinces: dict[int, str | None]) -> Naming:
    """Return how its paper names things; of each commune the province is looked up once."""
    unit_id = listed.unit.id
    if unit_id not in provinces:
        provinces[unit_id] = province_of(units.units_by_id(tx, units.lineage(tx, unit_id)).values())
    return Naming(
        product=listed.product,
        producer=listed.producer,
        commune=listed.commune[:200],
        province=provinces[unit_id],
        evidence=listed.evidence,
        issuer=listed.issuer,
        source=listed.source,
        product_group=listed.group,
    )


def _deed(listed: ListedCertificate, number: int) -> Deed:
    after = {"unit": listed.unit.slug, "product": listed.product, "source": listed.source}
    after |= {"cell": listed.whole_cell} if listed.whole_cell else {}
    after |= listed.certificate.model_dump(mode="json")
    return Deed("certificate.enter", f"certificate:{number}", after=after)


def _entrance(listed: ListedCertificate, naming: Naming | None, adopts: int | None = None) -> Entrance:
    """Return how its product comes in: confirmed or proposed."""
    confirmed = listed.settling.standing is CertificateStanding.CONFIRMED
    return Entrance(
        listed.unit.id,
        listed.product,
        listed.producer,
        listed.representative,
        listed.certificate,
        None,
        listed.in_whose_name if confirmed else listed.entry,
        listed.actor,
        listed.today,
        listed.now,
        naming=naming,
        adopts=adopts,
        producer_id=listed.producer_id,
        address=listed.address,
        settles=confirmed,
        reason=listed.reason,
    )


def bring_listed_in(tx: Connection, listed: ListedCertificate, number: int) -> str:
    """Let the product of a certificate come in that stood by itself; returns its code."""
    entrance = _entrance(listed, None, adopts=number)
    return bring_product_in(tx, entrance, regulation_in_force(listed.today)).code


def _end(listed: ListedCertificate) -> dict[str, Any]:
    """Return since when and why it holds no longer, by the columns."""
    if listed.runs:
        return {"ended_on": None, "ended_because": None}
    if listed.ended_on is not None:
        return {"ended_on": listed.ended_on, "ended_because": Ending.REVOKED}
    lapsed = listed.certificate.valid_until + timedelta(days=1)
    if listed.replaced_on is not None and listed.replaced_on < lapsed:
        return {"ended_on": listed.replaced_on, "ended_because": Ending.RENEWED}
    return {"ended_on": lapsed, "ended_because": Ending.LAPSED}


__all__ = [
    "EnteredListed",
    "ListedCertificate",
    "bring_listed_in",
    "enter_listed",
    "regulation_in_force",
    "warrant_for",
]
