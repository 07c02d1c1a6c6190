"""From sheets to a result: closing the scoring of a product, scoring again, and what stands in the way.

What a result is says `regulations.rubrics`; here is which sheets count: signed, of the last round, of members
who are there and have no conflict. A missing sheet is a fact, never a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission, Place, may
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.councils import attendance_queries as seated
from ocop_workflow.councils import council_queries as councils
from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.listing import find_listed
from ocop_workflow.councils.scoring import sheet_queries as sheets
from ocop_workflow.councils.sittings import (
    checked,
    find_session,
    present_of,
    refuse_stage,
    rules_in,
    run_session,
    scorers_of,
)
from ocop_workflow.errors import Conflict, NotPermitted, Text
from ocop_workflow.places import queries as units
from ocop_workflow.regulations.councils.words import (
    READABLE,
    CouncilDuty,
    Scoring,
    SessionMode,
    SheetStage,
    Sitting,
)
from ocop_workflow.regulations.rubrics.entries import as_sheet
from ocop_workflow.regulations.rubrics.rules import AfterSpread
from ocop_workflow.regulations.rubrics.scoring import result_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.councils.attendance_queries import OpinionRecord
    from ocop_workflow.councils.council_queries import MemberRecord
    from ocop_workflow.councils.scoring.sheet_queries import SheetRecord
    from ocop_workflow.councils.session_queries import ScoredRecord, SittingRecord
    from ocop_workflow.regulations.rubrics import CouncilRules
    from ocop_workflow.regulations.rubrics.scoring import Result
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A signed sheet that may be read: whose, and everything that it says by place."""

    member: MemberRecord
    record: SheetRecord
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProductResult:
    """What a product has come to in a session.

    Attributes:
        sheets: those that count.
        apart: the advisory team's, and those of earlier rounds: they enter no result.
        missing: members who should have signed a sheet and have not; in writing: who has not agreed.
        needed: how many sheets make a result.
        result: none while there are too few.
        blocks: what stands between this result and its confirmation.
    """

    listed: ScoredRecord
    sheets: tuple[ReadSheet, ...]
    apart: tuple[ReadSheet, ...]
    missing: tuple[MemberRecord, ...]
    needed: int
    result: Result | None
    blocks: tuple[Text, ...]


class _Room:
    """Everything of a session that its results rest on, read once."""

    def __init__(self, tx: Connection, session: SittingRecord) -> None:
        self.session = session
        self.rules: CouncilRules = rules_in(tx, session)
        self.members = {item.id: item for item in councils.members_of(tx, session.council_id)}
        self.scorers = scorers_of(list(self.members.values()), session, self.rules)
        self.present = present_of(tx, session)
        self.conflicts = {(item.scored_id, item.member_id) for item in seated.conflicts_in(tx, session.id)}
        self.opinions: list[OpinionRecord] = seated.opinions_in(tx, session.id)
        self._records = sheets.sheets_in(tx, session.id)
        self._said = sheets.readable_entries(tx, session.id)

    @property
    def is_written(self) -> bool:
        return self.session.mode is SessionMode.WRITTEN

    @property
    def needed(self) -> int:
        """How many sheets make a result."""
        if self.is_written:
            return 1
        return self.rules.minimum_scores or max(self.rules.quorum_of(len(self.scorers)), 1)

    def asked(self, listed: ScoredRecord) -> list[MemberRecord]:
        """Return who is to score a product, or in writing to answer on it."""
        return [
            item
            for item in self.scorers
            if item.id in self.present and (listed.id, item.id) not in self.conflicts
        ]

    def read(self, listed: ScoredRecord) -> list[ReadSheet]:
        """Return the signed sheets of a product that may be read."""
        return [
            ReadSheet(self.members[item.member_id], item, self._said.get(item.id, {}))
            for item in self._records
            if item.scored_id == listed.id and item.stage is not SheetStage.OPEN and item.id in self._said
        ]

    def counts(self, listed: ScoredRecord, sheet: ReadSheet) -> bool:
        """Tell whether a sheet enters the product's result."""
        if sheet.record.round != listed.round:
            return False
        if self.is_written:
            return sheet.member.duty is CouncilDuty.SECRETARY
        return sheet.member in self.asked(listed)


def results_of(tx: Connection, session: SittingRecord) -> list[ProductResult]:
    """Return what the products of a session have come to; one that is not closed yet has come to nothing."""
    room = _Room(tx, session)
    return [_result(room, listed) for listed in sessions.products_of(tx, session.id)]


def result_in(tx: Connection, session: SittingRecord, listed: ScoredRecord) -> ProductResult:
    """Return what one product of a session has come to."""
    return _result(_Room(tx, session), listed)


