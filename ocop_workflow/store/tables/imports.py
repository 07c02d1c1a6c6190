"""The tables of imports: what came in from which file, what was asked, what later lists said."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import UtcDateTime

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", ForeignKey("plans.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("products", Integer, nullable=False),
)

staged_lists = Table(
    "staged_lists",
    metadata,
    # lists that somebody has brought and looks at before they count: a copy, kept for a day
    Column("id", Integer, primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False),
    Column("plan_id", ForeignKey("plans.id")),  # none: it is a list of certificates
    Column("evidence", String(2)),  # of those: what a row is known by that does not say so itself
    Column("file_name", String(200), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

imported_rows = Table(
    "imported_rows",
    metadata,
    Column("plan_id", ForeignKey("plans.id"), primary_key=True),
    Column("key", String(64), primary_key=True),  # what identifies the row over repeated imports
    Column("product_id", ForeignKey("products.id"), nullable=False),
    Column("import_id", ForeignKey("imports.id"), nullable=False),
    Column("row", Integer, nullable=False),
)

#: rows that somebody answered to be a product that another row, another plan or a person had brought in
recognised_rows = Table(
    "recognised_rows",
    metadata,
    Column("plan_id", ForeignKey("plans.id"), primary_key=True),
    Column("key", String(64), primary_key=True),  # as in `imported_rows`
    Column("product_id", ForeignKey("products.id"), nullable=False, index=True),
    Column("import_id", ForeignKey("imports.id"), nullable=False),
    Column("row", Integer, nullable=False),
)

#: products that had been read wrongly and stand elsewhere since a corrected list, without any step
restarts = Table(
    "restarts",
    metadata,
    Column("product_id", ForeignKey("products.id"), primary_key=True),
    Column("import_id", ForeignKey("imports.id"), primary_key=True),
    Column("state", String(30), nullable=False),  # where it stood before: idea or monitored
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id"), nullable=False, index=True),
    Column("vi", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("answer", Text),  # the officer's word; none: a step or a later list settled it
    Column("answered_at", UtcDateTime),
    Column("answered_by", String(100)),
)

#: what somebody answered to a list of certificates, so that the next list does not ask it again
register_answers = Table(
    "register_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("units.id")),  # under which unit it holds; none: everywhere
    Column("key", String(300), nullable=False),  # what was asked, whoever asks it
    Column("question", Text, nullable=False),  # how it was asked
    Column("answer", String(500), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(100), nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revoked_by", String(100)),
    Index("ix_register_answers_unit_id", "unit_id", "key"),
)

__all__ = [
    "imported_rows",
    "imports",
    "metadata",
    "questions",
    "recognised_rows",
    "register_answers",
    "restarts",
]
