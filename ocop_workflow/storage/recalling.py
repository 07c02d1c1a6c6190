"""Queries with which the letters about a step are called back when the step is undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from ocop_workflow.notifications.outbox import LetterKind, LetterState
from ocop_workflow.storage.tables import outbox

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A letter about one step: to which unit and address, and how far it has come."""

    id: int
    unit_id: int
    address: str
    state: LetterState
    ambiguous: int

    @property
    def is_waiting(self) -> bool:
        """Whether it can still be kept from going out (again)."""
        return self.state in (LetterState.PENDING, LetterState.HELD)

    @property
    def may_have_arrived(self) -> bool:
        """Whether somebody may have read it: it was sent, is being sent, or nobody knows."""
        return self.state in (LetterState.SENT, LetterState.SENDING) or self.ambiguous > 0


def notices_of(tx: Connection, transition_id: int) -> list[NoticeRecord]:
    """Return the notices of a step, and keep senders off them until this transaction has ended."""
    rows = tx.execute(
        select(outbox.c.id, outbox.c.unit_id, outbox.c.address, outbox.c.state, outbox.c.ambiguous)
        .where(outbox.c.transition_id == transition_id, outbox.c.kind == LetterKind.NOTICE)
        .order_by(outbox.c.id)
        .with_for_update()
    )
    return [NoticeRecord(*row) for row in rows]


def cancel(tx: Connection, letter_ids: Collection[int]) -> int:
    """Cancel letters. Returns how many."""
    if letter_ids:
        tx.execute(update(outbox).where(outbox.c.id.in_(letter_ids)).values(state=LetterState.CANCELLED))
    return len(letter_ids)
