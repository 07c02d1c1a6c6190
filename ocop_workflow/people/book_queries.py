"""Queries on the addresses of a unit, those to come and those that have ended too, and of an officer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from ocop_workflow.places.desk_queries import desk_of, desk_of_officer
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import contacts, desks

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """An address of a desk. `valid_to`: the first local day on which letters no longer go there."""

    id: int
    address: str
    valid_from: date
    valid_to: date | None


_CONTACTS = select(contacts.c.id, contacts.c.address, contacts.c.valid_from, contacts.c.valid_to).order_by(
    contacts.c.id
)


def contacts_of(tx: Connection, unit_id: int, number: int | None = None) -> list[ContactRecord]:
    """Return a unit's addresses, oldest first; `number`: only this one."""
    statement = _CONTACTS.where(contacts.c.desk_id == desk_of(unit_id))
    if number is not None:
        statement = statement.where(contacts.c.id == number)
    return read_all(ContactRecord, tx.execute(statement))


def officer_contact(tx: Connection, officer_id: int) -> ContactRecord | None:
    """Return the address to which an officer's letters go; none: to none."""
    desk = select(desks.c.id).where(desks.c.officer_id == officer_id).scalar_subquery()
    mine = _CONTACTS.where(contacts.c.desk_id == desk, contacts.c.valid_to.is_(None))
    return read_one(ContactRecord, tx.execute(mine))


def insert_officer_contact(tx: Connection, officer_id: int, address: str, day: date) -> int:
    """Let an officer's letters go to an address from a local day on. Returns its number."""
    desk = desk_of_officer(tx, officer_id)
    made = insert(contacts).values(desk_id=desk, address=address, valid_from=day)
    return int(tx.execute(made.returning(contacts.c.id)).scalar_one())
