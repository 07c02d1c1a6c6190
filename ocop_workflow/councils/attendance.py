"""Who is there in a session, and who may not score what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.councils import attendance_queries as seated
from ocop_workflow.councils import council_queries as councils
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.founding import find_member
from ocop_workflow.councils.listing import find_listed
from ocop_workflow.councils.sittings import checked, find_session, refuse_over, run_session
from ocop_workflow.errors import Conflict
from ocop_workflow.people.officers import permitted
from ocop_workflow.regulations.councils.words import Scoring

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.councils.council_queries import MemberRecord
    from ocop_workflow.councils.session_queries import SittingRecord
    from ocop_workflow.store import Connection


def note_attendance(
    tx: Connection,
    session_id: int,
    member_id: int,
    *,
    is_present: bool,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Note whether a member is there; whoever was and has signed a sheet was there.

    Raises:
        NotFound: there is no such session, or no such member on its day.
        NotPermitted: the actor does not run the session.
        Conflict: it is over, or the member has signed a sheet in it.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_over(session)
    member = member_of(tx, session, member_id)
    if not is_present:
        _refuse_signed(tx, session, member)
    values = {
        "is_present": is_present,
        "reason": reason.strip()[:300] or None,
        "noted_at": now,
        "noted_by": actor.login,
    }
    seated.write_attendance(tx, session.id, member.id, values)
    after = {"member": member.login, "present": is_present}
    record(tx, actor, Deed("session.attendance", f"session:{session.id}", None, after), now, warrant)


def _refuse_signed(tx: Connection, session: SittingRecord, member: MemberRecord) -> None:
    """Take no sheet out of a result by noting afterwards that its author was away.

    Raises:
        Conflict: the member was there, and has signed one.
    """
    noted = seated.attendance_of(tx, session.id).get(member.id)
    if noted is not None and noted.is_present and seated.has_signed(tx, session.id, member.id):
        raise Conflict(
            f"{member.name} đã ký phiếu ở phiên này, nên không ghi vắng mặt được nữa.",
            f"{member.login} has signed a sheet in this session, and cannot be noted as away any more.",
        )


def member_of(tx: Connection, session: SittingRecord, member_id: int) -> MemberRecord:
    """Return somebody who sits in a session's council on its day.

    Raises:
        NotFound: nobody of this number does.
    """
    sitting = [item for item in councils.members_of(tx, session.council_id) if item.sits_on(session.held_on)]
    return find_member(sitting, member_id)


def declare_conflict(
    tx: Connection,
    session_id: int,
    code: str,
    member_id: int,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Note that a member may not score a product: it is their own, or of someone near to them.

    A member declares it of themselves, the secretary of anybody.

    Raises:
        NotFound: there is no such session, product on its list, or member on its day.
        NotPermitted: the actor is neither this member nor runs the session.
        Conflict: scoring of the product is closed, or it is noted already.
        InvalidInput: no reason is given.
    """
    session = find_session(tx, actor, session_id)
    member = member_of(tx, session, member_id)
    warrant = None
    if member.officer_id != actor.officer_id:
        warrant = permitted(tx, actor, Permission.RUN_SESSIONS, session.unit_id)
    found = find_listed(tx, session, code)
    stage = sessions.hold_scored(tx, found.id, alone=True)
    noted = any(
        (item.scored_id, item.member_id) == (found.id, member.id)
        for item in seated.conflicts_in(tx, session.id)
    )
    if noted or stage not in (Scoring.WAITING, Scoring.SCORING):
        raise Conflict(
            f"{found.code}: "
            + (f"đã ghi {member.name} không chấm." if noted else f"{stage.text.vi}, không khai được nữa."),
            f"{found.code}: "
            + (f"it is noted of {member.login} already." if noted else f"it is {stage.value}: too late."),
        )
    values = {
        "scored_id": found.id,
        "member_id": member.id,
        "reason": checked(reason)[:300],
        "declared_at": now,
        "declared_by": actor.login,
    }
    seated.insert_conflict(tx, values)
    after = {"product": found.code, "member": member.login}
    record(tx, actor, Deed("session.conflict", f"session:{session.id}", None, after), now, warrant)
