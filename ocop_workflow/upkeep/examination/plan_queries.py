"""What the doctor reads of plans: their texts, earlier versions, and extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, or_, select, union

from ocop_workflow.deadlines.queries import whose_unit
from ocop_workflow.store.tables import (
    contacts,
    deadlines,
    extended_products,
    extensions,
    plan_versions,
    plans,
    products,
    units,
)
from ocop_workflow.store.tables.occurrences import occurrences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Connection, Row


def all_plan_texts(tx: Connection) -> Iterator[Row[Any]]:
    """Yield every plan with its text."""
    return iter(tx.execute(select(plans).order_by(plans.c.id)))


def unheard_units(tx: Connection, on: date) -> list[Row[Any]]:
    """Return the units with open deadlines of theirs that have no address on a local day, and how many.

    A product's deadlines are its unit's, a commune's its own; an activity's are its plan's authority's.
    """
    whose = whose_unit()
    waiting = (
        select(whose.label("unit_id"), func.count().label("deadlines"))
        .select_from(deadlines.join(plans).outerjoin(products, products.c.id == deadlines.c.product_id))
        .where(deadlines.c.closed_on.is_(None))
        .group_by(whose)
        .subquery()
    )
    reached = exists().where(
        contacts.c.unit_id == units.c.id,
        contacts.c.valid_from <= on,
        or_(contacts.c.valid_to.is_(None), contacts.c.valid_to > on),
    )
    statement = (
        select(units.c.slug, units.c.name, waiting.c.deadlines)
        .join(waiting, waiting.c.unit_id == units.c.id)
        .where(~reached)
        .order_by(units.c.sort_key, units.c.id)
    )
    return list(tx.execute(statement))


def all_plan_versions(tx: Connection) -> Iterator[Row[Any]]:
    """Yield every version of a plan that was replaced, with its text, oldest first."""
    statement = select(plan_versions).order_by(plan_versions.c.plan_id, plan_versions.c.version)
    return iter(tx.execute(statement))


def all_extensions(tx: Connection) -> Iterator[Row[Any]]:
    """Yield every extension with the number of its products, and how many of these are gone."""
    there = extended_products.c.product_id.in_(select(products.c.id))
    statement = (
        select(
            extensions,
            func.count(extended_products.c.product_id).label("products"),
        )
        .select_from(
            extensions.outerjoin(
                extended_products, and_(extended_products.c.extension_id == extensions.c.id, there)
            )
        )
        .group_by(extensions.c.id)
        .order_by(extensions.c.id)
    )
    return iter(tx.execute(statement))


def extensions_in_force(tx: Connection) -> Iterator[Row[Any]]:
    """Yield (product, plan, milestone, due day) of the extensions in force; the latest comes last."""
    statement = (
        select(extended_products.c.product_id, extensions.c.plan_id, extensions.c.rule, extensions.c.due_on)
        .join(extensions, extensions.c.id == extended_products.c.extension_id)
        .where(extensions.c.revoked_on.is_(None))
        .order_by(extensions.c.id)
    )
    return iter(tx.execute(statement))


def occurrences_in_force(tx: Connection) -> Iterator[Row[Any]]:
    """Yield (product, plan, event, day) of what has happened to products and was not taken back."""
    columns = (
        occurrences.c.product_id,
        occurrences.c.plan_id,
        occurrences.c.event,
        occurrences.c.happened_on,
    )
    return iter(tx.execute(select(*columns).where(occurrences.c.undone_at.is_(None))))


def all_occurrences(tx: Connection) -> Iterator[Row[Any]]:
    """Yield everything that is recorded as having happened to a product, also what was taken back."""
    return iter(tx.execute(select(occurrences).order_by(occurrences.c.id)))


def days_of_change(tx: Connection) -> Iterator[tuple[int, date]]:
    """Yield (plan, local day) wherever a version took over, or an extension or an occurrence came or went."""
    statement = union(
        select(plan_versions.c.plan_id, plan_versions.c.replaced_on),
        select(extensions.c.plan_id, extensions.c.granted_on),
        select(extensions.c.plan_id, extensions.c.revoked_on).where(extensions.c.revoked_on.is_not(None)),
        select(occurrences.c.plan_id, occurrences.c.recorded_on),
        select(occurrences.c.plan_id, occurrences.c.undone_on).where(occurrences.c.undone_on.is_not(None)),
    )
    return ((row[0], row[1]) for row in tx.execute(statement))
