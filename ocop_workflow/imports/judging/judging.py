"""Doubts about a row's own cells: noted, and put straight where they were answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_workflow.imports.answers import Word
from ocop_workflow.imports.reading.candidate import Doubt, QuestionKind, column_letters, row_name
from ocop_workflow.imports.reading.cells import doubt_of, font_of_row
from ocop_workflow.imports.reading.lines import WORDS
from ocop_workflow.imports.reading.ticks import Tick, read_box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.imports.answers import Answers, AnswerWords
    from ocop_workflow.imports.reading.header import Header
    from ocop_workflow.imports.reading.lines import SheetLine
    from ocop_workflow.imports.reading.sheet import Sheet

_ROW, _COLUMN, _STARS = "row", "column ", "stars"


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the rows of one sheet."""

    sheet: Sheet
    header: Header
    answers: Answers

    def __call__(self, line: SheetLine) -> SheetLine:
        """Return the row as it was answered, with what is still in doubt."""
        found = list(self._doubts(line))
        if not found:
            return line
        alone = sum(doubt.kind.is_of_a_cell for _, doubt in found) == 1
        open_ones: list[tuple[str, Doubt]] = []
        for field, doubt in found:
            answer = self.answers.to(doubt, alone=alone)
            settled = self._settled(line, field, answer) if answer else None
            if settled is None:
                open_ones.append((field, doubt))
            else:
                line = settled
        return replace(line, doubts=tuple(open_ones))

    def _doubts(self, line: SheetLine) -> Iterator[tuple[str, Doubt]]:
        if line.row in self.sheet.hidden_rows:
            yield _ROW, self._hidden_row(line)
        for column in sorted(self.sheet.hidden_columns & self.header.columns - {self.header.number}):
            if self._holds(line, column):
                yield f"{_COLUMN}{column}", self._hidden_column(column)
        texts = {field: text for field in WORDS if (text := getattr(line, field))}
        font = font_of_row(texts.values())
        for field, text in texts.items():
            doubt = doubt_of(self.sheet.name, line.cell(self.header, field), field, text, font)
            if doubt is not None:
                yield field, doubt
        place = _only_mark_under_an_upgrade(line)
        if place is not None:
            yield _STARS, self._mark(line, place)

    def _hidden_row(self, line: SheetLine) -> Doubt:
        vi, en = (row_name(word, line.row, line.number) for word in ("Dòng", "Row"))
        return Doubt(
            f"{vi} bị ẩn trong bảng tính: “{line.name}”; nhập hay bỏ qua?",
            f"{en} is hidden in the sheet: “{line.name}”; import it or leave it out?",
            self.sheet.name,
            f"{column_letters(self.header.number)}{line.row}",
            Word.SKIP,
            QuestionKind.HIDDEN_ROW,
        )

    def _hidden_column(self, column: int) -> Doubt:
        letters = column_letters(column)
        return Doubt(
            f"Cột {letters} bị ẩn trong bảng tính; nhập hay bỏ qua nội dung của cột?",
            f"Column {letters} is hidden in the sheet; import what it holds or leave it out?",
            self.sheet.name,
            f"{letters}{self.header.below}",
            Word.IMPORT,
            QuestionKind.HIDDEN_COLUMN,
        )

    def _mark(self, line: SheetLine, place: int) -> Doubt:
        cell = f"{column_letters(self.header.stars[place])}{line.row}"
        text = line.stars[place]
        return Doubt(
            f"Ô {cell} ở cột nâng hạng ghi “{text}”; có phải là dấu x không?",
            f"Cell {cell} in a column of an upgrade says “{text}”; is it a cross?",
            self.sheet.name,
            cell,
            "x",
            QuestionKind.TICK,
        )

    def _holds(self, line: SheetLine, column: int) -> bool:
        for field in WORDS:
            if getattr(self.header, field) == column:
                return bool(getattr(line, field))
        return read_box(line.stars[self.header.stars.index(column)]) is not Tick.EMPTY

    def _settled(self, line: SheetLine, field: str, answer: AnswerWords) -> SheetLine | None:
        """Return the row after an answer; nothing if the answer leaves it open."""
        if field.startswith(_COLUMN):
            return self._without(line, int(field[len(_COLUMN) :])) if answer.word is Word.SKIP else line
        if answer.word is Word.SKIP:
            return replace(line, left_out=True)
        if answer.word is not None:
            return line
        if field != _STARS:
            return line.saying(field, answer.text)
        box = read_box(answer.text)
        if box is Tick.WORDS:
            return None
        place = _only_mark_under_an_upgrade(line)
        stars = tuple(
            ("x" if box is Tick.MARKED else "") if i == place else cell for i, cell in enumerate(line.stars)
        )
        return replace(line, stars=stars, unclear=False)

    def _without(self, line: SheetLine, column: int) -> SheetLine:
        for field in WORDS:
            if getattr(self.header, field) == column:
                return line.saying(field, "")
        place = self.header.stars.index(column)
        return replace(line, stars=tuple("" if i == place else cell for i, cell in enumerate(line.stars)))


def _only_mark_under_an_upgrade(line: SheetLine) -> int | None:
    """Return which star column holds words, or a cross that fits nowhere, if it is an upgrade's and alone."""
    said = [place for place, cell in enumerate(line.stars) if read_box(cell) is not Tick.EMPTY]
    if len(said) != 1 or said[0] < 2:  # noqa: PLR2004 - "3 sao" and "4 sao" stand before the upgrades
        return None
    return said[0] if line.unclear or read_box(line.stars[said[0]]) is Tick.WORDS else None


__all__ = ["Judge"]