def _result(room: _Room, listed: ScoredRecord) -> ProductResult:
    read = room.read(listed)
    valid = tuple(sheet for sheet in read if room.counts(listed, sheet))
    if room.is_written:  # the agency has one sheet, however many secretaries have signed
        valid = tuple(sorted(valid, key=lambda sheet: (sheet.record.signed_at, sheet.record.id))[:1])
    apart = tuple(sheet for sheet in read if sheet not in valid)
    signed = {sheet.member.id for sheet in valid}
    if room.is_written:
        agreed = {item.member_id for item in room.opinions if item.scored_id == listed.id and item.agrees}
        missing = tuple(item for item in room.asked(listed) if item.id not in agreed)
    else:
        missing = tuple(item for item in room.asked(listed) if item.id not in signed)
    is_over = listed.stage in READABLE and listed.stage is not Scoring.OUT
    result = _come_to(room, listed, valid) if is_over and len(valid) >= room.needed else None
    blocks = tuple(_blocks(room, listed, valid, missing, result)) if listed.stage is Scoring.CLOSED else ()
    return ProductResult(listed, valid, apart, missing, room.needed, result, blocks)


def _come_to(room: _Room, listed: ScoredRecord, valid: Sequence[ReadSheet]) -> Result:
    given = {f"{sheet.member.login}: ": as_sheet(sheet.said) for sheet in valid}
    rules = room.rules.model_copy(update={"minimum_scores": None})
    return result_of(listed.sheet, given, rules)


def _blocks(
    room: _Room,
    listed: ScoredRecord,
    valid: Sequence[ReadSheet],
    missing: Sequence[MemberRecord],
    result: Result | None,
) -> Iterator[Text]:
    """Say what stands between a result and its confirmation."""
    if result is None:
        yield Text(
            f"Có {len(valid)} phiếu hợp lệ; cần ít nhất {room.needed} mới có kết quả.",
            f"There are {len(valid)} valid sheets; {room.needed} are needed for a result.",
        )
        return
    if room.is_written and missing:
        names = ", ".join(item.name for item in missing)
        yield Text(
            f"Chưa đồng ý hoặc chưa trả lời: {names}. Không có kết quả; chuyển sang họp.",
            f"Not agreed, or no answer: {names}. There is no result; let the council meet.",
        )
        return
    if is_apart(room.rules, result) or _differ_on_knockouts(valid):
        yield from _apart(room.rules, listed, result)


def is_apart(rules: CouncilRules, result: Result) -> bool:
    """Tell whether the totals lie further apart than the rules let them."""
    return result.outcome.spread > rules.spread_limit


def _differ_on_knockouts(valid: Sequence[ReadSheet]) -> bool:
    """Tell whether some members, and not all, would have the dossier out for the same reason."""
    places = [
        {place for place, value in sheet.said.items() if value and place.startswith("knockouts.")}
        for sheet in valid
    ]
    return any(found != places[0] for found in places)


def _apart(rules: CouncilRules, listed: ScoredRecord, result: Result) -> Iterator[Text]:
    spread = result.outcome.spread
    if listed.round == 1:
        yield Text(
            f"Điểm chênh {spread} (quy chế: nhiều nhất {rules.spread_limit}) hoặc chưa thống nhất việc loại: "
            "thảo luận, rồi chấm lại một lần.",
            f"The totals are {spread} apart (at most {rules.spread_limit}), or not all would have it out: "
            "discuss it, then score again, once.",
        )
    elif rules.after_spread is AfterSpread.DEFER:
        yield Text(
            "Chấm lại vẫn chênh; theo quy chế, chuyển phiên sau: rút khỏi phiên này.",
            "It is still apart after scoring again; by the rules it is deferred: take it out.",
        )
    elif not listed.chair_note:
        yield Text(
            "Chấm lại vẫn chênh; chủ tịch Hội đồng ghi ý kiến rồi mới lấy điểm trung bình.",
            "It is still apart after scoring again; the mean stands only with a note of the chair.",
        )


def confirmed_result(tx: Connection, product_id: int, dossier: int) -> Result | None:
    """Return the result of a dossier that was confirmed last; none: no council scored it here."""
    found = sessions.confirmed_of(tx, product_id, dossier)
    session = sessions.session_by_id(tx, found[0]) if found else None
    listed = sessions.product_in(tx, session.id, found[1]) if found and session else None
    return result_in(tx, session, listed).result if session and listed else None


def reads_sheets(tx: Connection, actor: Actor, session: SittingRecord) -> bool:
    """Tell whether the actor may read sheets once they are readable: the council and its agency may."""
    place = Place(frozenset(units.lineage(tx, session.unit_id)))
    if may(actor, Permission.READ_SHEETS, place) is not None:
        return True
    members = councils.members_of(tx, session.council_id)
    return any(item.officer_id == actor.officer_id and item.sits_on(session.held_on) for item in members)


