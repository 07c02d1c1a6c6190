"""How score sheets and results are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import say
from ocop_workflow.regulations.councils.attention import AttentionKind
from ocop_workflow.regulations.councils.words import (
    CouncilDuty,
    Scoring,
    SheetStage,
    SignedBy,
    Sitting,
)
from ocop_workflow.regulations.rubrics.entries import OPINION, as_sheet, left_of, total_so_far
from ocop_workflow.regulations.rubrics.views import OutcomeView, exact
from ocop_workflow.views import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.councils.scoring.results import ProductResult, ReadSheet
    from ocop_workflow.councils.scoring.sheet_queries import EntryRecord, SeatRecord
    from ocop_workflow.councils.session_queries import (
        ScoredRecord,
        SittingRecord,
    )
    from ocop_workflow.errors import Language, Text
    from ocop_workflow.regulations.councils.attention import Attention


@dataclass(frozen=True, slots=True)
class MySheetView(View):
    """A member's own sheet. `barred`: why it cannot be filled in. `left`: places that are not answered yet.

    `sheet`: the set ("16"), or the regulation that is scored by parts. `total`: the points so far.
    """

    session: int
    session_stage: Sitting
    code: str
    product: str
    producer: str | None
    unit: str
    sheet: str
    stage: Scoring
    round: int
    due_on: date
    again_because: str | None
    advice: str | None
    barred: str | None
    is_signed: bool
    entries: dict[str, Any]
    left: tuple[str, ...]
    total: int | str
    saved_at: datetime | None

    @classmethod
    def of(
        cls,
        seat: SeatRecord,
        listed: ScoredRecord,
        session: SittingRecord,
        said: Sequence[EntryRecord],
        barred: Text | None,
        language: Language = "vi",
    ) -> MySheetView:
        """Show a sheet to its author."""
        entries = {item.place: item.value for item in said}
        return cls(
            session=session.id,
            session_stage=session.stage,
            code=listed.code,
            product=listed.product,
            producer=listed.producer,
            unit=listed.unit,
            sheet=seat.sheet,
            stage=seat.stage,
            round=seat.round,
            due_on=seat.due_on,
            again_because=listed.again_because,
            advice=listed.advice,
            barred=say(barred, language) if barred else None,
            is_signed=seat.sheet_stage is SheetStage.SIGNED,
            entries=entries,
            left=left_of(seat.sheet, entries),
            total=exact(total_so_far(seat.sheet, entries)),
            saved_at=max((item.saved_at for item in said), default=None),
        )


@dataclass(frozen=True, slots=True)
class SheetSavedView(View):
    """What was saved of one's own sheet, when; how many places are left, and the points so far."""

    saved: int
    saved_at: datetime
    left: int
    total: int | str


@dataclass(frozen=True, slots=True)
class SheetSignedView(View):
    """That a sheet is signed, and the checksum of what was signed."""

    code: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SheetTypedView(View):
    """Whether both officers have typed the same; `differing`: the places at which they differ."""

    is_signed: bool
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadSheetView(View):
    """A signed sheet: whose, its points; `said`: none where whoever asks may read results only."""

    member: str
    name: str
    duty: CouncilDuty
    duty_label: str
    round: int
    total: int | str
    signed_at: datetime | None
    signed_by: SignedBy | None
    signed_by_label: str
    opinion: str | None
    said: dict[str, Any] | None

    @classmethod
    def of(cls, sheet: ReadSheet, name: str, language: Language = "vi") -> ReadSheetView:
        """Show a sheet to whoever may read it; `name`: its set, or its regulation."""
        record = sheet.record
        return cls(
            member=sheet.member.login,
            name=sheet.member.name,
            duty=sheet.member.duty,
            duty_label=say(sheet.member.duty.text, language),
            round=record.round,
            total=exact(total_so_far(name, sheet.said)),
            signed_at=record.signed_at,
            signed_by=record.signed_by,
            signed_by_label=say(record.signed_by.text, language) if record.signed_by else "",
            opinion=sheet.said.get(OPINION) or None,
            said=as_sheet(sheet.said),
        )


@dataclass(frozen=True, slots=True)
class SessionResultView(View):
    """What a product has come to in a session.

    `outcome`: none while scoring is open or sheets are too few. `blocks`: what stands between the result and
    its confirmation. `sheets`: empty for whoever may read results only. `apart`: sheets that do not count.
    """

    code: str
    product: str
    stage: Scoring
    stage_label: str
    round: int
    needed: int
    missing: tuple[str, ...]
    outcome: OutcomeView | None
    spread: int | str | None
    chair_note: str | None
    blocks: tuple[str, ...]
    sheets: tuple[ReadSheetView, ...]
    apart: tuple[ReadSheetView, ...]

    @classmethod
    def of(cls, found: ProductResult, *, reads: bool, language: Language = "vi") -> SessionResultView:
        """Show a result; `reads`: whether whoever asks may read the sheets behind it."""
        listed, result = found.listed, found.result
        return cls(
            code=listed.code,
            product=listed.product,
            stage=listed.stage,
            stage_label=say(listed.stage.text, language),
            round=listed.round,
            needed=found.needed,
            missing=tuple(item.name for item in found.missing),
            outcome=result.view(language) if result else None,
            spread=exact(result.outcome.spread) if result else None,
            chair_note=listed.chair_note,
            blocks=tuple(say(item, language) for item in found.blocks),
            sheets=tuple(ReadSheetView.of(item, listed.sheet, language) for item in found.sheets if reads),
            apart=tuple(ReadSheetView.of(item, listed.sheet, language) for item in found.apart if reads),
        )


@dataclass(frozen=True, slots=True)
class AttentionView(View):
    """Something to look at again; `product`: none where it is about several."""

    notice: AttentionKind
    product: str | None
    text: str

    @classmethod
    def of(cls, found: Attention, language: Language = "vi") -> AttentionView:
        """Show it."""
        return cls(found.notice, found.product, say(found.text, language))
