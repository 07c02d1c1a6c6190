"""The heading of a list of certificates: where it stands, and which column is what.

It stands somewhere in the first rows, in one row or in two; columns are known by what people call them.
Above it stands what holds for all rows: the decision, its day, its body, the star, the commune.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ocop_workflow.imports.register.lists.cells import (
    NamedDecision,
    commune_in_title,
    decision_in,
    raised_in,
)
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.imports.reading.candidate import Row

#: how far down a heading may begin
_LATEST: Final = 20
#: what people call the columns, by their search key; the first that fits is it
_CALLED: Final[dict[str, str]] = {
    "ignored": r"ma[_ ]?(ocop|san ?pham|thoi ?gian|so ocop)$|.*(doanh ?thu|trieu|san luong|loi nhuan|"
    r"thu nhap|chi phi|dien tich|thanh vien|dien thoai|sdt)\b",
    "registration": r".*(ma so thue|\bmst\b|dkkd|dang ky kinh doanh|so dang ky|"
    r"ma so (doanh nghiep|kinh doanh|ho kinh doanh|chu the|hop tac xa))",
    "valid_until": r".*(het han|het hieu luc|co gia tri den|hieu luc den|thoi han den)",
    "ended_on": r".*ngay thu hoi",
    "ended_why": r"ly do",
    "decided_on": r".*ngay (cap|quyet dinh|qd|ky|ban hanh|cong nhan)|ngay$|.* ngay$",
    "number": r".*(so quyet dinh|so qd|so/ky hieu)|quyet dinh$|.*quyet dinh cong nhan|qd$|.* so qd",
    "issuer": r".*co quan",
    "evidence": r".*(chung cu|muc tin cay|evidence)",
    "source": r"(nguon|source)",
    "status": r"trang ?thai$",
    "mean": r".*(diem trung binh|diem tb|diem binh quan|trung binh cong)|trung binh$",
    "star": r".*(hang sao|so sao|xep ?hang|phan hang|hang san pham)|sao$|.* sao$|star|rating",
    "year": r".*nam( cong nhan| cap)?$",
    "product": r".*ten ?(san ?pham|sp)\b|tensanpham|san pham( ocop)?$|san pham.* ten$|product",
    "holder": r".*nguoi dai dien.*\(.*chu the|.*chu the.*\(.*(nguoi dai dien|dai dien)",
    "representative": r".*(nguoi dai dien|dai dien)",
    "address": r".*dia chi",
    "producer": r".*(chu the|ten co so|co so san xuat|don vi san xuat|ho san xuat)|chuthesxkd|producer|owner",
    "unit": r"(xa|phuong|dia phuong|don vi hanh chinh)\b.*|ten (xa|phuong)|ma[_ ]?(don ?vi ?hanh ?chinh|xa)$",
    "group": r".*(nhom|nganh hang|linh vuc)",
    "note": r"ghi chu",
    "number_in_list": r"(tt|stt|so tt)$",
}
_TIMES: Final = re.compile(r"lan (?:thu )?(1|2|3|dau|hai|ba|nhat)\b|\b(first|second)\b")
_OF_A_TIME: Final = ("star", "decided_on", "year", "number", "issuer", "valid_until")
_WHICH: Final = {"1": 1, "dau": 1, "nhat": 1, "first": 1, "2": 2, "hai": 2, "second": 2, "3": 3, "ba": 3}
_NOW: Final = re.compile(r"hien (tai|nay|hanh)|dang co")
#: a column in which a mark says the star
_TICK: Final = re.compile(r"(?:.*\b)?([345]) ?(?:sao|\*)$")
#: what a council's table of results calls itself
_COUNCIL: Final = re.compile(
    r"bien ban|ket qua (cham|danh gia|bo phieu)|bang (tong hop )?diem|diem cua hoi dong"
)
#: columns of single members from which on a table with a mean is a council's
_MEMBERS: Final = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a sheet stand, those of the first, second … time apart; what holds for all rows.

    Attributes:
        below: the index of the first row below the heading.
        held: the column of the star that a product has now.
        ticks: by their columns, the star that a mark says, and from which it was raised.
        owners: all columns that name a producer.
        above: the decision that stands above the heading.
        star, unit: likewise.
        proposes: it is a council's table of results.
    """

    below: int
    of: dict[str, int]
    times: dict[int, dict[str, int]]
    held: int | None = None
    ticks: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    owners: tuple[int, ...] = ()
    above: NamedDecision = field(default_factory=NamedDecision)
    star: int | None = None
    unit: str = ""
    proposes: bool = False


