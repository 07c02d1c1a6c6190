"""Retractions: taking back what letters about an undone step have said, to exactly those who were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.letters import queries as letters
from ocop_workflow.letters.posting import Draft, seal
from ocop_workflow.notifications import (
    LetterKind,
    LetterState,
    Retraction,
    mailbox_of,
    render_retraction,
    retraction_key,
)
from ocop_workflow.places import queries as units
from ocop_workflow.products.notices import queries as noticing
from ocop_workflow.products.notices import retraction_queries as recalling
from ocop_workflow.products.notices.notices import NoticeAddress, write_notice

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.notifications import Sender
    from ocop_workflow.products.notices.retraction_queries import NoticeRecord
    from ocop_workflow.products.queries import HistoryEntry, ProductRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Undoing:
    """An undoing as it stands in the history.

    Attributes:
        transition_id: its own entry.
        step: the step that it takes back.
        record: the product as it stands since.
        reason: why.
    """

    transition_id: int
    step: HistoryEntry
    record: ProductRecord
    reason: str


def retract_notices(
    tx: Connection, undoing: Undoing, sender: Sender, today: date, now: datetime
) -> tuple[int, int]:
    """Cancel what is unsent about a step that was undone, and correct what was sent or may have been.

    What else such a letter has to tell is told anew, in a letter of its own.

    Args:
        tx: a writing transaction.
        undoing: what was undone, and why.
        sender: in whose name corrections go out.
        today: the local day.
        now: this instant.

    Returns:
        how many letters were cancelled, and how many corrections were written.
    """
    told = recalling.notices_of(tx, undoing.step.id)
    cancelled = recalling.cancel(tx, [one.id for one in told if one.is_waiting and not one.others])
    cancelled += _tell_the_rest(tx, told, sender, today, now)
    readers = {mailbox_of(notice.address): notice for notice in told if notice.may_have_arrived}
    told_units = units.units_by_id(tx, {notice.unit_id for notice in readers.values()})
    record = undoing.record
    written = []
    for notice in readers.values():
        unit, address = told_units[notice.unit_id], notice.address
        words = render_retraction(_retraction(unit.office, undoing, today, sender))
        draft = Draft(LetterKind.CORRECTION, words, transition_id=undoing.transition_id)
        key = retraction_key(record.code, record.version, address)
        written.append(seal(draft, key, unit, address, sender, now))
    return cancelled, letters.write_letters(tx, written, now)


def _tell_the_rest(
    tx: Connection, told: list[NoticeRecord], sender: Sender, today: date, now: datetime
) -> int:
    """Write what the unsent letters tell beside the step anew. Returns how many will not be sent any more."""
    unsent = [one for one in told if one.others and one.is_unsettled]
    waiting = [one.id for one in unsent if one.is_waiting]
    noticing.supersede(tx, waiting)
    told_units = units.units_by_id(tx, {one.unit_id for one in unsent})
    for one in unsent:
        to = NoticeAddress(told_units[one.unit_id], one.address)
        key = write_notice(tx, one.others, to, sender, today, now, again=True)
        if one.state is LetterState.HELD:
            noticing.hold(tx, key)
    return len(waiting)


def _retraction(office: str, undoing: Undoing, today: date, sender: Sender) -> Retraction:
    record, step = undoing.record, undoing.step
    return Retraction(
        office=office,
        day=today,
        code=record.code,
        product=record.name,
        step=step.event.label,
        step_day=step.on,
        state=record.state.label,
        reason=undoing.reason,
        step_en=step.event.value.replace("_", " "),
        public_url=sender.public_url,
    )
