"""Queries with which the letters about a step are called back when the step is undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.store.records import reader
from ocop_workflow.store.tables import desks, notice_steps, outbox

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A letter that tells of a step: to whom, and how far it has come.

    `others`: the other steps of which it tells.
    """

    id: int
    unit_id: int
    address: str
    state: LetterState
    ambiguous: int
    others: tuple[int, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether it can still be kept from going out (again)."""
        return self.state in (LetterState.PENDING, LetterState.HELD)

    @property
    def is_unsettled(self) -> bool:
        """Whether it has not been sent for certain, and would be sent (again)."""
        return self.is_waiting or self.state is LetterState.SENDING

    @property
    def may_have_arrived(self) -> bool:
        """Whether somebody may have read it: it was sent, is being sent, or nobody knows."""
        return self.state in (LetterState.SENT, LetterState.SENDING) or self.ambiguous > 0


def notices_of(tx: Connection, transition_id: int) -> list[NoticeRecord]:
    """Return the notices of a step, and keep senders off them until this transaction has ended."""
    found = tx.execute(
        select(outbox.c.id, desks.c.unit_id, outbox.c.address, outbox.c.state, outbox.c.ambiguous)
        .join(notice_steps, notice_steps.c.outbox_id == outbox.c.id)
        .join(desks, desks.c.id == outbox.c.desk_id)
        .where(notice_steps.c.transition_id == transition_id)
        .order_by(outbox.c.id)
        .with_for_update(of=outbox)
    )
    notice, rows = reader(NoticeRecord, found.keys(), "others"), found.all()
    others: dict[int, tuple[int, ...]] = {}
    told = notice_steps.c.outbox_id.in_([row.id for row in rows])
    for letter, step in tx.execute(select(notice_steps).where(told).order_by(notice_steps.c.transition_id)):
        if step != transition_id:
            others[letter] = (*others.get(letter, ()), step)
    return [notice(row, others.get(row.id, ())) for row in rows]


def cancel(tx: Connection, letter_ids: Collection[int]) -> int:
    """Cancel letters. Returns how many."""
    if letter_ids:
        tx.execute(update(outbox).where(outbox.c.id.in_(letter_ids)).values(state=LetterState.CANCELLED))
    return len(letter_ids)
