"""The tables of deadlines and their flags."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, text

from ocop_workflow.calendar import DeadlineKind, Subject
from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import word

#: of a unit each plan may ask the same
_OPEN_BUT_UNITS = text("closed_on IS NULL AND subject <> 'unit'")
_OF_CERTIFICATES = text("subject = 'certificate' AND closed_on IS NULL")

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", Integer, primary_key=True),
    # what it is about: the number is that of its row, of an activity its plan's
    Column("subject", word(Subject, "subject"), nullable=False),
    Column("subject_id", Integer, nullable=False),
    # whose it is: a product's, a commune's that has no product in the plan; neither: the authority's
    Column("product_id", ForeignKey("products.id")),
    Column("unit_id", ForeignKey("units.id")),
    Column("plan_id", ForeignKey("plans.id")),  # none: of a product outside every plan
    Column("kind", word(DeadlineKind, "kind"), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("due_on", Date, nullable=False),  # never changes
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("closed_because", String(30)),
    Column("next_action_on", Date),  # the next day on which a sweep has something to do; none: never
    CheckConstraint(
        "(product_id IS NULL) = (subject IN ('activity', 'unit')) "
        "AND (unit_id IS NOT NULL) = (subject = 'unit')",
        name="whose",
    ),
    Index(
        "ix_deadlines_next_action",
        # nothing else in it: a sweep rewrites it for every row that it deals with
        "next_action_on",
        sqlite_where=text("next_action_on IS NOT NULL"),
        postgresql_where=text("next_action_on IS NOT NULL"),
    ),
    Index(
        "uq_deadlines_open",
        "subject_id",
        "rule",
        "subject",
        unique=True,
        sqlite_where=_OPEN_BUT_UNITS,
        postgresql_where=_OPEN_BUT_UNITS,
    ),
    Index(
        "uq_deadlines_commune",
        "unit_id",
        "plan_id",
        "rule",
        unique=True,
        sqlite_where=text("unit_id IS NOT NULL AND closed_on IS NULL"),
        postgresql_where=text("unit_id IS NOT NULL AND closed_on IS NULL"),
    ),
    Index("ix_deadlines_product_id", "product_id"),
    # asked by each sweep: is any older than a law that has come in force since?
    Index(
        "ix_deadlines_certificates",
        "opened_on",
        sqlite_where=_OF_CERTIFICATES,
        postgresql_where=_OF_CERTIFICATES,
    ),
)

flags = Table(
    "flags",
    metadata,
    Column("deadline_id", ForeignKey("deadlines.id"), primary_key=True),
    Column("raised_on", Date, nullable=False),  # the true day, whenever the sweep ran
    Column("sweep_id", ForeignKey("sweeps.id")),  # none: recorded when the product moved on
    Column("acknowledged_on", Date),
    Column("acknowledged_by", String(100)),
    Column("cleared_on", Date),
    Index(
        "ix_flags_acknowledged",
        "acknowledged_on",
        sqlite_where=text("acknowledged_on IS NOT NULL AND cleared_on IS NULL"),
        postgresql_where=text("acknowledged_on IS NOT NULL AND cleared_on IS NULL"),
    ),
)
