"""What became of a list of certificates, or would: counts, and a verdict for each recognition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ocop_workflow.errors import Text
from ocop_workflow.states import CertificateStanding, EvidenceLevel
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
class ListedRowView(View):
    """What becomes of one recognition; `code`: its product; `cell`: where; `proposed`: an answer.

    `key`: under which a question is answered (`Answers.given`), the same as long as the list says the same;
    questions of one key are one question: about a producer, its rows share it. Of what can be told for the
    whole list, it is one of `WHOLE_LIST`. None: nothing to answer.
    """

    sheet: str
    row: int
    verdict: ListedVerdict
    code: str | None
    detail: str
    cell: str | None
    proposed: str | None
    standing: CertificateStanding | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterImportView(View):
    """What became of a list: how many recognitions of each kind, and each by its row.

    `questions`: how many different ones can be answered, however many rows wait for each; what would mend a
    row at fault when it is told for the whole list is one of them.
    """

    file: str
    rows: int
    new: int
    changed: int
    same: int
    faults: int
    questions: int
    published: bool
    verdicts: tuple[ListedRowView, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is at fault and nothing is asked."""
        return not self.faults and not self.questions


@dataclass(frozen=True, slots=True)
class StagedListView(View):
    """A list of certificates that waits for its publication, with what was answered by key or place.

    `evidence`: what a row is known by that does not say so itself. `report`: what would become of it; none:
    nobody has looked.
    """

    id: int
    file: str
    evidence: EvidenceLevel
    at: datetime
    answers: Mapping[str, str]
    report: RegisterImportView | None = None


@dataclass(frozen=True, slots=True)
class RememberedAnswerView(View):
    """An answer that holds for the next lists, too; `unit`: under which unit, none: everywhere."""

    id: int
    question: str
    answer: str
    unit: str | None
    at: datetime
    by: str
