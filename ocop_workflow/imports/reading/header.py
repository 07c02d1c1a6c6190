"""The heading of the annex: found by its words, wherever it stands and whatever stands above it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocop_workflow.imports.reading.old_fonts import font_of, put_straight
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ocop_workflow.imports.reading.candidate import Row

_COLUMNS: Final[Mapping[str, str]] = {
    "number": r"(stt|tt|so tt|so thu tu)$",
    "unit": r".*dia phuong|(ten )?(xa|phuong)\b(?!.*san pham)",
    "name": r"ten san pham",
    "holder": r".*(nguoi dai dien|chu the)",
    "address": r".*dia chi",
}
_STARS: Final = (r"3 sao", r"4 sao", r"nang hang.* 3 .*4 ", r"nang hang.* 4 .*5 ")
#: what people call the columns, in their order
_TITLES: Final = (
    "STT",
    "Địa phương (xã, phường)",
    "Tên sản phẩm",
    "Người đại diện (chủ thể)",
    "Địa chỉ",
    "3 sao",
    "4 sao",
    "Nâng hạng 3 sao lên 4 sao",
    "Nâng hạng 4 sao lên 5 sao",
)
_PRODUCER_FIRST: Final = re.compile(r"[^(]*\bchu the\b[^(]*\(.*nguoi dai dien")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand (counted from 0), and the index of the first row below the heading.

    `holder` is the column "Người đại diện trước pháp luật (chủ thể)"; with `producer_first` it reads "Tên chủ
    thể (người đại diện)". `stars` are "3 sao", "4 sao", "Nâng hạng 3 sao lên 4 sao", "Nâng hạng 4 sao lên 5
    sao". `first` is the index of the heading's first row.
    """

    first: int
    below: int
    number: int
    unit: int
    name: int
    holder: int
    address: int
    stars: tuple[int, ...]
    producer_first: bool

    @property
    def columns(self) -> frozenset[int]:
        """The columns that are read."""
        return frozenset({self.number, self.unit, self.name, self.holder, self.address, *self.stars})


def find_header(rows: Sequence[Row]) -> Header | None:
    """Return the first heading that has all columns; the stars may stand one row below the others.

    A heading in an old font is one too.
    """
    for index, row in enumerate(rows):
        keys = _keys(row)
        found = _places(keys, _COLUMNS.values())
        if found is None:
            continue
        for below in range(index, min(index + 2, len(rows))):
            stars = _places(_keys(rows[below]), _STARS)
            if stars is not None:
                number, unit, name, holder, address = found
                producer_first = _PRODUCER_FIRST.match(keys[holder]) is not None
                return Header(
                    index,
                    below + 1,
                    number,
                    unit,
                    name,
                    holder,
                    address,
                    stars,
                    producer_first=producer_first,
                )
    return None


def nearly(rows: Sequence[Row]) -> tuple[int, tuple[str, ...]] | None:
    """Return the row, counted from 0, that is most like a heading, and the titles of the columns it lacks.

    Nothing if no row has the name of the product and one column more.
    """
    patterns = (*_COLUMNS.values(), *_STARS)
    best: tuple[int, tuple[str, ...]] | None = None
    for index, row in enumerate(rows):
        keys = _keys(row)
        if not any(re.match(_COLUMNS["name"], key) for key in keys):
            continue
        both = [*keys, *(_keys(rows[index + 1]) if index + 1 < len(rows) else [])]
        lacking = tuple(
            title
            for title, pattern in zip(_TITLES, patterns, strict=True)
            if not any(re.match(pattern, key) for key in both)
        )
        if len(lacking) < len(_TITLES) - 1 and (best is None or len(lacking) < len(best[1])):
            best = index, lacking
    return best


def _keys(row: Row) -> list[str]:
    return [search_key(_straight(cell)) for cell in row]


def _straight(cell: str) -> str:
    font = font_of(cell)
    return (put_straight(cell, font) if font else None) or cell


def _places(keys: Sequence[str], patterns: Collection[str]) -> tuple[int, ...] | None:
    """Return the column of each pattern, or nothing unless each has one of its own."""
    places = [next((i for i, key in enumerate(keys) if re.match(p, key)), -1) for p in patterns]
    return tuple(places) if len(set(places) - {-1}) == len(patterns) else None


__all__ = ["Header", "find_header", "nearly"]
