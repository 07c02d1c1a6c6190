"""The tables of access and of the audit."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, text

from ocop_workflow.access import Role, Scope, SessionStage
from ocop_workflow.store.types import UtcDateTime, word

#: every table of the service, those of `tables` too
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

officers = Table(
    "officers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(60), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("password", Text),  # an argon2 hash; none: no sign-in by password
    Column("code_secret", String(64)),  # of the one-time codes (RFC 6238), base32; none: signs in without
    Column("code_step", Integer),  # the newest step of time whose code was given: no code is good twice
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("disabled_at", UtcDateTime),
)

grants = Table(
    "grants",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("role", word(Role, "role"), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("granted_by", String(100), nullable=False),
    Column("revoked_at", UtcDateTime),
    Index(
        "uq_grants_current",
        "officer_id",
        "unit_id",
        "role",
        unique=True,
        sqlite_where=text("revoked_at IS NULL"),
        postgresql_where=text("revoked_at IS NULL"),
    ),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),
    Column("label", String(100), nullable=False),
    Column("prefix", String(20), nullable=False, unique=True),  # shown, so that people can tell tokens apart
    Column("sha256", String(64), nullable=False, unique=True),  # of the whole token, which is kept nowhere
    Column("scope", word(Scope, "scope"), nullable=False),
    Column("unit_id", ForeignKey("units.id")),  # of a feed: whose calendar it reads
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
)

sessions = Table(
    "sessions",
    metadata,
    # somebody signed in to the console; ended by a new password, by hand, by being idle, or by its age
    Column("id", Integer, primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False, unique=True),  # of what the browser holds
    Column("stage", word(SessionStage, "stage"), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("origin", String(100), nullable=False),
    Column("agent", String(200), nullable=False),  # what the browser calls itself
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    # instead of the telephone: shown once, each good once
    Column("id", Integer, primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("used_at", UtcDateTime),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    # by which an officer sets a password, once: the first one, or one that was lost
    Column("id", Integer, primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

attempts = Table(
    "attempts",
    metadata,
    # failed sign-ins in a row, by account and by address: both slow down
    Column("key", String(120), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)

replies = Table(
    "replies",
    metadata,
    # what a request with an Idempotency-Key was answered, stored in the transaction of its effect
    Column("officer_id", ForeignKey("officers.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request", String(64), nullable=False),  # checksum of method, path and body
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

audit = Table(
    "audit",
    metadata,
    # append-only: triggers refuse UPDATE and DELETE; each entry is chained to the one before
    Column("seq", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("origin", String(100), nullable=False),  # the host, or the address of an HTTP client
    Column("acting_for", String(60)),  # the unit by whose grant it was done
    Column("action", String(60), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Column("transition_id", ForeignKey("transitions.id")),
    Column("previous", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
)
