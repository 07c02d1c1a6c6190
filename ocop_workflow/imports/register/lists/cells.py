"""What cells of such lists say: stars, days, decisions, communes. What is not sure is nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ocop_workflow.imports.reading.unit_names import has_kind
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterator

#: what a workbook leaves where a formula went wrong
_ERROR: Final = re.compile(r"#(REF|N/A|VALUE|NAME|DIV/0|NULL|NUM)[!?]?", re.IGNORECASE)
_SIGNS: Final = re.compile(r"[*★⭐✩☆]{1,5}")
#: "3→4", "3 sao lên 4 sao", "nâng hạng từ 4* lên 5*", in the letters of a search key
_RAISED: Final = re.compile(r"(?<!\d)([34])\s*(?:sao|\*)?\s*(?:→|->|–>|=>|➔|len)\s*(?:hang\s*)?([45])(?!\d)")
_STAR: Final = re.compile(r"(?<!\d)([0-5])\s*(?:sao|\*|★)?(?!\d)")
_DAYS: Final = (
    re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s*[/.\-]\s*(?P<m>\d{1,2})\s*[/.\-]\s*(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(r"ngày\s*(?P<d>\d{1,2})\s*tháng\s*(?P<m>\d{1,2})\s*năm\s*(?P<y>\d{4})", re.IGNORECASE),
)
_SERIAL: Final = re.compile(r"([3-6]\d{4})(\.0+)?")
_SERIAL_ZERO: Final = date(1899, 12, 30)
_DECISION: Final = re.compile(
    r"(?P<number>\d{1,6}[A-Za-z]?)\s*/\s*(?P<year>\d{4}\s*/\s*)?(?P<kind>Q[ĐD])\s*[-–]\s*(?P<body>[A-ZĐa-zđ]+)",
    re.IGNORECASE,
)
_BY: Final = re.compile(
    r"\bcủa\s+(?:Chủ tịch\s+)?(?P<body>(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|Bộ)\s[^,.;()]+)"
)
#: a commune that a title names; in capitals its name ends where such a word begins
_IN_TITLE: Final = re.compile(
    r"(?<![^\W_])(xã|phường|thị trấn|đặc khu)\s+(?P<name>[^\W\d_][^,.;:()\n\d–-]*)", re.IGNORECASE
)
_NAME_ENDS: Final = re.compile(
    r"\s+(?:NĂM|GIAI|ĐỢT|THÁNG|QUÝ|TÍNH|ĐẠT|ĐẾN|THUỘC|ĐƯỢC|CÓ|TỪ|HUYỆN|THỊ XÃ|TỈNH|THÀNH PHỐ)(?:\s|$)",
    re.IGNORECASE,
)
_SEGMENT: Final = re.compile(r"[,;\n]| - ")
_ABOVE: Final = re.compile(r"(tinh|thanh pho|tp|huyen|thi xa|tx|quan)\b")


@dataclass(frozen=True, slots=True)
class NamedDecision:
    """A decision as a text names it: number, local day, body; each where it is said."""

    number: str | None = None
    on: date | None = None
    issuer: str | None = None


def said(cell: str) -> str:
    """Return what a cell says; nothing where a formula went wrong."""
    return "" if _ERROR.fullmatch(cell.strip()) else cell.strip()


def star_in(cell: str) -> int | None:
    """Return the stars that a cell names, 0 where it says that there is none yet; none: it names none."""
    text = said(cell)
    signs = _SIGNS.fullmatch(text.replace(" ", ""))
    if signs:
        return len(signs[0])
    found = {int(number) for number in _STAR.findall(text)}
    return found.pop() if len(found) == 1 else None


def raised_in(cell: str) -> tuple[int, int] | None:
    """Return from which star to which a cell says that a product was raised ("3→4"); none: it does not."""
    found = {(int(held), int(star)) for held, star in _RAISED.findall(search_key(said(cell)))}
    (held, star) = found.pop() if len(found) == 1 else (0, 0)
    return (held, star) if held < star else None


def day_in(cell: str) -> date | None:
    """Return the one local day that a cell names, however it is written; none: it names no one real day."""
    text = said(cell)
    serial = _SERIAL.fullmatch(text)
    if serial:
        return _SERIAL_ZERO + timedelta(days=int(serial[1]))
    days = set(_days_in(text))
    return days.pop() if len(days) == 1 else None


def _days_in(text: str) -> Iterator[date | None]:
    """Yield the days that a text names, form by form; none for each that the calendar does not have."""
    for form in _DAYS:
        for found in form.finditer(text):
            year = int(found["y"])
            try:
                yield date(year + 2000 if year < 100 else year, int(found["m"]), int(found["d"]))  # noqa: PLR2004 - two figures
            except ValueError:
                yield None


def decision_in(text: str) -> NamedDecision:
    """Return the decision that a text names: "theo QĐ số 2008/QĐ-UBND ngày 07/04/2023 của UBND huyện …"."""
    found = _DECISION.search(text)
    if not found:
        return NamedDecision()
    year = found["year"].replace(" ", "") if found["year"] else ""
    number = f"{found['number']}/{year}QĐ-{found['body'].upper()}"
    rest = text[found.end() :]
    by = _BY.search(rest)
    # what stands behind its own day ("có hiệu lực đến …") is not the decision's
    return NamedDecision(number, next(_days_in(rest[:60]), None), by["body"].strip() if by else None)


def without_decision(text: str) -> str:
    """Return a product's name without the decision that was written behind it."""
    return re.split(r"[(,;]?\s*(?:theo|tại)?\s*(?:QĐ|quyết định)\s*(?:số)?\s*\d", text, flags=re.IGNORECASE)[
        0
    ].strip(" -–,;(")


def commune_in(text: str) -> tuple[str, str]:
    """Return the commune that an address names with what it lies in, and the text before it; empty: none.

    "Số 08 đường N, phường Phan Thiết, tỉnh Lâm Đồng" names "phường Phan Thiết".
    """
    parts = [part.strip() for part in _SEGMENT.split(text) if part.strip()]
    for place in range(len(parts) - 1, -1, -1):
        if has_kind(parts[place]) and not _ABOVE.match(search_key(parts[place])):
            return parts[place], ", ".join(parts[:place])
    return "", text


def is_total(first: str) -> bool:
    """Tell whether a row only sums up those above; a company ("Công ty …", "Tổng công ty …") does not."""
    return re.match(r"(tong cong(?! ty)|tong so)\b|(tong|cong)\s*(:|\d|$)", search_key(first)) is not None


def commune_in_title(text: str) -> str:
    """Return the one commune that a title names ("… trên địa bàn xã Phổ An năm 2024"); empty: no one."""
    found = {
        f"{match[1]} {name}"
        for match in _IN_TITLE.finditer(text)
        if (name := _NAME_ENDS.split(match["name"])[0].strip())
    }
    different = {search_key(name): name for name in found}
    return next(iter(different.values())) if len(different) == 1 else ""


def same_body(name: str, other: str) -> bool:
    """Tell whether two texts name one body: "UBND" is short for "Ủy ban nhân dân"."""
    return _body(name) == _body(other)


def _body(name: str) -> str:
    return re.sub(r"^(chu tich )?(ubnd|uy ban nhan dan)\b", "ubnd", search_key(name))
