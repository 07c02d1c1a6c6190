"""Queries on units and their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, insert, literal, or_, select, update

from ocop_workflow.notifications.outbox import mailbox_of
from ocop_workflow.places.code_queries import save_codes
from ocop_workflow.places.desk_queries import desk_of, set_up_desk
from ocop_workflow.regulations import Level
from ocop_workflow.states import State
from ocop_workflow.store.edits import ONE_MORE
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import contacts, desks, products, units
from ocop_workflow.vietnamese import search_key, sort_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import BindParameter, ColumnElement, Connection, Select

    from ocop_workflow.regulations.units import Unit


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit as it is stored. `valid_to`: the first day on which it is no more; `successor_id`: its heir.

    `desk_id`: where its letters go.
    """

    id: int
    slug: str
    name: str
    level: Level
    office: str
    parent_id: int | None
    valid_to: date | None
    successor_id: int | None
    desk_id: int

    def lives(self, on: date) -> bool:
        """Tell whether it exists on a local day."""
        return self.valid_to is None or on < self.valid_to


_COLUMNS = (
    units.c.id,
    units.c.slug,
    units.c.name,
    units.c.level,
    units.c.office,
    units.c.parent_id,
    units.c.valid_to,
    units.c.successor_id,
    desk_of(units.c.id).label("desk_id"),
)


def unit_by_slug(tx: Connection, slug: str) -> UnitRecord | None:
    """Return the unit of this id, if it is stored."""
    return read_one(UnitRecord, tx.execute(select(*_COLUMNS).where(units.c.slug == slug)))


def hold_unit(tx: Connection, unit_id: int) -> None:
    """Let nobody else number anything of a unit until the transaction ends."""
    tx.execute(select(units.c.id).where(units.c.id == unit_id).with_for_update(key_share=True))


def all_units(tx: Connection) -> list[UnitRecord]:
    """Return every unit, in Vietnamese order."""
    return read_all(UnitRecord, tx.execute(select(*_COLUMNS).order_by(units.c.sort_key, units.c.id)))


def units_by_id(tx: Connection, ids: Collection[int]) -> dict[int, UnitRecord]:
    """Return these units by their number."""
    found = _BY_ID.records(UnitRecord, tx, of_units=sorted(ids))
    return {record.id: record for record in found}


_BY_ID = Prepared(select(*_COLUMNS).where(units.c.id.in_(bindparam("of_units", expanding=True))), "of_units")


def units_at(tx: Connection, desk_ids: Collection[int]) -> dict[int, UnitRecord]:
    """Return the units whose desks these are, by the desk's number."""
    whose = select(desks.c.unit_id).where(desks.c.id.in_(desk_ids))
    found = read_all(UnitRecord, tx.execute(select(*_COLUMNS).where(units.c.id.in_(whose))))
    return {record.desk_id: record for record in found}


def _units_below() -> Select[Any]:
    below = select(units.c.id).where(units.c.parent_id == bindparam("of_unit")).cte("below", recursive=True)
    below = below.union_all(select(units.c.id).join(below, units.c.parent_id == below.c.id))
    return (
        select(*_COLUMNS)
        .where(units.c.id.in_(select(below.c.id)), units.c.level == Level.COMMUNE)
        .order_by(units.c.sort_key, units.c.id)
    )


# asked for each authority's letter
_BELOW = Prepared(_units_below())
_BUSY = Prepared(
    select(products.c.unit_id)
    .where(products.c.plan_id == bindparam("of_plan"), products.c.state != State.IDEA)
    .distinct()
)


def heir_of(tx: Connection, unit: UnitRecord, on: date) -> UnitRecord:
    """Return who stands for a unit on a local day: itself, or whom it was merged into by then."""
    seen: set[int] = set()
    while not unit.lives(on) and unit.successor_id is not None and unit.id not in seen:
        seen.add(unit.id)
        unit = units_by_id(tx, [unit.successor_id])[unit.successor_id]
    return unit


def units_below(tx: Connection, unit_id: int) -> list[UnitRecord]:
    """Return the communes that lie, or lay, under a unit, however deep, in Vietnamese order."""
    return _BELOW.records(UnitRecord, tx, of_unit=unit_id)


