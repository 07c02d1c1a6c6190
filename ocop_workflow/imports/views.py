"""What is shown of an import: row by row, what is asked, and which steps are left to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.imports.answers import words_for
from ocop_workflow.imports.reading.candidate import Doubt, QuestionKind
from ocop_workflow.imports.report import RowVerdict
from ocop_workflow.states import State
from ocop_workflow.views import View

if TYPE_CHECKING:
    from ocop_workflow.errors import Text
    from ocop_workflow.imports.report import ImportReport, NextStep, RowResult


@dataclass(frozen=True, slots=True)
class AskedView(View):
    """A question of an import; `stops`: something is not imported until it is answered."""

    vi: str
    en: str
    sheet: str | None
    cell: str | None
    proposed: str | None
    kind: QuestionKind | None
    product: str | None
    stops: bool
    answers: tuple[str, ...]

    @classmethod
    def of(cls, text: Text) -> AskedView:
        """Return what is shown of a question: of a doubt also how it is answered."""
        doubt = text if isinstance(text, Doubt) else None
        return cls(
            vi=text.vi,
            en=text.en,
            sheet=getattr(text, "sheet", "") or None,
            cell=getattr(text, "cell", "") or None,
            proposed=str(getattr(text, "proposed", "")) or None,
            kind=doubt.kind if doubt else None,
            product=doubt.code or None if doubt else None,
            stops=doubt is not None and doubt.kind.stops,
            answers=words_for(doubt) if doubt else (),
        )


@dataclass(frozen=True, slots=True)
class RowView(View):
    """What becomes of one row of a list; `number`: the list's own, `code`: the product, if it is one."""

    sheet: str
    row: int
    number: str
    code: str | None
    unit: str
    name: str
    producer: str | None
    state: State | None
    new: bool
    verdict: RowVerdict
    questions: tuple[AskedView, ...]

    @classmethod
    def of(cls, row: RowResult) -> RowView:
        """Return what is shown of a row."""
        asked = tuple(map(AskedView.of, (*row.doubts, *row.questions)))
        return cls.alike(row, code=row.code or None, new=row.is_new, questions=asked)


@dataclass(frozen=True, slots=True)
class NextStepView(View):
    """What is left to do for a product, in words and as commands."""

    code: str
    vi: str
    en: str
    commands: tuple[str, ...]

    @classmethod
    def of(cls, step: NextStep) -> NextStepView:
        """Return what is shown of a step."""
        return cls(step.code, step.text.vi, step.text.en, step.commands)


@dataclass(frozen=True, slots=True)
class ImportReportView(View):
    """What an import did, or would do (`dry_run`)."""

    plan: str
    dry_run: bool
    added: int
    corrected: int
    waiting: int
    rows: tuple[RowView, ...]
    questions: tuple[AskedView, ...]
    steps: tuple[NextStepView, ...]

    @classmethod
    def of(cls, report: ImportReport, *, dry_run: bool) -> ImportReportView:
        """Return what is shown of an import."""
        return cls(
            plan=report.plan,
            dry_run=dry_run,
            added=report.added,
            corrected=report.count(RowVerdict.CORRECTED),
            waiting=report.count(RowVerdict.WAITS),
            rows=tuple(map(RowView.of, report.rows)),
            questions=tuple(map(AskedView.of, (*report.doubts, *report.questions))),
            steps=tuple(map(NextStepView.of, report.steps)),
        )
