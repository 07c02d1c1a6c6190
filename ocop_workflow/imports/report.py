"""What an import did, or would do: row by row, what is asked, and which steps are left to people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocop_workflow.errors import Text
    from ocop_workflow.imports.reading.candidate import Doubt
    from ocop_workflow.states import State


class RowVerdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SAME = "same"
    CORRECTED = "corrected"
    RECOGNISED = "recognised"
    WAITS = "waits"
    LEFT_OUT = "left_out"

    @property
    def label(self) -> str:
        """The verdict in Vietnamese."""
        return _LABELS[self]


_LABELS = {
    RowVerdict.NEW: "mới",
    RowVerdict.SAME: "đã có",
    RowVerdict.CORRECTED: "đã sửa",
    RowVerdict.RECOGNISED: "đã có ở kế hoạch khác",
    RowVerdict.WAITS: "chờ trả lời",
    RowVerdict.LEFT_OUT: "bỏ qua",
}


@dataclass(frozen=True, slots=True)
class RowResult:
    """What becomes of one row.

    Attributes:
        row: counts the sheet's rows from 1.
        number: the annex's own (STT), empty if it has none.
        code: the product; empty: none yet.
        state: where the product stands; none: it is none yet.
        questions: what is asked and stops nothing.
        doubts: what the row waits for.
        sheet: the sheet's name.
    """

    row: int
    number: str
    code: str
    unit: str
    name: str
    producer: str | None
    state: State | None
    verdict: RowVerdict
    questions: tuple[Text, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    sheet: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the row becomes a product; else it is one already, waits, or is left out."""
        return self.verdict is RowVerdict.NEW


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is left to do for a product, in words and as commands."""

    code: str
    text: Text
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do.

    Attributes:
        plan: the plan's id.
        rows: every row of the list, in its order.
        questions: about the list as a whole; they stop nothing.
        doubts: about the list as a whole, with an answer each.
        steps: what answers left to people.
    """

    plan: str
    rows: tuple[RowResult, ...]
    questions: tuple[Text, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    steps: tuple[NextStep, ...] = ()

    def count(self, verdict: RowVerdict) -> int:
        """Count the rows of a verdict."""
        return sum(row.verdict is verdict for row in self.rows)

    @property
    def added(self) -> int:
        """How many products are new."""
        return self.count(RowVerdict.NEW)

    @property
    def waits(self) -> bool:
        """Whether something was not imported until a question is answered."""
        return self.count(RowVerdict.WAITS) > 0 or any(doubt.kind.stops for doubt in self.doubts)


__all__ = ["ImportReport", "NextStep", "RowResult", "RowVerdict"]
