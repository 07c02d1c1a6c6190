"""What has happened to products for themselves: events of their plan, each on a day of its own."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import UtcDateTime

_HOLDS = text("undone_at IS NULL")

occurrences = Table(
    "occurrences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id"), nullable=False),
    Column("plan_id", ForeignKey("plans.id"), nullable=False, index=True),
    Column("event", String(60), nullable=False),  # as the plan calls it
    Column("happened_on", Date, nullable=False),
    Column("recorded_on", Date, nullable=False),  # the local day from which deadlines count from it
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(100), nullable=False),
    Column("undone_on", Date),
    Column("undone_at", UtcDateTime),
    Column("undone_by", String(100)),
    Column("undone_because", Text),
    Index(
        "uq_occurrences_standing",
        "product_id",
        "plan_id",
        "event",
        unique=True,
        sqlite_where=_HOLDS,
        postgresql_where=_HOLDS,
    ),
)
