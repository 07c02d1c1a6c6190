"""The child process that opens a workbook: `python -m ocop_workflow.imports.reading.sheet_child`.

The workbook comes in on standard input; one JSON object goes out on standard output, `{"sheets": […]}` or
`{"refusal": …}`. Whatever a damaged or hostile file does, it does here, under limits on memory and time.
"""

from __future__ import annotations

import json
import sys
import zipfile
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Final, cast

import openpyxl

from ocop_workflow.fence.child import limit_process
from ocop_workflow.imports.reading.bare_workbook import bare, hidden_in
from ocop_workflow.imports.reading.fence import MAX_SHEETS, FenceError, Refusal, fenced, noting_lines
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet._read_only import ReadOnlyWorksheet
    from openpyxl.worksheet.worksheet import Worksheet

MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
CPU_SECONDS: Final = 20
MAX_MEMBERS: Final = 200
MAX_UNPACKED: Final = 50 * 1024 * 1024
MAX_RATIO: Final = 100
MIDNIGHT: Final = time()
_ZIP: Final = b"PK\x03\x04"
_IS_ENCRYPTED: Final = 0x1  # flag bit of a zip member


def check_archive(data: bytes) -> None:
    """Judge a workbook by its zip directory, before anything is unpacked.

    `zipfile` never unpacks more of a member than the directory says, so what holds here holds later.

    Raises:
        FenceError: encrypted, with macros, another archive inside, or too much to unpack.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = archive.infolist()
        if any(member.flag_bits & _IS_ENCRYPTED for member in members):
            raise FenceError(Refusal.ENCRYPTED)
        if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
            raise FenceError(Refusal.UNPACKS_TOO_LARGE)
        if any(m.file_size > MAX_RATIO * max(m.compress_size, 1) for m in members):
            raise FenceError(Refusal.UNPACKS_TOO_LARGE)
        if any(member.filename.casefold().endswith("vbaproject.bin") for member in members):
            raise FenceError(Refusal.MACROS)
        if any(_is_zip(archive, member) for member in members):
            raise FenceError(Refusal.NESTED)


def _is_zip(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    with archive.open(member) as file:
        return file.read(len(_ZIP)) == _ZIP


def read_workbook(data: bytes) -> list[dict[str, object]]:
    """Return the sheets of the workbook, hidden ones too: name, rows, what is hidden, cells of several lines.

    Formulas give the values that were saved with them; merged cells stand as one value and blanks.

    Raises:
        FenceError: the workbook is refused.
        Exception: whatever the library meets in a damaged file.
    """
    check_archive(data)
    if openpyxl.DEFUSEDXML is not True:
        raise FenceError(Refusal.UNDEFENDED)
    found: list[dict[str, object]] = []
    length = 0
    with zipfile.ZipFile(BytesIO(data)) as archive:
        book = openpyxl.load_workbook(bare(archive), read_only=True, data_only=True, keep_links=False)
        if len(book.worksheets) > MAX_SHEETS:
            raise FenceError(Refusal.TOO_MANY_SHEETS)
        for page in book.worksheets:
            lines: dict[tuple[int, int], tuple[str, ...]] = {}
            rows = fenced(noting_lines(_texts(page), lines), length)
            length += sum(len(cell) for row in rows for cell in row)
            hidden_rows, hidden_columns = hidden_in(archive, _part(page))
            found.append(
                {
                    "name": clean(page.title),
                    "rows": rows,
                    "hidden": page.sheet_state != "visible",
                    "hidden_rows": sorted(hidden_rows),
                    "hidden_columns": sorted(hidden_columns),
                    "lines": [[*place, found] for place, found in lines.items()],
                }
            )
    if all(sheet["hidden"] for sheet in found):
        raise FenceError(Refusal.NO_SHEET)
    return found


def _part(sheet: Worksheet) -> str:
    """Return the part of the archive that holds a sheet; the library says so only here."""
    return str(sheet._worksheet_path)  # type: ignore[attr-defined]  # noqa: SLF001 - see above; its types forget the read-only sheet


def _texts(sheet: Worksheet) -> Iterator[Iterator[str]]:
    # What the file claims of its size is not believed; the library's types forget the read-only sheet.
    cast("ReadOnlyWorksheet", sheet).reset_dimensions()
    for cells in sheet.iter_rows(min_row=1, min_col=1, values_only=True):
        yield map(_text, cells)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == MIDNIGHT:
        return value.date().isoformat()
    return str(value)


def answer(data: bytes) -> dict[str, object]:
    """Return what goes out for a workbook: its sheets, or the reason why not."""
    try:
        return {"sheets": read_workbook(data)}
    except FenceError as error:
        return {"refusal": error.refusal}
    except Exception:  # noqa: BLE001 - a damaged workbook raises anything at all; all of it means one thing
        return {"refusal": Refusal.UNREADABLE}


def main() -> None:
    """Read standard input under limits and write the answer."""
    limit_process(MEMORY, CPU_SECONDS)
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
