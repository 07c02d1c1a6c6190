"""A secretary confirms a council's result: it becomes the product's score, by the event of that level."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.founding import find_council
from ocop_workflow.councils.listing import find_listed
from ocop_workflow.councils.scoring.results import result_in
from ocop_workflow.councils.sittings import refuse_stage, run_session
from ocop_workflow.errors import Conflict, fault
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.regulations.councils.words import Scoring, SessionMode, Sitting
from ocop_workflow.states import Event
from ocop_workflow.states.lifecycle import SCORED

if TYPE_CHECKING:
    from datetime import date, datetime
    from fractions import Fraction

    from ocop_workflow.access import Actor
    from ocop_workflow.notifications import Sender
    from ocop_workflow.products.advance import Advanced
    from ocop_workflow.regulations import Level
    from ocop_workflow.store import Connection


def confirm_result(
    tx: Connection,
    session_id: int,
    code: str,
    *,
    actor: Actor,
    sender: Sender,
    today: date,
    now: datetime,
) -> Advanced:
    """Confirm what the sheets of a product come to; the product moves on to its scored state.

    Args:
        tx: a writing transaction.
        session_id: the session.
        code: the product.
        actor: the secretary.
        sender: in whose name notices go out.
        today: the local day.
        now: this instant.

    Raises:
        NotFound: there is no such session, or no such product on its list.
        NotPermitted: the actor does not run the session, or scoring is in other hands.
        Conflict: scoring of the product is not closed, or something stands between its result and this.
        EventRefused: the product stands where this council does not score it.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_stage(session, Sitting.OPEN)
    listed = find_listed(tx, session, code)
    stage = sessions.hold_scored(tx, listed.id, alone=True)
    found = result_in(tx, session, listed)
    if stage is not Scoring.CLOSED or found.result is None or found.blocks:
        raise _refused(listed.code, stage, [(item.vi, item.en) for item in found.blocks])
    outcome = found.result.outcome
    data: dict[str, Any] = {
        "session_date": (session.held_on if session.mode is SessionMode.MEETING else today).isoformat(),
        "sheets": [_written(total) for total in outcome.totals],
        "gates_met": outcome.gates_met,
    }
    event = score_event(find_council(tx, actor, session.council_id).level)
    order = Order(listed.code, event.value, actor, data, session=session.id)
    done = advance(tx, order, sender=sender, today=today, now=now)
    sessions.write_scored(tx, listed.id, stage=Scoring.CONFIRMED, transition_id=done.transition_id)
    after = {"product": listed.code, "mean": str(outcome.mean), "star": outcome.star}
    record(tx, actor, Deed("session.confirm", f"session:{session.id}", None, after), now, warrant)
    return done


def score_event(level: Level) -> Event:
    """Return the event by which a council of a level scores."""
    return Event(f"score_{level.value}") if level in SCORED else Event.SCORE_DISTRICT


def _written(total: Fraction) -> str:
    """Write a total without loss: its parts are halves, quarters or tenths of a point."""
    return str(Decimal(total.numerator) / Decimal(total.denominator))


def _refused(code: str, stage: Scoring, blocks: list[tuple[str, str]]) -> Conflict:
    faults = [fault(code, vi, en) for vi, en in blocks]
    if stage is not Scoring.CLOSED:
        return Conflict(
            f"{code}: {stage.text.vi}; chỉ xác nhận kết quả khi đã đóng chấm.",
            f"{code} is {stage.value}: a result is confirmed after scoring is closed.",
        )
    vi, en = " ".join(item[0] for item in blocks), " ".join(item[1] for item in blocks)
    return Conflict(f"{code} chưa xác nhận được. {vi}", f"{code} cannot be confirmed. {en}", faults)
