"""What comes each month ("trước ngày 25 hằng tháng"): a deadline for every month of the programme.

Each month is a rule of its own, known by the activity's id and the month: `report@2026-03`.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from ocop_workflow.regulations import Frozen
from ocop_workflow.wording import BilingualError, shaped

if TYPE_CHECKING:
    from collections.abc import Iterator

YearMonth = Annotated[str, shaped(r"2[0-9]{3}-(0[1-9]|1[0-2])", "2024-03")]

#: between an activity's id and the month
_SIGN = "@"


class EachMonth(Frozen):
    """A day of every month: `by` that day, or `before` it; `first` and `last` bound the months."""

    by: Annotated[int, Field(ge=1, le=31)] | None = None
    before: Annotated[int, Field(ge=1, le=31)] | None = None
    first: YearMonth | None = None
    last: YearMonth | None = None

    @model_validator(mode="after")
    def _one_day(self) -> Self:
        if (self.by is None) == (self.before is None):
            raise BilingualError("phải ghi đúng một trong hai: by, before", "give exactly one of by, before")
        return self


def months_of(each: EachMonth, programme: tuple[date, date], *, inclusive: bool) -> list[date]:
    """Return the due day of each month of a programme, earliest first.

    Args:
        each: which day of the month, and of which months.
        programme: the first and the last local day of the programme.
        inclusive: whether "trước ngày" takes in the day that it names.
    """
    first, last = programme
    days = [_due(each, *month, inclusive=inclusive) for month in _months(first, last)]
    return [
        day
        for day in days
        if (each.first or "") <= f"{day:%Y-%m}" <= (each.last or "9999-12") and first <= day <= last
    ]


def _months(first: date, last: date) -> Iterator[tuple[int, int]]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        year, month = divmod(number, 12)
        yield year, month + 1


def _due(each: EachMonth, year: int, month: int, *, inclusive: bool) -> date:
    """Return the day of one month; a month that lacks the day has its last one in its place."""
    named = each.by or each.before or 1
    number = named if each.by or inclusive else named - 1
    if number == 0:
        return date(year, month, 1) - timedelta(days=1)
    return date(year, month, min(number, calendar.monthrange(year, month)[1]))


def for_month(activity: str, due: date) -> str:
    """Return the rule of the month in which a day lies."""
    return f"{activity}{_SIGN}{due:%Y-%m}"


def plain_rule(rule: str) -> str:
    """Return a rule's id as the plan writes it."""
    return rule.partition(_SIGN)[0]


def month_of(rule: str) -> str:
    """Return the month of a rule ("3/2026"); empty: it does not come each month."""
    year, _, month = rule.partition(_SIGN)[2].partition("-")
    return f"{int(month)}/{year}" if month else ""