def communes_without_registration(
    tx: Connection, plan_id: int, authority_id: int, on: date, *, with_products_only: bool = False
) -> list[str]:
    """Return the names of the communes under the authority with no product of the plan past `idea`.

    Only communes that exist on the local day `on` are named; or, of those, only those that have products in
    the plan at all.
    """
    busy = {unit for (unit,) in _BUSY.rows(tx, of_plan=plan_id)}
    silent = [unit for unit in units_below(tx, authority_id) if unit.id not in busy and unit.lives(on)]
    if with_products_only:
        registered = select(products.c.unit_id).where(products.c.plan_id == plan_id).distinct()
        there = set(tx.scalars(registered).all())
        silent = [unit for unit in silent if unit.id in there]
    return [unit.name for unit in silent]


def communes_without_product(tx: Connection, plan_id: int, authority_id: int, on: date) -> set[int]:
    """Return the communes under the authority that exist on a local day and have no product in the plan."""
    having = set(tx.scalars(select(products.c.unit_id).where(products.c.plan_id == plan_id).distinct()))
    return {unit.id for unit in units_below(tx, authority_id) if unit.lives(on)} - having


def without_heir(tx: Connection, ids: Collection[int]) -> set[int]:
    """Return those of these units that nobody is to take over."""
    return {unit.id for unit in units_by_id(tx, ids).values() if unit.successor_id is None}


def waiting_to_hand_over(tx: Connection, plan_id: int, on: date) -> set[int]:
    """Return the units without a product in a plan whose heir was to follow them by a local day."""
    having = select(products.c.unit_id).where(products.c.plan_id == plan_id)
    ended = (units.c.successor_id.is_not(None), units.c.valid_to <= on)
    return set(tx.scalars(select(units.c.id).where(*ended, units.c.id.not_in(having))))


def save_unit(tx: Connection, unit: Unit, on: date) -> bool:
    """Insert or update a unit and make its addresses those given, from `on`. True if anything changed.

    Where no parent or no addresses are given, those that are stored stay. A unit that has been merged into
    another stays as it was; what is to lie under one lies under its heir.
    """
    known = unit_by_slug(tx, unit.id)
    if known is not None and not known.lives(on):
        return False
    parent = unit_by_slug(tx, unit.parent) if unit.parent else None
    heir = heir_of(tx, parent, on) if parent else None
    parent_id = heir.id if heir and heir.slug != unit.id else None
    values = {
        "parent_id": known.parent_id if known and not unit.parent else parent_id,
        "level": unit.level,
        "name": unit.name,
        "search_key": search_key(unit.name),
        "sort_key": sort_key(unit.name),
        "office": unit.office,
    }
    stored = tx.execute(select(units).where(units.c.slug == unit.id)).one_or_none()
    if stored is None:
        unit_id = tx.execute(insert(units).values(slug=unit.id, **values).returning(units.c.id)).scalar_one()
        set_up_desk(tx, unit_id)
        changed = True
    else:
        unit_id = stored.id
        changed = any(getattr(stored, column) != value for column, value in values.items())
        if changed:
            tx.execute(update(units).where(units.c.id == unit_id).values(**values))
        if stored.name != unit.name:  # each product is shown with it
            renamed = update(products).where(products.c.unit_id == unit_id)
            tx.execute(renamed.values(edits=ONE_MORE))
    changed = save_codes(tx, unit_id, unit.codes) or changed
    if unit.emails is None:
        return changed
    return _save_addresses(tx, unit_id, unit.emails, on) or changed


def _save_addresses(tx: Connection, unit_id: int, wanted: Sequence[str], on: date) -> bool:
    current = {mailbox_of(address) for address in addresses(tx, [unit_id], on).get(unit_id, ())}
    given = {mailbox_of(address): address for address in reversed(wanted)}
    gone = current - set(given)
    new = [address for box, address in reversed(given.items()) if box not in current]
    if gone:
        tx.execute(
            update(contacts)
            .where(
                contacts.c.desk_id == desk_of(unit_id),
                func.lower(contacts.c.address).in_(gone),
                _lasts_beyond(on),
            )
            .values(valid_to=on)
        )
    for address in new:
        insert_contact(tx, unit_id, address, on)
    return bool(gone or new)


def addresses(tx: Connection, unit_ids: Collection[int], on: date) -> dict[int, tuple[str, ...]]:
    """Return the addresses of these units that are valid on a local day, each mailbox once."""
    rows = tx.execute(
        select(desks.c.unit_id, contacts.c.address)
        .join(desks, desks.c.id == contacts.c.desk_id)
        .where(
            desks.c.unit_id.in_(unit_ids),
            contacts.c.valid_from <= on,
            or_(contacts.c.valid_to.is_(None), contacts.c.valid_to > on),
        )
        .order_by(desks.c.unit_id, contacts.c.id)
    )
    found: dict[int, dict[str, str]] = {}
    for unit_id, address in rows:
        found.setdefault(unit_id, {}).setdefault(mailbox_of(address), address)
    return {unit_id: tuple(boxes.values()) for unit_id, boxes in found.items()}


