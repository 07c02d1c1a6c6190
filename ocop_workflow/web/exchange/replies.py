"""`Idempotency-Key`: a request that comes again gets the answer that it had, and has no second effect."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.upkeep.reply_queries import Reply, keep_reply, reply_under_lock
from ocop_workflow.web.exchange.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fastapi import Request

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection

#: for so long an answer is kept
KEPT = timedelta(hours=24)

_KEY = re.compile(r"[!-~]{1,200}")


def key_of(request: Request) -> str | None:
    """Return a request's key; none: it has none.

    Raises:
        InvalidInput: the key is longer than 200 letters, or holds others than plain ones.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise _at_fault(
            "phải gồm 1–200 ký tự ASCII không dấu cách", "it takes 1 to 200 visible ASCII letters"
        )
    return key


def refuse_key(request: Request) -> None:
    """Refuse a key where no answer is kept, since it would hold a secret.

    Raises:
        InvalidInput: there is one.
    """
    if "idempotency-key" in request.headers:
        raise _at_fault(
            "ở đây có bí mật nên không giữ câu trả lời; hãy gửi không kèm khóa",
            "a secret is in play here, so no answer is kept; send it without a key",
        )


def checksum(request: Request, body: bytes) -> str:
    """Return what tells one request from another: method, address, body, and the version it is meant for."""
    parts = [request.method, request.url.path, request.url.query, request.headers.get("if-match", "")]
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + body).hexdigest()


def once(
    tx: Connection, actor: Actor, key: str, asked: str, now: datetime, work: Callable[[], Answer]
) -> Answer:
    """Answer as this officer's key was answered before, or do the work and keep its answer with it.

    Raises:
        InvalidInput: the key was used for another request.
    """
    known = given_before(tx, actor, key, asked, now)
    if known is not None:
        return known
    found = work()
    reply = Reply(asked, found.status, dict(found.headers), found.body)
    keep_reply(tx, actor.officer_id or 0, key, reply, now, now - KEPT)
    return found


def given_before(tx: Connection, actor: Actor, key: str, asked: str, now: datetime) -> Answer | None:
    """Return what this officer's key was answered; none: nothing; till the commit it is nobody else's.

    Raises:
        InvalidInput: the key was used for another request.
    """
    known = reply_under_lock(tx, actor.officer_id or 0, key, now - KEPT)
    if known is None:
        return None
    if known.request != asked:
        raise _at_fault("đã dùng cho một yêu cầu khác", "it was used for another request")
    return Answer(known.status, known.body, {**known.headers, "Idempotency-Replayed": "true"})


def _at_fault(vi: str, en: str) -> InvalidInput:
    return InvalidInput(
        "Idempotency-Key không dùng được.",
        "The Idempotency-Key cannot be used.",
        [fault("Idempotency-Key", vi, en)],
    )
