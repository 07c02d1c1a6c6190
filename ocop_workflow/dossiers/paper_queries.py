"""Queries on the papers of dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, insert, select, update

from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables.papers import papers

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A paper as it is stored; `expires_on`: the last local day on which it is good."""

    id: int
    kind: str
    name: str | None
    number: str | None
    issuer: str | None
    issued_on: date | None
    expires_on: date | None
    shelf: str | None
    criteria: list[str]
    recorded_by: str
    recorded_at: datetime


_STANDS = papers.c.withdrawn_at.is_(None)


def papers_of(tx: Connection, product_id: int, dossier: int) -> list[PaperRecord]:
    """Return the papers of a dossier that were not withdrawn, oldest first."""
    columns = [papers.c[name] for name in PaperRecord.__slots__]
    statement = (
        select(*columns)
        .where(papers.c.product_id == product_id, papers.c.dossier == dossier, _STANDS)
        .order_by(papers.c.id)
    )
    return read_all(PaperRecord, tx.execute(statement))


def has_papers(tx: Connection, product_id: int, dossier: int) -> bool:
    """Tell whether a dossier holds any paper."""
    of = (papers.c.product_id == product_id, papers.c.dossier == dossier, _STANDS)
    return bool(tx.scalar(select(exists().where(*of))))


def insert_paper(tx: Connection, values: dict[str, Any]) -> int:
    """Store a paper; returns its number."""
    number: int = tx.execute(insert(papers).values(values).returning(papers.c.id)).scalar_one()
    return number


def withdraw_paper(tx: Connection, number: int, by: str, because: str, now: datetime) -> None:
    """Note that a paper is no part of its dossier any more."""
    gone = {"withdrawn_at": now, "withdrawn_by": by, "withdrawn_because": because}
    tx.execute(update(papers).where(papers.c.id == number).values(gone))
