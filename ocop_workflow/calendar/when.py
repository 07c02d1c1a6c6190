"""Time expressions of real plans, and the window of days that each one means.

The forms cover the shapes met in plans of Vietnamese districts, cities and provinces since 2017. Each
says its own reading: `by` is inclusive, `before` follows the regulation's reading of "trước ngày".
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Literal, Self

from dateutil.relativedelta import relativedelta
from pydantic import Field, model_validator

from ocop_workflow.calendar.monthly import EachMonth, YearMonth, months_of
from ocop_workflow.regulations import Day, Frozen
from ocop_workflow.wording import BilingualError, shaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ocop_workflow.calendar.workdays import WorkCalendar

Quarter = Annotated[str, shaped(r"2[0-9]{3}-Q[1-4]", "2024-Q2")]
Count = Annotated[int, Field(ge=0, le=3650)]
#: a day a plan may name; the bounds keep every count from it inside the calendar
PlanDay = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class Offset(Frozen):
    """So long after (or ahead of) an event: a state reached, `received`, `expiry`, or a plan's own event."""

    event: str = Field(min_length=1)
    days: Count | None = None
    working_days: Count | None = None
    months: Annotated[int, Field(ge=0, le=120)] | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if sum(value is not None for value in (self.days, self.working_days, self.months)) != 1:
            raise BilingualError(
                "phải ghi đúng một trong ba: days, working_days, months",
                "give exactly one of days, working_days, months",
            )
        return self

    @property
    def counted(self) -> tuple[Day, int]:
        """What is counted, and how many of it."""
        for unit, count in ((Day.DAYS, self.days), (Day.WORKING_DAYS, self.working_days)):
            if count is not None:
                return unit, count
        return Day.MONTHS, self.months or 0

    def from_day(self, anchor: date, workdays: WorkCalendar, sign: int) -> date:
        """Count from `anchor`, forwards (`sign` 1) or backwards (-1). Months are added once."""
        unit, count = self.counted
        return count_from(anchor, sign * count, unit, workdays)


def count_from(anchor: date, count: int, unit: Day, workdays: WorkCalendar) -> date:
    """Return the local day that lies `count` units from `anchor` (negative: before it)."""
    if unit is Day.WORKING_DAYS:
        return workdays.add(anchor, count)
    if unit is Day.MONTHS:
        return anchor + relativedelta(months=count)
    return anchor + timedelta(days=count)


