"""Which columns such a list has, and what its rows say: one recognition each, or several.

A heading stands somewhere in the first rows, in one row or in two; columns are known by what people call
them. Times of recognition beside each other ("lần 1", "lần 2") are a recognition each. Above the heading
stands what holds for all rows: the decision, its day, its body, the star.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import Text
from ocop_workflow.imports.reading.candidate import column_letters
from ocop_workflow.imports.register.cells import (
    NamedDecision,
    commune_in,
    day_in,
    decision_in,
    is_total,
    said,
    star_in,
    without_decision,
)
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ocop_workflow.imports.reading.candidate import Row
    from ocop_workflow.imports.reading.sheet import Sheet

#: how far down a heading may begin
_LATEST: Final = 20
#: what people call the columns, by their search key; the first that fits is it
_CALLED: Final[dict[str, str]] = {
    "valid_until": r".*(het han|het hieu luc|co gia tri den|hieu luc den|thoi han den)",
    "ended_on": r".*ngay thu hoi",
    "ended_why": r"ly do",
    "decided_on": r".*ngay (cap|quyet dinh|qd|ky|ban hanh|cong nhan)|ngay$|.* ngay$",
    "number": r".*(so quyet dinh|so qd|so/ky hieu)|quyet dinh$|.*quyet dinh cong nhan|qd$|.* so qd",
    "issuer": r".*co quan",
    "evidence": r".*(chung cu|muc tin cay|evidence)",
    "source": r"(nguon|source)",
    "star": r".*(hang sao|so sao|xep hang|phan hang|hang san pham)|sao$|.* sao$|star|rating",
    "year": r".*nam( cong nhan| cap)?$",
    "product": r".*ten (san pham|sp)\b|san pham( ocop)?$|product",
    "representative": r".*(nguoi dai dien|dai dien)",
    "producer": r".*(chu the|ten co so|co so san xuat|don vi san xuat|ho san xuat)|producer|owner",
    "unit": r"(xa|phuong|dia phuong|don vi hanh chinh)\b.*",
    "group": r".*(nhom|nganh hang|linh vuc)",
    "address": r".*dia chi",
    "note": r"ghi chu",
    "number_in_list": r"(tt|stt|so tt)$",
}
_TIMES: Final = re.compile(r"lan (?:thu )?(1|2|3|dau|hai|ba|nhat)\b|\b(first|second)\b")
_OF_A_TIME: Final = ("star", "decided_on", "year", "number", "issuer", "valid_until")
_WHICH: Final = {"1": 1, "dau": 1, "nhat": 1, "first": 1, "2": 2, "hai": 2, "second": 2, "3": 3, "ba": 3}
_NOW: Final = re.compile(r"hien (tai|nay|hanh)|dang co")
_EVIDENCE: Final = {"a": "A", "b1": "B1", "b2": "B2", "c": "C"}


@dataclass(frozen=True, slots=True)
class ListedRecognition:
    """A recognition as a row of a list has it; what the row does not say is none.

    `wrong`: what cannot be stored as it stands, each with its cell. `held`: the star that the row says its
    product has now. `unit_cell`: where the commune stands.
    """

    sheet: str
    row: int
    product: str
    producer: str | None = None
    representative: str | None = None
    unit: str = ""
    group: str | None = None
    star: int | None = None
    number: str | None = None
    decided_on: date | None = None
    valid_until: date | None = None
    issuer: str | None = None
    evidence: str | None = None
    source: str | None = None
    ended_on: date | None = None
    held: int | None = None
    unit_cell: str = ""
    wrong: tuple[tuple[str, Text], ...] = ()

    @property
    def at(self) -> tuple[str, int]:
        """Where it stands."""
        return self.sheet, self.row


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns of a sheet stand; those of the first, second … time apart."""

    below: int
    of: dict[str, int]
    times: dict[int, dict[str, int]]
    held: int | None = None
    above: NamedDecision = field(default_factory=NamedDecision)
    star: int | None = None


def read_recognitions(sheet: Sheet) -> list[ListedRecognition] | None:
    """Return what the rows of a sheet say; none: it has no heading of such a list."""
    columns = _columns(sheet.rows)
    if columns is None:
        return None
    found: list[ListedRecognition] = []
    producer = representative = unit = ""
    for index, row in enumerate(sheet.rows[columns.below :], start=columns.below + 1):
        cell = _Cells(row, columns.of)
        if any(is_total(said(part)) for part in row[:2] if part):
            continue
        name = cell["product"]
        if not name:
            continue
        # a blank owner, and a broken formula, stand for the owner above
        if cell["producer"]:
            producer, representative, unit = cell["producer"], cell["representative"], _unit(cell)
        elif _unit(cell):
            unit = _unit(cell)
        base = ListedRecognition(
            sheet.name,
            index,
            name,
            producer or None,
            representative or None,
            unit,
            cell["group"] or None,
            source=cell["source"] or None,
            evidence=_EVIDENCE.get(search_key(cell["evidence"])),
            unit_cell=_place(columns.of, "unit", index) or _place(columns.of, "address", index),
        )
        found += _of_row(columns, base, row, cell)
    return found


def heading_of(sheet: Sheet) -> int | None:
    """Return the number of the last row of a sheet's heading, counted from 1; none: it has none."""
    columns = _columns(sheet.rows)
    return columns.below if columns else None


class _Cells:
    """The cells of a row by what stands over them; empty where there is none."""

    def __init__(self, row: Row, places: dict[str, int]) -> None:
        self._row, self._places = row, places

    def __getitem__(self, name: str) -> str:
        place = self._places.get(name)
        return said(self._row[place]) if place is not None and place < len(self._row) else ""


