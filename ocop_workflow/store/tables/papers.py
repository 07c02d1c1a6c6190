"""The tables of the papers of dossiers: what each is, until when it is good, where it lies, its files."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import UtcDateTime

#: what still stands and runs out some day
_ENDING = text("withdrawn_at IS NULL AND expires_on IS NOT NULL")

papers = Table(
    "papers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id"), nullable=False, index=True),
    Column("dossier", Integer, nullable=False),  # the number of the product's dossier
    Column("kind", String(60), nullable=False),  # as the regulation calls the document or the evidence
    Column("name", String(200)),  # what it says itself, where the kind does not
    Column("number", String(100)),
    Column("issuer", String(200)),
    Column("issued_on", Date),
    Column("expires_on", Date),  # the last local day on which it is good; none: it does not run out
    Column("shelf", String(200)),  # where the paper lies
    Column("criteria", JSON, nullable=False),  # the criteria that it proves, by their printed numbers
    # the paper of an earlier dossier of the same product that goes on being good: no row of this
    # table ever goes, and SQLite adds no key to a table
    Column("reused_from", Integer),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(100), nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", String(100)),
    Column("withdrawn_because", Text),
    Index("ix_papers_ending", "expires_on", sqlite_where=_ENDING, postgresql_where=_ENDING),
)

paper_files = Table(
    "paper_files",
    metadata,
    # the bytes lie in the store of files, under their SHA-256: written before this row, never changed
    Column("id", Integer, primary_key=True),
    Column("paper_id", ForeignKey("papers.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),  # under which it is saved again: cleaned, its ending true
    Column("size", Integer, nullable=False),  # bytes
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(100), nullable=False),  # told by its content
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", String(100), nullable=False),
    Column("removed_at", UtcDateTime),
    Column("removed_by", String(100)),
    Column("removed_because", Text),
)

#: what came in and nobody has looked at
_WAITING = text("settled_at IS NULL")

upload_links = Table(
    "upload_links",
    metadata,
    # by which whoever holds one hands in papers of one dossier, without an account; its end is hashed
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id"), nullable=False, index=True),
    Column("dossier", Integer, nullable=False),  # the number of the product's dossier
    Column("sha256", String(64), nullable=False, unique=True),
    Column("ends_on", Date, nullable=False),  # the last local day on which it is good
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revoked_by", String(100)),
)

handed_in = Table(
    "handed_in",
    metadata,
    # files that came by such a link; a paper of the dossier only once an officer takes one as such
    Column("id", Integer, primary_key=True),
    Column("link_id", ForeignKey("upload_links.id"), nullable=False, index=True),
    Column("kind", String(60), nullable=False),  # of the paper that it is to be, as the regulation calls it
    Column("name", String(200), nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("brought_at", UtcDateTime, nullable=False),
    Column("paper_id", ForeignKey("papers.id")),  # as which it was taken
    Column("settled_at", UtcDateTime),  # when it was taken or returned; none: it waits
    Column("settled_by", String(100)),
    Column("returned_because", Text),
    Index("ix_handed_in_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
)
