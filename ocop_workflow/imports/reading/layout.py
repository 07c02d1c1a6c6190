"""Rows of a list that are no products: the numbers of the columns, and the headings of sections."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocop_workflow.imports.reading.lines import SheetLine
from ocop_workflow.imports.reading.unit_names import has_kind

if TYPE_CHECKING:
    from ocop_workflow.imports.reading.candidate import Row
    from ocop_workflow.imports.reading.header import Header

_COLUMN_NUMBER: Final = re.compile(r"\(?\[?(\d{1,2}|[A-Z])\]?\)?")
_ROMAN: Final = r"(?:[IVXLC]{1,6}|[A-Z])"
_SECTION_NUMBER: Final = re.compile(rf"{_ROMAN}\s*[.)/:-]?")
_SECTION_TEXT: Final = re.compile(rf"{_ROMAN}\s*[.)/:-]\s*(?P<name>\S.*)|(?:[IVXLC]+)\s+(?P<after>\S.*)")
_FEWEST: Final = 4  # columns that a row of their numbers fills


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading between rows; `unit` is the unit that it names, if it names one."""

    unit: str

    def as_line(self, row: int) -> SheetLine | None:
        """Return the line from which the rows below fill their unit; nothing else is handed down."""
        return SheetLine(row, "", self.unit, "", "", "", ("",) * 4, unit_row=row) if self.unit else None


def is_numbers(cells: Row) -> bool:
    """Return whether a row only numbers the columns: (1) (2) (3) …, or A B 1 2 …."""
    said = [cell for cell in cells if cell]
    if len(said) < _FEWEST or not all(_COLUMN_NUMBER.fullmatch(cell) for cell in said):
        return False
    numbers = [int(found[0]) for cell in said if (found := re.search(r"\d+", cell))]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True


def section_of(header: Header, cells: Row) -> Heading | None:
    """Return the section that a row opens: a Roman number or a letter, and one text; no product, no cross.

    A row with the name of a unit alone opens one too. Counts may stand under the stars.
    """
    number = cells[header.number] if len(cells) > header.number else ""
    texts = {
        place: cell
        for place, cell in enumerate(cells)
        if cell and place not in {header.number, *header.stars}
    }
    marks = [cells[place] for place in header.stars if len(cells) > place and cells[place]]
    if len(texts) > 1 or not all(mark.isdecimal() for mark in marks):
        return None
    text = next(iter(texts.values()), "")
    if _SECTION_NUMBER.fullmatch(number):
        return Heading(text if has_kind(text) else "")
    named = _SECTION_TEXT.fullmatch(number if not text else text if not number else "")
    if named is not None:
        name = named["name"] or named["after"]
        return Heading(name if has_kind(name) else "")
    alone = number or text if not (number and text) else ""
    return Heading(alone) if alone and not alone.isdecimal() and has_kind(alone) else None


__all__ = ["Heading", "is_numbers", "section_of"]
