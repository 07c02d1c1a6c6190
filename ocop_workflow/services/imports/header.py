"""The heading of the annex: found by its words, wherever it stands and whatever stands above it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ocop_workflow.services.imports.candidate import Row

_COLUMNS: Final[Mapping[str, str]] = {
    "number": r"(stt|tt|so tt|so thu tu)$",
    "unit": r".*dia phuong",
    "name": r"ten san pham",
    "holder": r".*(nguoi dai dien|chu the)",
    "address": r".*dia chi",
}
_STARS: Final = (r"3 sao", r"4 sao", r"nang hang.* 3 .*4 ", r"nang hang.* 4 .*5 ")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand (counted from 0), and the index of the first row below the heading.

    `holder` is the column "Người đại diện trước pháp luật (chủ thể)"; `stars` are "3 sao", "4 sao",
    "Nâng hạng 3 sao lên 4 sao", "Nâng hạng 4 sao lên 5 sao".
    """

    below: int
    number: int
    unit: int
    name: int
    holder: int
    address: int
    stars: tuple[int, ...]


def find_header(rows: Sequence[Row]) -> Header | None:
    """Return the first heading that has all columns; the stars may stand one row below the others."""
    for index, row in enumerate(rows):
        found = _places(row, _COLUMNS.values())
        if found is None:
            continue
        for below in range(index, min(index + 2, len(rows))):
            stars = _places(rows[below], _STARS)
            if stars is not None:
                number, unit, name, holder, address = found
                return Header(below + 1, number, unit, name, holder, address, stars)
    return None


def _places(row: Row, patterns: Collection[str]) -> tuple[int, ...] | None:
    """Return the column of each pattern, or nothing unless each has one of its own."""
    keys = [search_key(cell) for cell in row]
    places = [next((i for i, key in enumerate(keys) if re.match(p, key)), -1) for p in patterns]
    return tuple(places) if len(set(places) - {-1}) == len(patterns) else None


__all__ = ["Header", "find_header"]
