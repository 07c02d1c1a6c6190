"""The list of certificates that goes back: as it came, with the verdict and what is asked beside each row."""

from __future__ import annotations

from collections import defaultdict
from io import BytesIO
from typing import TYPE_CHECKING, Final

import xlsxwriter

from ocop_workflow.imports.reading.own_columns import ABOUT, GENERAL, OWN
from ocop_workflow.imports.register.lists.layouts import heading_of
from ocop_workflow.imports.register.replies import DECIDED_ON, ISSUER, NUMBER
from ocop_workflow.imports.register.views import ListedVerdict

if TYPE_CHECKING:
    from xlsxwriter.format import Format

    from ocop_workflow.imports.register.importing import RegisterFile
    from ocop_workflow.imports.register.views import ListedRowView, RegisterImportView

_WIDTHS: Final = (24, 60, 30, 24)


def register_back(file: RegisterFile, report: RegisterImportView) -> bytes:
    """Return the list as a workbook; every cell is a text, so that no name is reckoned as a formula."""
    beside: defaultdict[tuple[str, int], list[ListedRowView]] = defaultdict(list)
    for verdict in report.verdicts:
        beside[verdict.sheet, verdict.row].append(verdict)
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False}) as book:
        plain = book.add_format({"num_format": "@"})
        wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for sheet in file.sheets:
            page, width = book.add_worksheet(sheet.name or None), max(map(len, sheet.rows), default=0)
            below = heading_of(sheet)
            for place, wide in enumerate(_WIDTHS if below is not None else (), start=width):
                page.set_column(place, place, wide)
            for number, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    lines = sheet.lines.get((number, column))
                    if lines:  # of several products in one cell each has its line
                        page.write_string(number - 1, column, "\n".join(lines), wrapped)
                    elif cell:
                        page.write_string(number - 1, column, cell, plain)
                answer = file.answers.given.get(f"{sheet.name}!{number}", "")
                own = OWN if number == below else _cells(beside[sheet.name, number], answer)
                for column, cell in enumerate(own, start=width):
                    if cell:
                        page.write_string(number - 1, column, cell, wrapped)
        _write_whole(book, file, report, wrapped)
    return buffer.getvalue()


def _write_whole(
    book: xlsxwriter.Workbook, file: RegisterFile, report: RegisterImportView, form: Format
) -> None:
    """Add the sheet of what is answered once: for the whole list, and for each producer."""
    asked: dict[str, ListedRowView | None] = {}
    for one in report.verdicts:
        if one.key is not None and "!" not in one.key:
            asked.setdefault(one.key, one)
    if not asked:
        return
    if {NUMBER, DECIDED_ON} & asked.keys():  # a decision is told as a whole
        for key in (NUMBER, DECIDED_ON, ISSUER):
            asked.setdefault(key, None)
    page = book.add_worksheet(GENERAL)
    for column, (title, wide) in enumerate(zip(ABOUT, _WIDTHS, strict=True)):
        page.set_column(column, column, wide)
        page.write_string(0, column, title, form)
    for number, (key, first) in enumerate(asked.items(), start=1):
        told = (first.detail, first.proposed or "") if first else (f"{key} của cả danh sách", "")
        for column, cell in enumerate((key, *told, file.answers.given.get(key, ""))):
            if cell:
                page.write_string(number, column, cell, form)


def _cells(verdicts: list[ListedRowView], answer: str) -> tuple[str, ...]:
    """Return our cells of a row: what becomes of its recognitions, what is asked, what is proposed."""
    told = [f"{one.verdict.label}{f': {one.code}' if one.code else ''}" for one in verdicts]
    asked = [one.detail for one in verdicts if one.verdict in (ListedVerdict.FAULT, ListedVerdict.QUESTION)]
    details = asked or [one.detail for one in verdicts if one.detail]
    proposed = [one.proposed for one in verdicts if one.proposed]
    lines = ("\n".join(dict.fromkeys(part)) for part in (told, details, proposed))
    return (*lines, answer)
