"""Queries on contact values: keeping one, what a step was given, erasing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from ocop_workflow.access import ContactKind
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables.contacts import contacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection


def keep_place(tx: Connection, address: str) -> int:
    """Keep a place of production; returns its number."""
    return keep_places(tx, [address])[0]


def keep_places(tx: Connection, addresses: Sequence[str]) -> list[int]:
    """Keep places of production; returns their numbers in order."""
    statement = insert(contacts).returning(contacts.c.id, sort_by_parameter_order=True)
    rows = [{"kind": ContactKind.PLACE, "address": address} for address in addresses]
    return list(tx.scalars(statement, rows)) if rows else []


def value_of(tx: Connection, contact_id: int) -> str:
    """Return a contact value as it may be shown; of one that was erased, that it was."""
    return str(tx.execute(select(contacts.c.address).where(contacts.c.id == contact_id)).scalar_one())


@dataclass(frozen=True, slots=True)
class Kept:
    """A contact value: `mark` is its name outside the database, `salt` goes when it is erased."""

    id: int
    kind: ContactKind
    address: str
    mark: str
    salt: str | None


_KEPT = select(contacts.c.id, contacts.c.kind, contacts.c.address, contacts.c.mark, contacts.c.salt)


def kept(tx: Connection, contact_id: int) -> Kept:
    """Return a contact value with what belongs to it."""
    (found,) = read_all(Kept, tx.execute(_KEPT.where(contacts.c.id == contact_id)))
    return found


def kept_under(tx: Connection, mark: str) -> Kept | None:
    """Return the contact value of this mark; none: it went with the plan that was taken out."""
    return read_one(Kept, tx.execute(_KEPT.where(contacts.c.mark == mark)))


def without_value(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of what was given with a step: the address goes, its place stays."""
    return {name: None if name == "address" else value for name, value in data.items()}


def with_value(data: dict[str, Any], address: str | None) -> dict[str, Any]:
    """Return what was given with a step, from what is stored of it and the address that it refers to."""
    return data if address is None else {**data, "address": address}
