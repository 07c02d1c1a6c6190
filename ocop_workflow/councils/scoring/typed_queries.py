"""Queries on sheets of paper, as officers have typed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables.councils import (
    paper_entries,
    scored,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class TypedRecord:
    """A paper sheet as one officer has typed it."""

    scored_id: int
    member_id: int
    round: int
    officer_id: int
    sheet: dict[str, Any]
    shelf: str


def typed_in(tx: Connection, session_id: int) -> list[TypedRecord]:
    """Return the paper sheets of a session as they were typed."""
    statement = (
        select(*(paper_entries.c[name] for name in TypedRecord.__slots__))
        .join(scored, scored.c.id == paper_entries.c.scored_id)
        .where(scored.c.session_id == session_id)
        .order_by(paper_entries.c.scored_id, paper_entries.c.member_id, paper_entries.c.typed_at)
    )
    return read_all(TypedRecord, tx.execute(statement))


def keep_typed(tx: Connection, key: dict[str, int], values: dict[str, Any]) -> None:
    """Keep a paper sheet as an officer has typed it; typed again, it replaces what the officer had typed."""
    of = [paper_entries.c[name] == value for name, value in key.items()]
    if not tx.execute(update(paper_entries).where(*of).values(values)).rowcount:
        tx.execute(insert(paper_entries).values(**key, **values))
