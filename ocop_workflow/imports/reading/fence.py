"""The fence around files from outside: what is refused, with which words, and how large a list may be."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import Text
from ocop_workflow.imports.reading.old_fonts import SOFT, font_of
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 2_000
MAX_TEXT: Final = 5_000_000  # characters of all sheets: what the child process may hand back
MAX_SHEETS: Final = 50
_LAST_ROW: Final = 1_048_576  # of any workbook; a file that counts further is not counted after


class Refusal(StrEnum):
    """Why a file is not read."""

    MISSING = "missing"
    KIND = "kind"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MUCH_TEXT = "too_much_text"
    TOO_MANY_SHEETS = "too_many_sheets"
    OLD_WORKBOOK = "old_workbook"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    NESTED = "nested"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    NO_SHEET = "no_sheet"
    ENCODING = "encoding"
    NUL = "nul"
    UNREADABLE = "unreadable"
    UNDEFENDED = "undefended"


SENTENCES: Final[Mapping[Refusal, Text]] = {
    Refusal.MISSING: Text("Không mở được tệp.", "The file cannot be opened."),
    Refusal.KIND: Text(
        "Chỉ đọc được tệp .xlsx hoặc .csv; hãy lưu danh sách theo một trong hai dạng này.",
        "Only .xlsx and .csv files are read; save the list as one of them.",
    ),
    Refusal.TOO_LARGE: Text("Tệp lớn hơn 5 MB.", "The file is larger than 5 MB."),
    Refusal.TOO_MANY_ROWS: Text(
        f"Bảng có dữ liệu quá dòng {MAX_ROWS}; hãy xoá các ô thừa ở cuối bảng.",
        f"The sheet has data below row {MAX_ROWS}; delete the stray cells.",
    ),
    Refusal.TOO_MANY_COLUMNS: Text(
        f"Bảng có dữ liệu quá cột thứ {MAX_COLUMNS}; hãy xoá các ô thừa bên phải.",
        f"The sheet has data beyond column {MAX_COLUMNS}; delete the stray cells.",
    ),
    Refusal.TOO_MUCH_TEXT: Text(
        f"Bảng có quá nhiều chữ (mỗi ô không quá {MAX_CELL} ký tự).",
        f"The sheet holds too much text (a cell may have {MAX_CELL} characters).",
    ),
    Refusal.TOO_MANY_SHEETS: Text(
        f"Tệp có hơn {MAX_SHEETS} trang tính; hãy giữ lại những trang của danh sách.",
        f"The workbook has more than {MAX_SHEETS} sheets; keep those of the list.",
    ),
    Refusal.OLD_WORKBOOK: Text(
        "Đây là tệp Excel dạng cũ (.xls); hãy lưu lại thành .xlsx.",
        "This is an old Excel file (.xls); save it as .xlsx.",
    ),
    Refusal.ENCRYPTED: Text(
        "Tệp được đặt mật khẩu; hãy bỏ mật khẩu rồi gửi lại.",
        "The file is protected by a password; remove it and send the file again.",
    ),
    Refusal.MACROS: Text(
        "Tệp có chứa macro; hãy lưu lại thành .xlsx không có macro.",
        "The file contains macros; save it as .xlsx without macros.",
    ),
    Refusal.NESTED: Text(
        "Tệp có nhúng tệp nén hoặc bảng tính khác bên trong; hãy bỏ phần nhúng.",
        "The file has another archive or workbook inside; remove it.",
    ),
    Refusal.UNPACKS_TOO_LARGE: Text(
        "Nội dung tệp khi giải nén quá lớn so với một danh sách sản phẩm.",
        "Unpacked, the file is far too large for a list of products.",
    ),
    Refusal.NO_SHEET: Text("Tệp không có trang tính nào hiển thị.", "The workbook has no visible sheet."),
    Refusal.ENCODING: Text(
        'Chữ trong tệp không theo bảng mã UTF-8; hãy lưu lại theo dạng "CSV UTF-8".',
        'The text is not in UTF-8; save the file as "CSV UTF-8".',
    ),
    Refusal.NUL: Text(
        "Tệp có ký tự NUL, không phải là tệp văn bản.",
        "The file holds NUL characters; it is not a text file.",
    ),
    Refusal.UNREADABLE: Text(
        "Không đọc được tệp: tệp bị hỏng hoặc không đúng dạng.",
        "The file cannot be read: it is damaged or not what its name says.",
    ),
    Refusal.UNDEFENDED: Text(
        "Máy chủ thiếu thư viện defusedxml nên không mở tệp .xlsx.",
        "The server lacks the library defusedxml and opens no .xlsx files.",
    ),
}


class FenceError(Exception):
    """The file stands outside the fence; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def fenced(rows: Iterable[Iterable[str]], length: int = 0) -> tuple[tuple[str, ...], ...]:
    """Return the rows cleaned and without blank ends, reading no further than the limits allow.

    A soft hyphen is dropped as everything invisible, but for a text of an old font, where it is a letter.

    Args:
        rows: the cells of one sheet.
        length: the characters that other sheets of the file hold already.

    Raises:
        FenceError: a cell that is not blank stands beyond the limits, or the text is too long.
    """
    kept: list[tuple[str, ...]] = []
    for number, cells in enumerate(rows, start=1):
        row = _without_blank_end(cells)
        if number > (MAX_ROWS if row else _LAST_ROW):
            raise FenceError(Refusal.TOO_MANY_ROWS)
        if not row:
            continue
        length += sum(map(len, row))
        if length > MAX_TEXT:
            raise FenceError(Refusal.TOO_MUCH_TEXT)
        kept.extend([()] * (number - 1 - len(kept)))
        kept.append(row)
    return tuple(kept)


def noting_lines(
    rows: Iterable[Iterable[str]], noted: dict[tuple[int, int], tuple[str, ...]]
) -> Iterator[Iterator[str]]:
    """Yield the rows as they are, and note by row (from 1) and column (from 0) the cells of several lines."""
    for number, cells in enumerate(rows, start=1):
        yield _noting(number, cells, noted)


def _noting(
    number: int, cells: Iterable[str], noted: dict[tuple[int, int], tuple[str, ...]]
) -> Iterator[str]:
    for place, cell in enumerate(cells):
        if cell and len(cell) <= MAX_CELL and ("\n" in cell or "\r" in cell):
            lines = tuple(filter(None, map(clean, cell.splitlines())))
            if len(lines) > 1:
                noted[number, place] = lines
        yield cell


def _without_blank_end(cells: Iterable[str]) -> tuple[str, ...]:
    row: list[str] = []
    for place, cell in enumerate(cells):
        if not cell:
            continue
        if len(cell) > MAX_CELL:
            raise FenceError(Refusal.TOO_MUCH_TEXT)
        text = clean(cell.replace("\xad", SOFT) if "\xad" in cell and font_of(cell) else cell)
        if text and place >= MAX_COLUMNS:
            raise FenceError(Refusal.TOO_MANY_COLUMNS)
        if text:
            row.extend([""] * (place - len(row)))
            row.append(text)
    return tuple(row)


__all__ = [
    "MAX_BYTES",
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "MAX_SHEETS",
    "MAX_TEXT",
    "SENTENCES",
    "FenceError",
    "Refusal",
    "fenced",
    "noting_lines",
]