def close_scoring(tx: Connection, session_id: int, code: str, *, actor: Actor, now: datetime) -> None:
    """Close the scoring of a product: its signed sheets are read from now on, no other is taken but on paper.

    Raises:
        NotFound: there is no such session, or no such product on its list.
        NotPermitted: the actor does not run the session.
        Conflict: the product is not being scored.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_stage(session, Sitting.OPEN)
    listed = find_listed(tx, session, code)
    _refuse_other(listed, sessions.hold_scored(tx, listed.id, alone=True), Scoring.SCORING)
    sessions.write_scored(tx, listed.id, stage=Scoring.CLOSED, closed_at=now)
    signed = [f"{login} {checksum}" for login, checksum in sheets.signatures_of(tx, listed.id, listed.round)]
    after = {"product": listed.code, "round": listed.round, "signed": signed}
    record(tx, actor, Deed("session.close_scoring", f"session:{session.id}", None, after), now, warrant)


def score_again(
    tx: Connection, session_id: int, code: str, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Let all score a product once more, after a discussion; each begins with what they had signed.

    Raises:
        NotFound: there is no such session, or no such product on its list.
        NotPermitted: the actor does not run the session.
        Conflict: scoring of the product is not closed, nothing calls for it, it was scored again before, or
            the session is in writing.
        InvalidInput: no reason is given.
    """
    session, warrant = run_session(tx, actor, session_id)
    refuse_stage(session, Sitting.OPEN)
    listed = find_listed(tx, session, code)
    _refuse_other(listed, sessions.hold_scored(tx, listed.id, alone=True), Scoring.CLOSED)
    if session.mode is SessionMode.WRITTEN:
        raise Conflict(
            f"{listed.code}: lấy ý kiến bằng văn bản thì không chấm lại; chuyển sang họp.",
            f"{listed.code}: nothing is scored again in writing; let the council meet.",
        )
    found = result_in(tx, session, listed)
    if listed.round > 1 or found.result is None or not found.blocks:
        raise Conflict(
            f"{listed.code} không chấm lại được: "
            + ("đã chấm lại một lần." if listed.round > 1 else "điểm không chênh quá quy chế."),
            f"{listed.code} is not scored again: "
            + (
                "it was, once." if listed.round > 1 else "its totals are no further apart than the rules let."
            ),
        )
    because = checked(reason)
    sessions.write_scored(
        tx, listed.id, stage=Scoring.SCORING, round=listed.round + 1, again_because=because, closed_at=None
    )
    for sheet in found.sheets:
        again = sheets.open_sheet(tx, listed.id, sheet.member.id, listed.round + 1, now)
        sheets.copy_into(tx, again, sheet.record.id, now)
    after = {"product": listed.code, "round": listed.round + 1, "reason": because}
    record(tx, actor, Deed("session.score_again", f"session:{session.id}", None, after), now, warrant)


def note_spread(
    tx: Connection, session_id: int, code: str, note: str, *, actor: Actor, now: datetime
) -> None:
    """Keep what the chair says to totals that lie far apart even after scoring again.

    Raises:
        NotFound: there is no such session, or no such product on its list.
        NotPermitted: the actor does not chair the council.
        Conflict: scoring of the product is not closed, or it was not scored again yet.
        InvalidInput: nothing is said.
    """
    session = find_session(tx, actor, session_id)
    members = councils.members_of(tx, session.council_id)
    chairs = [item for item in members if item.duty is CouncilDuty.CHAIR and item.sits_on(session.held_on)]
    if actor.officer_id not in [item.officer_id for item in chairs]:
        raise NotPermitted(
            "Chỉ chủ tịch Hội đồng ghi ý kiến về điểm chênh.", "Only the chair of the council says that."
        )
    listed = find_listed(tx, session, code)
    _refuse_other(listed, sessions.hold_scored(tx, listed.id, alone=True), Scoring.CLOSED)
    if listed.round == 1:
        raise Conflict(
            f"{listed.code} chưa chấm lại; ý kiến về điểm chênh ghi sau khi chấm lại.",
            f"{listed.code} was not scored again yet: the note to a spread comes after that.",
        )
    said = checked(note, "note")
    sessions.write_scored(tx, listed.id, chair_note=said, noted_by=actor.login)
    after = {"product": listed.code, "note": said}
    record(tx, actor, Deed("session.chair_note", f"session:{session.id}", None, after), now)


def note_advice(
    tx: Connection, session_id: int, code: str, advice: str, *, actor: Actor, now: datetime
) -> None:
    """Keep what the advisory team reports on a product; it enters no result.

    Raises:
        NotFound: there is no such session, or no such product on its list.
        NotPermitted: the actor does not run the session.
        Conflict: the product's result was confirmed, or it is out.
        InvalidInput: nothing is said.
    """
    session, warrant = run_session(tx, actor, session_id)
    listed = find_listed(tx, session, code)
    if listed.stage not in sessions.THERE:
        _refuse_other(listed, listed.stage, Scoring.CLOSED)
    said = checked(advice, "advice")
    sessions.write_scored(tx, listed.id, advice=said)
    after = {"product": listed.code}
    record(tx, actor, Deed("session.advice", f"session:{session.id}", None, after), now, warrant)


def _refuse_other(listed: ScoredRecord, stage: Scoring, wanted: Scoring) -> None:
    if stage is not wanted:
        raise Conflict(
            f"{listed.code}: {stage.text.vi}; việc này chỉ làm khi {wanted.text.vi}.",
            f"{listed.code} is {stage.value}; this is done while it is {wanted.value}.",
        )
