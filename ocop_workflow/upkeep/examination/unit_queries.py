"""Queries on units: their names, their addresses' days, who stands for whom by now, who is never told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, or_, select

from ocop_workflow.deadlines.queries import whose_unit
from ocop_workflow.places.desk_queries import desk_of
from ocop_workflow.store.tables import contacts, deadlines, desks, plans, products, relocations, units

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Row


def unit_names(tx: Connection) -> dict[int, str]:
    """Return the name of every unit by its number."""
    return {row.id: row.name for row in tx.execute(select(units.c.id, units.c.name))}


def units_without_desk(tx: Connection) -> list[Row[Any]]:
    """Return the units that have no desk."""
    without = select(units.c.slug, units.c.name).where(~exists().where(desks.c.unit_id == units.c.id))
    return list(tx.execute(without.order_by(units.c.id)))


def heirs(tx: Connection) -> tuple[dict[int, int], dict[int, date]]:
    """Return who stands in the end for each unit that is merged, and for each heir a day.

    What an heir has not been told by that day may have been its predecessor's to hear.
    """
    into = {
        row.id: (row.successor_id, row.valid_to)
        for row in tx.execute(
            select(units.c.id, units.c.successor_id, units.c.valid_to).where(
                units.c.successor_id.is_not(None)
            )
        )
    }
    ends = (
        select(desks.c.unit_id, func.max(contacts.c.valid_to).label("end"))
        .join(desks, desks.c.id == contacts.c.desk_id)
        .where(desks.c.unit_id.in_(into))
        .group_by(desks.c.unit_id)
    )
    given_up = {row.unit_id: row.end for row in tx.execute(ends)}
    last: dict[int, int] = {}
    since: dict[int, date] = {}
    for unit, (_, ended) in into.items():
        heir, seen = unit, {unit}
        while heir in into and into[heir][0] not in seen:
            heir = into[heir][0]
            seen.add(heir)
            days = [day for day in (ended, given_up.get(unit), since.get(heir)) if day is not None]
            since[heir] = max(days)
        last[unit] = heir
    for unit, moved_on in tx.execute(select(relocations.c.to_unit_id, relocations.c.moved_on)):
        heir = last.get(unit, unit)
        since[heir] = max(since.get(heir, moved_on), moved_on)
    return last, since


def relocated(tx: Connection) -> dict[int, frozenset[int]]:
    """Return the units in which products lay before they were put into an heir of a divided commune."""
    found: dict[int, frozenset[int]] = {}
    for product, unit in tx.execute(select(relocations.c.product_id, relocations.c.from_unit_id)):
        found[product] = found.get(product, frozenset()) | {unit}
    return found


def contact_days(tx: Connection) -> dict[int, list[tuple[date, date | None]]]:
    """Return from and to which local day each unit had addresses."""
    found: dict[int, list[tuple[date, date | None]]] = {}
    for unit, first, end in tx.execute(
        select(desks.c.unit_id, contacts.c.valid_from, contacts.c.valid_to)
        .join(desks, desks.c.id == contacts.c.desk_id)
        .where(desks.c.unit_id.is_not(None))
    ):
        found.setdefault(unit, []).append((first, end))
    return found


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
        contacts.c.desk_id == desk_of(units.c.id),
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


def units_above(tx: Connection) -> dict[int, int]:
    """Return the unit above each that has one, by number."""
    columns = units.c.id, units.c.parent_id
    return {number: above for number, above in tx.execute(select(*columns)) if above is not None}
