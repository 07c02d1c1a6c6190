"""The letters that a merger of units holds back, and what the heir hears in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text, update

from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.places.desk_queries import desk_of
from ocop_workflow.store.tables import digests, outbox

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection


def unsent_digests(day: date) -> Any:  # noqa: ANN401 - a statement whose columns are chosen later
    """Select the digests of earlier days of which nothing has left."""
    started = outbox.alias("started")
    return (
        select(digests.c.id)
        .join(outbox, outbox.c.digest_id == digests.c.id)
        .where(text("outbox.state IN ('pending', 'sending')"), digests.c.day < day)
        .where(
            ~select(started.c.id)
            .where(started.c.digest_id == digests.c.id, started.c.state != LetterState.PENDING)
            .exists()
        )
    )


def move_reminders(tx: Connection, old: int, new: int, day: date) -> int:
    """Let the heir hear what nobody has told its predecessor yet.

    Digests of earlier days of which nothing has left are taken back first. What the heir hears anyway it
    hears once.
    """
    stale = list(tx.scalars(unsent_digests(day).where(digests.c.desk_id == desk_of(old))))
    if stale:
        in_them = outbox.c.digest_id.in_(stale)
        tx.execute(update(outbox).where(in_them).values(state=LetterState.SUPERSEDED))
        reminding.unsay(tx, reminding.in_digests(stale))
    return reminding.hand_over(tx, old, new)
