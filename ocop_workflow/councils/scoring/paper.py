"""Sheets that were filled in on paper: typed by two officers who do not score, and taken where both agree.

It is the one way in which somebody's sheet is entered by another; it counts as signed on paper, and no
electronic signature is claimed for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.councils import council_queries as councils
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.attendance import member_of
from ocop_workflow.councils.listing import find_listed
from ocop_workflow.councils.scoring import sheet_queries as sheets
from ocop_workflow.councils.scoring import typed_queries as typed
from ocop_workflow.councils.scoring.results import result_in
from ocop_workflow.councils.sittings import (
    checked,
    present_of,
    refuse_stage,
    rules_in,
    run_session,
    scorers_of,
)
from ocop_workflow.errors import Conflict, InvalidInput, NotPermitted, fault
from ocop_workflow.regulations.councils.signing import SignedSheet, checksum_of
from ocop_workflow.regulations.councils.words import Scoring, SignedBy, Sitting
from ocop_workflow.regulations.rubrics.entries import left_of, read_entry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.councils.council_queries import MemberRecord
    from ocop_workflow.councils.scoring.typed_queries import TypedRecord
    from ocop_workflow.councils.session_queries import ScoredRecord, SittingRecord
    from ocop_workflow.errors import Fault
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """A paper sheet as an officer types it: what it says by place, and where the signed paper lies."""

    said: Mapping[str, object]
    shelf: str


@dataclass(frozen=True, slots=True)
class PaperTaken:
    """What typing a paper sheet did.

    Attributes:
        is_signed: two officers have typed the same: it counts.
        differing: the places at which they differ, from whoever is nearest; none while only one has typed it.
    """

    is_signed: bool
    differing: tuple[str, ...] = ()


def type_sheet(
    tx: Connection,
    session_id: int,
    code: str,
    member_id: int,
    given: TypedSheet,
    *,
    actor: Actor,
    now: datetime,
) -> PaperTaken:
    """Type a sheet that a member has filled in and signed on paper.

    Raises:
        NotFound: there is no such session, product on its list, or member.
        NotPermitted: the actor does not run the session, or scores in it.
        Conflict: scoring of the product is not closed, or no sheet of this member is missing.
        InvalidInput: the sheet is at fault, or nothing says where it lies; all faults at once.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_stage(session, Sitting.OPEN)
    listed = find_listed(tx, session, code)
    member = member_of(tx, session, member_id)
    _refuse(tx, session, listed, member, actor)
    shelf = checked(given.shelf, "shelf")[:200]
    said = _read(tx, session, listed, given.said)
    key = {
        "scored_id": listed.id,
        "member_id": member.id,
        "round": listed.round,
        "officer_id": actor.officer_id or 0,
    }
    typed.keep_typed(tx, key, {"sheet": said, "shelf": shelf, "typed_at": now})
    deed = Deed("sheet.type", f"session:{session.id}", None, {"product": listed.code, "member": member.login})
    record(tx, actor, deed, now, warrant)
    others = [item for item in _typed(tx, session, listed, member) if item.officer_id != actor.officer_id]
    if not others:
        return PaperTaken(is_signed=False)
    # whoever types it third may bear out either of two who differ
    differing = min((differences(said, item.sheet) for item in others), key=len)
    if not differing:
        _take(tx, listed, member, said, now)
        after = {"product": listed.code, "member": member.login, "shelf": shelf}
        record(tx, actor, Deed("sheet.paper", f"session:{session.id}", None, after), now, warrant)
    return PaperTaken(not differing, differing)


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the places at which two typed sheets differ."""
    lacks = object()
    return tuple(
        place for place in sorted({*one, *other}) if one.get(place, lacks) != other.get(place, lacks)
    )


def _typed(
    tx: Connection, session: SittingRecord, listed: ScoredRecord, member: MemberRecord
) -> list[TypedRecord]:
    of = (listed.id, member.id, listed.round)
    return [
        item for item in typed.typed_in(tx, session.id) if (item.scored_id, item.member_id, item.round) == of
    ]


def _refuse(
    tx: Connection, session: SittingRecord, listed: ScoredRecord, member: MemberRecord, actor: Actor
) -> None:
    stage = sessions.hold_scored(tx, listed.id, alone=True)
    if stage is not Scoring.CLOSED:
        raise Conflict(
            f"{listed.code}: {stage.text.vi}; phiếu giấy chỉ nhập sau khi đã đóng chấm.",
            f"{listed.code} is {stage.value}: sheets on paper are typed after scoring is closed.",
        )
    found = result_in(tx, session, listed)
    there = present_of(tx, session)
    scorers = scorers_of(councils.members_of(tx, session.council_id), session, rules_in(tx, session))
    scoring = {item.officer_id for item in scorers if item.id in there}
    if actor.officer_id is None or actor.officer_id in scoring:
        raise NotPermitted(
            "Phiếu giấy do hai cán bộ không chấm trong phiên này nhập.",
            "Sheets on paper are typed by two officers who do not score in this session.",
        )
    if member.id not in {item.id for item in found.missing}:
        raise Conflict(
            f"{member.name} không thiếu phiếu cho {listed.code}: đã có phiếu, vắng mặt hoặc có xung đột.",
            f"No sheet of {member.login} is missing for {listed.code}: it is there, or the member is away or "
            "has a conflict.",
        )


def _read(
    tx: Connection, session: SittingRecord, listed: ScoredRecord, said: Mapping[str, object]
) -> dict[str, Any]:
    rules = rules_in(tx, session)
    kept: dict[str, Any] = {}
    faults: list[Fault] = []
    for place, value in said.items():
        try:
            kept[place] = read_entry(listed.sheet, place, value, rules)
        except InvalidInput as error:
            faults += error.faults
    faults += [fault(place, "chưa chấm", "is not rated") for place in left_of(listed.sheet, said)]
    if faults:
        raise InvalidInput("Phiếu giấy có lỗi.", "The sheet on paper is at fault.", faults)
    return kept


def _take(
    tx: Connection, listed: ScoredRecord, member: MemberRecord, said: dict[str, Any], now: datetime
) -> None:
    """Let a sheet on paper stand as the member's; what was only begun electronically gives way."""
    sheet_id = sheets.open_sheet(tx, listed.id, member.id, listed.round, now)
    sheets.put_in_place(tx, sheet_id, said, now)
    of = SignedSheet(listed.session_id, listed.code, listed.sheet, member.login, listed.round)
    values = {"signed_at": now, "signed_by": SignedBy.PAPER, "sha256": checksum_of(of, said)}
    sheets.sign_sheet(tx, sheet_id, values)
    sheets.supersede(tx, listed.id, member.id, listed.round)
