"""The table of the certificates."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, text

from ocop_workflow.states import CertificateStanding
from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import UtcDateTime, word

certificates = Table(
    "certificates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id")),  # none: of a product that was never here
    # as the paper names them, where it was entered by itself; none: as they are named here
    Column("unit_id", ForeignKey("units.id"), index=True),
    Column("product", String(200)),
    Column("producer", String(300)),
    Column("star", Integer, nullable=False),
    Column("number", String(300), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),  # its last valid day
    Column("signer", String(300), nullable=False),
    Column("ended_on", Date),  # superseded, revoked, lapsed, refused or undone
    Column("ended_because", String(30)),
    Column("standing", word(CertificateStanding, "standing"), nullable=False),
    Column("settled_by", String(100)),  # who issued, confirmed or refused it; none: proposed
    Column("settled_for", String(60)),  # in the name of which unit
    Column("settled_at", UtcDateTime),
    Column("settled_paper", JSON(none_as_null=True)),  # on what paper: number, date, signer, reason
    Index("ix_certificates_product_id", "product_id"),
    Index(
        "uq_certificates_current",
        "product_id",
        unique=True,
        sqlite_where=text("ended_on IS NULL"),
        postgresql_where=text("ended_on IS NULL"),
    ),
)
