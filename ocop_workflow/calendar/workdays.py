"""The State's working days: which days are off, which Saturdays are worked, and counting over them.

The law names the holidays (Bộ luật Lao động 2019, Điều 112; for 2020 its forerunner of 2012, Điều 115) and
gives the next working day for one that falls on a weekend (Điều 111 khoản 3). How Tết is split and which
working days are swapped for a Saturday is decided anew for each year; so each year is a file of
`data/holidays`, with its sources. Beyond all files Monday to Friday are worked but for the feasts of the
solar calendar, until that year's file is there.

All days are local days of Việt Nam.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

_SATURDAY = 5

#: off each year by law, whatever else the State decides; Tết goes by the moon and is not reckoned here
_FEASTS = {
    (1, 1): "Tết Dương lịch",
    (4, 30): "Ngày Chiến thắng",
    (5, 1): "Ngày Quốc tế lao động",
    (9, 2): "Quốc khánh",
}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """What is worked and what is not.

    Attributes:
        off: days off; a holiday stays in here when it falls on a weekend.
        worked: weekend days that are worked in exchange for a day off.
        known_until: last day of the last year whose days off the State has announced.
        names: what the State calls the days off.
        listed_until: last day of the last year whose days off are listed at all; after it only the feasts of
            the solar calendar are known.
        listed_from: first day of the first year whose days off are listed; likewise before it.
    """

    off: frozenset[date]
    worked: frozenset[date]
    known_until: date
    names: Mapping[date, str] = field(default_factory=dict, compare=False)
    listed_until: date = date.max
    listed_from: date = date.min

    def is_working(self, day: date) -> bool:
        """Tell whether `day` is worked: Monday to Friday and not off, or a swapped weekend day."""
        if day in self.worked:
            return True
        return day.weekday() < _SATURDAY and day not in self.off and not self._feast(day)

    def _feast(self, day: date) -> str:
        is_listed = self.listed_from <= day <= self.listed_until
        return "" if is_listed else _FEASTS.get((day.month, day.day), "")

    def name_of_day_off(self, day: date) -> str:
        """Return why `day` is not worked: the holiday's name, or the weekend day; empty if it is worked."""
        if self.is_working(day):
            return ""
        return (
            self.names.get(day)
            or self._feast(day)
            or ("Chủ nhật" if day.weekday() > _SATURDAY else "thứ Bảy")
        )

    def is_provisional(self, day: date) -> bool:
        """Tell whether it is not known for sure what `day` is.

        It lies after the last year that the State has announced, or before the first that is listed.
        """
        return not self.listed_from <= day <= self.known_until

    def last_on_or_before(self, day: date) -> date:
        """Return the latest working day that is `day` or earlier."""
        return self._seek(day, -_ONE_DAY)

    def first_on_or_after(self, day: date) -> date:
        """Return the earliest working day that is `day` or later."""
        return self._seek(day, _ONE_DAY)

    def add(self, day: date, n: int) -> date:
        """Return the `n`-th working day after `day`.

        The count begins on the day after (Bộ luật Dân sự 2015, Điều 147 khoản 2), so `day` itself is not
        counted, and it does not matter whether it is worked.

        Args:
            day: the day from which is counted.
            n: working days; a negative number counts back, 0 gives `day` itself, worked or not.

        Raises:
            OverflowError: the count runs out of the years 1 to 9999.
        """
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        for _ in range(abs(n)):
            day = self._seek(day + step, step)
        return day

    def _seek(self, day: date, step: timedelta) -> date:
        # Ends: `off` is finite, and beyond its ends every Monday is worked.
        while not self.is_working(day):
            day += step
        return day


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DayOff(_Data):
    """One day off.

    Attributes:
        day: the date; `date` in the file.
        name: what the State calls it.
        swap: an ordinary working day, off in exchange for a Saturday.
        in_lieu_of: the holiday on a weekend for which this day is given.
    """

    day: date = Field(alias="date")
    name: str
    swap: bool = False
    in_lieu_of: date | None = None


class WorkedDay(_Data):
    """A weekend day that is worked, and the swapped day off which it repays."""

    day: date = Field(alias="date")
    repays: date


class HolidayYear(_Data):
    """One file of `data/holidays`: a year's days off, and where they come from.

    `official`: the State has announced the year. `provisional`: worked out from the law, may change.
    """

    year: int
    status: Literal["official", "provisional"]
    source: tuple[str, ...]
    off: tuple[DayOff, ...]
    worked: tuple[WorkedDay, ...] = ()


@cache
def load_holiday_years() -> tuple[HolidayYear, ...]:
    """Read every shipped year, in order of years."""
    folder = files("ocop_workflow") / "data" / "holidays"
    texts = (file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml"))
    years = (HolidayYear.model_validate(tomllib.loads(text)) for text in texts)
    return tuple(sorted(years, key=lambda year: year.year))


@cache
def years_known() -> tuple[int, int]:
    """Return the first and the last year whose days off are shipped, announced or worked out."""
    years = load_holiday_years()
    return years[0].year, years[-1].year


def year_missing(day: date) -> int | None:
    """Return the year whose days off are to be added by now; none: nothing is missing yet.

    They are announced in the second half of the year before: from 1 July on the next year is asked for.
    """
    _, last = years_known()
    wanted = day.year + (day.month >= _SECOND_HALF)
    return last + 1 if wanted > last else None


#: the month from which on next year's days off are asked for
_SECOND_HALF = 7


@cache
def load_work_calendar() -> WorkCalendar:
    """Return the calendar made of all shipped years; read once in a process."""
    years = load_holiday_years()
    return WorkCalendar(
        off=frozenset(off.day for year in years for off in year.off),
        worked=frozenset(worked.day for year in years for worked in year.worked),
        known_until=max(date(year.year, 12, 31) for year in years if year.status == "official"),
        names={off.day: off.name for year in years for off in year.off},
        listed_until=date(years[-1].year, 12, 31),
        listed_from=date(years[0].year, 1, 1),
    )
