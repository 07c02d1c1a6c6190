"""Notices: the letters that tell a commune at once what was decided about its product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.notifications import LetterKind, Notice, notice_key, render_notice, vietnamese_date
from ocop_workflow.services.posting import Draft, seal
from ocop_workflow.states import Event
from ocop_workflow.storage import letters, units

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.notifications import Sender
    from ocop_workflow.services.effects import Step
    from ocop_workflow.states import EventData
    from ocop_workflow.storage import Connection

#: the events that are told at once; no other event mails
NOTICED = frozenset(
    {
        Event.SELECT,
        Event.DECLINE,
        Event.CERTIFY,
        Event.ESCALATE,
        Event.REJECT,
        Event.SEND_BACK,
        Event.REVOKE,
        Event.LAPSE,
    }
)


def write_notice(
    tx: Connection, transition_id: int, step: Step, sender: Sender, today: date, now: datetime
) -> int:
    """Put the notice about a step into the outbox, one letter an address of the product's commune.

    Returns how many letters were written: none where the commune has no address.
    """
    record = step.record
    unit = units.units_by_id(tx, [record.unit_id])[record.unit_id]
    notice = Notice(
        office=unit.office,
        day=step.on,
        code=record.code,
        product=record.name,
        step=step.event.label,
        state=step.target.label,
        step_en=step.event.value.replace("_", " "),
        public_url=sender.public_url,
        details=_details(step.data),
    )
    draft = Draft(LetterKind.NOTICE, render_notice(notice), transition_id=transition_id)
    written = [
        seal(draft, notice_key(record.code, record.version + 1, address), unit, address, sender, now)
        for address in units.addresses(tx, [unit.id], today).get(unit.id, ())
    ]
    return letters.write_letters(tx, written, now)


def _details(data: EventData) -> tuple[tuple[str, str], ...]:
    """Return what the letter tells of the decision. No score: letters carry as little as they can."""
    found = (
        ("Lý do", data.reason),
        ("Số quyết định", data.decision_number),
        ("Ngày quyết định", vietnamese_date(data.decision_date) if data.decision_date else None),
        ("Căn cứ", data.ground),
        ("Kết luận", data.conclusion),
    )
    return tuple((label, value) for label, value in found if value)
