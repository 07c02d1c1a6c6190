"""The tables of the forms of dossiers, and of what a product brings in by year."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import UtcDateTime

form_answers = Table(
    "form_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id"), nullable=False),
    Column("dossier", Integer, nullable=False),  # the number of the product's dossier
    Column("form", String(20), nullable=False),  # as the regulation's forms are called: mau-01
    # by the names of fields; none: left empty on purpose; what reaches or marks a person: form_values
    Column("answers", JSON, nullable=False),
    Column("version", Integer, nullable=False),  # how often it was saved
    Column("saved_at", UtcDateTime, nullable=False),
    Column("saved_by", String(100), nullable=False),
    UniqueConstraint("product_id", "dossier", "form"),
)

form_values = Table(
    "form_values",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sheet_id", ForeignKey("form_answers.id"), nullable=False),
    Column("field", String(30), nullable=False),
    Column("contact_id", ForeignKey("contacts.id"), nullable=False, index=True),  # where the answer stands
    UniqueConstraint("sheet_id", "field"),
)

declared_changes = Table(
    "declared_changes",
    metadata,
    # what a producer says has changed since the recognition, by the headings of Mẫu 02 (QĐ 26/2026)
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id"), nullable=False),
    Column("dossier", Integer, nullable=False),  # the number of the product's dossier
    Column("heading", String(60), nullable=False),  # in the words of the form
    Column("change", String(1000)),  # none: nothing has changed
    Column("papers", JSON, nullable=False),  # the papers of the dossier that prove it
    Column("saved_at", UtcDateTime, nullable=False),
    Column("saved_by", String(100), nullable=False),
    UniqueConstraint("product_id", "dossier", "heading"),
)

revenues = Table(
    "revenues",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("revenue", BigInteger, nullable=False),  # in đồng, which has no smaller part
    Column("profit", BigInteger),  # likewise; below zero: a loss; none: not said
    Column("source", String(200)),  # what says so
    Column("saved_at", UtcDateTime, nullable=False),
    Column("saved_by", String(100), nullable=False),
    UniqueConstraint("product_id", "year"),
)
