"""Queries on products, their histories, certificates and imports: batch by batch, nothing written.

A damaged row must not stop an examination. So words are read as they are stored, whether or not the
service knows them, and rows that lead nowhere fall out of the joins: the check of foreign keys names them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import and_, func, or_, select, type_coerce
from sqlalchemy.types import String

from ocop_workflow.dossiers.queries import is_current
from ocop_workflow.states import Certificate, CertificateStanding, Ending, EvidenceLevel, State
from ocop_workflow.store.batching import batches, one_by_one
from ocop_workflow.store.records import read_all, reader
from ocop_workflow.store.tables import certificates, contacts, products, transitions
from ocop_workflow.store.tables.dossiers import dossiers
from ocop_workflow.store.tables.imports import imported_rows, imports, restarts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from sqlalchemy import Column, ColumnElement, Connection, Row


@dataclass(frozen=True, slots=True)
class ProductFact:
    """A product as its record has it, and how it came in: by an import, or created on its own."""

    id: int
    code: str
    unit_id: int
    plan_id: int | None
    regulation: str | None
    state: str
    dossier: str | None
    dossier_no: int
    entered_on: date | None
    concluded_on: date | None
    not_renewing_on: date | None
    complete_on: date | None
    received_on: date | None
    rated_by: str | None
    producer_id: int | None
    product_group: str | None
    address: str | None
    score_level: str | None
    score_mean: str | None
    gates_met: int | None
    imported_at: datetime | None
    import_id: int | None


@dataclass(frozen=True, slots=True)
class StepFact:
    """One entry of a product's history; `id` grows from step to step over all products."""

    id: int
    product_id: int
    seq: int
    event: str
    source: str
    target: str
    on: date
    at: datetime
    data: dict[str, Any]
    plan_id: int | None
    regulation: str
    undoes: int | None
    replaced: dict[str, Any] | None
    by_paper: bool | None
    address: str | None

    @property
    def refuses(self) -> bool:
        """Whether it refused a certificate that was only proposed."""
        return (self.replaced or {}).get("refused") is not None


@dataclass(frozen=True, slots=True)
class DossierFact:
    """A dossier as it stands in its table."""

    product_id: int
    number: int
    kind: str
    plan_id: int
    received_on: date | None
    complete_on: date | None
    regulation: str | None
    score_level: str | None
    score_mean: str | None
    gates_met: int | None


@dataclass(frozen=True, slots=True)
class CertificateFact:
    """A certificate as it stands in its table."""

    id: int
    product_id: int
    star: int
    number: str
    decided_on: date
    valid_until: date
    ended_on: date | None
    ended_because: str | None
    standing: CertificateStanding
    settled_by: str | None

    @property
    def certificate(self) -> Certificate:
        """What it says, right or wrong."""
        return Certificate.model_construct(
            star=self.star,
            number=self.number,
            decided_on=self.decided_on,
            valid_until=self.valid_until,
        )


@dataclass(frozen=True, slots=True)
class RestartFact:
    """That a corrected list put a product elsewhere before its first step; `before`: where it had stood.

    `entry`: the number of the import's entry in the audit, where it was looked up.
    """

    product_id: int
    at: datetime
    before: State
    import_id: int
    entry: int | None = None


def raw(column: Column[Any]) -> ColumnElement[str]:
    """Read a column as it stands, whatever words it may hold."""
    return type_coerce(column, String).label(column.name)


Fact = TypeVar("Fact", StepFact, DossierFact, CertificateFact, RestartFact)


def _by_product(facts: Iterable[Fact]) -> dict[int, list[Fact]]:
    found: dict[int, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.product_id, []).append(fact)
    return found


# -- products and their histories ------------------------------------------------------------------


