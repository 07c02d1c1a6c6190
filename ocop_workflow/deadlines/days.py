"""Which local days may be swept or lived through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.calendar import years_known
from ocop_workflow.errors import WrongUse

if TYPE_CHECKING:
    from datetime import date

#: so many years behind the last one whose days off are known weekends and fixed feasts hold meanwhile
AHEAD = 5


def checked_day(day: date | None, today: date) -> date:
    """Return the day to sweep: the one that is named, else today, by one rule.

    Raises:
        WrongUse: it is still to come (a rehearsal or a simulated clock may look ahead), or not known.
    """
    if day is not None and day > today:
        raise WrongUse(
            f"Ngày {day:%d/%m/%Y} chưa đến; chỉ xem trước được với --dry-run hoặc OCOP_NOW.",
            f"{day} is still to come; look ahead with --dry-run or a simulated clock (OCOP_NOW).",
        )
    return known_day(day or today)


def rehearsed_day(day: date | None, today: date) -> date:
    """Return the day to rehearse: it may still be to come.

    Raises:
        WrongUse: see `known_day`.
    """
    return known_day(day or today)


def known_day(day: date) -> date:
    """Return a day if the calendar of working days knows its year, or one that lies not far before.

    Raises:
        WrongUse: it does not: the day is mistyped, or the clock is wrong.
    """
    first, last = years_known()
    if not first <= day.year <= last + AHEAD:
        raise WrongUse(
            f"Không có lịch làm việc cho ngày {day:%d/%m}/{day.year}; chỉ có từ năm {first} đến năm "
            f"{last + AHEAD}.",
            f"There are no working days known for {day}; they are from {first} to {last + AHEAD}.",
        )
    return day
