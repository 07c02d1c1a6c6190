"""Queries on certificates: issuing and ending them, how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, case, func, insert, or_, select, update

from ocop_workflow.certificates.naming import is_shown
from ocop_workflow.dossiers.queries import is_current
from ocop_workflow.states import Certificate, CertificateStanding, Dossier, Ending, EvidenceLevel
from ocop_workflow.store.dialect import in_parts
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_one
from ocop_workflow.store.tables import certificates, products, units
from ocop_workflow.store.tables.dossiers import dossiers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from ocop_workflow.certificates.naming import Naming
    from ocop_workflow.states import State


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """A certificate as it is stored, with product, producer and commune as they were named on its day.

    Of a product that was never here `code` is empty. `unit`: what its commune is called now. `came_with`:
    what it was known by when it came in. `filed_on`: when the dossier was received. `ended_because`:
    see `Ending`. `replaced_by`: the end of the public page of the one that followed it.
    """

    id: int
    number: str
    star: int
    code: str
    product: str
    producer: str | None
    commune: str
    province: str | None
    unit_id: int
    unit: str
    decided_on: date
    valid_until: date
    signer: str
    issuer: str | None
    regulation: str | None
    published_on: date | None
    came_with: EvidenceLevel
    source: str | None
    ended_on: date | None
    ended_because: str | None
    ended_by: str | None
    replaced_by_id: int | None
    replaced_by: str | None
    standing: CertificateStanding
    settled_by: str | None
    settled_for: str | None
    settled_at: datetime | None
    settled_paper: dict[str, Any] | None
    token: str
    shown_since: datetime | None
    taken_back_on: date | None
    corrected: int | None
    state: State | None
    group: str | None
    dossier: Dossier
    filed_on: date | None
    concluded_on: date | None
    not_renewing_on: date | None

    @property
    def evidence(self) -> EvidenceLevel:
        """What it is known by: once its level has confirmed it on a paper, by that decision."""
        confirmed = self.standing is CertificateStanding.CONFIRMED and self.settled_paper is not None
        return EvidenceLevel.SIGNED if confirmed else self.came_with

    @property
    def tag(self) -> str:
        """Which certificate was seen: how it stands, what has ended it, how often it was corrected."""
        seen = f"{self.id}.{self.standing.value}.{self.ended_because or 'running'}"
        return f"{seen}.{self.corrected}" if self.corrected else seen


#: the certificate that has replaced one
_next = certificates.alias("next_certificate")


def belongs_to() -> ColumnElement[int]:
    """Where a certificate belongs: its product's unit, or the one that the paper names."""
    return func.coalesce(products.c.unit_id, certificates.c.unit_id)


@cache  # a statement is a value: each list goes on from it
def certificate_records() -> Select[Any]:
    """Select what makes a record, of every certificate."""
    return (
        select(
            certificates.c.id,
            certificates.c.number,
            certificates.c.star,
            func.coalesce(products.c.code, "").label("code"),
            certificates.c.product,
            certificates.c.producer,
            certificates.c.commune,
            certificates.c.province,
            units.c.id.label("unit_id"),
            units.c.name.label("unit"),
            certificates.c.decided_on,
            certificates.c.valid_until,
            certificates.c.signer,
            certificates.c.issuer,
            certificates.c.regulation,
            certificates.c.published_on,
            certificates.c.evidence.label("came_with"),
            certificates.c.source,
            certificates.c.ended_on,
            certificates.c.ended_because,
            certificates.c.ended_by,
            certificates.c.replaced_by_id,
            _next.c.token.label("replaced_by"),
            certificates.c.standing,
            certificates.c.settled_by,
            certificates.c.settled_for,
            certificates.c.settled_at,
            certificates.c.settled_paper,
            certificates.c.token,
            certificates.c.shown_since,
            certificates.c.taken_back_on,
            certificates.c.corrected,
            products.c.state,
            func.coalesce(products.c.product_group, certificates.c.product_group).label("group"),
            func.coalesce(dossiers.c.kind, Dossier.FIRST).label("dossier"),
            dossiers.c.received_on.label("filed_on"),
            products.c.concluded_on,
            products.c.not_renewing_on,
        )
        .outerjoin(products, products.c.id == certificates.c.product_id)
        .outerjoin(dossiers, is_current())
        .join(units, units.c.id == belongs_to())
        .outerjoin(_next, and_(_next.c.id == certificates.c.replaced_by_id, _next.c.shown_since.is_not(None)))
    )


