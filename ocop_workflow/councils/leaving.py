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
LEAVING = frozenset({Event.WITHDRAW, Event.SEND_BACK, Event.CHANGE_REGULATION})


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


def leave_session(tx: Connection, product: tuple[int, str], event: Event, reason: str | None) -> None:
    """Take a product out of the session in which it sits, if in any, for a step leads it elsewhere.

    From here on no list takes it until the transaction ends.

    Args:
        tx: a writing transaction.
        product: its number and its code.
        event: the step.
        reason: why it is taken; none: the step says it.
    """
    product_id, code = product
    because = f"{event.label}: {reason}" if reason else event.label
    sits = sessions.sits_now(tx, product_id)
    if sits is None:  # a list may be taking it at this moment; who has its place in a session goes before it
        sessions.hold_products(tx, [code])
        sits = sessions.sits_now(tx, product_id)
    if sits is not None:
        let_go(tx, sits[0], because)


def free_to_undo(tx: Connection, transition_id: int, product_id: int, code: str) -> None:
    """Let a step of a product be taken back, unless it came on a session's list by where it stands.

    A score that a session gave waits for its confirmation again. Of any other step no list takes the product
    from here on until the transaction ends.

    Args:
        tx: a writing transaction.
        transition_id: the step.
        product_id: the product.
        code: its code.

    Raises:
        Conflict: it sits in a session, or the session that scored it was decided on: only another decision
            changes that.
    """
    _refuse_if_it_sits(tx, product_id, code)
    if not _unconfirm(tx, transition_id, code):
        sessions.hold_products(tx, [code])
        _refuse_if_it_sits(tx, product_id, code)


def _refuse_if_it_sits(tx: Connection, product_id: int, code: str) -> None:
    sits = sessions.sits_now(tx, product_id)
    if sits is not None:
        raise Conflict(
            f"{code} đang nằm trong phiên họp số {sits[1]}; rút khỏi phiên ấy rồi mới hoàn tác.",
            f"{code} sits in session {sits[1]}: take it out there before a step is undone.",
        )


def _unconfirm(tx: Connection, transition_id: int, code: str) -> bool:
    """Let a result wait for its confirmation again, if that was what the step did; tells whether it was."""
    found = sessions.confirmed_by(tx, transition_id)
    if found is None:
        return False
    scored_id, stage = found
    if stage is Sitting.DECIDED:
        raise Conflict(
            f"Phiên họp đã chấm {code} đã có quyết định; chỉ đổi được bằng quyết định khác.",
            f"The session that scored {code} was decided on: only another decision changes that.",
        )
    sessions.write_scored(tx, scored_id, stage=Scoring.CLOSED, transition_id=None)
    if stage is Sitting.CLOSED:
        sessions.reopen(tx, scored_id)
    return True
