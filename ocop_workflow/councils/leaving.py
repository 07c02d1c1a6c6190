"""What a product's steps and a council's session mean for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.listing import let_go
from ocop_workflow.errors import Conflict
from ocop_workflow.regulations.councils.words import Scoring, Sitting
from ocop_workflow.states import Event

if TYPE_CHECKING:
    from ocop_workflow.store import Connection

#: a council's scores
SCORING = frozenset({Event.SCORE_DISTRICT, Event.SCORE_PROVINCE, Event.SCORE_CENTRAL})
#: what takes a product out of the session in which it sits
LEAVING = frozenset({Event.WITHDRAW, Event.SEND_BACK})


def refuse_scored_elsewhere(tx: Connection, product_id: int, code: str) -> None:
    """Take no score by hand of a product that sits in a session.

    Raises:
        Conflict: it does.
    """
    sits = sessions.sits_now(tx, product_id)
    if sits is not None:
        raise Conflict(
            f"{code} đang nằm trong phiên họp số {sits[1]}; xác nhận kết quả ở phiên ấy, hoặc rút khỏi"
            " phiên trước.",
            f"{code} sits in session {sits[1]}: confirm its result there, or take it out first.",
        )


def leave_session(tx: Connection, product_id: int, event: Event, reason: str | None) -> None:
    """Take a product out of the session in which it sits, if in any, for a step leads it elsewhere."""
    sits = sessions.sits_now(tx, product_id)
    if sits is not None:
        let_go(tx, sits[0], f"{event.label}: {reason}" if reason else event.label)


def refuse_undone_under(tx: Connection, product_id: int, code: str) -> None:
    """Take back no step of a product that sits in a session: it came on the list by where it stood.

    Raises:
        Conflict: it does.
    """
    sits = sessions.sits_now(tx, product_id)
    if sits is not None:
        raise Conflict(
            f"{code} đang nằm trong phiên họp số {sits[1]}; rút khỏi phiên ấy rồi mới hoàn tác.",
            f"{code} sits in session {sits[1]}: take it out there before a step is undone.",
        )


def unconfirm(tx: Connection, transition_id: int, code: str) -> None:
    """Let a result wait for its confirmation again, for the step that it was is undone.

    Raises:
        Conflict: its session has been decided on: only another decision changes it.
    """
    found = sessions.confirmed_by(tx, transition_id)
    if found is None:
        return
    scored_id, stage = found
    if stage is Sitting.DECIDED:
        raise Conflict(
            f"Phiên họp đã chấm {code} đã có quyết định; chỉ đổi được bằng quyết định khác.",
            f"The session that scored {code} was decided on: only another decision changes that.",
        )
    sessions.write_scored(tx, scored_id, stage=Scoring.CLOSED, transition_id=None)
    if stage is Sitting.CLOSED:
        sessions.reopen(tx, scored_id)