#: asked for each page of a product
_OF_PRODUCT = Prepared(
    certificate_records()
    .where(certificates.c.product_id == bindparam("of_product"))
    .order_by(certificates.c.id)
)


def certificates_of(tx: Connection, product_id: int) -> list[CertificateRecord]:
    """Return every certificate of a product, running or ended, oldest first."""
    return _OF_PRODUCT.records(CertificateRecord, tx, of_product=product_id)


def certificate_by_id(tx: Connection, number: int) -> CertificateRecord | None:
    """Return the certificate of this number, running or ended."""
    return read_one(CertificateRecord, tx.execute(certificate_records().where(certificates.c.id == number)))


# -- what becomes of them --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settling:
    """How a certificate stands, and by whom and on what paper; nobody has settled a proposed one."""

    standing: CertificateStanding
    by: str | None = None
    acting_for: str | None = None
    at: datetime | None = None
    paper: Mapping[str, Any] | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The columns that say so."""
        return {
            "standing": self.standing,
            "settled_by": self.by,
            "settled_for": self.acting_for,
            "settled_at": self.at,
            "settled_paper": self.paper,
        }


PROPOSED = Settling(CertificateStanding.PROPOSED)


def insert_certificate(
    tx: Connection,
    product_id: int,
    certificate: Certificate,
    signer: str,
    naming: Naming,
    settling: Settling,
) -> int:
    """Store a product's certificate; returns its number."""
    return _insert(tx, certificate, {"product_id": product_id, "signer": signer}, naming, settling)


def insert_ended(
    tx: Connection,
    certificate: Certificate,
    more: Mapping[str, Any],
    naming: Naming,
    settling: Settling,
) -> int:
    """Store a certificate that has ended, of a product that was never here; returns its number.

    Args:
        tx: a writing transaction.
        certificate: what its decision says.
        more: unit, signer, its end and why, by their columns.
        naming: how its paper names things.
        settling: who has entered it.
    """
    return _insert(tx, certificate, more, naming, settling)


def adopt_certificate(tx: Connection, certificate_id: int, product_id: int, settling: Settling) -> int:
    """Give a certificate that stood by itself the product that came in with it; returns its number."""
    shown = case((certificates.c.shown_since.is_not(None), certificates.c.shown_since), else_=settling.at)
    tx.execute(
        update(certificates)
        .where(certificates.c.id == certificate_id)
        .values(product_id=product_id, unit_id=None, shown_since=shown, **settling.columns)
    )
    return certificate_id


def _insert(
    tx: Connection,
    certificate: Certificate,
    more: Mapping[str, Any],
    naming: Naming,
    settling: Settling,
) -> int:
    statement = insert(certificates).values(**certificate_row(certificate, more, naming, settling))
    return int(tx.execute(statement.returning(certificates.c.id)).scalar_one())


def certificate_row(
    certificate: Certificate, more: Mapping[str, Any], naming: Naming, settling: Settling
) -> dict[str, Any]:
    """Return the row of a certificate that is to be stored; see `insert_ended`."""
    said = {name: getattr(certificate, name) for name in ("star", "number", "decided_on", "valid_until")}
    shown = settling.at if is_shown(settling.standing, naming.evidence) else None
    return {**said, **more, **naming.columns, **settling.columns, "shown_since": shown}


