"""How councils and their sessions are shown: who sits there, what is scored, how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ocop_workflow.errors import say
from ocop_workflow.regulations import Level
from ocop_workflow.regulations.councils.words import (
    CouncilDuty,
    Scoring,
    SessionMode,
    SheetStage,
    Sitting,
)
from ocop_workflow.regulations.rubrics.rules import AfterSpread, AgreedBy, PointStep
from ocop_workflow.views import View

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ocop_workflow.councils.attendance_queries import AttendanceRecord, ConflictRecord
    from ocop_workflow.councils.council_queries import CouncilRecord, MemberRecord
    from ocop_workflow.councils.scoring.sheet_queries import SheetRecord
    from ocop_workflow.councils.session_queries import (
        ScoredRecord,
        SittingRecord,
    )
    from ocop_workflow.errors import Language
    from ocop_workflow.regulations.rubrics import CouncilRules


@dataclass(frozen=True, slots=True)
class CouncilRulesView(View):
    """A council's rules; see `docs/councils.md`."""

    source: str
    quorum: str
    chair_required: bool
    notice_days: int
    gates: AgreedBy
    knockouts: AgreedBy
    minimum_scores: int | None
    spread_limit: int
    after_spread: AfterSpread
    secretary_scores: bool
    step: PointStep | None


@dataclass(frozen=True, slots=True)
class CouncilMemberView(View):
    """Somebody who sits in a council; `until`: the first local day on which it is over."""

    id: int
    login: str
    name: str
    duty: CouncilDuty
    duty_label: str
    position: str
    since: date
    until: date | None

    @classmethod
    def of(cls, record: MemberRecord, language: Language = "vi") -> CouncilMemberView:
        """Show a member."""
        return cls.alike(record, duty_label=say(record.duty.text, language))


@dataclass(frozen=True, slots=True)
class CouncilView(View):
    """A council: by which decision it was founded, how it works, who sits in it."""

    id: int
    unit: str
    unit_slug: str
    level: Level
    name: str
    decision_number: str
    decided_on: date
    rules: CouncilRulesView
    members: tuple[CouncilMemberView, ...]

    @classmethod
    def of(
        cls,
        record: CouncilRecord,
        rules: CouncilRules,
        members: Sequence[MemberRecord],
        language: Language = "vi",
    ) -> CouncilView:
        """Show a council."""
        return cls.alike(
            record,
            rules=CouncilRulesView.alike(rules),
            members=tuple(CouncilMemberView.of(item, language) for item in members),
        )


@dataclass(frozen=True, slots=True)
class CouncilSessionLineView(View):
    """A session in a line; `held_on`: the local day, in writing that by which the answers are due."""

    id: int
    council_id: int
    council: str
    name: str
    mode: SessionMode
    mode_label: str
    stage: Sitting
    stage_label: str
    held_on: date
    place: str | None
    sent_on: date | None

    @classmethod
    def of(cls, record: SittingRecord, language: Language = "vi") -> CouncilSessionLineView:
        """Show a session in a line."""
        return cls.alike(
            record,
            mode_label=say(record.mode.text, language),
            stage_label=say(record.stage.text, language),
        )


@dataclass(frozen=True, slots=True)
class SeatView(View):
    """A member in a session; `is_present`: none where nothing is noted. `scores`: by the council's rules."""

    id: int
    login: str
    name: str
    duty: CouncilDuty
    duty_label: str
    position: str
    scores: bool
    is_present: bool | None
    absent_because: str | None


@dataclass(frozen=True, slots=True)
class DeclaredConflictView(View):
    """Why a member does not score a product."""

    member: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListedProductView(View):
    """A product in a session: how far it has come, who has signed; what the sheets say is told nowhere here.

    `asked`: how many are to score it. `signed`: the names of those who have.
    """

    code: str
    product: str
    unit: str
    producer: str | None
    regulation: str
    product_set: int | None
    due_on: date
    stage: Scoring
    stage_label: str
    round: int
    again_because: str | None
    advice: str | None
    out_because: str | None
    asked: int
    signed: tuple[str, ...]
    waiting_for: tuple[str, ...]
    conflicts: tuple[DeclaredConflictView, ...]

    @classmethod
    def of(
        cls,
        record: ScoredRecord,
        *,
        asked: Sequence[MemberRecord],
        sheets: Sequence[SheetRecord],
        members: dict[int, MemberRecord],
        conflicts: Sequence[ConflictRecord],
        language: Language = "vi",
    ) -> ListedProductView:
        """Show a product on a session's list."""
        signed = {
            sheet.member_id
            for sheet in sheets
            if (sheet.scored_id, sheet.round) == (record.id, record.round)
            and sheet.stage is SheetStage.SIGNED
        }
        return cls.alike(
            record,
            stage_label=say(record.stage.text, language),
            asked=len(asked),
            signed=tuple(item.name for item in asked if item.id in signed),
            waiting_for=tuple(item.name for item in asked if item.id not in signed),
            conflicts=tuple(
                DeclaredConflictView(members[item.member_id].login, members[item.member_id].name, item.reason)
                for item in conflicts
                if item.scored_id == record.id
            ),
        )


@dataclass(frozen=True, slots=True)
class CouncilSessionView(View):
    """A session: who is there, what it scores, how far it has come; `quorum`: how many have to be there."""

    id: int
    council_id: int
    council: str
    name: str
    mode: SessionMode
    mode_label: str
    stage: Sitting
    stage_label: str
    held_on: date
    place: str | None
    sent_on: date | None
    opened_at: datetime | None
    closed_at: datetime | None
    decision_number: str | None
    decided_on: date | None
    signer: str | None
    published_on: date | None
    rules: CouncilRulesView
    quorum: int
    present: int
    members: tuple[SeatView, ...]
    products: tuple[ListedProductView, ...]


def seat_views(
    members: Sequence[MemberRecord],
    scorers: Collection[MemberRecord],
    attendance: dict[int, AttendanceRecord],
    language: Language,
) -> tuple[SeatView, ...]:
    """Show who sits in a session."""
    return tuple(
        SeatView.alike(
            item,
            duty_label=say(item.duty.text, language),
            scores=item in scorers,
            is_present=attendance[item.id].is_present if item.id in attendance else None,
            absent_because=attendance[item.id].reason if item.id in attendance else None,
        )
        for item in members
    )
