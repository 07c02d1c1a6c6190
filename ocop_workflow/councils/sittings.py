"""A session (phiên họp) of a council: its list, who is there, who may not score what, opening and closing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.calendar.workdays import load_work_calendar
from ocop_workflow.councils import attendance_queries as seated
from ocop_workflow.councils import council_queries as councils
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.founding import rules_of, running
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault
from ocop_workflow.people.officers import permitted, sees
from ocop_workflow.regulations.councils.words import CouncilDuty, Scoring, SessionMode, Sitting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.councils.council_queries import MemberRecord
    from ocop_workflow.councils.session_queries import SittingRecord
    from ocop_workflow.errors import Fault
    from ocop_workflow.regulations.rubrics import CouncilRules
    from ocop_workflow.store import Connection

#: letters of a reason
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session as it is prepared.

    Attributes:
        held_on: the local day on which it meets; in writing: by which the answers are due.
    """

    council_id: int
    name: str
    held_on: date
    mode: SessionMode = SessionMode.MEETING
    place: str | None = None


def find_session(tx: Connection, actor: Actor, session_id: int) -> SittingRecord:
    """Return a session that the actor may see.

    Raises:
        NotFound: there is none of this number, or its council lies outside the actor's units.
    """
    found = sessions.session_by_id(tx, session_id)
    if found is None or not sees(tx, actor, found.unit_id):
        raise NotFound(f"Không có phiên họp số {session_id}.", f"There is no session {session_id}.")
    return found


def run_session(tx: Connection, actor: Actor, session_id: int) -> tuple[SittingRecord, Warrant]:
    """Return a session that the actor runs, held until the transaction ends, and in whose name.

    Raises:
        NotFound: see `find_session`.
        NotPermitted: the actor does not run its sessions.
    """
    find_session(tx, actor, session_id)
    sessions.hold_session(tx, session_id)
    found = find_session(tx, actor, session_id)
    return found, permitted(tx, actor, Permission.RUN_SESSIONS, found.unit_id)


def rules_in(tx: Connection, session: SittingRecord) -> CouncilRules:
    """Return the rules of a session: the council's, as they stood when it was opened."""
    if session.rules is not None:
        return rules_of(session.rules)
    council = councils.council_by_id(tx, session.council_id)
    return rules_of(council.rules if council else {})


def scorers_of(
    members: Sequence[MemberRecord], session: SittingRecord, rules: CouncilRules
) -> list[MemberRecord]:
    """Return who scores in a session, there or not: no adviser ever, the secretary where the rules say so.

    In writing the secretary fills in the agency's sheet, and is not asked about it.
    """
    with_secretary = rules.secretary_scores and session.mode is SessionMode.MEETING
    apart = {CouncilDuty.ADVISER} if with_secretary else {CouncilDuty.ADVISER, CouncilDuty.SECRETARY}
    return [item for item in members if item.sits_on(session.held_on) and item.duty not in apart]


def draft_session(tx: Connection, given: NewSession, *, actor: Actor, now: datetime) -> int:
    """Prepare a session. Returns its number.

    Raises:
        NotFound: there is no such council.
        NotPermitted: the actor does not run its sessions.
        InvalidInput: it would be held before the council was founded.
    """
    council, warrant = running(tx, actor, given.council_id)
    if given.held_on < council.decided_on:
        raise InvalidInput(
            "Phiên họp có lỗi.",
            "The session is at fault.",
            [
                fault(
                    "held_on",
                    f"{given.held_on:%d/%m/%Y} đứng trước ngày thành lập hội đồng "
                    f"{council.decided_on:%d/%m/%Y}",
                    f"{given.held_on} lies before the council was founded, on {council.decided_on}",
                )
            ],
        )
    values = {
        "council_id": council.id,
        "name": given.name,
        "mode": given.mode,
        "stage": Sitting.DRAFT,
        "held_on": given.held_on,
        "place": given.place,
        "drafted_at": now,
        "drafted_by": actor.login,
    }
    number = sessions.insert_session(tx, values)
    after = {"council": council.id, "mode": given.mode.value, "held_on": given.held_on.isoformat()}
    record(tx, actor, Deed("session.draft", f"session:{number}", None, after), now, warrant)
    return number


