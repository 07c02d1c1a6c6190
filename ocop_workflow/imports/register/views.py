"""What became of a list of certificates, or would: counts, and a verdict for each recognition."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ocop_workflow.errors import Text
from ocop_workflow.states import CertificateStanding
from ocop_workflow.views import View


class ListedVerdict(StrEnum):
    """What becomes of one recognition of a list."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    LEFT_OUT = "left_out"
    FAULT = "fault"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """What it is, in Vietnamese."""
        return _LABELS[self].vi


_LABELS = {
    ListedVerdict.NEW: Text("mới", "new"),
    ListedVerdict.CHANGED: Text("bổ sung", "changed"),
    ListedVerdict.SAME: Text("đã có", "known"),
    ListedVerdict.LEFT_OUT: Text("bỏ qua", "left out"),
    ListedVerdict.FAULT: Text("lỗi", "fault"),
    ListedVerdict.QUESTION: Text("cần hỏi", "question"),
}


@dataclass(frozen=True, slots=True)
class ListedVerdictView(View):
    """What becomes of one recognition; `code`: its product; `cell`: where; `proposed`: an answer."""

    sheet: str
    row: int
    verdict: ListedVerdict
    code: str | None
    detail: str
    cell: str | None
    proposed: str | None
    standing: CertificateStanding | None = None


@dataclass(frozen=True, slots=True)
class RegisterImportView(View):
    """What became of a list: how many recognitions of each kind, and each by its row."""

    file: str
    rows: int
    new: int
    changed: int
    same: int
    faults: int
    questions: int
    published: bool
    verdicts: tuple[ListedVerdictView, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is at fault and nothing is asked."""
        return not self.faults and not self.questions
