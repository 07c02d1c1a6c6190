"""The table of the certificates."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from ocop_workflow.states import CertificateStanding, EvidenceLevel
from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import UtcDateTime, word

certificates = Table(
    "certificates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id")),  # none: of a product that was never here
    Column(
        "unit_id", ForeignKey("units.id"), index=True
    ),  # where it belongs, of a product that was never here
    # as they were named on the decision's day: no renaming, merging or undoing touches these
    Column("product", String(200), nullable=False),
    Column("producer", String(300)),
    Column("commune", String(200), nullable=False),
    Column("province", String(200)),
    Column("star", Integer, nullable=False),
    Column("number", String(300), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),  # its last valid day
    Column("signer", String(300), nullable=False),
    Column("issuer", String(300)),  # the body that decided; none: nobody has said
    Column("regulation", String(60)),  # under which it was granted; none: nobody has said
    Column("published_on", Date),
    Column("evidence", word(EvidenceLevel, "evidence"), nullable=False),  # what it was known by as it came in
    Column("source", String(500)),  # where that stands; none: in a step of its product
    Column("ended_on", Date),  # superseded, revoked, lapsed, refused or undone
    Column("ended_because", String(30)),
    Column("ended_by", String(300)),  # the body that revoked it
    Column("replaced_by_id", ForeignKey("certificates.id")),
    Column("standing", word(CertificateStanding, "standing"), nullable=False),
    Column("settled_by", String(100)),  # who issued, confirmed or refused it; none: proposed
    Column("settled_for", String(60)),  # in the name of which unit
    Column("settled_at", UtcDateTime),
    Column("settled_paper", JSON(none_as_null=True)),  # on what paper: number, date, signer, reason
    Column("token", String(32), nullable=False, unique=True),  # the end of its public page's address
    Column("shown_since", UtcDateTime),  # since when everybody may look it up; that never ends
    Column("taken_back_on", Date),  # the local day on which it turned out to be given by mistake
    Column("search_key", String(600)),  # of product and producer as they are named here
    Column("product_group", String(60)),  # as the list had it that brought it in; none: its product's, if any
    Column("corrected", Integer),  # how often it was corrected; none: never
    Column("corrected_at", UtcDateTime),  # when last
    Index("ix_certificates_product_id", "product_id"),
    Index(
        "uq_certificates_current",
        "product_id",
        unique=True,
        sqlite_where=text("ended_on IS NULL"),
        postgresql_where=text("ended_on IS NULL"),
    ),
)

certificate_corrections = Table(
    "certificate_corrections",
    metadata,
    # what was typed wrongly and put right: the old values stay here
    Column("id", Integer, primary_key=True),
    Column("certificate_id", ForeignKey("certificates.id"), nullable=False, index=True),
    Column("before", JSON, nullable=False),  # the columns that changed, as they stood
    Column("after", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("after_step", Integer),  # the seq of its product's last step by then; none: it had no product
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(100), nullable=False),
)
