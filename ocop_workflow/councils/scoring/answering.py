"""A session in writing: members answer on the agency's sheet (QĐ 26/2026/QĐ-TTg, khoản 6 Điều 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.councils import attendance_queries as seated
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.scoring import sheet_queries as sheets
from ocop_workflow.councils.scoring.filling import seat_of
from ocop_workflow.councils.sittings import checked
from ocop_workflow.errors import Conflict, NotPermitted
from ocop_workflow.regulations.councils.words import CouncilDuty, Scoring, SessionMode, SheetStage, Sitting

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection


def answer_in_writing(
    tx: Connection,
    session_id: int,
    code: str,
    *,
    agrees: bool,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Say whether a member agrees with the agency's sheet; a later answer takes the place of an earlier one.

    Raises:
        NotFound: there is no such session, or no such product on its list.
        NotPermitted: the actor is no member who is asked, or has a conflict of interest.
        Conflict: the session is no open one in writing, scoring of the product is closed, or the agency's
            sheet is not signed yet.
        InvalidInput: the member disagrees and does not say why.
    """
    sessions.hold_scored(tx, seat_of(tx, session_id, code, actor).scored_id, alone=False)
    seat = seat_of(tx, session_id, code, actor)
    is_open = (seat.mode, seat.session, seat.stage) == (SessionMode.WRITTEN, Sitting.OPEN, Scoring.SCORING)
    signed = any(
        sheet.scored_id == seat.scored_id and sheet.stage is SheetStage.SIGNED
        for sheet in sheets.sheets_in(tx, session_id)
    )
    if not is_open or not signed:
        raise Conflict(
            f"{seat.code}: "
            + ("chưa có phiếu đã ký của cơ quan." if is_open else "không còn lấy ý kiến bằng văn bản."),
            f"{seat.code}: "
            + ("the agency's sheet is not signed yet." if is_open else "no answer in writing is asked for."),
        )
    if seat.duty in (CouncilDuty.SECRETARY, CouncilDuty.ADVISER) or seat.conflict:
        raise NotPermitted(
            f"{actor.login} không thuộc diện lấy ý kiến về {seat.code}.",
            f"{actor.login} is not asked about {seat.code}.",
        )
    values = {"agrees": agrees, "reason": reason.strip()[:500] or None, "answered_at": now}
    if not agrees:
        values["reason"] = checked(reason)
    seated.write_opinion(tx, seat.scored_id, seat.member_id, values)
    after = {"product": seat.code, "agrees": agrees}
    record(tx, actor, Deed("session.answer", f"session:{session_id}", None, after), now)
