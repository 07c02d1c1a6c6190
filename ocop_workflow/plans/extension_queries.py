"""Queries on extensions: which products have more time for which milestone, and by which decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import extended_products, extensions, plans, products

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection, Select


@dataclass(frozen=True, slots=True)
class ExtensionRecord:
    """An extension as it is stored; without `revoked_on` it is in force."""

    id: int
    plan_id: int
    plan_slug: str
    rule: str
    due_on: date
    decision_number: str
    decided_on: date
    reason: str
    granted_on: date
    granted_at: datetime
    granted_by: str
    revoked_on: date | None
    revoked_at: datetime | None
    revoked_by: str | None


def _records() -> Select[Any]:
    return select(
        extensions.c.id,
        extensions.c.plan_id,
        plans.c.slug.label("plan_slug"),
        extensions.c.rule,
        extensions.c.due_on,
        extensions.c.decision_number,
        extensions.c.decided_on,
        extensions.c.reason,
        extensions.c.granted_on,
        extensions.c.granted_at,
        extensions.c.granted_by,
        extensions.c.revoked_on,
        extensions.c.revoked_at,
        extensions.c.revoked_by,
    ).join(plans, plans.c.id == extensions.c.plan_id)


#: each step of a product asks it
_OF_PRODUCT = Prepared(
    select(extensions.c.rule, extensions.c.due_on)
    .join(extended_products, extended_products.c.extension_id == extensions.c.id)
    .where(
        extended_products.c.product_id == bindparam("of_product"),
        extensions.c.plan_id == bindparam("of_plan"),
        extensions.c.revoked_on.is_(None),
    )
    .order_by(extensions.c.id)
)


def extended_of(tx: Connection, product_id: int | None, plan_id: int | None) -> dict[str, date]:
    """Return until when which milestones of a plan are extended for a product; the latest decision holds."""
    rows = _OF_PRODUCT.rows(tx, of_product=product_id, of_plan=plan_id)
    return {rule: due_on for rule, due_on in rows}  # noqa: C416 - `dict` would not know that each row is a pair


def extended_in(tx: Connection, plan_id: int) -> dict[int, dict[int, tuple[str, date]]]:
    """Return the extensions in force under a plan by product: milestone and day, by extension."""
    rows = tx.execute(
        select(extended_products.c.product_id, extensions.c.id, extensions.c.rule, extensions.c.due_on)
        .join(extensions, extensions.c.id == extended_products.c.extension_id)
        .where(extensions.c.plan_id == plan_id, extensions.c.revoked_on.is_(None))
        .order_by(extensions.c.id)
    )
    found: dict[int, dict[int, tuple[str, date]]] = {}
    for product_id, extension_id, rule, due_on in rows:
        found.setdefault(product_id, {})[extension_id] = rule, due_on
    return found


def of_plan(tx: Connection, plan_id: int) -> list[ExtensionRecord]:
    """Return every extension under a plan, revoked ones too, oldest first."""
    statement = _records().where(extensions.c.plan_id == plan_id).order_by(extensions.c.id)
    return read_all(ExtensionRecord, tx.execute(statement))


def of_product(tx: Connection, product_id: int) -> list[ExtensionRecord]:
    """Return every extension that a product has or had, oldest first."""
    statement = (
        _records()
        .join(extended_products, extended_products.c.extension_id == extensions.c.id)
        .where(extended_products.c.product_id == product_id)
        .order_by(extensions.c.id)
    )
    return read_all(ExtensionRecord, tx.execute(statement))


def by_id(tx: Connection, extension_id: int) -> ExtensionRecord | None:
    """Return one extension."""
    return read_one(ExtensionRecord, tx.execute(_records().where(extensions.c.id == extension_id)))


def codes_of(tx: Connection, extension_id: int) -> tuple[str, ...]:
    """Return the codes of the products that an extension is for."""
    statement = (
        select(products.c.code)
        .join(extended_products, extended_products.c.product_id == products.c.id)
        .where(extended_products.c.extension_id == extension_id)
        .order_by(products.c.code)
    )
    return tuple(tx.scalars(statement))


def insert_extension(tx: Connection, values: dict[str, Any], product_ids: list[int]) -> int:
    """Store an extension for these products; returns its number."""
    number = int(tx.execute(insert(extensions).values(**values).returning(extensions.c.id)).scalar_one())
    rows = [{"extension_id": number, "product_id": product_id} for product_id in product_ids]
    tx.execute(insert(extended_products), rows)
    return number


def revoke(tx: Connection, extension_id: int, on: date, at: datetime, by: str) -> None:
    """Record that an extension holds no longer."""
    tx.execute(
        update(extensions)
        .where(extensions.c.id == extension_id)
        .values(revoked_on=on, revoked_at=at, revoked_by=by)
    )
