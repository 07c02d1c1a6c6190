"""The columns that a list gets when it comes back: verdict, question, proposal, and where to answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from ocop_workflow.imports.reading.sheet import Sheet

VERDICT, QUESTION, PROPOSAL, ANSWER = OWN = ("Kết quả", "Câu hỏi", "Đề xuất", "Trả lời")
#: the sheet of what is asked about the list as a whole, and its columns
GENERAL: Final = "Hỏi chung"
ABOUT: Final = ("Về", QUESTION, PROPOSAL, ANSWER)
_KEYS: Final = tuple(map(search_key, OWN))


def is_general(sheet: Sheet) -> bool:
    """Return whether the sheet is ours: what was asked about the list as a whole."""
    return sheet.name == GENERAL and bool(sheet.rows) and sheet.rows[0][: len(ABOUT)] == ABOUT


def without_own(sheet: Sheet) -> Sheet:
    """Return the sheet as it was before our columns were put beside it."""
    place = _place(sheet)
    if place is None:
        return sheet
    _, first = place
    rows = tuple(_trimmed(row[:first]) for row in sheet.rows)
    return replace(sheet, rows=rows)


def answers_on(sheet: Sheet) -> dict[str, str]:
    """Return what was answered on a sheet, by place: `Trang!2` is a row."""
    if is_general(sheet):
        return {row[0]: row[-1] for row in sheet.rows[1:] if len(row) == len(ABOUT) and row[0]}
    place = _place(sheet)
    if place is None:
        return {}
    below, first = place
    column = first + len(OWN) - 1
    return {
        f"{sheet.name}!{number}": row[column]
        for number, row in enumerate(sheet.rows[below:], start=below + 1)
        if len(row) > column and row[column]
    }


def _place(sheet: Sheet) -> tuple[int, int] | None:
    """Return where our headings stand: the index of the row below, and of the first column."""
    for index, row in enumerate(sheet.rows):
        if len(row) < len(OWN) or row[-1] != ANSWER:
            continue
        if tuple(map(search_key, row[-len(OWN) :])) == _KEYS:
            return index + 1, len(row) - len(OWN)
    return None


def _trimmed(row: tuple[str, ...]) -> tuple[str, ...]:
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


__all__ = [
    "ABOUT",
    "ANSWER",
    "GENERAL",
    "OWN",
    "PROPOSAL",
    "QUESTION",
    "VERDICT",
    "answers_on",
    "is_general",
    "without_own",
]
