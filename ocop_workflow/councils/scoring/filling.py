"""A member's score sheet: saved choice by choice, seen by its author alone, signed, then unchangeable.

Nobody fills in a sheet for somebody else; not even the host's operator can look into one before the product
is closed (a sheet on paper: see `paper`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.founding import rules_of
from ocop_workflow.councils.listing import find_listed
from ocop_workflow.councils.scoring import sheet_queries as sheets
from ocop_workflow.councils.scoring.views import MySheetView, SheetSavedView
from ocop_workflow.councils.sittings import find_session, rules_in
from ocop_workflow.errors import Conflict, InvalidInput, NotPermitted, Text, fault
from ocop_workflow.people.officers import permitted
from ocop_workflow.people.sign_in.proving import prove
from ocop_workflow.regulations.councils.signing import SignedSheet, checksum_of
from ocop_workflow.regulations.councils.words import CouncilDuty, Scoring, SessionMode, SheetStage, Sitting
from ocop_workflow.regulations.rubrics.entries import left_of, read_entry, total_so_far
from ocop_workflow.regulations.rubrics.views import exact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.councils.scoring.sheet_queries import SeatRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.people.sign_in.proving import SigningProof
    from ocop_workflow.regulations.rubrics import CouncilRules
    from ocop_workflow.store import Connection, Database

#: entries that one request may save: more has no sheet
MOST_ENTRIES = 200


def my_sheet(
    tx: Connection, session_id: int, code: str, *, actor: Actor, language: Language = "vi"
) -> MySheetView:
    """Return a member's own sheet of a product: what it says, what is left, the points so far.

    Raises:
        NotFound: there is no such session, or no such product on its list.
        NotPermitted: the actor does not sit in the council on its day.
    """
    seat = seat_of(tx, session_id, code, actor)
    session = find_session(tx, actor, session_id)
    listed = find_listed(tx, session, code)
    said = sheets.entries_of(tx, seat.sheet_id) if seat.sheet_id else []
    return MySheetView.of(seat, listed, session, said, why_barred(seat, rules_in(tx, session)), language)


def save_entries(
    tx: Connection, session_id: int, code: str, given: Mapping[str, object], *, actor: Actor, now: datetime
) -> SheetSavedView:
    """Save entries of a member's own sheet; what it said in these places is replaced.

    Args:
        tx: a writing transaction.
        session_id: the session.
        code: the product.
        given: what is chosen or noted, by place (`regulations.rubrics.entries`).
        actor: the member.
        now: this instant.

    Raises:
        NotFound: there is no such session, or no such product on its list.
        NotPermitted: the actor does not sit in the council, is not there, or may not score this product.
        Conflict: the session or the product is not open for scoring, or the sheet was signed.
        InvalidInput: the sheet takes no such entry; nothing is saved.
    """
    seat = _scoring(tx, session_id, code, actor)
    rules = rules_of(seat.rules or {})
    if not 0 < len(given) <= MOST_ENTRIES:
        raise InvalidInput(
            f"Mỗi lần lưu từ 1 đến {MOST_ENTRIES} mục.", f"1 to {MOST_ENTRIES} entries are saved at a time."
        )
    checked = {place: read_entry(seat.sheet, place, value, rules) for place, value in given.items()}
    sheet_id = seat.sheet_id or sheets.open_sheet(tx, seat.scored_id, seat.member_id, seat.round, now)
    if not sheets.touch_sheet(tx, sheet_id, now):
        raise _over(seat)
    for place, value in checked.items():
        sheets.keep_entry(tx, sheet_id, place, value, now)
    said = sheets.said_on(tx, sheet_id)
    left, total = left_of(seat.sheet, said), total_so_far(seat.sheet, said)
    return SheetSavedView(len(checked), now, len(left), exact(total))


def sign_sheet(
    database: Database, session_id: int, code: str, proof: SigningProof, *, actor: Actor, now: datetime
) -> str:
    """Sign a member's own sheet. Returns the checksum of what was signed.

    The password or the one-time code is given again: signing is an act of its own.

    Raises:
        NotFound, NotPermitted, Conflict: see `save_entries`.
        InvalidInput: a criterion is not answered, all of them at once; or the proof is not right.
        TooManyAttempts: it was not right too often.
    """
    with database.read() as tx:
        seat = _scoring(tx, session_id, code, actor)
        _refuse_unfinished(seat, _said(tx, seat))
    signed_by = prove(database, actor, proof)
    with database.write() as tx:
        sessions.hold_scored(tx, seat.scored_id, alone=False)
        seat = _scoring(tx, session_id, code, actor)
        if seat.sheet_id:  # a choice that is on its way is signed, or refused
            sheets.hold_sheet(tx, seat.sheet_id)
        said = _said(tx, seat)
        _refuse_unfinished(seat, said)
        checksum = checksum_of(SignedSheet(session_id, seat.code, seat.sheet, actor.login, seat.round), said)
        values = {"signed_at": now, "signed_by": signed_by, "sha256": checksum}
        if seat.sheet_id is None or not sheets.sign_sheet(tx, seat.sheet_id, values):
            raise _over(seat)
        sheets.supersede(tx, seat.scored_id, seat.member_id, seat.round)
        # without its checksum: from that and a few thousand guesses one would know the points
        after = {"session": session_id, "product": seat.code, "round": seat.round}
        record(tx, actor, Deed("sheet.sign", f"sheet:{seat.sheet_id}", None, after), now)
    return checksum


def _said(tx: Connection, seat: SeatRecord) -> dict[str, Any]:
    return sheets.said_on(tx, seat.sheet_id) if seat.sheet_id else {}


def _refuse_unfinished(seat: SeatRecord, said: Mapping[str, Any]) -> None:
    """Refuse a sheet of which something is missing.

    Raises:
        InvalidInput: so it is; every place.
    """
    left = [
        fault(place, "chưa chấm; không mức nào phù hợp thì chọn đúng như thế", "is not rated")
        for place in left_of(seat.sheet, said)
    ]
    if left:
        raise InvalidInput(
            f"Phiếu chưa đủ: còn {len(left)} tiêu chí chưa chấm.",
            f"The sheet is not complete: {len(left)} criteria are not rated.",
            left,
        )


def _scoring(tx: Connection, session_id: int, code: str, actor: Actor) -> SeatRecord:
    """Return the actor's seat at a product that the actor may score now.

    Raises:
        NotFound, NotPermitted, Conflict: see `save_entries`.
    """
    seat = seat_of(tx, session_id, code, actor)
    if seat.session is not Sitting.OPEN:
        raise Conflict(
            f"Phiên họp {seat.session.text.vi}; chỉ chấm khi phiên đang họp.",
            f"The session is {seat.session.value}; one scores while it is open.",
        )
    if seat.stage is not Scoring.SCORING or seat.sheet_stage is SheetStage.SIGNED:
        raise _over(seat)
    barred = why_barred(seat, rules_of(seat.rules or {}))
    if barred is not None:
        raise NotPermitted(barred.vi, barred.en)
    return seat


def seat_of(tx: Connection, session_id: int, code: str, actor: Actor) -> SeatRecord:
    """Return the actor's seat at a product of a session.

    Raises:
        NotFound: there is no such session, or no such product on its list.
        NotPermitted: the actor does not sit in the council on its day, or has no right to score any more.
    """
    code = code.strip().upper()
    found = sheets.seat_at(tx, session_id, code, actor.officer_id) if actor.officer_id else None
    if found is None:
        session = find_session(tx, actor, session_id)
        find_listed(tx, session, code)
        raise NotPermitted(
            f"{actor.login} không phải thành viên hội đồng của phiên này; không chấm, không ký thay ai được.",
            f"{actor.login} does not sit in this session's council, and scores and signs for nobody.",
        )
    units = actor.units_with(Permission.SCORE)
    if units is not None and found.unit_id not in units:
        permitted(tx, actor, Permission.SCORE, found.unit_id)
    return found


def why_barred(seat: SeatRecord, rules: CouncilRules) -> Text | None:
    """Say why a member does not score a product; none: the member does."""
    if seat.conflict:
        return Text(
            f"Đã khai xung đột lợi ích với {seat.code} ({seat.conflict}); không chấm sản phẩm này.",
            f"A conflict of interest with {seat.code} is declared ({seat.conflict}): you do not score it.",
        )
    is_agency = seat.duty is CouncilDuty.SECRETARY
    if seat.mode is SessionMode.WRITTEN:
        return None if is_agency else _WRITTEN
    if is_agency and not rules.secretary_scores:
        return _SECRETARY
    if not seat.is_present and seat.duty is not CouncilDuty.ADVISER:
        return _ABSENT
    return None


_WRITTEN = Text(
    "Phiên lấy ý kiến bằng văn bản: thành viên trả lời đồng ý hay không với phiếu của cơ quan, không chấm.",
    "The session is in writing: members agree or disagree with the agency's sheet and do not score.",
)
_SECRETARY = Text(
    "Theo quy chế, thư ký không chấm điểm.", "By the council's rules the secretary does not score."
)
_ABSENT = Text(
    "Chưa được điểm danh có mặt ở phiên này; báo thư ký.",
    "You are not noted as present in this session; tell the secretary.",
)


def _over(seat: SeatRecord) -> Conflict:
    if seat.stage is Scoring.SCORING:
        return Conflict(
            f"Phiếu {seat.code} đã ký hoặc vừa đóng chấm; không sửa được nữa.",
            f"The sheet of {seat.code} is signed, or scoring has just closed; it cannot be changed.",
        )
    return Conflict(
        f"{seat.code}: {seat.stage.text.vi}; không chấm được.",
        f"{seat.code} is {seat.stage.value}; it cannot be scored.",
    )
