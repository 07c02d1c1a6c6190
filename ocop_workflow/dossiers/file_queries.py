"""Queries on the files of papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, inspect, select, update

from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import products
from ocop_workflow.store.tables.papers import paper_files, papers

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class PaperFileRecord:
    """A file of a paper as it is on record; `size` in bytes."""

    id: int
    paper_id: int
    name: str
    size: int
    sha256: str
    media_type: str
    added_by: str
    added_at: datetime


def files_of(tx: Connection, product_id: int, dossier: int) -> list[PaperFileRecord]:
    """Return the files of a dossier's papers, oldest first; nothing that was withdrawn is among them."""
    columns = [paper_files.c[name] for name in PaperFileRecord.__slots__]
    statement = (
        select(*columns)
        .join(papers, papers.c.id == paper_files.c.paper_id)
        .where(
            papers.c.product_id == product_id,
            papers.c.dossier == dossier,
            papers.c.withdrawn_at.is_(None),
            paper_files.c.removed_at.is_(None),
        )
        .order_by(paper_files.c.id)
    )
    return read_all(PaperFileRecord, tx.execute(statement))


def lock_paper(tx: Connection, number: int) -> None:
    """Let nobody else put a file to a paper until the commit."""
    tx.execute(select(papers.c.id).where(papers.c.id == number).with_for_update())


def insert_file(tx: Connection, values: dict[str, Any]) -> int:
    """Store that a paper has a file; returns its number."""
    number: int = tx.execute(insert(paper_files).values(values).returning(paper_files.c.id)).scalar_one()
    return number


def remove_file(tx: Connection, number: int, by: str, because: str, now: datetime) -> None:
    """Note that a file is no part of its paper any more; its bytes stay in the store."""
    gone = {"removed_at": now, "removed_by": by, "removed_because": because}
    tx.execute(update(paper_files).where(paper_files.c.id == number).values(gone))


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file that is on record, also one that was taken out again, with its product's code."""

    id: int
    paper_id: int
    name: str
    size: int
    sha256: str
    media_type: str
    code: str


def files_on_record(tx: Connection) -> list[FileFact]:
    """Return every file that is on record, whatever has become of its paper, in the order of recording.

    A database of an older version, which knows no files, has none.
    """
    if not inspect(tx).has_table(paper_files.name):
        return []
    statement = (
        select(
            paper_files.c.id,
            paper_files.c.paper_id,
            paper_files.c.name,
            paper_files.c.size,
            paper_files.c.sha256,
            paper_files.c.media_type,
            products.c.code,
        )
        .join(papers, papers.c.id == paper_files.c.paper_id)
        .join(products, products.c.id == papers.c.product_id)
        .order_by(paper_files.c.id)
    )
    return read_all(FileFact, tx.execute(statement))
