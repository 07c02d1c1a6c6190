"""Queries on certificates: issuing and ending them, how they stand, the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from ocop_workflow.dossiers.queries import is_current
from ocop_workflow.places.queries import reach
from ocop_workflow.states import Certificate, CertificateStanding, Dossier, Ending
from ocop_workflow.store.dialect import in_parts
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import certificates, producers, products, units
from ocop_workflow.store.tables.dossiers import dossiers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from ocop_workflow.states import State


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """A certificate as it is stored, with its product, producer and unit as they are named now.

    Of a product that was never here `code` is empty, and the names are those of the paper. `ended_because`:
    see `Ending`.
    """

    id: int
    number: str
    star: int
    code: str
    product: str
    producer: str | None
    unit_id: int
    unit: str
    decided_on: date
    valid_until: date
    signer: str
    ended_on: date | None
    ended_because: str | None
    standing: CertificateStanding
    settled_by: str | None
    settled_for: str | None
    settled_at: datetime | None
    settled_paper: dict[str, Any] | None
    state: State | None
    dossier: Dossier

    @property
    def tag(self) -> str:
        """Which certificate was seen: how it stands, and what has ended it."""
        return f"{self.id}.{self.standing.value}.{self.ended_because or 'running'}"


@dataclass(frozen=True, slots=True)
class SoughtCertificates:
    """Which certificates are asked for; none: all.

    Attributes:
        roots: units that their products have to lie under: those that the officer reaches.
        unit_id: the unit that was asked for, likewise.
        ends_within: running on `on`, and ending so many days from then, or earlier.
        updated_since: the instant at or after which its product last changed, or it did.
        after: the number behind which the list begins.
    """

    on: date
    roots: frozenset[int] | None = None
    unit_id: int | None = None
    star: int | None = None
    standing: CertificateStanding | None = None
    ends_within: int | None = None
    updated_since: datetime | None = None
    after: int = 0
    limit: int | None = None


def _unit() -> ColumnElement[int]:
    """Where a certificate belongs: its product's unit, or the one that the paper names."""
    return func.coalesce(products.c.unit_id, certificates.c.unit_id)


@cache  # a statement is a value: each list goes on from it
def _records() -> Select[Any]:
    return (
        select(
            certificates.c.id,
            certificates.c.number,
            certificates.c.star,
            func.coalesce(products.c.code, "").label("code"),
            func.coalesce(products.c.name, certificates.c.product).label("product"),
            func.coalesce(producers.c.name, certificates.c.producer).label("producer"),
            units.c.id.label("unit_id"),
            units.c.name.label("unit"),
            certificates.c.decided_on,
            certificates.c.valid_until,
            certificates.c.signer,
            certificates.c.ended_on,
            certificates.c.ended_because,
            certificates.c.standing,
            certificates.c.settled_by,
            certificates.c.settled_for,
            certificates.c.settled_at,
            certificates.c.settled_paper,
            products.c.state,
            func.coalesce(dossiers.c.kind, Dossier.FIRST).label("dossier"),
        )
        .outerjoin(products, products.c.id == certificates.c.product_id)
        .outerjoin(dossiers, is_current())
        .join(units, units.c.id == _unit())
        .outerjoin(producers, producers.c.id == products.c.producer_id)
    )


#: asked for each page of a product
_OF_PRODUCT = Prepared(
    _records().where(certificates.c.product_id == bindparam("of_product")).order_by(certificates.c.id)
)


def find_certificates(tx: Connection, sought: SoughtCertificates) -> list[CertificateRecord]:
    """Return the certificates that match, in the order of their numbers here."""
    statement = _records().where(certificates.c.id > sought.after).order_by(certificates.c.id)
    if sought.roots is not None:
        statement = statement.where(_unit().in_(reach(sought.roots)))
    if sought.unit_id is not None:
        statement = statement.where(_unit().in_(reach({sought.unit_id})))
    if sought.star is not None:
        statement = statement.where(certificates.c.star == sought.star)
    if sought.standing is not None:
        statement = statement.where(certificates.c.standing == sought.standing)
    if sought.updated_since is not None:  # nothing becomes of a certificate that does not touch its product
        since = func.coalesce(products.c.updated_at, certificates.c.settled_at)
        statement = statement.where(since >= sought.updated_since)
    if sought.ends_within is not None:
        statement = statement.where(
            certificates.c.valid_until.between(sought.on, sought.on + timedelta(days=sought.ends_within)),
            or_(certificates.c.ended_on.is_(None), certificates.c.ended_on > sought.on),
        )
    if sought.limit is not None:
        statement = statement.limit(sought.limit)
    return read_all(CertificateRecord, tx.execute(statement))


