"""Queries on the addresses of one unit, those to come and those that have ended among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ocop_workflow.places.desk_queries import desk_of
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import contacts

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """An address of a unit. `valid_to`: the first local day on which letters no longer go there."""

    id: int
    address: str
    valid_from: date
    valid_to: date | None


def contacts_of(tx: Connection, unit_id: int, number: int | None = None) -> list[ContactRecord]:
    """Return a unit's addresses, oldest first; `number`: only this one."""
    statement = (
        select(contacts.c.id, contacts.c.address, contacts.c.valid_from, contacts.c.valid_to)
        .where(contacts.c.desk_id == desk_of(unit_id))
        .order_by(contacts.c.id)
    )
    if number is not None:
        statement = statement.where(contacts.c.id == number)
    return read_all(ContactRecord, tx.execute(statement))