def _lasts_beyond(day: date) -> ColumnElement[bool]:
    return or_(contacts.c.valid_to.is_(None), contacts.c.valid_to > day)


def lasting_contacts(tx: Connection, unit_id: int, address: str, day: date) -> list[int]:
    """Return the numbers of a unit's contacts of this mailbox that hold on a local day, or will later."""
    statement = select(contacts.c.id).where(
        contacts.c.desk_id == desk_of(unit_id),
        func.lower(contacts.c.address) == mailbox_of(address),
        _lasts_beyond(day),
        or_(contacts.c.valid_to.is_(None), contacts.c.valid_to > contacts.c.valid_from),
    )
    return list(tx.scalars(statement.order_by(contacts.c.id)))


def insert_contact(tx: Connection, unit_id: int, address: str, day: date) -> None:
    """Let a unit's letters go to one more address from a local day on."""
    tx.execute(insert(contacts).values(desk_id=desk_of(unit_id), address=address, valid_from=day))


def end_contacts(tx: Connection, contact_ids: Collection[int], day: date) -> None:
    """Let no letters go to addresses from a local day on; one that has not begun never does."""
    end = case((contacts.c.valid_from > day, contacts.c.valid_from), else_=day)
    tx.execute(update(contacts).where(contacts.c.id.in_(contact_ids)).values(valid_to=end))


def lineages(tx: Connection, unit_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return the lineage of each of these units."""
    if len(unit_ids) == 1:  # the page of one product asks so, and often
        return {unit_id: lineage(tx, unit_id) for unit_id in unit_ids}
    parents = dict(_PARENTS.rows(tx, of_units=sorted(unit_ids)))
    found: dict[int, tuple[int, ...]] = {}
    for unit_id in unit_ids:
        line: list[int] = []
        step: int | None = unit_id
        while step is not None and step not in line:
            line.append(step)
            step = parents.get(step)
        found[unit_id] = tuple(line)
    return found


def lineage(tx: Connection, unit_id: int) -> tuple[int, ...]:
    """Return the numbers of a unit and of every unit that it lies under, from the unit upward."""
    return tuple(row[0] for row in _LINEAGE.rows(tx, of_unit=unit_id))


_itself = select(units.c.id, units.c.parent_id, literal(0).label("height")).where(
    units.c.id == bindparam("of_unit")
)
_lower = _itself.cte("upward", recursive=True)
_upward = _lower.union_all(
    select(units.c.id, units.c.parent_id, _lower.c.height + 1).join(_lower, _lower.c.parent_id == units.c.id)
)
#: built once: each request asks it
_LINEAGE = Prepared(select(_upward.c.id).order_by(_upward.c.height))


#: the units at the top of whatever somebody may see; none: everything
Roots = frozenset[int] | None


def reach(roots: Collection[int]) -> Select[Any]:
    """Select the numbers of these units and of whatever lies under them."""
    return _reach(frozenset(roots))


@lru_cache(maxsize=1000)  # an officer's lists ask for the same again and again
def _reach(roots: frozenset[int]) -> Select[Any]:
    top = select(units.c.id).where(units.c.id.in_(roots)).cte(recursive=True)
    whole = top.union(select(units.c.id).join(top, units.c.parent_id == top.c.id))
    return select(whole.c.id)


def above(of: Collection[int] | BindParameter[Any]) -> Select[Any]:
    """Select the numbers of these units and of every unit that they lie under."""
    low = select(units.c.id, units.c.parent_id).where(units.c.id.in_(of)).cte(recursive=True)
    whole = low.union(select(units.c.id, units.c.parent_id).join(low, units.c.id == low.c.parent_id))
    return select(whole.c.id)


#: built once: each page of products asks it
_PARENTS = Prepared(
    select(units.c.id, units.c.parent_id).where(units.c.id.in_(above(bindparam("of_units", expanding=True)))),
    "of_units",
)


def units_around(tx: Connection, roots: Collection[int] | None) -> list[UnitRecord]:
    """Return the units under these roots and above them, in Vietnamese order; none: every unit."""
    if roots is None:
        return all_units(tx)
    known = or_(units.c.id.in_(reach(roots)), units.c.id.in_(above(roots)))
    found = tx.execute(select(*_COLUMNS).where(known).order_by(units.c.sort_key, units.c.id))
    return read_all(UnitRecord, found)
