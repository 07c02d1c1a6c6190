"""Desks: to whom letters speak."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table

from ocop_workflow.access import DeskKind
from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import word

desks = Table(
    "desks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", word(DeskKind, "kind"), nullable=False),
    Column("unit_id", ForeignKey("units.id"), unique=True),
    Column("officer_id", ForeignKey("officers.id"), unique=True),
    CheckConstraint(
        "(unit_id IS NOT NULL) = (kind = 'unit') AND (officer_id IS NOT NULL) = (kind = 'officer')",
        name="whose",
    ),
)
