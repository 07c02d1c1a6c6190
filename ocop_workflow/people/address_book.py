"""The addresses of one unit, for whoever may see it: now, to come, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.errors import NotFound
from ocop_workflow.people import book_queries as address_book
from ocop_workflow.people.officers import find_unit, no_unit, sees

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.people.book_queries import ContactRecord
    from ocop_workflow.store import Connection


def list_contacts(tx: Connection, actor: Actor, unit: str) -> list[ContactRecord]:
    """Return every address that a unit has, had or will have, oldest first.

    Raises:
        NotFound: no unit that the actor may see has this id.
    """
    return address_book.contacts_of(tx, _seen(tx, actor, unit))


def find_contact(tx: Connection, actor: Actor, unit: str, number: int) -> ContactRecord:
    """Return one address of a unit.

    Raises:
        NotFound: there is none of this number, or no unit that the actor may see.
    """
    found = address_book.contacts_of(tx, _seen(tx, actor, unit), number)
    if not found:
        raise NotFound(
            f"{unit} không có địa chỉ số {number}.", f"{unit} has no address of the number {number}."
        )
    return found[0]


def _seen(tx: Connection, actor: Actor, unit: str) -> int:
    place = find_unit(tx, unit)
    if not sees(tx, actor, place.id):
        raise no_unit(unit)
    return place.id
