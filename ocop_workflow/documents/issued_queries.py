"""Queries on the documents that were issued: their numbers, day by day of a series, and their files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import units
from ocop_workflow.store.tables.documents import documents

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import Connection

    from ocop_workflow.regulations.councils.documents import FiledDocument


@dataclass(frozen=True, slots=True)
class IssuedRecord:
    """A document as it was issued, of a session, a step of a product, or a span of days; see the table."""

    id: int
    session_id: int | None
    transition_id: int | None
    since: date | None
    until: date | None
    kind: FiledDocument
    unit_id: int | None
    scored_id: int | None
    title: str
    series: str
    year: int
    serial: int
    number: str
    issued_on: date
    signer: str
    draft_sha256: str
    name: str
    size: int
    sha256: str
    media_type: str
    filed_at: datetime
    filed_by: str
    taken_back_at: datetime | None
    taken_back_by: str | None
    taken_back_because: str | None


_OWN = [documents.c[name] for name in IssuedRecord.__slots__]


def issued_in(tx: Connection, session_id: int) -> list[IssuedRecord]:
    """Return the documents of a session that were issued, in the order in which they were filed.

    Those whose filing was taken back are among them.
    """
    statement = select(*_OWN).where(documents.c.session_id == session_id).order_by(documents.c.id)
    return read_all(IssuedRecord, tx.execute(statement))


def issued_of(tx: Connection, transition_ids: Collection[int]) -> list[IssuedRecord]:
    """Return the documents of steps outside sessions that were issued, in the order of filing; see above."""
    statement = select(*_OWN).where(documents.c.transition_id.in_(transition_ids)).order_by(documents.c.id)
    return read_all(IssuedRecord, tx.execute(statement))


def expiry_notices_of(tx: Connection, unit_id: int) -> list[IssuedRecord]:
    """Return a unit's filed notices of what ran out, in the order of filing; see above."""
    is_its_own = (documents.c.unit_id == unit_id) & documents.c.since.is_not(None)
    return read_all(IssuedRecord, tx.execute(select(*_OWN).where(is_its_own).order_by(documents.c.id)))


def hold_unit(tx: Connection, unit_id: int) -> None:
    """Keep whoever else files a notice of this unit waiting until the transaction ends."""
    tx.execute(select(units.c.id).where(units.c.id == unit_id).with_for_update())


def issued_by_id(tx: Connection, document_id: int) -> IssuedRecord | None:
    """Return a document that was issued, by its row's number."""
    return read_one(IssuedRecord, tx.execute(select(*_OWN).where(documents.c.id == document_id)))


def serials_of(tx: Connection, series: str, year: int) -> list[int]:
    """Return the figures that a series has given in a year, lowest first; those taken back are free again."""
    statement = (
        select(documents.c.serial)
        .where(documents.c.series == series, documents.c.year == year, documents.c.taken_back_at.is_(None))
        .order_by(documents.c.serial)
    )
    return list(tx.scalars(statement))


def take_back(tx: Connection, document_id: int, taken: dict[str, Any]) -> None:
    """Record that a filing was taken back: `by` whom, `because` of what, `at` which instant."""
    columns = {f"taken_back_{name}": value for name, value in taken.items()}
    tx.execute(update(documents).where(documents.c.id == document_id).values(columns))


def insert_issued(tx: Connection, values: dict[str, Any]) -> int:
    """Store a document that was issued; returns its row's number."""
    number: int = tx.execute(insert(documents).values(values).returning(documents.c.id)).scalar_one()
    return number
