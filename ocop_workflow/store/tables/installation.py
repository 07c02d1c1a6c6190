"""The table of what this installation is."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from ocop_workflow.store.tables import access as access_tables

metadata = access_tables.metadata

installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True),  # one row, 1
    Column("uid", String(36), nullable=False),  # a UUID: names what goes out into the world, for good
)
