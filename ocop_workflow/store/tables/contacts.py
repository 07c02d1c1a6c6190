"""The one table of the values by which a person is reached; whoever needs one refers to it."""

from __future__ import annotations

import secrets

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from ocop_workflow.access import ContactKind
from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import UtcDateTime, word


def _random() -> str:
    return secrets.token_hex(16)


contacts = Table(
    "contacts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", word(ContactKind, "kind"), nullable=False, default=ContactKind.EMAIL),
    # whose letters go there; none: products refer to it
    Column("desk_id", ForeignKey("desks.id"), index=True),
    Column("address", String(300), nullable=False),  # the value itself; of one that was erased, that it was
    Column("valid_from", Date),  # of a desk's: from which local day letters go there
    Column("valid_to", Date),  # the first day on which letters no longer go there
    Column("mark", String(40), nullable=False, default=_random),  # what lists outside the database call it
    Column("salt", String(32), default=_random),  # of its hash in the audit; goes with the value
    Column("erased_at", UtcDateTime),
    UniqueConstraint("mark"),
)