def insert_many(tx: Connection, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Store certificates whose rows name the same columns; returns their numbers in order."""
    statement = insert(certificates).returning(certificates.c.id, sort_by_parameter_order=True)
    return list(tx.scalars(statement, rows)) if rows else []


def is_entered(tx: Connection, unit_id: int, number: str, product: str) -> bool:
    """Tell whether a unit has a certificate of this number for a product of this name, running or ended."""
    statement = (
        select(certificates.c.id)
        .outerjoin(products, products.c.id == certificates.c.product_id)
        .where(
            belongs_to() == unit_id,
            certificates.c.number == number,
            or_(certificates.c.product == product, products.c.name == product),
        )
    )
    return tx.execute(statement.limit(1)).one_or_none() is not None


def settle_certificate(tx: Connection, certificate_id: int, settling: Settling) -> bool:
    """Confirm a proposed certificate, which gives it its page. False: it is proposed no longer."""
    done = tx.execute(
        update(certificates)
        .where(
            certificates.c.id == certificate_id,
            certificates.c.standing == CertificateStanding.PROPOSED,
            certificates.c.ended_on.is_(None),
        )
        .values(
            **settling.columns,
            shown_since=func.coalesce(certificates.c.shown_since, settling.at),
            taken_back_on=None,
        )
    )
    return done.rowcount == 1


def settle_apart(tx: Connection, certificate_id: int, settling: Settling) -> None:
    """Confirm a certificate of a list, running or ended, which gives it its page."""
    tx.execute(
        update(certificates)
        .where(certificates.c.id == certificate_id)
        .values(
            **settling.columns,
            shown_since=func.coalesce(certificates.c.shown_since, settling.at),
            taken_back_on=None,
        )
    )


def refuse_apart(tx: Connection, certificate_id: int, on: date, settling: Settling) -> None:
    """Record that a certificate of a list was refused, which ends it."""
    tx.execute(
        update(certificates)
        .where(certificates.c.id == certificate_id)
        .values(ended_on=on, ended_because=Ending.REFUSED, **settling.columns)
    )


def refuse_certificate(tx: Connection, product_id: int, on: date, settling: Settling) -> int:
    """Record that a product's proposed certificate was refused, which ends it; returns its number."""
    statement = (
        update(certificates)
        .where(certificates.c.product_id == product_id, certificates.c.ended_on.is_(None))
        .values(ended_on=on, ended_because=Ending.REFUSED, **settling.columns)
    )
    return int(tx.execute(statement.returning(certificates.c.id)).scalar_one())


def propose_again(tx: Connection, certificate_id: int, today: date) -> None:
    """Let a certificate be proposed again that was confirmed or refused; a page says so from today on."""
    again = func.coalesce(certificates.c.taken_back_on, today)
    tx.execute(
        update(certificates)
        .where(certificates.c.id == certificate_id)
        .values(
            ended_on=None,
            ended_because=None,
            taken_back_on=case((certificates.c.shown_since.is_not(None), again)),
            **PROPOSED.columns,
        )
    )


def end_certificate(
    tx: Connection, product_id: int, on: date, because: Ending, by: str | None = None
) -> int | None:
    """Record that a product's current certificate ended; returns its number, if there was one.

    `by`: the body that revoked it.
    """
    return tx.execute(
        update(certificates)
        .where(certificates.c.product_id == product_id, certificates.c.ended_on.is_(None))
        .values(ended_on=on, ended_because=because, ended_by=by)
        .returning(certificates.c.id)
    ).scalar_one_or_none()


def say_what_followed(tx: Connection, certificate_id: int, next_id: int) -> None:
    """Record which certificate has replaced one."""
    tx.execute(update(certificates).where(certificates.c.id == certificate_id).values(replaced_by_id=next_id))


def running(tx: Connection, product_ids: Collection[int]) -> dict[int, int]:
    """Return the numbers of the certificates that products hold, by product."""
    columns = certificates.c.product_id, certificates.c.id
    statement = select(*columns).where(certificates.c.ended_on.is_(None))
    found = (
        tx.execute(statement.where(certificates.c.product_id.in_(part))) for part in in_parts(product_ids)
    )
    return {product_id: number for rows in found for product_id, number in rows}


def certificate(tx: Connection, certificate_id: int) -> Certificate:
    """Return a certificate, ended or not."""
    row = tx.execute(select(certificates).where(certificates.c.id == certificate_id)).one()
    return Certificate(
        star=row.star, number=row.number, decided_on=row.decided_on, valid_until=row.valid_until
    )


def undo_certificate(tx: Connection, certificate_id: int, on: date, today: date) -> None:
    """Record that a certificate ended because the step that issued it was undone.

    `on`: the local day of that step: it never held. `today`: the local day on which that was found.
    """
    tx.execute(
        update(certificates)
        .where(certificates.c.id == certificate_id)
        .values(ended_on=on, ended_because=Ending.UNDONE, taken_back_on=today)
    )


def reopen_certificate(tx: Connection, certificate_id: int) -> None:
    """Let a certificate run again that had ended."""
    tx.execute(
        update(certificates)
        .where(certificates.c.id == certificate_id)
        .values(ended_on=None, ended_because=None, ended_by=None, replaced_by_id=None)
    )