def product_batches(tx: Connection) -> Iterator[list[ProductFact]]:
    """Yield the products, some at once."""
    statement = (
        select(
            products.c.id,
            products.c.code,
            products.c.unit_id,
            products.c.plan_id,
            products.c.regulation,
            raw(products.c.state),
            raw(dossiers.c.kind).label("dossier"),
            products.c.dossier_no,
            products.c.entered_on,
            products.c.concluded_on,
            products.c.not_renewing_on,
            dossiers.c.complete_on,
            dossiers.c.received_on,
            dossiers.c.regulation.label("rated_by"),
            products.c.producer_id,
            products.c.product_group,
            contacts.c.address,
            raw(dossiers.c.score_level),
            dossiers.c.score_mean,
            dossiers.c.gates_met,
            imports.c.at.label("imported_at"),
            imports.c.id.label("import_id"),
        )
        .outerjoin(dossiers, is_current())
        .outerjoin(contacts, contacts.c.id == products.c.address_id)
        .outerjoin(imported_rows, imported_rows.c.product_id == products.c.id)
        .outerjoin(imports, imports.c.id == imported_rows.c.import_id)
    )
    make = reader(ProductFact, statement.selected_columns.keys())
    return (list(map(make, rows)) for rows in batches(tx, statement, products.c.id))


def history_between(tx: Connection, first: int, last: int) -> dict[int, list[StepFact]]:
    """Return the history of each product from number `first` to number `last`, oldest step first."""
    statement = (
        select(
            transitions.c.id,
            transitions.c.product_id,
            transitions.c.seq,
            raw(transitions.c.event),
            raw(transitions.c.source),
            raw(transitions.c.target),
            transitions.c.on_day.label("on"),
            transitions.c.at,
            transitions.c.data,
            transitions.c.plan_id,
            transitions.c.regulation,
            transitions.c.undoes,
            transitions.c.replaced,
            transitions.c.by_paper,
            contacts.c.address,
        )
        .outerjoin(contacts, contacts.c.id == transitions.c.address_id)
        .where(transitions.c.product_id.between(first, last))
        .order_by(transitions.c.product_id, transitions.c.seq)
    )
    return _by_product(read_all(StepFact, tx.execute(statement)))


def dossiers_between(tx: Connection, first: int, last: int) -> dict[int, list[DossierFact]]:
    """Return the dossiers of each product from number `first` to number `last`, oldest first."""
    statement = (
        select(
            dossiers.c.product_id,
            dossiers.c.number,
            raw(dossiers.c.kind),
            dossiers.c.plan_id,
            dossiers.c.received_on,
            dossiers.c.complete_on,
            dossiers.c.regulation,
            raw(dossiers.c.score_level),
            dossiers.c.score_mean,
            dossiers.c.gates_met,
        )
        .where(dossiers.c.product_id.between(first, last))
        .order_by(dossiers.c.product_id, dossiers.c.number)
    )
    return _by_product(read_all(DossierFact, tx.execute(statement)))


def certificates_between(tx: Connection, first: int, last: int) -> dict[int, list[CertificateFact]]:
    """Return the certificates of each product from number `first` to number `last`, oldest first."""
    statement = (
        select(
            certificates.c.id,
            certificates.c.product_id,
            certificates.c.star,
            certificates.c.number,
            certificates.c.decided_on,
            certificates.c.valid_until,
            certificates.c.ended_on,
            certificates.c.ended_because,
            certificates.c.standing,
            certificates.c.settled_by,
        )
        .where(certificates.c.product_id.between(first, last))
        .order_by(certificates.c.product_id, certificates.c.id)
    )
    return _by_product(read_all(CertificateFact, tx.execute(statement)))


def restarts_between(tx: Connection, first: int, last: int) -> dict[int, list[RestartFact]]:
    """Return when corrected lists put the products from number `first` to `last` elsewhere, oldest first."""
    statement = (
        select(
            restarts.c.product_id,
            imports.c.at,
            restarts.c.state.label("before"),
            imports.c.id.label("import_id"),
        )
        .join(imports, imports.c.id == restarts.c.import_id)
        .where(restarts.c.product_id.between(first, last))
        .order_by(imports.c.id)
    )
    facts = read_all(RestartFact, tx.execute(statement))
    return _by_product(replace(fact, before=State(fact.before)) for fact in facts)


