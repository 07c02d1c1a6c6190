"""What a cell of words ought not to hold: error values, dates, bare numbers, text of an old font."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from ocop_workflow.imports.reading.candidate import Doubt, QuestionKind
from ocop_workflow.imports.reading.old_fonts import Font, font_of, put_straight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ERROR: Final = re.compile(
    r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|"
    r"GETTING_DATA)|#{3,}|Err:\d{3}",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[ T]\d\d:\d\d(?::\d\d)?)?")
_WRITTEN_DATE: Final = re.compile(r"(?P<day>\d{1,2})[/-](?P<month>\d{1,2})[/-](?P<year>\d{4})")
_TIME: Final = re.compile(r"(?P<hour>\d\d):(?P<minute>\d\d)(?::\d\d)?")
_NUMBER: Final = re.compile(r"[-+]?\d+(?:[.,]\d+)*")
#: days that a spreadsheet counts from: a date without its format is their number
_ZERO: Final = date(1899, 12, 30)
_DATES: Final = range(36_526, 55_154)  # 1/1/2000 … 31/12/2050

#: how the cells are called
_NAMES: Final = {
    "unit": ("tên địa phương", "the name of the unit"),
    "name": ("tên sản phẩm", "the name of the product"),
    "holder": ("tên chủ thể", "the name of the producer"),
    "address": ("địa chỉ", "the address"),
}


def font_of_row(texts: Iterable[str]) -> Font | None:
    """Return the old font in which some cell of a row was typed, if there is one."""
    return next((font for text in texts if (font := font_of(text))), None)


def doubt_of(sheet: str, cell: str, field: str, text: str, font: Font | None) -> Doubt | None:
    """Return what is wrong with the words of a cell, and how they probably ought to read.

    Args:
        sheet: the sheet's name.
        cell: where the text stands.
        field: unit, name, holder or address.
        text: the text, cleaned.
        font: the old font in which cells beside it were typed.
    """

    def ask(kind: QuestionKind, vi: str, en: str, proposed: str = "") -> Doubt:
        said_vi, said_en = _NAMES[field]
        suffix = f"; có phải là “{proposed}” không?" if proposed else "; nội dung đúng là gì?"
        suffix_en = f"; is it “{proposed}”?" if proposed else "; what ought to stand there?"
        return Doubt(
            f"Ô {cell}, {said_vi}: {vi}{suffix}",
            f"Cell {cell}, {said_en}: {en}{suffix_en}",
            sheet,
            cell,
            proposed,
            kind,
        )

    if _ERROR.fullmatch(text):
        return ask(QuestionKind.ERROR, f"ghi lỗi bảng tính {text}", f"the spreadsheet's error {text}")
    if day := _day(text):
        proposed = f"{day.day}/{day.month}"
        return ask(
            QuestionKind.DATE, f"là ngày {day:%d/%m/%Y}, không phải chữ", f"a date, {day}, no words", proposed
        )
    if time := _TIME.fullmatch(text):
        proposed = f"{int(time['hour'])}:{time['minute']}"
        return ask(QuestionKind.DATE, f"là giờ {text}, không phải chữ", f"a time, {text}, no words", proposed)
    if _NUMBER.fullmatch(text) and (field != "address" or _serial_day(text)):
        day = _serial_day(text)
        proposed = f"{day.day}/{day.month}" if day else ""
        return ask(
            QuestionKind.NUMBER, f"là số {text}, không phải chữ", f"a number, {text}, no words", proposed
        )
    return _old(ask, text, font)


def _old(ask: Callable[..., Doubt], text: str, font: Font | None) -> Doubt | None:
    own = font_of(text)
    if own:
        vi, en = f"ghi “{text}” bằng phông chữ cũ {own.value}", f"“{text}” is in the old font {own.value}"
        return ask(QuestionKind.OLD_FONT, vi, en, put_straight(text, own) or "")
    straight = put_straight(text, font) if font else None
    if not straight:
        return None
    # it may be right as it stands: whoever says yes to the whole row does not say so of this cell
    vi = f"ghi “{text}” cạnh ô dùng phông chữ cũ, có thể là “{straight}”"
    return ask(QuestionKind.OLD_FONT, vi, f"“{text}” stands beside an old font, perhaps it is “{straight}”")


def _day(text: str) -> date | None:
    """Return the day that the whole text is, however written."""
    found = _DATE.fullmatch(text) or _WRITTEN_DATE.fullmatch(text)
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None


def _serial_day(text: str) -> date | None:
    """Return the day that a number may be without its format."""
    return _ZERO + timedelta(days=int(text)) if text.isdecimal() and int(text[:9]) in _DATES else None


__all__ = ["doubt_of", "font_of_row"]
