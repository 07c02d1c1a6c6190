"""What requests with an Idempotency-Key were answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, text

from ocop_workflow.store.records import read_one
from ocop_workflow.store.tables.access import replies

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

#: one of two requests with one key waits for the other; on SQLite writers take turns anyway
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that was given; `request` is a checksum of what it answered."""

    request: str
    status: int
    headers: dict[str, Any]
    body: str


def reply_under_lock(tx: Connection, officer_id: int, key: str, since: datetime) -> Reply | None:
    """Return what an officer's key was answered since an instant; nobody else uses it before the commit."""
    if tx.dialect.name != "sqlite":
        tx.execute(_LOCK, {"key": f"{officer_id}:{key}"})
    found = tx.execute(
        select(replies.c.request, replies.c.status, replies.c.headers, replies.c.body).where(
            replies.c.officer_id == officer_id, replies.c.key == key, replies.c.at > since
        )
    )
    return read_one(Reply, found)


def keep_reply(
    tx: Connection, officer_id: int, key: str, reply: Reply, at: datetime, forget_before: datetime
) -> None:
    """Keep an answer, and forget those that are too old."""
    tx.execute(delete(replies).where(replies.c.at <= forget_before))
    tx.execute(
        insert(replies).values(
            officer_id=officer_id,
            key=key,
            request=reply.request,
            status=reply.status,
            headers=reply.headers,
            body=reply.body,
            at=at,
        )
    )
