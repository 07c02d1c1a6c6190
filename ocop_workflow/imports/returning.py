"""The list that comes back: as it was, with the verdict, the question and the proposal beside each row.

Cells stand where they stood, so that a place like C2 is the same in both. Every cell is written as text: a
name that begins like a formula stays a name, and nothing is ever reckoned.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from ocop_workflow.errors import WrongUse
from ocop_workflow.imports.reading.header import find_header
from ocop_workflow.imports.reading.old_fonts import SOFT
from ocop_workflow.imports.reading.own_columns import ABOUT, GENERAL, OWN, is_general, without_own
from ocop_workflow.imports.report import RowVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ocop_workflow.errors import Fault, Text
    from ocop_workflow.imports.importing import File
    from ocop_workflow.imports.reading.sheet import Sheet
    from ocop_workflow.imports.report import ImportReport, RowResult

_PLACE: Final = re.compile(r"(?:(?P<sheet>.+)!)?(?:[A-Z]{1,3}|dòng )(?P<row>\d+)(?: .*)?")
_FORMULA: Final = re.compile(r"[=+\-@\t\r].+", re.DOTALL)
_WIDTHS: Final = (24, 60, 30, 24)
_GENERAL_WIDTHS: Final = (24, 90, 24, 24)
_HIDDEN: Final = {"hidden": True}


@dataclass
class _Beside:
    """What stands beside one row."""

    verdict: str = ""
    questions: list[str] = field(default_factory=list)
    proposals: list[tuple[str, str]] = field(default_factory=list)

    def cells(self, answer: str) -> tuple[str, ...]:
        """Return our cells of the row; one proposal stands alone, several name their cells."""
        alone = len(self.proposals) == 1
        proposed = "; ".join(text if alone else f"{cell} = {text}" for cell, text in self.proposals)
        return self.verdict, "\n".join(self.questions), proposed, answer


@dataclass(frozen=True, slots=True)
class _Page:
    """One sheet as it is written."""

    sheet: Sheet
    rows: list[tuple[str, ...]]
    first_own: int | None


def list_back(file: File, suffix: str, report: ImportReport | None, faults: Sequence[Fault] = ()) -> bytes:
    """Return the list as it goes back.

    Args:
        file: the list that was read.
        suffix: .xlsx, or .csv for a list of one sheet, which has no room for what is asked of the whole list.
        report: what the import did or would do; none: it was refused.
        faults: why it was refused.

    Raises:
        WrongUse: another kind of file is asked for.
    """
    beside = _beside(report, faults)
    pages = [
        _page(sheet, beside, file.answers.given)
        for sheet in (without_own(sheet) for sheet in file.sheets if not is_general(sheet))
    ]
    if suffix.casefold() == ".xlsx":
        return _workbook(pages, _general(file, report))
    if suffix.casefold() == ".csv" and len(pages) == 1:
        return _text(pages[0])
    raise WrongUse(
        "Tệp trả lại phải là .xlsx (hoặc .csv khi danh sách chỉ có một trang).",
        "The list goes back as .xlsx (or as .csv if it is one sheet).",
    )


def _beside(report: ImportReport | None, faults: Sequence[Fault]) -> dict[tuple[str, str], _Beside]:
    """Return what stands beside each row, by sheet and number; a fault may name no sheet."""
    found: defaultdict[tuple[str, str], _Beside] = defaultdict(_Beside)
    for row in report.rows if report else ():
        beside = found[row.sheet, str(row.row)]
        beside.verdict = _verdict(row)
        beside.questions += [
            *(doubt.vi for doubt in row.doubts),
            *(f"Hỏi thêm: {text.vi}" for text in row.questions),
        ]
        beside.proposals += [(doubt.cell, doubt.proposed) for doubt in row.doubts if doubt.proposed]
    for fault in faults:
        place = _PLACE.fullmatch(fault.place)
        if place is not None:
            beside = found[place["sheet"] or "", place["row"]]
            beside.verdict = "lỗi"
            beside.questions.append(fault.text.vi)
    return found


def _verdict(row: RowResult) -> str:
    return (
        f"{row.verdict.label}: {row.code}"
        if row.code and row.verdict is not RowVerdict.WAITS
        else row.verdict.label
    )


def _page(sheet: Sheet, beside: dict[tuple[str, str], _Beside], answers: Mapping[str, str]) -> _Page:
    header = find_header(sheet.rows)
    if header is None:
        return _Page(sheet, list(sheet.rows), None)
    width = max(len(row) for row in sheet.rows)
    rows: list[tuple[str, ...]] = []
    for number, row in enumerate(sheet.rows, start=1):
        here = beside.get((sheet.name, str(number))) or beside.get(("", str(number)))
        answer = answers.get(f"{sheet.name}!{number}", "")
        own = OWN if number == header.below else here.cells(answer) if here else ("", "", "", answer)
        rows.append((*row, *("",) * (width - len(row)), *own))
    return _Page(sheet, rows, width)


def _general(file: File, report: ImportReport | None) -> list[tuple[str, ...]]:
    """Return what is asked of the list as a whole: about what, the question, the proposal, the answer."""
    if report is None:
        return []
    asked: Iterable[Text] = (*report.doubts, *report.questions)
    rows = [(*_about(text), file.answers.given.get(_about(text)[0], "")) for text in asked]
    rows += [
        (step.code, "\n".join((step.text.vi, *step.commands)), "", file.answers.given.get(step.code, ""))
        for step in report.steps
    ]
    return [ABOUT, *rows] if rows else []


def _about(text: Text) -> tuple[str, str, str]:
    code, sheet, cell = (getattr(text, name, "") for name in ("code", "sheet", "cell"))
    place = code or (f"{sheet}!{cell}" if cell else sheet)
    return place, text.vi, str(getattr(text, "proposed", ""))


def _workbook(pages: Sequence[_Page], general: Sequence[tuple[str, ...]]) -> bytes:
    buffer = BytesIO()
    # in the order of the rows, none of which is kept in memory
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        plain = book.add_format({"num_format": "@"})
        wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for page in pages:
            _write_page(book.add_worksheet(page.sheet.name), page, plain, wrapped)
        if general:
            sheet = book.add_worksheet(GENERAL)
            for place, width in enumerate(_GENERAL_WIDTHS):
                sheet.set_column(place, place, width)
            for number, row in enumerate(general):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell, wrapped)
    return buffer.getvalue()


def _write_page(sheet: Any, page: _Page, plain: Any, wrapped: Any) -> None:  # noqa: ANN401 - the library ships no types
    if page.sheet.hidden:
        sheet.hide()
    for column in page.sheet.hidden_columns:
        sheet.set_column(column, column, None, None, _HIDDEN)
    first_own = len(max(page.rows, key=len, default=())) if page.first_own is None else page.first_own
    for place, width in enumerate(_WIDTHS if page.first_own is not None else (), start=first_own):
        sheet.set_column(place, place, width)
    for number, row in enumerate(page.rows):
        if number + 1 in page.sheet.hidden_rows:
            sheet.set_row(number, None, None, _HIDDEN)
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, _whole(cell), wrapped if column >= first_own else plain)


def _text(page: _Page) -> bytes:
    out = StringIO(newline="")
    csv.writer(out).writerows(_safe(row) for row in page.rows)
    return out.getvalue().encode("utf-8-sig")  # so that a spreadsheet knows the letters


def _safe(row: Iterable[str]) -> Iterator[str]:
    """A spreadsheet takes a text for a formula if it begins like one; behind an apostrophe it does not."""
    for cell in row:
        yield f"'{_whole(cell)}" if _FORMULA.fullmatch(cell) else _whole(cell)


def _whole(cell: str) -> str:
    return cell.replace(SOFT, "\xad")


__all__ = ["list_back"]
