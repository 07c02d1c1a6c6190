"""Queries on plans: their texts; and what changed dates: extensions, own events, corrected certificates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ocop_workflow.plans.compiled_queries import HOLDS
from ocop_workflow.store.records import read_all, reader
from ocop_workflow.store.tables import (
    certificates,
    compiled_plans,
    extended_products,
    extensions,
    plans,
    products,
)
from ocop_workflow.store.tables.access import audit
from ocop_workflow.store.tables.certificates import certificate_corrections as corrections
from ocop_workflow.store.tables.occurrences import occurrences

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from ocop_workflow.states import Certificate


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A plan with the text of the version in force, what its columns say of that, and what is kept of it."""

    id: int
    slug: str
    code: str
    year: int
    regulation: str
    version: int
    sha256: str
    text: str
    loaded_at: datetime
    loaded_by: str
    compiled: str | None


def all_plans(tx: Connection) -> list[PlanFact]:
    """Return every plan with its text."""
    statement = select(
        plans.c.id,
        plans.c.slug,
        plans.c.code,
        plans.c.year,
        plans.c.regulation,
        plans.c.version,
        plans.c.sha256,
        plans.c.text,
        plans.c.loaded_at,
        plans.c.loaded_by,
        compiled_plans.c.content.label("compiled"),
    ).outerjoin(compiled_plans, HOLDS)
    return read_all(PlanFact, tx.execute(statement.order_by(plans.c.id)))


@dataclass(frozen=True, slots=True)
class ExtensionFact:
    """An extension: for which products, from and to which instant.

    `products` are those of its products that are there.
    """

    id: int
    plan_id: int
    rule: str
    due_on: date
    granted_on: date
    granted_at: datetime
    revoked_on: date | None
    revoked_at: datetime | None
    revoked_by: str | None
    products: frozenset[int]


def all_extensions(tx: Connection) -> list[ExtensionFact]:
    """Return every extension in the order in which they were granted."""
    products_of: dict[int, set[int]] = {}
    for row in tx.execute(
        select(extended_products.c.extension_id, products.c.id).join(
            products, products.c.id == extended_products.c.product_id
        )
    ):
        products_of.setdefault(row.extension_id, set()).add(row.id)
    found = tx.execute(
        select(
            extensions.c.id,
            extensions.c.plan_id,
            extensions.c.rule,
            extensions.c.due_on,
            extensions.c.granted_on,
            extensions.c.granted_at,
            extensions.c.revoked_on,
            extensions.c.revoked_at,
            extensions.c.revoked_by,
        ).order_by(extensions.c.id)
    )
    make = reader(ExtensionFact, found.keys(), "products")
    return [make(row, frozenset(products_of.get(row.id, ()))) for row in found]


@dataclass(frozen=True, slots=True)
class OccurrenceFact:
    """That an event of its plan has happened to a product: recorded, and perhaps taken back, when."""

    id: int
    product_id: int
    plan_id: int
    event: str
    happened_on: date
    recorded_on: date
    recorded_at: datetime
    undone_on: date | None
    undone_at: datetime | None
    undone_by: str | None
    undone_because: str | None


def all_occurrences(tx: Connection) -> list[OccurrenceFact]:
    """Return everything that has happened to products for themselves, in the order of its recording."""
    columns = (
        occurrences.c.id,
        occurrences.c.product_id,
        occurrences.c.plan_id,
        occurrences.c.event,
        occurrences.c.happened_on,
        occurrences.c.recorded_on,
        occurrences.c.recorded_at,
        occurrences.c.undone_on,
        occurrences.c.undone_at,
        occurrences.c.undone_by,
        occurrences.c.undone_because,
    )
    return read_all(OccurrenceFact, tx.execute(select(*columns).order_by(occurrences.c.id)))


@dataclass(frozen=True, slots=True)
class CorrectionFact:
    """That a certificate of a product was corrected: what it says since, after which step, recorded when.

    `entry`: the number of its entry in the audit; none: the audit does not have it.
    """

    certificate_id: int
    after_step: int
    at: datetime
    after: dict[str, Any]
    entry: int | None

    def put_right(self, wrong: Certificate) -> Certificate:
        """Return what the certificate says since."""
        days = ("decided_on", "valid_until")
        changed: dict[str, Any] = {
            name: self.after[name] for name in ("star", "number") if name in self.after
        }
        changed |= {name: date.fromisoformat(self.after[name]) for name in days if name in self.after}
        return wrong.model_copy(update=changed)


def corrections_by_product(tx: Connection) -> dict[int, list[CorrectionFact]]:
    """Return the corrections of the certificates of products, by product, oldest first."""
    told = select(audit.c.subject, audit.c.at, audit.c.seq).where(audit.c.action == "certificate.correct")
    entries = {(row.subject, row.at): row.seq for row in tx.execute(told.order_by(audit.c.seq))}
    statement = (
        select(certificates.c.product_id, corrections)
        .join(certificates, certificates.c.id == corrections.c.certificate_id)
        .where(corrections.c.after_step.is_not(None), certificates.c.product_id.is_not(None))
        .order_by(corrections.c.id)
    )
    found: defaultdict[int, list[CorrectionFact]] = defaultdict(list)
    for row in tx.execute(statement):
        entry = entries.get((f"certificate:{row.certificate_id}", row.at))
        fact = CorrectionFact(row.certificate_id, row.after_step, row.at, row.after, entry)
        found[row.product_id].append(fact)
    return found
