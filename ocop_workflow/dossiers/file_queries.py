"""Queries on the files of papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, inspect, literal, select, update

from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import products
from ocop_workflow.store.tables.documents import documents
from ocop_workflow.store.tables.papers import handed_in, paper_files, papers, upload_links
from ocop_workflow.store.types import UtcDateTime

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Select, Table


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


def share_files(tx: Connection, of: int, to: int, by: str, now: datetime) -> None:
    """Let a paper have the files of another one, which keeps them: the store holds their bytes once."""
    same = ("name", "size", "sha256", "media_type")
    shared = select(
        literal(to), *(paper_files.c[name] for name in same), literal(now, UtcDateTime), literal(by)
    ).where(paper_files.c.paper_id == of, paper_files.c.removed_at.is_(None))
    tx.execute(insert(paper_files).from_select(["paper_id", *same, "added_at", "added_by"], shared))


def remove_file(tx: Connection, number: int, by: str, because: str, now: datetime) -> None:
    """Note that a file is no part of its paper any more; its bytes stay in the store."""
    gone = {"removed_at": now, "removed_by": by, "removed_because": because}
    tx.execute(update(paper_files).where(paper_files.c.id == number).values(gone))


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file on record, whatever has become of it: in which table, by which number, of which product."""

    table: str
    id: int
    name: str
    size: int
    sha256: str
    media_type: str
    code: str


def files_on_record(tx: Connection) -> list[FileFact]:
    """Return every file that the store has to hold: of papers, handed in, of documents; withdrawn ones too.

    A database of an older version, which knows no files, has none.
    """
    if not inspect(tx).has_table(paper_files.name):
        return []
    of_papers = (
        _facts(paper_files)
        .join(papers, papers.c.id == paper_files.c.paper_id)
        .join(products, products.c.id == papers.c.product_id)
    )
    by_links = (
        _facts(handed_in)
        .join(upload_links, upload_links.c.id == handed_in.c.link_id)
        .join(products, products.c.id == upload_links.c.product_id)
    )
    found = read_all(FileFact, tx.execute(of_papers.order_by(paper_files.c.id)))
    found += read_all(FileFact, tx.execute(by_links.order_by(handed_in.c.id)))
    if inspect(tx).has_table(documents.name):
        found += read_all(FileFact, tx.execute(_of_documents()))
    return found


def _of_documents() -> Select[Any]:
    """Return the files of issued documents; they are of a session, and of no product."""
    return select(
        literal(documents.name).label("table"),
        documents.c.id,
        documents.c.name,
        documents.c.size,
        documents.c.sha256,
        documents.c.media_type,
        documents.c.number.label("code"),
    ).order_by(documents.c.id)


def _facts(table: Table) -> Select[Any]:
    return select(
        literal(table.name).label("table"),
        table.c.id,
        table.c.name,
        table.c.size,
        table.c.sha256,
        table.c.media_type,
        products.c.code,
    ).select_from(table)
