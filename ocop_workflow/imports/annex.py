"""The list of a plan's products ("Dự kiến sản phẩm tham gia"): sheets in, products, faults and questions out.

The rules follow the annex of the Đức Phổ plan of 2024: merged cells stand as blanks, one cross marks the
registered star, a line "Tổng cộng có … sản phẩm" closes the list. Whatever is doubtful is asked, never
decided here; what would be stored wrongly waits for the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import Text, fault
from ocop_workflow.imports.answers import Answers, Word
from ocop_workflow.imports.judging.doubles import with_doubles, with_keys, with_twice
from ocop_workflow.imports.judging.judging import Judge
from ocop_workflow.imports.reading.candidate import (
    AnnexContent,
    Candidate,
    CellQuestion,
    CrossColumn,
    Doubt,
    QuestionKind,
    Row,
    column_letters,
    row_name,
)
from ocop_workflow.imports.reading.header import Header, find_header, nearly
from ocop_workflow.imports.reading.layout import is_numbers, section_of
from ocop_workflow.imports.reading.lines import SheetLine, candidate, line_faults, read_line
from ocop_workflow.imports.reading.own_columns import is_general, without_own
from ocop_workflow.imports.reading.sheet import Sheet
from ocop_workflow.imports.reading.ticks import is_sign
from ocop_workflow.vietnamese import clean, search_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocop_workflow.errors import Fault

_TOTAL: Final = re.compile(r"(tong cong|tong so)\b|(tong|cong)\s*(:|\d|$)")
#: doubts about which nobody can say yet whether the row is a product at all
_UNSEEN: Final = frozenset({QuestionKind.HIDDEN_ROW, QuestionKind.HIDDEN_COLUMN})


def read_annex(rows: Sequence[Row]) -> AnnexContent:
    """Read the products of a list that is one sheet without a name; see `read_list`."""
    return read_list((Sheet("", tuple(tuple(map(clean, row)) for row in rows)),))


def read_list(sheets: Sequence[Sheet], answers: Answers | None = None) -> AnnexContent:
    """Read the products of all sheets that have the heading; rows above a heading are passed over.

    Args:
        sheets: the sheets of one file.
        answers: what was answered to an earlier reading of it.

    Returns:
        The products in the order of the sheets, and every fault with its cell. A row with a fault gives no
        product; without the heading there is one fault and no product.
    """
    answers = answers or Answers()
    parts: list[_Part] = []
    questions: list[Text] = []
    doubts: list[Doubt] = []
    headings = 0
    for sheet in (without_own(sheet) for sheet in sheets if not is_general(sheet)):
        header = find_header(sheet.rows)
        if header is None:
            questions += _unread(sheet)
            continue
        headings += 1
        doubt = _hidden_sheet(sheet, header) if sheet.hidden else None
        answer = answers.to(doubt) if doubt else None
        if doubt is None or (answer and answer.word is Word.IMPORT):
            parts.append(_read(sheet, header, answers))
        elif answer is None:
            doubts.append(doubt)
    if not headings:
        return AnnexContent((), (_no_heading([sheet for sheet in sheets if not is_general(sheet)]),))
    several = len(parts) > 1
    products = with_twice([product for part in parts for product in part.products], answers)
    return AnnexContent(
        with_keys(with_doubles(products)),
        tuple(
            replace(found, place=f"{part.sheet}!{found.place}") if several else found
            for part in parts
            for found in part.faults
        ),
        (*(question for part in parts for question in part.questions), *questions),
        tuple(doubts),
    )


_NO_HEADER: Final = fault(
    "A1",
    "Không tìm thấy dòng tiêu đề của phụ lục: STT, Địa phương, Tên sản phẩm, Người đại diện (chủ thể), "
    "Địa chỉ, 3 sao, 4 sao, Nâng hạng 3 sao lên 4 sao, Nâng hạng 4 sao lên 5 sao.",
    "The heading of the annex was not found: STT, Địa phương, Tên sản phẩm, Người đại diện (chủ thể), "
    "Địa chỉ, 3 sao, 4 sao, Nâng hạng 3 sao lên 4 sao, Nâng hạng 4 sao lên 5 sao.",
)


def _no_heading(sheets: Sequence[Sheet]) -> Fault:
    """Name the columns that the row most like a heading lacks: to add them, even empty, is all it needs."""
    for sheet in sheets:
        found = nearly(sheet.rows)
        if found is not None and found[1]:
            row, lacking = found
            titles = ", ".join(f"“{title}”" for title in lacking)
            return fault(
                f"{sheet.name}!A{row + 1}" if len(sheets) > 1 else f"A{row + 1}",
                f"dòng tiêu đề thiếu cột {titles}; hãy thêm cột ấy, chưa có gì thì để trống.",
                f"the heading lacks the columns {titles}; add them, empty if there is nothing to say.",
            )
    return _NO_HEADER


@dataclass(frozen=True, slots=True)
class _Part:
    """What one sheet says."""

    sheet: str
    products: tuple[Candidate, ...]
    faults: tuple[Fault, ...]
    questions: tuple[Text, ...]


def _read(sheet: Sheet, header: Header, answers: Answers) -> _Part:
    rows = sheet.rows
    body = list(enumerate(rows[header.below :], start=header.below + 1))
    end = next((i for i, (_, cells) in enumerate(body) if _is_total(header, cells)), len(body))
    lines = _lines(header, body[:end], Judge(sheet, header, answers))
    faults = [() if _unseen(line) else line_faults(header, line) for line in lines]
    products = [
        candidate(header, line, sheet.name) for line, found in zip(lines, faults, strict=True) if not found
    ]
    questions = (
        *_order(header, sheet, lines),
        *_total(header, sheet, body[end:], len(lines)),
        *_unread_columns(header, sheet, body[:end], lines),
    )
    return _Part(
        sheet.name, tuple(products), tuple(found for of_line in faults for found in of_line), questions
    )


def _unseen(line: SheetLine) -> bool:
    return line.left_out or any(doubt.kind in _UNSEEN for _, doubt in line.doubts)


def _lines(header: Header, body: Sequence[tuple[int, Row]], judge: Judge) -> list[SheetLine]:
    """Read all rows that hold more than a number; each fills its merged cells from the one before.

    Rows of column numbers are passed over; a row that opens a section gives its unit to those below it.
    """
    lines: list[SheetLine] = []
    above: SheetLine | None = None
    for row, cells in body:
        section = section_of(header, cells)
        if section is not None:
            above = section.as_line(row)
        if section is not None or is_numbers(cells) or not _says_something(header, cells):
            continue
        above = read_line(header, row, cells, above, judge)
        lines.append(above)
    return lines


def _says_something(header: Header, cells: Row) -> bool:
    return any(cell for place, cell in enumerate(cells) if place != header.number)


def _is_total(header: Header, cells: Row) -> bool:
    first = next((cell for cell in cells if cell), "")
    return bool(_TOTAL.match(search_key(first))) and not _has_cross(header, cells)


def _has_cross(header: Header, cells: Row) -> bool:
    return any(is_sign(cells[place]) for place in header.stars if place < len(cells))


def _hidden_sheet(sheet: Sheet, header: Header) -> Doubt | None:
    """Ask whether a hidden sheet belongs to the list; nothing if it holds no row."""
    count = sum(len(cells) > header.name and bool(cells[header.name]) for cells in sheet.rows[header.below :])
    if not count:
        return None
    return Doubt(
        f"Trang “{sheet.name}” bị ẩn và có {count} dòng; nhập hay bỏ qua?",
        f"The sheet “{sheet.name}” is hidden and has {count} rows; import it or leave it out?",
        sheet.name,
        proposed=Word.SKIP,
        kind=QuestionKind.HIDDEN_SHEET,
    )


def _unread(sheet: Sheet) -> Iterator[CellQuestion]:
    """Say that a sheet that can be seen was not read."""
    if sheet.hidden or not any(sheet.rows):
        return
    yield CellQuestion(
        f"Trang “{sheet.name}” không có dòng tiêu đề của phụ lục nên không được đọc; "
        "trên đó có sản phẩm nào không?",
        f"The sheet “{sheet.name}” has no heading of the annex and was not read; are there products on it?",
        sheet.name,
    )


def _order(header: Header, sheet: Sheet, lines: Sequence[SheetLine]) -> Iterator[Text]:
    """Ask once, where the column STT first fails to count upwards; a section may count from one again."""
    counted = [line for line in lines if re.fullmatch(r"\d{1,9}", line.number)]
    for above, line in pairwise(counted):
        if int(line.number) <= int(above.number):
            yield CellQuestion(
                f"Số thứ tự không tăng dần: dòng {line.row} ghi {line.number} sau số {above.number}; "
                "danh sách có thiếu hoặc lặp sản phẩm không?",
                f"The numbers do not go up: row {line.row} says {line.number} after {above.number}; "
                "is a product missing or repeated?",
                sheet.name,
                f"{column_letters(header.number)}{line.row}",
            )
            return


def _total(header: Header, sheet: Sheet, footer: Sequence[tuple[int, Row]], count: int) -> Iterator[Text]:
    """Ask if the closing line names another number of products, or if products stand below it."""
    for row, cells in footer[:1]:
        text = " ".join(cell for place, cell in enumerate(cells) if place not in header.stars)
        said = re.search(r"\d{1,9}", text)
        if said and int(said[0]) != count:
            yield CellQuestion(
                f"Dòng tổng cộng ghi {int(said[0])} sản phẩm nhưng đọc được {count} dòng; số nào đúng?",
                f"The closing line says {int(said[0])} products but {count} rows were read; which is right?",
                sheet.name,
                f"A{row}",
            )
    below = [
        (row, read_line(header, row, cells, None).number)
        for row, cells in footer[1:]
        if _has_cross(header, cells)
    ]
    if below:
        vi, en = (", ".join(row_name(word, *place) for place in below) for word in ("dòng", "row"))
        yield CellQuestion(
            f"Dưới dòng tổng cộng còn dấu x ở {vi}, chưa được đọc; có phải là sản phẩm không?",
            f"Below the closing line there are crosses in {en}, not read; are they products?",
            sheet.name,
            f"{column_letters(header.stars[0])}{below[0][0]}",
        )


def _unread_columns(
    header: Header, sheet: Sheet, body: Sequence[tuple[int, Row]], lines: Sequence[SheetLine]
) -> Iterator[Text]:
    """Say which columns hold something that is not read; a row that was slid has its own question."""
    straight = {line.row for line in lines if not line.slid and not line.unclear}
    held: dict[int, int] = {}
    for row, cells in body:
        if row in straight:
            for column in range(len(cells)):
                if cells[column] and column not in header.columns:
                    held[column] = held.get(column, 0) + 1
    for column, count in sorted(held.items()):
        letters = column_letters(column)
        names = [row[column] for row in sheet.rows[header.first : header.below] if len(row) > column]
        name = next((name for name in names if name), "")
        vi, en = (f"“{name}” ", f" “{name}”") if name else ("", " without a heading")
        hidden_vi, hidden_en = (", bị ẩn,", ", hidden,") if column in sheet.hidden_columns else ("", "")
        yield CellQuestion(
            f"Cột {letters} {vi}không được đọc{hidden_vi} có nội dung ở {count} dòng; "
            "có điều gì cần ghi vào hồ sơ không?",
            f"Column {letters}{en}{hidden_en} is not read and holds something in {count} rows; "
            "does any of it belong into the record?",
            sheet.name,
            f"{letters}{header.below}",
        )


__all__ = ["AnnexContent", "Candidate", "CrossColumn", "read_annex", "read_list"]