def refuse_over(session: SittingRecord) -> None:
    """Change nothing in a session that is over.

    Raises:
        Conflict: it is.
    """
    if session.stage in (Sitting.CLOSED, Sitting.DECIDED):
        raise Conflict(
            f"Phiên “{session.name}” {session.stage.text.vi}; không đổi được nữa.",
            f"The session {session.id} is {session.stage.value}; it cannot be changed any more.",
        )


def checked(reason: str, what: str = "reason") -> str:
    """Return a reason as it is stored.

    Raises:
        InvalidInput: there is none, or it is too long.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InvalidInput(
            "Phải nêu lý do.",
            "A reason has to be given.",
            [
                fault(
                    what,
                    f"phải nêu, nhiều nhất {LONGEST_REASON} chữ",
                    f"has to be said, in {LONGEST_REASON} letters at most",
                )
            ],
        )
    return reason


def send_dossiers(
    tx: Connection, session_id: int, on: date, *, actor: Actor, today: date, now: datetime
) -> None:
    """Note on which local day the members got the electronic dossiers.

    Raises:
        NotFound: see `find_session`.
        NotPermitted: the actor does not run the session.
        Conflict: it is under way already, or nothing is on its list.
        InvalidInput: the day has not come.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_stage(session, Sitting.DRAFT)
    if not sessions.products_of(tx, session.id):
        raise Conflict(
            f"Phiên “{session.name}” chưa có sản phẩm nào.", f"The session {session.id} has no product yet."
        )
    if on > today:
        wrong = fault("sent_on", f"{on:%d/%m/%Y} còn ở tương lai", f"{on} is in the future")
        raise InvalidInput("Ngày gửi hồ sơ có lỗi.", "The day of sending is at fault.", [wrong])
    sessions.write_session(tx, session.id, sent_on=on)
    deed = Deed("session.send", f"session:{session.id}", None, {"on": on.isoformat()})
    record(tx, actor, deed, now, warrant)


def open_session(tx: Connection, session_id: int, *, actor: Actor, today: date, now: datetime) -> None:
    """Open a session: its products can be scored from now on, by the rules as they stand.

    Raises:
        NotFound: see `find_session`.
        NotPermitted: the actor does not run the session.
        Conflict: it was opened already.
        InvalidInput: the day has not come, nothing is on the list, the members got the dossiers too late or
            not at all, too few of them are there, or the chair is not; all faults at once.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_stage(session, Sitting.DRAFT)
    councils.hold_council(tx, session.council_id)
    rules = rules_in(tx, session)
    faults = list(_not_ready(tx, session, rules, today))
    if faults:
        raise InvalidInput(
            f"Phiên “{session.name}” chưa khai mạc được.", f"The session {session.id} cannot open.", faults
        )
    sessions.write_session(
        tx, session.id, stage=Sitting.OPEN, opened_at=now, rules=rules.model_dump(mode="json")
    )
    sessions.begin_scoring(tx, session.id)
    after = {"stage": Sitting.OPEN.value, "rules": rules.source}
    record(tx, actor, Deed("session.open", f"session:{session.id}", None, after), now, warrant)


def _not_ready(tx: Connection, session: SittingRecord, rules: CouncilRules, today: date) -> Iterator[Fault]:
    if not any(item.stage is Scoring.WAITING for item in sessions.products_of(tx, session.id)):
        yield fault("products", "chưa có sản phẩm nào để chấm", "there is no product to score")
    earliest = None
    if session.sent_on is None:
        yield fault("sent_on", "chưa gửi hồ sơ cho thành viên", "the members have not got the dossiers")
    else:
        earliest = load_work_calendar().add(session.sent_on, rules.notice_days)
    if session.mode is SessionMode.WRITTEN:
        return
    if today < session.held_on:
        yield fault(
            "held_on", f"ngày họp là {session.held_on:%d/%m/%Y}", f"it is to be held on {session.held_on}"
        )
    if earliest and session.held_on < earliest:
        yield fault(
            "sent_on",
            f"hồ sơ gửi {session.sent_on:%d/%m/%Y}; phải trước phiên ít nhất {rules.notice_days} ngày làm "
            f"việc, sớm nhất họp {earliest:%d/%m/%Y}",
            f"the dossiers were sent on {session.sent_on}: {rules.notice_days} working days before it, so "
            f"on {earliest} at the earliest",
        )
    yield from _no_quorum(tx, session, rules)


def _no_quorum(tx: Connection, session: SittingRecord, rules: CouncilRules) -> Iterator[Fault]:
    scorers = scorers_of(councils.members_of(tx, session.council_id), session, rules)
    there = present_of(tx, session)
    present = [item for item in scorers if item.id in there]
    needed = rules.quorum_of(len(scorers))
    if len(present) < max(needed, 1):
        yield fault(
            "attendance",
            f"có mặt {len(present)} trên {len(scorers)} thành viên chấm điểm; cần ít nhất {max(needed, 1)} "
            f"({rules.source})",
            f"{len(present)} of {len(scorers)} members who score are there; {max(needed, 1)} are needed",
        )
    if rules.chair_required and not any(item.duty is CouncilDuty.CHAIR for item in present):
        yield fault("attendance", "chủ tịch Hội đồng chưa có mặt", "the chair is not there")


def present_of(tx: Connection, session: SittingRecord) -> set[int]:
    """Return the members who are there; in writing: everybody who sits in the council."""
    if session.mode is SessionMode.WRITTEN:
        members = councils.members_of(tx, session.council_id)
        return {item.id for item in members if item.sits_on(session.held_on)}
    return {key for key, item in seated.attendance_of(tx, session.id).items() if item.is_present}


def close_session(tx: Connection, session_id: int, *, actor: Actor, now: datetime) -> None:
    """Close a session: every product on its list has a result, or was taken out.

    Raises:
        NotFound: see `find_session`.
        NotPermitted: the actor does not run the session.
        Conflict: it is not open, or a product has neither.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_stage(session, Sitting.OPEN)
    rest = [item.code for item in sessions.products_of(tx, session.id) if item.stage in sessions.THERE]
    if rest:
        codes = ", ".join(rest)
        raise Conflict(
            f"Còn {len(rest)} sản phẩm chưa có kết quả: {codes}. Xác nhận kết quả hoặc rút khỏi phiên trước.",
            f"{len(rest)} products have no result yet: {codes}. Confirm it or take them out first.",
        )
    sessions.write_session(tx, session.id, stage=Sitting.CLOSED, closed_at=now)
    deed = Deed("session.close", f"session:{session.id}", None, {"stage": Sitting.CLOSED.value})
    record(tx, actor, deed, now, warrant)


