"""What cells of such lists say: stars, days, decisions, communes. What is not sure is nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ocop_workflow.imports.reading.unit_names import has_kind
from ocop_workflow.vietnamese import search_key

#: what a workbook leaves where a formula went wrong
_ERROR: Final = re.compile(r"#(REF|N/A|VALUE|NAME|DIV/0|NULL|NUM)[!?]?", re.IGNORECASE)
_SIGNS: Final = re.compile(r"[*★⭐✩☆]{1,5}")
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


def day_in(cell: str) -> date | None:
    """Return the one local day that a cell names, however it is written; none: it names none."""
    text = said(cell)
    serial = _SERIAL.fullmatch(text)
    if serial:
        return _SERIAL_ZERO + timedelta(days=int(serial[1]))
    for form in _DAYS:
        found = form.search(text)
        if found:
            year = int(found["y"])
            try:
                return date(year + 2000 if year < 100 else year, int(found["m"]), int(found["d"]))  # noqa: PLR2004 - two figures
            except ValueError:
                return None
    return None


def decision_in(text: str) -> NamedDecision:
    """Return the decision that a text names: "theo QĐ số 2008/QĐ-UBND ngày 07/04/2023 của UBND huyện …"."""
    found = _DECISION.search(text)
    if not found:
        return NamedDecision()
    year = found["year"].replace(" ", "") if found["year"] else ""
    number = f"{found['number']}/{year}QĐ-{found['body'].upper()}"
    rest = text[found.end() :]
    by = _BY.search(rest)
    return NamedDecision(number, day_in(rest[:60]), by["body"].strip() if by else None)


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
    """Tell whether a row only sums up those above."""
    return re.match(r"(tong cong|tong so|tong|cong)\b", search_key(first)) is not None
