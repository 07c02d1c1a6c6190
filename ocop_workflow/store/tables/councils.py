"""The tables of councils: who sits in one, its sessions, what is scored in them, and the sheets."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ocop_workflow.regulations.councils.words import (
    CouncilDuty,
    Scoring,
    SessionMode,
    SheetStage,
    SignedBy,
    Sitting,
)
from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import UtcDateTime, word

councils = Table(
    "councils",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("units.id"), nullable=False, index=True),  # its level is the unit's
    Column("name", String(200), nullable=False),
    Column("decision_number", String(100), nullable=False),  # by which it was founded
    Column("decided_on", Date, nullable=False),
    Column("rules", JSON, nullable=False),  # `CouncilRules` as they were given
    Column("founded_at", UtcDateTime, nullable=False),
    Column("founded_by", String(100), nullable=False),
)

council_members = Table(
    "council_members",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("council_id", ForeignKey("councils.id"), nullable=False, index=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),
    Column("duty", word(CouncilDuty, "duty"), nullable=False),
    Column("position", String(200), nullable=False),  # for which body somebody sits there
    Column("since", Date, nullable=False),
    Column("until", Date),  # the first local day on which it is over
)

sessions = Table(
    "council_sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("council_id", ForeignKey("councils.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("mode", word(SessionMode, "mode"), nullable=False),
    Column("stage", word(Sitting, "stage"), nullable=False),
    Column("held_on", Date, nullable=False),  # the local day; in writing: by which the answers are due
    Column("place", String(200)),
    Column("sent_on", Date),  # the local day on which the members got the dossiers
    Column("rules", JSON),  # the council's as they stood when it was opened
    Column("drafted_at", UtcDateTime, nullable=False),
    Column("drafted_by", String(100), nullable=False),
    Column("opened_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("decision_number", String(100)),  # by which its results were decided on
    Column("decided_on", Date),
    Column("signer", String(200)),
    Column("published_on", Date),
)

attendance = Table(
    "session_attendance",
    metadata,
    Column("session_id", ForeignKey("council_sessions.id"), primary_key=True),
    Column("member_id", ForeignKey("council_members.id"), primary_key=True),
    Column("is_present", Boolean, nullable=False),
    Column("reason", String(300)),  # why somebody is not there
    Column("noted_at", UtcDateTime, nullable=False),
    Column("noted_by", String(100), nullable=False),
    sqlite_with_rowid=False,
)

#: a product sits in one session at a time
_THERE = text("stage IN ('waiting', 'scoring', 'closed')")

scored = Table(
    "session_products",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("council_sessions.id"), nullable=False, index=True),
    Column("product_id", ForeignKey("products.id"), nullable=False, index=True),
    Column("dossier", Integer, nullable=False),  # the number of the product's dossier
    Column("regulation", String(60), nullable=False),
    Column("product_set", Integer),  # whose sheet is filled in; none: by parts
    Column("due_on", Date, nullable=False),  # by which local day it has to be scored
    Column("stage", word(Scoring, "stage"), nullable=False),
    Column("round", Integer, nullable=False),  # 1, or 2 after a discussion
    Column("again_because", String(500)),  # why it was scored again
    Column("chair_note", String(500)),  # to totals that lie far apart even so
    Column("noted_by", String(100)),
    Column("advice", Text),  # what the advisory team reports
    Column("out_because", String(500)),
    Column("closed_at", UtcDateTime),
    Column("transition_id", ForeignKey("transitions.id")),  # the step by which its result was confirmed
    Index(
        "ux_session_products_there",
        "product_id",
        unique=True,
        sqlite_where=_THERE,
        postgresql_where=_THERE,
    ),
)

conflicts = Table(
    "session_conflicts",
    metadata,
    Column("scored_id", ForeignKey("session_products.id"), primary_key=True),
    Column("member_id", ForeignKey("council_members.id"), primary_key=True),
    Column("reason", String(300), nullable=False),
    Column("declared_at", UtcDateTime, nullable=False),
    Column("declared_by", String(100), nullable=False),
    sqlite_with_rowid=False,
)

sheets = Table(
    "score_sheets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scored_id", ForeignKey("session_products.id"), nullable=False),
    Column("member_id", ForeignKey("council_members.id"), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("stage", word(SheetStage, "stage"), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("signed_at", UtcDateTime),
    Column("signed_by", word(SignedBy, "signed_by")),
    Column("sha256", String(64)),  # of what was signed
    UniqueConstraint("scored_id", "member_id", "round", name="uq_score_sheets_of"),
)

entries = Table(
    "sheet_entries",
    metadata,
    Column("sheet_id", ForeignKey("score_sheets.id"), primary_key=True),
    Column("place", String(40), primary_key=True),  # as faults name it: choices.1.1, knockouts.set, parts.A
    Column("value", JSON, nullable=False),
    Column("version", Integer, nullable=False),  # how often it was chosen
    Column("saved_at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

opinions = Table(
    "session_opinions",
    metadata,
    # in writing: what a member says of the agency's sheet
    Column("scored_id", ForeignKey("session_products.id"), primary_key=True),
    Column("member_id", ForeignKey("council_members.id"), primary_key=True),
    Column("agrees", Boolean, nullable=False),
    Column("reason", String(500)),  # needed where somebody disagrees
    Column("answered_at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

paper_entries = Table(
    "paper_entries",
    metadata,
    # sheets that were filled in on paper, as each of two officers has typed them
    Column("scored_id", ForeignKey("session_products.id"), primary_key=True),
    Column("member_id", ForeignKey("council_members.id"), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("officer_id", ForeignKey("officers.id"), primary_key=True),
    Column("sheet", JSON, nullable=False),
    Column("shelf", String(200), nullable=False),  # where the signed sheet lies
    Column("typed_at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)