def meet_instead(
    tx: Connection, session_id: int, held_on: date, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Turn a session in writing into a meeting; what was answered counts no more.

    Raises:
        NotFound: see `find_session`.
        NotPermitted: the actor does not run the session.
        Conflict: it is no session in writing, it is over, or a result was confirmed.
        InvalidInput: no reason is given.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_over(session)
    listed = sessions.products_of(tx, session.id)
    if session.mode is not SessionMode.WRITTEN or any(item.stage is Scoring.CONFIRMED for item in listed):
        raise Conflict(
            f"Phiên “{session.name}” không chuyển sang họp được: "
            + ("đã có kết quả xác nhận." if session.mode is SessionMode.WRITTEN else "phiên này họp."),
            f"The session {session.id} cannot be turned into a meeting: "
            + ("a result was confirmed." if session.mode is SessionMode.WRITTEN else "it is one."),
        )
    # where the secretary scores, the agency's sheet is not to stand for the secretary's own
    again = {"again_because": checked(reason)} if rules_in(tx, session).secretary_scores else {}
    for item in listed:
        if item.stage in sessions.THERE:
            round_ = item.round + bool(again)
            sessions.write_scored(tx, item.id, stage=Scoring.WAITING, due_on=held_on, round=round_, **again)
    seated.forget_opinions(tx, session.id)
    sessions.write_session(tx, session.id, mode=SessionMode.MEETING, stage=Sitting.DRAFT, held_on=held_on)
    after = {"mode": SessionMode.MEETING.value, "reason": checked(reason), "held_on": held_on.isoformat()}
    record(tx, actor, Deed("session.meet", f"session:{session.id}", None, after), now, warrant)


def refuse_stage(session: SittingRecord, wanted: Sitting) -> None:
    """Go on only with a session that has come so far, and no further.

    Raises:
        Conflict: it has not, or has.
    """
    if session.stage is not wanted:
        raise Conflict(
            f"Phiên “{session.name}” {session.stage.text.vi}; việc này chỉ làm khi {wanted.text.vi}.",
            f"The session {session.id} is {session.stage.value}; this is done while it is {wanted.value}.",
        )