def _unit(cell: _Cells) -> str:
    """Return the commune that a row names: in its own column, in the address, or behind the producer."""
    if cell["unit"]:
        return cell["unit"]
    for name in ("address", "producer"):
        found, _ = commune_in(cell[name])
        if found:
            return found
    return ""


def _place(places: dict[str, int], name: str, row: int) -> str:
    return f"{column_letters(places[name])}{row}" if name in places else ""


def _of_row(
    columns: _Columns, base: ListedRecognition, row: Row, cell: _Cells
) -> Iterator[ListedRecognition]:
    if "unit" not in columns.of and "address" not in columns.of and base.producer:
        _, before = commune_in(base.producer)
        base = replace(base, producer=before or base.producer)
    held = star_in(said(row[columns.held])) if columns.held is not None and columns.held < len(row) else None
    base = replace(base, held=held)
    if columns.times:
        for places in columns.times.values():
            timed = _Cells(row, places)
            if timed["number"] or timed["decided_on"]:
                yield _recognised(columns, base, timed, places, cell)
        return
    for name in _names(base.product):
        yield _recognised(columns, replace(base, product=name), cell, columns.of, cell)


def _names(cell: str) -> list[str]:
    """Return the products of one cell: parted by semicolons, or each behind a dash, a plus or a dot."""
    marked = re.match(r"[-–+•]\s", cell)
    parts = re.split(r"(?:^|\s)[-–+•]\s", cell) if marked else cell.split(";")
    return [part.strip(" ;") for part in parts if part.strip(" ;")] or [cell]


def _recognised(
    columns: _Columns, base: ListedRecognition, cell: _Cells, places: dict[str, int], row: _Cells
) -> ListedRecognition:
    """Return what one time of recognition says, with what holds for the whole list where it says nothing."""
    written = [cell["number"], row["note"], cell["star"], base.product]
    named = next((one for one in map(decision_in, written) if one.number), NamedDecision())
    number = named.number or cell["number"] or columns.above.number
    on = day_in(cell["decided_on"]) or named.on or (None if cell["number"] else columns.above.on)
    star = star_in(cell["star"])
    star = columns.star if star is None else star
    wrong: list[tuple[str, Text]] = []
    for name, vi, en in (
        ("decided_on", "không phải ngày", "is no day"),
        ("valid_until", "không phải ngày", "is no day"),
    ):
        if cell[name] and day_in(cell[name]) is None:
            wrong.append(
                (_place(places, name, base.row), Text(f"“{cell[name]}” {vi}", f"“{cell[name]}” {en}"))
            )
    year = cell["year"]
    if year.isdecimal() and on is not None and int(year) != on.year:
        wrong.append(
            (
                _place(places, "year", base.row),
                Text(
                    f"năm {year} không khớp ngày quyết định {on:%d/%m/%Y}",
                    f"the year {year} is not that of the decision of {on}",
                ),
            )
        )
    return replace(
        base,
        product=without_decision(base.product) or base.product,
        star=star,
        number=number or None,
        decided_on=on,
        valid_until=day_in(cell["valid_until"]),
        issuer=cell["issuer"] or named.issuer or columns.above.issuer,
        ended_on=day_in(row["ended_on"]),
        wrong=tuple(wrong),
    )


# -- headings ------------------------------------------------------------------------------------------


def _columns(rows: Sequence[Row]) -> _Columns | None:
    for index, row in enumerate(rows[:_LATEST]):
        one = [search_key(cell) for cell in row]
        below = rows[index + 1] if index + 1 < len(rows) else ()
        two = _two_rows(one, [search_key(cell) for cell in below])
        above = " ".join(cell for line in rows[:index] for cell in line)
        decision = decision_in(above)
        for keys, height in ((one, 1), (two, 2)):
            found = _places(keys, named=decision.number is not None)
            if found is None:
                continue
            of, times, held = found
            if height == 1 and not times and _is_heading(below) and _places(two, named=False) is not None:
                continue  # the second row says more
            star = {int(number) for number in re.findall(r"([345]) sao", search_key(above))}
            return _Columns(index + height, of, times, held, decision, star.pop() if len(star) == 1 else None)
    return None


def _is_heading(row: Row) -> bool:
    """Tell whether a row says what columns are, and nothing of a product."""
    keys = [search_key(cell) for cell in row if cell]
    return bool(keys) and sum(any(re.match(p, key) for p in _CALLED.values()) for key in keys) * 2 > len(keys)


def _two_rows(upper: list[str], lower: list[str]) -> list[str]:
    """Return the keys of a heading in two rows: what stands over several columns holds for each of them."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    keys, over = [], ""
    for top, bottom in zip(upper, lower, strict=True):
        over = top or (over if bottom else "")
        keys.append(f"{over} {bottom}".strip() if bottom else over)
    return keys


def _places(
    keys: Sequence[str], *, named: bool
) -> tuple[dict[str, int], dict[int, dict[str, int]], int | None] | None:
    """Return which column is what; none: it is no heading of such a list.

    `named`: above it stands the decision of all of them, so that no column has to.
    """
    of: dict[str, int] = {}
    times: defaultdict[int, dict[str, int]] = defaultdict(dict)
    held: int | None = None
    for place, key in enumerate(keys):
        name = next((name for name, pattern in _CALLED.items() if key and re.match(pattern, key)), None)
        if name is None:
            continue
        time = _TIMES.search(key)
        if time and name in _OF_A_TIME:
            times[_WHICH[time[1] or time[2]]].setdefault(name, place)
        elif name == "star" and _NOW.search(key):
            held = place
        else:
            of.setdefault(name, place)
    if times and held is None:
        held = of.pop("star", None)
    enough = "product" in of and ("star" in of or times or "number" in of or (named and "producer" in of))
    return (of, dict(times), held) if enough and len(of) > 1 else None
