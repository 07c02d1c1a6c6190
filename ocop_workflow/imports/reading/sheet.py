"""A product list from outside, .xlsx or .csv, read into sheets of text behind a fence."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

from ocop_workflow.errors import InvalidInput
from ocop_workflow.fence.child import SilentChildError, ask_child
from ocop_workflow.imports.reading.fence import (
    MAX_BYTES,
    SENTENCES,
    FenceError,
    Refusal,
    fenced,
    noting_lines,
)
from ocop_workflow.imports.reading.header import find_header
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ocop_workflow.imports.reading.candidate import Row

WALL_SECONDS: Final = 30
_CHILD: Final = "ocop_workflow.imports.reading.sheet_child"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and the wrapping of an encrypted .xlsx
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_TOP: Final = 200  # rows in which the heading of a text file is looked for
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_BY_SUFFIX: Final[Mapping[str, Refusal]] = {".xls": Refusal.OLD_WORKBOOK, ".xlsm": Refusal.MACROS}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a file: rows of text from its first row on, and what of it is hidden.

    Attributes:
        name: as the tab says; of a text file its own name, as a spreadsheet would call it.
        rows: cells are NFC, trimmed, without invisible characters; a row ends with its last cell that is not
            blank. A date reads `2024-04-03`, a box of a form `TRUE` or `FALSE`.
        hidden_rows: counted from 1.
        hidden_columns: counted from 0.
        lines: of cells that hold several lines, each of them; by row (from 1) and column (from 0).
    """

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    lines: Mapping[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Return the sheets of a file, hidden ones too.

    Args:
        path: a file .xlsx, or .csv, .tsv, .txt in UTF-8 with tabs, commas or semicolons, which is one sheet.

    Raises:
        InvalidInput: the file is of another kind, beyond the limits, or damaged; the sentence says which.
    """
    try:
        return _read(path, _bytes(path))
    except FenceError as error:
        sentence = SENTENCES[error.refusal]
        raise InvalidInput(sentence.vi, sentence.en) from None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        raise FenceError(Refusal.MISSING) from None
    if len(data) > MAX_BYTES:
        raise FenceError(Refusal.TOO_LARGE)
    return data


def _read(path: Path, data: bytes) -> tuple[Sheet, ...]:
    suffix = path.suffix.casefold()
    if data.startswith(_OLE):
        raise FenceError(Refusal.ENCRYPTED if _ENCRYPTED in data else Refusal.OLD_WORKBOOK)
    if suffix == ".xlsx":
        return _workbook(data)
    if suffix in {".csv", ".tsv", ".txt"}:
        lines: dict[tuple[int, int], tuple[str, ...]] = {}
        return (Sheet(sheet_title(path.stem), _text(data, lines), lines=lines),)
    raise FenceError(_BY_SUFFIX.get(suffix, Refusal.KIND))


def sheet_title(name: str) -> str:
    """Return a name as a spreadsheet allows it for a sheet: 31 characters, none of them special."""
    return clean(re.sub(r"[\[\]:*?/\\']", " ", name))[:31].strip() or "1"


def _workbook(data: bytes) -> tuple[Sheet, ...]:
    """Have the child process open the workbook; if it says nothing sensible, the file is unreadable."""
    try:
        said = ask_child(_CHILD, data, WALL_SECONDS)
    except SilentChildError:
        raise FenceError(Refusal.UNREADABLE) from None
    if "refusal" in said:
        raise FenceError(Refusal(said["refusal"]))
    return tuple(
        Sheet(
            sheet["name"],
            tuple(tuple(row) for row in sheet["rows"]),
            sheet["hidden"],
            frozenset(sheet["hidden_rows"]),
            frozenset(sheet["hidden_columns"]),
            {(row, column): tuple(lines) for row, column, lines in sheet["lines"]},
        )
        for sheet in cast("list[dict[str, Any]]", said["sheets"])
    )


def _text(data: bytes, lines: dict[tuple[int, int], tuple[str, ...]]) -> tuple[Row, ...]:
    if data.startswith(_UTF_16):
        raise FenceError(Refusal.ENCODING)
    if b"\0" in data:
        raise FenceError(Refusal.NUL)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FenceError(Refusal.ENCODING) from None
    try:
        rows = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        return fenced(noting_lines(rows, lines))
    except csv.Error:
        raise FenceError(Refusal.UNREADABLE) from None


def _delimiter(text: str) -> str:
    """Return the delimiter under which the annex's heading is found near the top, else the one of most cells.

    Of those that part alike it is the comma.
    """
    widest: dict[str, int] = {}
    for delimiter in "\t,;":
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        rows = [tuple(row) for row in islice(reader, _TOP)]
        if find_header(rows):
            return delimiter
        widest[delimiter] = max(map(len, rows), default=0)
    return max(",;\t", key=lambda delimiter: widest[delimiter])


__all__ = ["Sheet", "read_sheets", "sheet_title"]
