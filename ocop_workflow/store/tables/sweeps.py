"""The tables of the daily check's own record."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Integer, Table

from ocop_workflow.store.tables import access as access_tables
from ocop_workflow.store.types import UtcDateTime

metadata = access_tables.metadata

sweeps = Table(
    "sweeps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),  # none: it did not come to its end
    Column("reminders", Integer, nullable=False),
    Column("withheld", Integer, nullable=False),
    Column("superseded", Integer, nullable=False),
    Column("flags_raised", Integer, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("faults", JSON, nullable=False),
    Column("taken_back_at", UtcDateTime),  # its day had not come; what had not left the house was taken back
)

sweep_holds = Table(
    "sweep_holds",
    metadata,
    # a sweep that stopped and asked, and of which the authority was told: once until another one ends
    Column("id", Integer, primary_key=True),
    Column("after_sweep_id", ForeignKey("sweeps.id")),  # the last one that had ended; none: there was none
    Column("day", Date, nullable=False),
    Column("letters", Integer, nullable=False),  # that it would have written
    Column("at", UtcDateTime, nullable=False),
)
