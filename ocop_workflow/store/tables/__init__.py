"""The tables. What each column means is said here and nowhere else.

No server-side time, no server-side defaults: every value comes from the service.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ocop_workflow.calendar import ReminderStatus
from ocop_workflow.notifications.outbox import LetterKind, LetterState
from ocop_workflow.regulations import Level
from ocop_workflow.states import Event, State
from ocop_workflow.store.tables import access as access_tables
from ocop_workflow.store.tables import certificates as certificate_tables
from ocop_workflow.store.tables import contacts as contact_tables
from ocop_workflow.store.tables import councils as council_tables
from ocop_workflow.store.tables import deadlines as deadline_tables
from ocop_workflow.store.tables import desks as desk_tables
from ocop_workflow.store.tables import documents as document_tables
from ocop_workflow.store.tables import dossiers as dossier_tables
from ocop_workflow.store.tables import forms as form_tables
from ocop_workflow.store.tables import imports as import_tables
from ocop_workflow.store.tables import installation as installation_tables
from ocop_workflow.store.tables import occurrences as occurrence_tables
from ocop_workflow.store.tables import papers as paper_tables
from ocop_workflow.store.tables import sweeps as sweep_tables
from ocop_workflow.store.types import UtcDateTime, word

#: describes the tables of this module and those of the others that are named above
metadata = access_tables.metadata
#: imported so that their tables are among them
PARTS = (
    council_tables,
    document_tables,
    dossier_tables,
    form_tables,
    import_tables,
    installation_tables,
    occurrence_tables,
    paper_tables,
    sweep_tables,
)

certificates = certificate_tables.certificates
contacts = contact_tables.contacts
deadlines = deadline_tables.deadlines
flags = deadline_tables.flags
desks = desk_tables.desks

#: keys that compare by their letters' numbers, as Python does, whatever the server's language
_SORTED = Text().with_variant(Text(collation="C"), "postgresql")

#: each sweep asks whether there is any
_MERGED = text("successor_id IS NOT NULL")

units = Table(
    "units",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(60), nullable=False, unique=True),
    Column("parent_id", ForeignKey("units.id"), index=True),
    Column("level", word(Level, "level"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("search_key", String(200), nullable=False),
    Column("sort_key", _SORTED, nullable=False),
    Column("office", String(200), nullable=False),  # who is greeted in a letter
    Column("valid_from", Date),
    Column("valid_to", Date),  # the first day on which it exists no longer
    Column("successor_id", ForeignKey("units.id")),  # who takes over on that day
    Index("ix_units_merged", "valid_to", sqlite_where=_MERGED, postgresql_where=_MERGED),
)

unit_codes = Table(
    "unit_codes",
    metadata,
    # the official codes: each is one unit's alone on a day, and may be another's on another
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("units.id"), nullable=False, index=True),
    Column("code", String(5), nullable=False, index=True),
    Column("valid_from", Date),  # none: ever since
    Column("valid_to", Date),  # the first day on which it is the unit's no longer; none: it still is
)

relocations = Table(
    "relocations",
    metadata,
    # products that an officer put into one of the units among which their own was divided
    Column("product_id", ForeignKey("products.id"), primary_key=True),
    Column("from_unit_id", ForeignKey("units.id"), primary_key=True),
    Column("to_unit_id", ForeignKey("units.id"), nullable=False),
    Column("moved_on", Date, nullable=False),  # the local day on which it was done
)

plans = Table(
    "plans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(60), nullable=False, unique=True),
    Column("code", String(10), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),  # the authority
    Column("regulation", String(60), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),  # the file as it was loaded: the plan itself
    Column("loaded_at", UtcDateTime, nullable=False),
    Column("loaded_by", String(100), nullable=False),
    Column("version", Integer, nullable=False),  # 1, 2, 3 …: earlier ones are in plan_versions
)

plan_versions = Table(
    "plan_versions",
    metadata,
    # what a change has replaced; what is in force stands in plans
    Column("plan_id", ForeignKey("plans.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("loaded_at", UtcDateTime, nullable=False),
    Column("loaded_by", String(100), nullable=False),
    Column("replaced_on", Date, nullable=False),  # the local day from which the next one holds
    Column("replaced_at", UtcDateTime, nullable=False),
    Column("replaced_by", String(100), nullable=False),
)

compiled_plans = Table(
    "compiled_plans",
    metadata,
    # the file in force as it was read, so that a process need not read it again; it may be lost at any time
    Column("plan_id", ForeignKey("plans.id"), primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),  # of the file
    Column("format", Integer, nullable=False),
    Column("content", Text, nullable=False),
)

extensions = Table(
    "extensions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", ForeignKey("plans.id"), nullable=False, index=True),
    Column("rule", String(60), nullable=False),  # the milestone
    Column("due_on", Date, nullable=False),  # its new due day for these products
    Column("decision_number", String(300), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("granted_on", Date, nullable=False),  # the local day from which it holds
    Column("granted_at", UtcDateTime, nullable=False),
    Column("granted_by", String(100), nullable=False),
    Column("revoked_on", Date),
    Column("revoked_at", UtcDateTime),
    Column("revoked_by", String(100)),
)

extended_products = Table(
    "extended_products",
    metadata,
    Column("extension_id", ForeignKey("extensions.id"), primary_key=True),
    Column("product_id", ForeignKey("products.id"), primary_key=True, index=True),
)

producers = Table(
    "producers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("name", String(300), nullable=False),
    Column("representative", String(300), nullable=False),
    Column("search_key", String(300), nullable=False),
    Column("registration", String(40), index=True),  # of its business: letters and figures alone
    Index("ix_producers_unit_id", "unit_id", "search_key"),  # an equal name is never an identity
)

products = Table(
    "products",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("search_key", String(200), nullable=False),
    Column("sort_key", _SORTED, nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("producer_id", ForeignKey("producers.id")),
    # its current dossier's, kept here too: whoever lists a plan's products finds them by one index
    Column("plan_id", ForeignKey("plans.id")),
    Column("regulation", String(60)),  # without a plan: by which its certificate is watched
    Column("state", word(State, "state"), nullable=False),
    Column("version", Integer, nullable=False),  # = number of its transitions
    Column("edits", Integer),  # changes of its data since the last event; none: no change
    Column("entered_on", Date),  # the day on which the last event happened; none: no event yet
    Column("concluded_on", Date),  # of the conclusion against its certificate; none: none awaits a decision
    Column("not_renewing_on", Date),  # since when its producer does not have it rated again; none: it may be
    Column("dossier_no", Integer, nullable=False),  # the number of its current dossier; 0: it has none yet
    Column("target", String(30)),  # what the annex's cross asks for
    Column("product_group", String(60)),
    Column("address_id", ForeignKey("contacts.id")),  # its place of production
    Column("updated_at", UtcDateTime, index=True),  # when the row last changed; none: before this was kept
    Index("ix_products_unit_id", "unit_id", "code"),
    Index("ix_products_plan_id", "plan_id", "code"),
    CheckConstraint("plan_id IS NOT NULL OR regulation IS NOT NULL", name="watched"),
)

transitions = Table(
    "transitions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("product_id", ForeignKey("products.id"), nullable=False),
    Column("seq", Integer, nullable=False),  # 1, 2, 3 … without a gap
    Column("event", word(Event, "event"), nullable=False),
    Column("source", word(State, "source"), nullable=False),
    Column("target", word(State, "target"), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("on_day", Date, nullable=False),  # the local day on which it happened
    Column("at", UtcDateTime, nullable=False),  # the instant at which it was recorded
    Column("note", Text, nullable=False),
    Column(
        "data", JSON, nullable=False
    ),  # of an address only that one was given; which, says the next column
    Column("address_id", ForeignKey("contacts.id")),
    Column("plan_id", ForeignKey("plans.id")),  # none: it stood outside every plan
    Column("regulation", String(60), nullable=False),
    Column("unit", String(200), nullable=False),  # the name of the product's unit as it was then
    Column("by_paper", Boolean),  # another level's step, recorded from its document; none: no
    Column("undoes", Integer),  # the seq that this entry takes back; none: an ordinary step
    Column("replaced", JSON(none_as_null=True)),  # what the step replaced: from this it can be undone
    UniqueConstraint("product_id", "seq"),
)

_UNSAID = "status = 'due' AND digest_id IS NULL"

reminders = Table(
    "reminders",
    metadata,
    # the key is the memory: a stage of a deadline is spoken of to a desk once
    Column("deadline_id", ForeignKey("deadlines.id"), primary_key=True),
    Column("stage", Integer, primary_key=True, autoincrement=False),  # days from the due date: -7 is D-7
    Column("desk_id", ForeignKey("desks.id"), primary_key=True),
    Column("day", Date, nullable=False),  # the working day on which the stage is said
    Column("status", word(ReminderStatus, "status"), nullable=False),
    Column("reason", String(30)),  # why it was withheld
    Column("digest_id", ForeignKey("digests.id")),  # the digest that says it
    # the sweep that recorded it; none: not a sweep. No reference: checking it would cost each row of a sweep
    Column("sweep_id", Integer),
    Index("ix_reminders_unsaid", "desk_id", sqlite_where=text(_UNSAID), postgresql_where=text(_UNSAID)),
    Index(
        "ix_reminders_digest_id",
        "digest_id",
        sqlite_where=text("digest_id IS NOT NULL"),
        postgresql_where=text("digest_id IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

digests = Table(
    "digests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("desk_id", ForeignKey("desks.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("generation", Integer, nullable=False),  # 2: the first of this day was superseded unsent
    Column("superseded_by", ForeignKey("digests.id")),
    UniqueConstraint("desk_id", "day", "generation"),
)

_WAITING = "state IN ('pending', 'sending')"

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", word(LetterKind, "kind"), nullable=False),
    Column("desk_id", ForeignKey("desks.id"), nullable=False),
    Column("address", String(254), nullable=False),  # one recipient a row
    Column("domain", String(254), nullable=False),  # of the address: each domain gets its turn
    Column("digest_id", ForeignKey("digests.id"), index=True),
    Column("transition_id", ForeignKey("transitions.id")),
    Column("subject", Text, nullable=False),
    Column("message_id", String(200), nullable=False, unique=True),
    Column("mime", LargeBinary, nullable=False),  # the finished bytes: every copy is the same
    Column("sha256", String(64), nullable=False),
    Column("state", word(LetterState, "state"), nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),  # counted before the attempt: bounds the copies
    Column("ambiguous", Integer, nullable=False),  # attempts whose end nobody knows
    Column("refusals", Integer),  # for good, others having been taken since the time before; none: no such
    Column("failed_at", UtcDateTime),  # when it last failed by no fault of the relay's
    Column("fence", Integer, nullable=False),  # who claimed last may settle
    Column("lease_until", UtcDateTime),
    Column("relay_reply", Text),
    Column("last_error", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("gone_at", UtcDateTime),  # since then neither its bytes nor its address are kept any more
    Index("ix_outbox_next_at", "next_at", "id", sqlite_where=text(_WAITING), postgresql_where=text(_WAITING)),
    Index(
        "ix_outbox_trouble",
        "state",
        sqlite_where=text("state IN ('dead', 'held')"),
        postgresql_where=text("state IN ('dead', 'held')"),
    ),
    Index("ix_outbox_desk_id", "desk_id", sqlite_where=text(_WAITING), postgresql_where=text(_WAITING)),
    Index("ix_outbox_of_desk", "desk_id", "id"),  # all that a desk was ever sent
)

told_steps = Table(
    "told_steps",
    metadata,
    # what a commune is told of a step: the words stay, whoever writes the letter anew
    Column("transition_id", ForeignKey("transitions.id"), primary_key=True),
    Column("words", JSON, nullable=False),
)

notice_steps = Table(
    "notice_steps",
    metadata,
    # the steps of which a notice tells: what happens in one go is one letter
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),
    Column("transition_id", ForeignKey("transitions.id"), primary_key=True, index=True),
)

corrections = Table(
    "corrections",
    metadata,
    # the deadlines of which a correction speaks, as reminders say of which a digest does
    Column("outbox_id", ForeignKey("outbox.id"), primary_key=True),
    Column("deadline_id", ForeignKey("deadlines.id"), primary_key=True, index=True),
    Column("falls_away", Boolean, nullable=False),  # it told that the deadline holds no longer
)

relay = Table(
    "relay",
    metadata,
    Column("id", Integer, primary_key=True),  # one row, 1: the relay of the settings
    Column("faults", Integer, nullable=False),  # its own faults in a row
    Column("open_until", UtcDateTime),  # nothing is tried before
    Column("last_fault", Text),
    Column("since", UtcDateTime),  # the first of these faults
    Column("taken_at", UtcDateTime),  # when it took a letter: the last time that this mattered
)
