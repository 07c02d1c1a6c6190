"""The table of documents that were issued: under which number, and the file that was signed."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from ocop_workflow.regulations.councils.documents import FiledDocument
from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import UtcDateTime, word

documents = Table(
    "documents",
    metadata,
    # documents that were signed: each is kept as it was issued, and never made again
    Column("id", Integer, primary_key=True),
    # whose it is: of a session, of a step of a product, or of a unit and a span of days; of one of them
    Column("session_id", ForeignKey("council_sessions.id"), index=True),
    Column("transition_id", ForeignKey("transitions.id"), index=True),
    Column("since", Date),  # the first local day of the span: a unit's certificates ran out in it
    Column("until", Date),  # the last one
    Column("kind", word(FiledDocument, "kind"), nullable=False),
    Column("unit_id", ForeignKey("units.id")),  # the unit of that span; or the commune, where each has one
    Column("scored_id", ForeignKey("session_products.id")),  # the product, where each has one
    Column("title", String(300), nullable=False),
    Column("series", String(300), nullable=False),  # whose numbers these are: the body and its sign
    Column("year", Integer, nullable=False),  # in which the series counts
    Column("serial", Integer, nullable=False),  # the figure that its number begins with
    Column("number", String(100), nullable=False),  # as the clerk gave it
    Column("issued_on", Date, nullable=False),  # the local day
    Column("signer", String(200), nullable=False),
    Column("draft_sha256", String(64), nullable=False),  # of the draft as it stood then
    Column("name", String(200), nullable=False),  # of the file that was signed
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("filed_at", UtcDateTime, nullable=False),
    Column("filed_by", String(100), nullable=False),
    # filed by mistake: it stays, and can be filed again; none: it stands
    Column("taken_back_at", UtcDateTime),
    Column("taken_back_by", String(100)),
    Column("taken_back_because", String(500)),
    Index("ix_documents_series", "series", "year", "serial"),
    Index("ix_documents_unit_id", "unit_id", "since"),
)
