"""Queries on units that are merged into others: what is recorded, and carrying it out, unit by unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, and_, bindparam, case, func, insert, or_, select, update

from ocop_workflow.changes.mergers.letter_queries import unsent_digests
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.notifications.outbox import mailbox_of
from ocop_workflow.people.producer_queries import move_producers
from ocop_workflow.places.desk_queries import desk_of
from ocop_workflow.store.edits import ONE_MORE
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import (
    certificates,
    contacts,
    deadlines,
    digests,
    plans,
    products,
    units,
)
from ocop_workflow.store.tables.access import grants, tokens

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, slots=True)
class Succession:
    """That a unit ends: `on` is the first day on which it is no more, and its heir takes over."""

    unit_id: int
    unit: str
    name: str
    heir_id: int
    heir: str
    heir_name: str
    on: date


_heir = units.alias("heir")


def successions(tx: Connection) -> list[Succession]:
    """Return every succession that is recorded, in the order of their days."""
    return _successions(tx)


def any_has_come(tx: Connection, day: date) -> bool:
    """Tell whether any unit has been merged by a local day: where none has, that is all that a day asks."""
    return bool(_COME.rows(tx, day=day))


#: asked by each sweep
_COME = Prepared(
    select(units.c.id)
    .where(units.c.successor_id.is_not(None), units.c.valid_to <= bindparam("day", type_=Date))
    .limit(1)
)


def due_successions(tx: Connection, day: date, at_most: int | None = None) -> list[Succession]:
    """Return those that have come by a local day and whose unit still holds something, the first first."""
    return _successions(tx, units.c.valid_to <= day, _holds_something(day), at_most=at_most)


def _successions(tx: Connection, *which: ColumnElement[bool], at_most: int | None = None) -> list[Succession]:
    found = tx.execute(
        select(
            units.c.id.label("unit_id"),
            units.c.slug.label("unit"),
            units.c.name,
            _heir.c.id.label("heir_id"),
            _heir.c.slug.label("heir"),
            _heir.c.name.label("heir_name"),
            units.c.valid_to.label("on"),
        )
        .join(_heir, _heir.c.id == units.c.successor_id)
        .where(units.c.valid_to.is_not(None), *which)
        .order_by(units.c.valid_to, units.c.id)
        .limit(at_most)
    )
    return read_all(Succession, found)


def record_succession(tx: Connection, unit_id: int, heir_id: int, on: date) -> None:
    """Record that a unit ends on a day, and who takes over."""
    tx.execute(update(units).where(units.c.id == unit_id).values(valid_to=on, successor_id=heir_id))


def _holds_something(day: date) -> ColumnElement[bool]:
    """Match the units that hold what carrying out would move; afterwards none matches."""
    unit, desk, child = units.c.id, desk_of(units.c.id), units.alias("child")
    return or_(
        select(products.c.id).where(products.c.unit_id == unit).exists(),
        select(plans.c.id).where(plans.c.unit_id == unit).exists(),
        select(contacts.c.id).where(contacts.c.desk_id == desk, _lasts(day)).exists(),
        unit.in_(select(grants.c.unit_id).where(grants.c.revoked_at.is_(None))),
        unit.in_(
            select(tokens.c.unit_id).where(tokens.c.unit_id.is_not(None), tokens.c.revoked_at.is_(None))
        ),
        select(child.c.id)
        .where(
            child.c.parent_id == unit, or_(child.c.valid_to.is_(None), child.c.valid_to > units.c.valid_to)
        )
        .exists(),
        select(deadlines.c.id).where(deadlines.c.unit_id == unit, deadlines.c.closed_on.is_(None)).exists(),
        desk.in_(reminding.to_be_told()),
        desk.in_(unsent_digests(day).with_only_columns(digests.c.desk_id)),
    )


def _lasts(day: date) -> ColumnElement[bool]:
    """Match the addresses that hold beyond a day, or will."""
    end = contacts.c.valid_to
    return or_(end.is_(None), and_(end > day, end > contacts.c.valid_from))


# -- carrying one out: each returns how many rows it moved --------------------------------------------


def move_products(tx: Connection, old: int, new: int, now: datetime) -> int:
    """Give products, producers and certificates to the heir, joining no producer with one of its own."""
    move_producers(tx, old, new)
    tx.execute(update(certificates).where(certificates.c.unit_id == old).values(unit_id=new))
    moved = {"unit_id": new, "edits": ONE_MORE, "updated_at": now}
    return tx.execute(update(products).where(products.c.unit_id == old).values(moved)).rowcount


def move_plans(tx: Connection, old: int, new: int) -> int:
    """Make the heir the authority of the plans."""
    return tx.execute(update(plans).where(plans.c.unit_id == old).values(unit_id=new)).rowcount


def move_children(tx: Connection, old: int, new: int, on: date) -> int:
    """Hang what lies under a unit and lives on under its heir; an heir that lies there takes its place."""
    above = tx.scalar(select(units.c.parent_id).where(units.c.id == old))
    if _lies_under(tx, new, old):
        tx.execute(update(units).where(units.c.id == new).values(parent_id=above))
    lives_on = or_(units.c.valid_to.is_(None), units.c.valid_to > on)
    children = (units.c.parent_id == old, units.c.id != new, lives_on)
    return tx.execute(update(units).where(*children).values(parent_id=new)).rowcount


def _lies_under(tx: Connection, unit_id: int, top: int) -> bool:
    seen: set[int] = set()
    step: int | None = unit_id
    while step is not None and step not in seen:
        seen.add(step)
        step = tx.scalar(select(units.c.parent_id).where(units.c.id == step))
        if step == top:
            return True
    return False


def move_contacts(tx: Connection, old: int, new: int, day: date) -> int:
    """End a unit's addresses on a day and open them for the heir, but those that it has.

    Letters went there until this day, whenever the unit legally ended.
    """
    lasting = list(
        tx.execute(
            select(contacts.c.address, contacts.c.valid_from, contacts.c.valid_to)
            .where(contacts.c.desk_id == desk_of(old), _lasts(day))
            .order_by(contacts.c.id)
        )
    )
    has = set(
        tx.scalars(
            select(func.lower(contacts.c.address)).where(contacts.c.desk_id == desk_of(new), _lasts(day))
        )
    )
    end = case((contacts.c.valid_from > day, contacts.c.valid_from), else_=day)
    tx.execute(update(contacts).where(contacts.c.desk_id == desk_of(old), _lasts(day)).values(valid_to=end))
    opened: dict[str, dict[str, Any]] = {}
    for address, first, last in lasting:
        if mailbox_of(address) not in has:
            row = {"unit": new, "address": address, "valid_from": max(first, day), "valid_to": last}
            opened.setdefault(mailbox_of(address), row)
    if opened:
        tx.execute(insert(contacts).values(desk_id=desk_of(bindparam("unit"))), list(opened.values()))
    return len(lasting)


def move_grants(tx: Connection, old: int, new: int, at: datetime, by: str) -> int:
    """Revoke the roles on a unit and grant them on its heir, but those that an officer has there."""
    current = grants.c.revoked_at.is_(None)
    held = list(
        tx.execute(
            select(grants.c.officer_id, grants.c.role)
            .where(grants.c.unit_id == old, current)
            .order_by(grants.c.id)
        )
    )
    has = {
        tuple(row)
        for row in tx.execute(
            select(grants.c.officer_id, grants.c.role).where(grants.c.unit_id == new, current)
        )
    }
    tx.execute(update(grants).where(grants.c.unit_id == old, current).values(revoked_at=at))
    opened = [
        {"officer_id": officer, "unit_id": new, "role": role, "granted_at": at, "granted_by": by}
        for officer, role in held
        if (officer, role) not in has
    ]
    if opened:
        tx.execute(insert(grants), opened)
    return len(held)


def move_tokens(tx: Connection, old: int, new: int) -> int:
    """Let the feeds of a unit's calendar read its heir's."""
    which = (tokens.c.unit_id == old, tokens.c.revoked_at.is_(None))
    return tx.execute(update(tokens).where(*which).values(unit_id=new)).rowcount