class When(Frozen):
    """One time expression: exactly one form, and `approximate = true` beside it where the plan is vague.

    `from_`, beside any form: the event with which it begins; before that has happened nothing is due.
    """

    months: Annotated[tuple[YearMonth, ...], Field(min_length=1, max_length=12)] | None = None
    range: tuple[PlanDay, PlanDay] | None = None
    by: PlanDay | None = None
    before: PlanDay | None = None
    before_month: YearMonth | None = None
    quarter: Quarter | None = None
    continuous: Literal[True] | None = None
    with_: str | None = Field(default=None, alias="with", min_length=1)
    dossiers_of: str | None = Field(default=None, min_length=1)
    after: Offset | None = None
    ahead_of: Offset | None = None
    any_of: Annotated[tuple[When, ...], Field(min_length=2, max_length=12)] | None = None
    each_month: EachMonth | None = None
    unset: Literal[True] | None = None
    from_: str | None = Field(default=None, alias="from", min_length=1)
    at: Annotated[str, shaped(r"([01][0-9]|2[0-3]):[0-5][0-9]", "16:00")] | None = None
    approximate: bool = False
    peak: tuple[YearMonth, ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if len(self.forms) != 1:
            raise BilingualError(
                f"phải ghi đúng một cách nói về thời gian, trong: {', '.join(FORMS)}",
                f"give exactly one form of time, of: {', '.join(FORMS)}",
            )
        if list(self.months or ()) != sorted(self.months or ()):
            raise BilingualError("months: tháng sau phải đứng sau tháng trước", "months: earliest first")
        if self.range and self.range[1] < self.range[0]:
            raise BilingualError(
                "range: ngày cuối đứng trước ngày đầu", "range: the last day is before the first"
            )
        return self

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that are given (one, once validated)."""
        return tuple(form for form in FORMS if getattr(self, "with_" if form == "with" else form) is not None)

    @property
    def form(self) -> str:
        """The form that is given."""
        return self.forms[0]

    @property
    def hour(self) -> str:
        """Until which hour of its last day it may be done, as plans write it ("16h00"); empty: all day."""
        return self.at.replace(":", "h") if self.at else ""


FORMS = (
    "months",
    "range",
    "by",
    "before",
    "before_month",
    "quarter",
    "continuous",
    "with",
    "dossiers_of",
    "after",
    "ahead_of",
    "any_of",
    "each_month",
    "unset",
)


@dataclass(frozen=True, slots=True)
class Window:
    """The local days that an expression means; `due` is the last on which the thing is in time.

    `start` none: no beginning is said. `due` none: nothing can ever be late. `cut_off`: of a round, the last
    day on which a dossier is in time for it.
    """

    start: date | None
    due: date | None
    approximate: bool = False
    cut_off: date | None = None


@dataclass(frozen=True)
class Reader:
    """What must be known to read an expression.

    Attributes:
        workdays: the working-day calendar.
        before_is_inclusive: the regulation's reading of "trước ngày".
        named: looks up what `with` points at.
        anchors: the days of the events that `after` and `ahead_of` count from, as far as they happened.
        opened_on: the day from which alternatives are looked at: the first one not yet past counts.
        cut_offs: until when dossiers are in time for a round, by its id.
        handed_on: the day on which the dossier was handed in, if it was: of rounds, the first for which it
            was in time counts.
        programme: the first and the last local day of the plan's programme, for what comes each month.
    """

    workdays: WorkCalendar
    before_is_inclusive: bool
    named: Callable[[str], When]
    anchors: Mapping[str, date]
    opened_on: date
    cut_offs: Mapping[str, When] = field(default_factory=dict)
    handed_on: date | None = None
    programme: tuple[date, date] | None = None

    def is_ahead(self, window: Window) -> bool:
        """Tell whether a window still counts: a round, if the dossier is in time for it."""
        if window.cut_off is not None:
            return (self.handed_on or self.opened_on) <= window.cut_off
        return window.due is not None and window.due >= self.opened_on


def read_when(when: When, reader: Reader) -> Window:
    """Return the window that `when` means; with an anchor that has not happened, it has no due day yet.

    Neither has what begins with an event that has not happened. What it points at, or the alternative that
    counts, may be approximate: then so is the whole.
    """
    window = _FORMS[when.form](when, reader)
    if when.from_ is not None:
        begun = reader.anchors.get(when.from_)
        window = replace(window, start=max(begun, window.start or begun)) if begun else _NO_END
    return replace(window, approximate=window.approximate or when.approximate)


_NO_END = Window(None, None)


def month_days(year_month: str) -> tuple[date, date]:
    """Return first and last day of `2024-03`."""
    year, month = map(int, year_month.split("-"))
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _months(when: When, _reader: Reader) -> Window:
    months = when.months or ()
    return Window(month_days(months[0])[0], month_days(months[-1])[1])


def _range(when: When, _reader: Reader) -> Window:
    return Window(*(when.range or (None, None)))


def _by(when: When, _reader: Reader) -> Window:
    return Window(None, when.by)


def _before(when: When, reader: Reader) -> Window:
    day = when.before
    if day is None or reader.before_is_inclusive or when.at:  # before an hour of it is on the day itself
        return Window(None, day)
    return Window(None, day - timedelta(days=1))


def _before_month(when: When, _reader: Reader) -> Window:
    return Window(None, month_days(when.before_month or "")[0] - timedelta(days=1))


def _quarter(when: When, _reader: Reader) -> Window:
    year, quarter = (when.quarter or "").split("-Q")
    last = int(quarter) * 3
    return Window(month_days(f"{year}-{last - 2:02}")[0], month_days(f"{year}-{last:02}")[1])


def _no_end(_when: When, _reader: Reader) -> Window:
    return _NO_END


def _with(when: When, reader: Reader) -> Window:
    window = read_when(reader.named(when.with_ or ""), reader)
    return replace(window, cut_off=_cut_off(when.with_, reader).due)


def _dossiers_of(when: When, reader: Reader) -> Window:
    return _cut_off(when.dossiers_of, reader)


def _cut_off(name: str | None, reader: Reader) -> Window:
    """Return until when dossiers are in time for a round, of which its own time says nothing."""
    cut_off = reader.cut_offs.get(name or "")
    return read_when(cut_off, replace(reader, cut_offs={})) if cut_off else _NO_END


def _after(when: When, reader: Reader) -> Window:
    return _offset(when.after, reader, 1)


def _ahead_of(when: When, reader: Reader) -> Window:
    return _offset(when.ahead_of, reader, -1)


def _offset(offset: Offset | None, reader: Reader, sign: int) -> Window:
    anchor = reader.anchors.get(offset.event) if offset else None
    if offset is None or anchor is None:
        return _NO_END
    return Window(None, offset.from_day(anchor, reader.workdays, sign))


def _any_of(when: When, reader: Reader) -> Window:
    dated = sorted(
        (
            (window.due, window)
            for window in (read_when(part, reader) for part in when.any_of or ())
            if window.due is not None
        ),
        key=lambda pair: pair[0],
    )
    if not dated:
        return _NO_END
    return next((window for _, window in dated if reader.is_ahead(window)), dated[-1][1])


def _each_month(when: When, reader: Reader) -> Window:
    """Of what comes each month, the window of the month that is due next; after the last, that one's."""
    inclusive = reader.before_is_inclusive or when.at is not None
    each = when.each_month
    dues = months_of(each, reader.programme, inclusive=inclusive) if each and reader.programme else []
    return Window(None, next((due for due in dues if due >= reader.opened_on), dues[-1] if dues else None))


def parts_of(when: When, named: Callable[[str], When]) -> Iterator[When]:
    """Yield a time, or its alternatives, or what it goes with: whatever may have given a day."""
    if when.with_:
        yield from parts_of(named(when.with_), named)
    elif when.any_of:
        for part in when.any_of:
            yield from parts_of(part, named)
    else:
        yield when


_FORMS: dict[str, Callable[[When, Reader], Window]] = {
    "months": _months,
    "range": _range,
    "by": _by,
    "before": _before,
    "before_month": _before_month,
    "quarter": _quarter,
    "continuous": _no_end,
    "with": _with,
    "dossiers_of": _dossiers_of,
    "after": _after,
    "ahead_of": _ahead_of,
    "any_of": _any_of,
    "each_month": _each_month,
    "unset": _no_end,
}
