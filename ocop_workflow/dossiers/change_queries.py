"""Queries on what a producer says has changed since the recognition, heading by heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, insert, select

from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables.forms import declared_changes

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class DeclaredRecord:
    """What is said under one heading. `change`: none: nothing has changed. `papers`: what proves it."""

    heading: str
    change: str | None
    papers: list[int]
    saved_at: datetime
    saved_by: str


def declared_in(tx: Connection, product_id: int, dossier: int) -> dict[str, DeclaredRecord]:
    """Return what a dossier says has changed, by heading."""
    columns = [declared_changes.c[name] for name in DeclaredRecord.__slots__]
    of = (declared_changes.c.product_id == product_id, declared_changes.c.dossier == dossier)
    found = read_all(DeclaredRecord, tx.execute(select(*columns).where(*of).order_by(declared_changes.c.id)))
    return {record.heading: record for record in found}


def has_declared(tx: Connection, product_id: int, dossier: int) -> bool:
    """Tell whether a dossier says anything of what has changed."""
    of = (declared_changes.c.product_id == product_id, declared_changes.c.dossier == dossier)
    return bool(tx.scalar(select(exists().where(*of))))


def write_declared(tx: Connection, product_id: int, dossier: int, record: DeclaredRecord) -> None:
    """Keep what is said under a heading, instead of what was said there."""
    drop_declared(tx, product_id, dossier, record.heading)
    values = {name: getattr(record, name) for name in DeclaredRecord.__slots__}
    tx.execute(insert(declared_changes).values(product_id=product_id, dossier=dossier, **values))


def drop_declared(tx: Connection, product_id: int, dossier: int, heading: str) -> None:
    """Take out what is said under a heading."""
    of = (
        declared_changes.c.product_id == product_id,
        declared_changes.c.dossier == dossier,
        declared_changes.c.heading == heading,
    )
    tx.execute(delete(declared_changes).where(*of))