def certificates_of(tx: Connection, product_id: int) -> list[CertificateRecord]:
    """Return every certificate of a product, running or ended, oldest first."""
    return _OF_PRODUCT.records(CertificateRecord, tx, of_product=product_id)


def certificate_by_id(tx: Connection, number: int) -> CertificateRecord | None:
    """Return the certificate of this number, running or ended."""
    return read_one(CertificateRecord, tx.execute(_records().where(certificates.c.id == number)))


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
    tx: Connection, product_id: int, certificate: Certificate, signer: str, settling: Settling
) -> int:
    """Store a product's certificate; returns its number."""
    return _insert(tx, certificate, {"product_id": product_id, "signer": signer}, settling)


def insert_ended(
    tx: Connection, certificate: Certificate, named: Mapping[str, Any], settling: Settling
) -> int:
    """Store a certificate that has ended, of a product that was never here; returns its number.

    Args:
        tx: a writing transaction.
        certificate: what its decision says.
        named: unit, product, producer, signer, its end and why, by their columns.
        settling: who has entered it.
    """
    return _insert(tx, certificate, named, settling)


def _insert(tx: Connection, certificate: Certificate, more: Mapping[str, Any], settling: Settling) -> int:
    said = {name: getattr(certificate, name) for name in ("star", "number", "decided_on", "valid_until")}
    statement = insert(certificates).values(**said, **more, **settling.columns)
    return int(tx.execute(statement.returning(certificates.c.id)).scalar_one())


def is_entered(tx: Connection, unit_id: int, number: str, product: str) -> bool:
    """Tell whether a unit has a certificate of this number for a product of this name, running or ended."""
    statement = (
        select(certificates.c.id)
        .outerjoin(products, products.c.id == certificates.c.product_id)
        .where(
            _unit() == unit_id,
            certificates.c.number == number,
            func.coalesce(products.c.name, certificates.c.product) == product,
        )
    )
    return tx.execute(statement.limit(1)).one_or_none() is not None


def settle_certificate(tx: Connection, certificate_id: int, settling: Settling) -> bool:
    """Say how a proposed certificate stands from now on. False: it is proposed no longer."""
    done = tx.execute(
        update(certificates)
        .where(
            certificates.c.id == certificate_id,
            certificates.c.standing == CertificateStanding.PROPOSED,
            certificates.c.ended_on.is_(None),
        )
        .values(**settling.columns)
    )
    return done.rowcount == 1


def refuse_certificate(tx: Connection, product_id: int, on: date, settling: Settling) -> int:
    """Record that a product's proposed certificate was refused, which ends it; returns its number."""
    statement = (
        update(certificates)
        .where(certificates.c.product_id == product_id, certificates.c.ended_on.is_(None))
        .values(ended_on=on, ended_because=Ending.REFUSED, **settling.columns)
    )
    return int(tx.execute(statement.returning(certificates.c.id)).scalar_one())


def propose_again(tx: Connection, certificate_id: int) -> None:
    """Let a certificate be proposed again that had been confirmed or refused."""
    tx.execute(
        update(certificates)
        .where(certificates.c.id == certificate_id)
        .values(ended_on=None, ended_because=None, **PROPOSED.columns)
    )


def end_certificate(tx: Connection, product_id: int, on: date, because: Ending) -> int | None:
    """Record that a product's current certificate ended; returns its number, if there was one."""
    return tx.execute(
        update(certificates)
        .where(certificates.c.product_id == product_id, certificates.c.ended_on.is_(None))
        .values(ended_on=on, ended_because=because)
        .returning(certificates.c.id)
    ).scalar_one_or_none()


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


def undo_certificate(tx: Connection, certificate_id: int, on: date) -> None:
    """Record that a certificate ended because the step that issued it was undone."""
    tx.execute(
        update(certificates)
        .where(certificates.c.id == certificate_id)
        .values(ended_on=on, ended_because=Ending.UNDONE)
    )


def reopen_certificate(tx: Connection, certificate_id: int) -> None:
    """Let a certificate run again that had ended."""
    tx.execute(
        update(certificates)
        .where(certificates.c.id == certificate_id)
        .values(ended_on=None, ended_because=None)
    )
