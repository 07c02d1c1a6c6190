"""The words of administrative documents: days, places, numbers, blanks where nothing is on record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocop_workflow.documents.paper.pieces import BLANK, SHORT_BLANK
from ocop_workflow.regulations.country import area_name

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

_FEBRUARY = 2
_TWO_DIGITS = 10


def long_day(day: date | None, year: int | None = None) -> str:
    """Write a day as a document does: "ngày 05 tháng 01 năm 2026"; zeros before days to 9 and two months."""
    if day is None:
        return f"ngày {SHORT_BLANK} tháng {SHORT_BLANK} năm {year or SHORT_BLANK}"
    month = f"{day.month:02}" if day.month <= _FEBRUARY else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def short_day(day: date | None) -> str:
    """Write a day as 05/01/2026."""
    return f"{day:%d/%m/%Y}" if day else BLANK


def hour_of(instant: datetime | None, zone: tzinfo) -> str:
    """Write the local time of an instant: "08 giờ 30 phút"."""
    if instant is None:
        return f"{SHORT_BLANK} giờ {SHORT_BLANK} phút"
    return f"{instant.astimezone(zone):%H giờ %M phút}"


def place_of(unit: str) -> str:
    """Return the name of a unit as it stands before a day: without its kind, but for what has no other name.

    A unit that is named after a person or by a number keeps its kind (NĐ 30/2020/NĐ-CP, Phụ lục I): of
    persons the city of Hồ Chí Minh alone is known here.
    """
    bare = area_name(unit)
    return unit if bare.isdecimal() or bare == "Hồ Chí Minh" else bare


def place_and_day(unit: str, day: date | None, year: int) -> str:
    """Write place and day of a head."""
    return f"{place_of(unit)}, {long_day(day, year)}"


def within(name: str) -> str:
    """Return the name of a unit inside a sentence: "tỉnh Ví Dụ"."""
    return f"{name[:1].lower()}{name[1:]}"


def numbered(number: str | None, symbol: str) -> str:
    """Write number and sign of a document: the clerk's where it is known, with a zero before 1 to 9."""
    if not number:
        return f"{SHORT_BLANK}/{symbol}"
    return re.sub(r"^(\d)(?=\D|$)", r"0\1", number.strip())


def many(number: int) -> str:
    """Write how many: "03", "14"."""
    return f"{number:02}" if number < _TWO_DIGITS else str(number)


def plain_name(name: str, position: str) -> str:
    """Return a person's name without the office that some lists write behind it."""
    return name.removesuffix(f", {position}").strip() or name


def bare(words: str) -> str:
    """Return what somebody wrote without the stop at its end: the document sets its own."""
    return words.rstrip(" .;,")
