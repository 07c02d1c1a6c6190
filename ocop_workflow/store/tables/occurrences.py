"""What has happened to products on days of their own: events of their plan, and visits on the spot."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from ocop_workflow.calendar.inspections import FindingResult
from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import UtcDateTime, word

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

visits = Table(
    "visits",
    metadata,
    # inspections of certified products on the spot (kiểm tra, giám sát)
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id"), nullable=False, index=True),
    Column("certificate_id", ForeignKey("certificates.id"), nullable=False, index=True),  # it had on the day
    Column("visited_on", Date, nullable=False),
    Column("visitors", String(300), nullable=False),  # who was there, of which offices
    Column("place", String(300)),  # none: where the product is made
    Column("conclusion", String(2000), nullable=False),
    Column("unit_id", ForeignKey("units.id")),  # in whose name; none: of the host's operator
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(100), nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", String(100)),
    Column("withdrawn_because", Text),
)

#: what is still to be done
_TO_DO = text("due_on IS NOT NULL AND done_on IS NULL")

visit_findings = Table(
    "visit_findings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("visit_id", ForeignKey("visits.id"), nullable=False, index=True),
    Column("criterion", String(10)),  # its printed number; none: it is of none
    Column("what", String(500)),  # in words; none: the criterion says it
    Column("result", word(FindingResult, "result"), nullable=False),
    Column("follow_up", String(500)),  # what has to be done
    Column("due_on", Date),  # until which local day
    Column("done_on", Date),
    Column("done_note", String(300)),
    Column("done_at", UtcDateTime),
    Column("done_by", String(100)),
    Index("ix_visit_findings_to_do", "due_on", sqlite_where=_TO_DO, postgresql_where=_TO_DO),
)