def miscounted_products(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the products whose version is not the number of their transitions, or whose history has a gap."""
    counted = (
        select(
            transitions.c.product_id,
            func.count().label("steps"),
            func.min(transitions.c.seq).label("first"),
            func.max(transitions.c.seq).label("last"),
        )
        .group_by(transitions.c.product_id)
        .subquery()
    )
    steps = func.coalesce(counted.c.steps, 0)
    statement = (
        select(products.c.id, products.c.code, products.c.version, steps.label("steps"))
        .outerjoin(counted, counted.c.product_id == products.c.id)
        .where(
            or_(
                products.c.version != steps,
                and_(counted.c.steps.is_not(None), or_(counted.c.first != 1, counted.c.last != steps)),
            )
        )
    )
    return one_by_one(tx, statement, products.c.id)


# -- imports ---------------------------------------------------------------------------------------


def miscounted_imports(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the imports that say another number of products than they have rows."""
    found = (
        select(func.count())
        .where(imported_rows.c.import_id == imports.c.id)
        .correlate(imports)
        .scalar_subquery()
    )
    statement = select(imports.c.id, imports.c.file_name, imports.c.products, found.label("found")).where(
        imports.c.products != found
    )
    return one_by_one(tx, statement, imports.c.id)


def rows_of_another_plan(tx: Connection) -> Iterable[Row[Any]]:
    """Return the imported rows that belong to another plan than their import."""
    statement = (
        select(imported_rows.c.import_id, imported_rows.c.row)
        .join(imports, imports.c.id == imported_rows.c.import_id)
        .where(imports.c.plan_id != imported_rows.c.plan_id)
    )
    return tx.execute(statement)


def imports_by_plan(tx: Connection) -> dict[int, list[int]]:
    """Return the numbers of each plan's imports, oldest first."""
    found: dict[int, list[int]] = {}
    for number, plan_id in tx.execute(select(imports.c.id, imports.c.plan_id).order_by(imports.c.id)):
        found.setdefault(plan_id, []).append(number)
    return found


# -- certificates and their public pages -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MisshownFact:
    """A certificate by its number, and what is wrong with its public page: each where it is true."""

    id: int
    hidden: bool
    unsaid: bool
    accused: bool
    followed: bool
    early: bool


_CONFIRMED = certificates.c.standing == CertificateStanding.CONFIRMED
_UNDONE = certificates.c.ended_because == Ending.UNDONE
_COUNTS = or_(
    certificates.c.evidence.in_([level for level in EvidenceLevel if level.is_public]),
    certificates.c.settled_paper.is_not(None),
)
_WRONG: dict[str, ColumnElement[bool]] = {
    "hidden": and_(_CONFIRMED, _COUNTS, certificates.c.shown_since.is_(None)),
    "unsaid": and_(
        certificates.c.shown_since.is_not(None),
        certificates.c.taken_back_on.is_(None),
        or_(certificates.c.standing != CertificateStanding.CONFIRMED, _UNDONE),
    ),
    "accused": and_(
        _CONFIRMED,
        certificates.c.taken_back_on.is_not(None),
        or_(certificates.c.ended_because.is_(None), certificates.c.ended_because != Ending.UNDONE),
    ),
    "followed": and_(
        certificates.c.replaced_by_id.is_not(None),
        or_(certificates.c.ended_because.is_(None), certificates.c.ended_because != Ending.RENEWED),
    ),
    "early": certificates.c.published_on < certificates.c.decided_on,
}


def misshown(tx: Connection) -> list[MisshownFact]:
    """Return the certificates whose page, or the lack of one, does not agree with what is on record."""
    columns = [condition.label(name) for name, condition in _WRONG.items()]
    statement = select(certificates.c.id, *columns).where(or_(*_WRONG.values()))
    return read_all(MisshownFact, tx.execute(statement.order_by(certificates.c.id)))
