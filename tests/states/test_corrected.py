"""A certificate that came in with a slip says what it ought to, whatever step is taken or undone after."""

from __future__ import annotations

from datetime import date

from ocop_workflow.regulations import load_regulation
from ocop_workflow.states import Certificate, Ending, Event, EventData, Issued, Position, State, Taken

LAW = load_regulation("qd-26-2026")
DAY = date(2026, 11, 18)
WRONG = Certificate(star=4, number="9/QĐ", decided_on=date(2024, 1, 10), valid_until=date(2027, 1, 9))
RIGHT = WRONG.model_copy(update={"number": "9/QĐ-UBND"})
HELD = Position(State.MONITORED, None, issued=(Issued(WRONG),), number=0)


def test_a_correction_changes_that_certificate_and_nothing_else() -> None:
    corrected = HELD.corrected(0, RIGHT)
    assert corrected.issued == (Issued(RIGHT),)
    assert (corrected.state, corrected.number, HELD.certificate) == (State.MONITORED, 0, WRONG)


def test_undoing_a_step_brings_no_slip_back() -> None:
    revoked = HELD.after(Taken(Event.REVOKE, State.REVOKED, DAY, None, EventData()), LAW)
    assert revoked.issued == (Issued(WRONG, DAY, Ending.REVOKED),)
    assert revoked.corrected(0, RIGHT).undoing(HELD, DAY).issued == (Issued(RIGHT),)


def test_what_an_undone_step_had_issued_keeps_its_correction_too() -> None:
    before = Position(State.MONITORED, None, number=0)
    named = Taken(Event.ENTER_REGISTER, State.MONITORED, DAY, None, EventData(certificate=WRONG))
    undone = before.after(named, LAW).corrected(0, RIGHT).undoing(before, DAY)
    assert undone.issued == (Issued(RIGHT, DAY, Ending.UNDONE),)
