"""The child process that opens a workbook: `python -m ocop_workflow.services.imports.sheet_child`.

The workbook comes in on standard input; one JSON object goes out on standard output, `{"rows": …}` or
`{"refusal": …}`. Whatever a damaged or hostile file does, it does here, under limits on memory and time.
"""

from __future__ import annotations

import contextlib
import json
import sys
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Final, cast

import openpyxl

from ocop_workflow.services.imports.fence import FenceError, Refusal, fenced
from ocop_workflow.services.imports.header import find_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet._read_only import ReadOnlyWorksheet
    from openpyxl.worksheet.worksheet import Worksheet

MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
CPU_SECONDS: Final = 20
MAX_MEMBERS: Final = 200
MAX_UNPACKED: Final = 50 * 1024 * 1024
MAX_RATIO: Final = 100
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


def read_workbook(data: bytes) -> tuple[tuple[str, ...], ...]:
    """Return the first visible sheet that has the annex's heading, else the first visible sheet.

    Formulas give the values that were saved with them; merged cells stand as one value and blanks.

    Raises:
        FenceError: the workbook is refused.
        Exception: whatever the library meets in a damaged file.
    """
    check_archive(data)
    if openpyxl.DEFUSEDXML is not True:
        raise FenceError(Refusal.UNDEFENDED)
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    first = None
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            rows = fenced(_texts(sheet))
            if find_header(rows):
                return rows
            first = rows if first is None else first
    if first is None:
        raise FenceError(Refusal.NO_SHEET)
    return first


def _texts(sheet: Worksheet) -> Iterator[Iterator[str]]:
    # What the file claims of its size is not believed; the library's types forget the read-only sheet.
    cast("ReadOnlyWorksheet", sheet).reset_dimensions()
    for cells in sheet.iter_rows(min_row=1, min_col=1, values_only=True):
        yield map(_text, cells)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def answer(data: bytes) -> dict[str, object]:
    """Return what goes out for a workbook: its rows, or the reason why not."""
    try:
        return {"rows": read_workbook(data)}
    except FenceError as error:
        return {"refusal": error.refusal}
    except Exception:  # noqa: BLE001 - a damaged workbook raises anything at all; all of it means one thing
        return {"refusal": Refusal.UNREADABLE}


def limit_process() -> None:
    """Bound memory and processor time; on Windows the parent's time-out stands alone."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - does not exist on Windows

        for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS)):
            with contextlib.suppress(ValueError, OSError):  # a stricter limit already stands
                resource.setrlimit(limit, (value, value))


def main() -> None:
    """Read standard input under limits and write the answer."""
    limit_process()
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