@dataclass
class _Found:
    """What the cells of a heading say."""

    of: dict[str, int] = field(default_factory=dict)
    times: defaultdict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    held: int | None = None
    ticks: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    owners: list[int] = field(default_factory=list)
    unknown: int = 0


#: a cell of a heading: what stands over it too, and what stands in its own row
_Title = tuple[str, str]


def find_columns(rows: Sequence[Row]) -> Columns | None:
    """Return which column of a sheet is what; none: it has no heading of a list of certificates."""
    for index, row in enumerate(rows[:_LATEST]):
        one = [(key, key) for key in map(search_key, row)]
        below = rows[index + 1] if index + 1 < len(rows) else ()
        two = _two_rows([key for key, _ in one], [search_key(cell) for cell in below])
        # a title right over a heading looks like its upper row, but is one cell
        heights = ((one, 1), (two, 2)) if sum(map(bool, row)) > 1 else ((one, 1),)
        for titles, height in heights:
            above = "\n".join(cell for line in rows[: index + height - 1] for cell in line)
            decision = decision_in(above)
            found = _places(titles, named=decision.number is not None)
            if found is None:
                continue
            second = _places(two, named=False) if height == 1 and _is_heading(below) else None
            if second is not None and not found.times:
                continue  # the second row says more
            return _columns(index + height, found, above, decision)
    return None


def _columns(below: int, found: _Found, above: str, decision: NamedDecision) -> Columns:
    key = search_key(above)
    star = {int(number) for number in re.findall(r"([345]) sao(?! tro len)", key)}
    members = "mean" in found.of and found.unknown >= _MEMBERS
    proposes = members or (decision.number is None and _COUNCIL.search(key) is not None)
    return Columns(
        below,
        found.of,
        dict(found.times),
        found.held,
        found.ticks,
        tuple(found.owners),
        # above a council's table stands the decision that has called it, if any
        NamedDecision() if proposes else decision,
        star.pop() if len(star) == 1 and not found.ticks else None,
        commune_in_title(above),
        proposes,
    )


def _is_heading(row: Row) -> bool:
    """Tell whether a row says what columns are, and nothing of a product."""
    keys = [search_key(cell) for cell in row if cell]
    called = (any(re.match(p, key) for p in _CALLED.values()) for key in keys)
    return bool(keys) and sum(called) * 2 > len(keys)


def _two_rows(upper: list[str], lower: list[str]) -> list[_Title]:
    """Return the cells of a heading in two rows: what stands over several columns holds for each of them."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    titles, over = [], ""
    for top, bottom in zip(upper, lower, strict=True):
        over = top or (over if bottom else "")
        titles.append((f"{over} {bottom}".strip() if bottom else over, bottom or over))
    return titles


def _name_of(whole: str, own: str) -> str | None:
    """Return what a column is: by its own cell, else together with what stands over it."""
    for key in (own, whole):
        name = next((name for name, pattern in _CALLED.items() if key and re.match(pattern, key)), None)
        if name is not None:
            return name
    return None


def _places(titles: Sequence[_Title], *, named: bool) -> _Found | None:
    """Return which column is what; none: it is no heading of such a list.

    `named`: above it stands the decision of all of them, so that no column has to.
    """
    found, marks = _Found(), _ticks(titles)
    for place, (whole, own) in enumerate(titles):
        if place in marks:
            found.ticks[place] = marks[place]
            continue
        name = _name_of(whole, own)
        if name is None:
            found.unknown += bool(own)
        elif name == "producer":
            found.owners.append(place)
            found.of.setdefault(name, place)
        elif (time := _TIMES.search(whole)) and name in _OF_A_TIME:
            found.times[_WHICH[time[1] or time[2]]].setdefault(name, place)
        elif name == "star" and _NOW.search(whole):
            found.held = place
        else:
            found.of.setdefault(name, place)
    if found.times and found.held is None:
        found.held = found.of.pop("star", None)
    of = found.of
    said = "star" in of or found.times or "number" in of or found.ticks or (named and "producer" in of)
    return found if "product" in of and said and len(of) > 1 else None


def _ticks(titles: Sequence[_Title]) -> dict[int, tuple[int, int | None]]:
    """Return the columns in which a mark says the star, if there are several."""
    ticks: dict[int, tuple[int, int | None]] = {}
    for place, (whole, own) in enumerate(titles):
        raised, plain = raised_in(own), _TICK.match(own)
        if _TIMES.search(whole):
            continue
        if raised is not None:
            ticks[place] = raised[1], raised[0]
        elif plain is not None:
            ticks[place] = int(plain[1]), None
    return ticks if len(ticks) > 1 else {}


__all__ = ["Columns", "find_columns"]
