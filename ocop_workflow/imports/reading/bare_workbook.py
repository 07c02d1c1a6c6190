"""A workbook bared to its values: the parts that hold them, and of the styles which numbers are dates.

What a cell looks like is not needed to read it, and a fault in it (an empty `<fill/>` of some writers, which
spreadsheets open without a word) is then none. Rows and columns that are hidden are noted on the way.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Final
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from ocop_workflow.imports.reading.fence import FenceError, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NEEDED: Final = re.compile(
    r"\[Content_Types\]\.xml|(_rels|xl/_rels)/.*|xl/(workbook|sharedStrings)\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_STYLES: Final = "xl/styles.xml"
_SPREADSHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# one look for all, so that the library has nothing to complain of
_NO_LOOK: Final = (
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
)
_YES: Final = frozenset({"1", "true"})

Hidden = tuple[frozenset[int], frozenset[int]]
"""The rows of a sheet that are hidden, counted from 1, and its columns, counted from 0."""


def bare(archive: zipfile.ZipFile) -> BytesIO:
    """Return the workbook with its values alone."""
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as out:
        for name in archive.namelist():
            if _NEEDED.fullmatch(name):
                out.writestr(name, archive.read(name))
        if _STYLES in archive.namelist():
            out.writestr(_STYLES, _number_formats(archive.read(_STYLES)))
    copy.seek(0)
    return copy


def hidden_in(archive: zipfile.ZipFile, part: str) -> Hidden:
    """Return what is hidden of the sheet that stands in this part of the workbook."""
    data = archive.read(part)
    rows: set[int] = set()
    columns: set[int] = set()
    if b"hidden" not in data:
        return frozenset(), frozenset()
    last_row = 0

    def note(tag: str, of: Mapping[str, str]) -> None:
        nonlocal last_row
        if tag == "row":
            last_row = int(of.get("r", last_row + 1))
        if of.get("hidden") in _YES and tag == "row":
            rows.add(last_row)
        elif of.get("hidden") in _YES and tag == "col":
            first = int(of["min"]) - 1
            columns.update(range(first, min(int(of["max"]), first + _MOST_COLUMNS)))

    _walk(data, note)
    return frozenset(rows), frozenset(columns)


_MOST_COLUMNS: Final = 16_384  # of any workbook


def _number_formats(data: bytes) -> bytes:
    """Return the styles with nothing but the number format of each."""
    formats: list[str] = []
    cells: list[str] = []
    above: list[str] = []

    def note(tag: str, of: Mapping[str, str]) -> None:
        if tag in {"cellXfs", "cellStyleXfs", "dxfs"}:
            above[:] = [tag]
        if tag == "numFmt" and above != ["dxfs"] and of.get("numFmtId", "").isdigit():
            code = quoteattr(of.get("formatCode", "General"))
            formats.append(f'<numFmt numFmtId="{of["numFmtId"]}" formatCode={code}/>')
        elif tag == "xf" and above == ["cellXfs"]:
            number = of.get("numFmtId", "0")
            cells.append(f'<xf numFmtId="{number if number.isdigit() else 0}"/>')

    _walk(data, note)
    return (
        f'<styleSheet xmlns="{_SPREADSHEET}"><numFmts count="{len(formats)}">{"".join(formats)}</numFmts>'
        f"{_NO_LOOK}"
        f'<cellXfs count="{max(len(cells), 1)}">{"".join(cells) or "<xf/>"}</cellXfs>'
        f'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ).encode()


def _walk(data: bytes, note: Callable[[str, Mapping[str, str]], None]) -> None:
    """Tell `note` of each element, by its name without namespace, and of its attributes."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, of: note(tag.rpartition(":")[2], of)
    parser.EntityDeclHandler = _refuse
    parser.Parse(data, True)  # noqa: FBT003 - the library takes no name for it


def _refuse(*_declaration: object) -> None:
    raise FenceError(Refusal.UNREADABLE)


__all__ = ["Hidden", "bare", "hidden_in"]
