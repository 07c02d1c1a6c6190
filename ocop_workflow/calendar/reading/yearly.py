"""Days of a plan file weighed against its own year: what was left from last year, or mistyped.

A fault is what would mail nonsense: a watched day outside the year, a round that ends before it begins. A
remark is what may be meant so. Both are looked for in the raw tables, like the faults of `consistency`, and
only where somebody brings a file: a plan that is loaded stays readable whatever is found here later.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from ocop_workflow.calendar.plan import Year
from ocop_workflow.calendar.reading.consistency import alternatives, entries, regulation_of
from ocop_workflow.calendar.when import PlanDay, Reader, When, read_when
from ocop_workflow.calendar.workdays import load_work_calendar, years_known
from ocop_workflow.errors import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocop_workflow.calendar.when import Window
    from ocop_workflow.regulations import Regulation

_Raw = dict[str, Any]
_Value = TypeVar("_Value")
#: the farthest that a programme's end, or a round's, may lie behind its year
_LONGEST_TAIL = timedelta(days=366)


#: years by which a programme of several years may go on behind its first
_LONGEST_PROGRAMME = 10


class DayFinding(NamedTuple):
    """What was found of a day, and whether it is a fault or only a remark."""

    is_fault: bool
    said: Fault


class _Year(NamedTuple):
    """The days of the programme; both inclusive."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def vi(self) -> str:
        return f"{self.first:%d/%m/%Y} – {self.last:%d/%m/%Y}"

    @property
    def en(self) -> str:
        return f"{self.first} … {self.last}"


def year_faults(raw: _Raw) -> Iterator[Fault]:
    """Yield the faults of a plan file's days against its year, given its raw tables."""
    yield from (found.said for found in _findings(raw) if found.is_fault)


def year_remarks(raw: _Raw) -> Iterator[Fault]:
    """Yield what is worth a second look in a plan file, given its raw tables."""
    yield from (found.said for found in _findings(raw) if not found.is_fault)


def _findings(raw: _Raw) -> Iterator[DayFinding]:
    number = _read(_YEAR, raw.get("year"))
    if number is None:
        return
    last = _read(_YEAR, raw.get("last_year")) or number
    if not number <= last <= number + _LONGEST_PROGRAMME:
        yield _bad(
            "last_year",
            f"năm cuối {last} phải từ {number} đến {number + _LONGEST_PROGRAMME}",
            f"the last year {last} has to lie between {number} and {number + _LONGEST_PROGRAMME}",
        )
        last = number
    year = _Year(date(number, 1, 1), date(last, 12, 31))
    ends_on = _read(_DAY, raw.get("ends_on"))
    if ends_on is not None:
        wrong = list(_wrong_end(ends_on, year))
        yield from wrong
        year = year if wrong else year._replace(last=ends_on)
    regulation = regulation_of(raw)
    if regulation is not None:
        yield from _not_in_force(regulation, year)
        yield from _only_read(regulation)
    yield from _days_off_unknown(year)
    days = _Days(raw, regulation, year)
    yield from _outside(raw, days, year)
    yield from _rounds(raw, days, year)


_YEAR = TypeAdapter[int](Year)
_DAY = TypeAdapter[date](PlanDay)


def _read(kind: TypeAdapter[_Value], value: object) -> _Value | None:
    """Read a value as the schema will; none: the schema tells its fault."""
    try:
        return kind.validate_python(value)
    except ValidationError:
        return None


def _wrong_end(ends_on: date, year: _Year) -> Iterator[DayFinding]:
    if ends_on < year.first:
        yield _bad(
            "ends_on",
            f"kế hoạch kết thúc {ends_on:%d/%m/%Y}, trước khi năm {year.first.year} bắt đầu",
            f"the plan ends on {ends_on}, before its year {year.first.year} begins",
        )
    elif ends_on > year.last + _LONGEST_TAIL:
        yield _bad(
            "ends_on",
            f"kế hoạch kết thúc {ends_on:%d/%m/%Y}, hơn một năm sau năm {year.last.year}",
            f"the plan ends on {ends_on}, more than a year after its year {year.last.year}",
        )


def _not_in_force(regulation: Regulation, year: _Year) -> Iterator[DayFinding]:
    span = regulation.in_force
    if span.since > year.first:
        since = f"{regulation.number} có hiệu lực từ {span.since:%d/%m/%Y}"
        yield _remark(
            "regulation",
            f"{since}, sau ngày đầu của kế hoạch ({year.first:%d/%m/%Y})",
            f"{regulation.number} is in force from {span.since}, after the plan's first day ({year.first})",
        )
    elif span.until is not None and span.until < year.first:
        until = f"{regulation.number} chỉ còn hiệu lực đến {span.until:%d/%m/%Y}"
        yield _remark(
            "regulation",
            f"{until}, trước ngày đầu của kế hoạch ({year.first:%d/%m/%Y})",
            f"{regulation.number} was in force to {span.until}, before the plan's first day ({year.first})",
        )


def _only_read(regulation: Regulation) -> Iterator[DayFinding]:
    if regulation.read_only:
        yield _remark(
            "regulation",
            f"{regulation.number} chỉ để đọc: không chấm điểm theo quy định này, mọi dòng theo nguồn thứ cấp",
            f"{regulation.number} is kept to be read: nothing is scored by it, every line is uncertain",
        )


def _days_off_unknown(year: _Year) -> Iterator[DayFinding]:
    known, _ = years_known()
    if year.first.year < known:
        yield _remark(
            "year",
            f"ngày nghỉ trước năm {known} chưa có trong hệ thống: ngày làm việc chỉ tính thứ Hai đến thứ Sáu "
            "và các lễ dương lịch, Tết Nguyên đán không trừ",
            f"days off before {known} are not known here: Monday to Friday count but for the feasts of the "
            "solar calendar; Tết is not left out",
        )


class _Days:
    """What the times of a plan file mean, as far as the file alone fixes it."""

    def __init__(self, raw: _Raw, regulation: Regulation | None, year: _Year) -> None:
        self._rounds = {str(entry.get("id")): entry.get("done") for _, entry in entries(raw, "rounds")}
        events: Mapping[str, date] = {
            str(entry.get("id")): on
            for _, entry in entries(raw, "events")
            if (on := _read(_DAY, entry.get("on"))) is not None
        }
        inclusive = regulation is not None and regulation.before_a_day.inclusive
        self._reader = Reader(
            load_work_calendar(),
            inclusive,
            self._named,
            events,
            year.first,
            programme=(year.first, year.last),
        )

    def _named(self, name: str) -> When:
        """Milestones say their own days; a round's last day is asked for here."""
        return _time(self._rounds.get(name)) or _NO_TIME

    def window(self, raw: object) -> Window | None:
        when = _time(raw)
        return read_when(when, self._reader) if when is not None else None

    def parts(self, place: str, raw: object) -> Iterator[tuple[str, Window]]:
        """Yield the windows of a time, or of its alternatives, each with its place."""
        for at, part in alternatives(place, raw) if isinstance(raw, dict) else ():
            when = _time(part)
            if when is not None and when.form != "any_of":
                yield f"{at}.{when.form}", read_when(when, self._reader)


def _time(raw: object) -> When | None:
    try:
        return When.model_validate(raw)
    except ValidationError:
        return None


_NO_TIME = When(unset=True)


def _outside(raw: _Raw, days: _Days, year: _Year) -> Iterator[DayFinding]:
    """Yield what lies outside the year: of milestones and watched activities it is a fault."""
    for place, entry in entries(raw, "milestones", "activities"):
        is_watched = place.startswith("milestones") or "remind" in entry or "overdue" in entry
        for at, window in days.parts(f"{place}.when", entry.get("when")):
            if window.due is not None and not year.holds(window.due):
                yield DayFinding(is_watched, _beyond(at, window.due, year))
            elif window.due is None and at.endswith(".each_month"):
                yield _bad(
                    at,
                    f"không có tháng nào như thế trong năm của kế hoạch ({year.vi})",
                    f"there is no such month in the plan's year ({year.en})",
                )
            elif window.start is not None and window.start < year.first:
                yield DayFinding(is_fault=False, said=_beyond(at, window.start, year))
    for place, entry in entries(raw, "events"):
        on = _read(_DAY, entry.get("on"))
        if on is not None and not year.holds(on):
            yield DayFinding(is_fault=False, said=_beyond(f"{place}.on", on, year))


def _rounds(raw: _Raw, days: _Days, year: _Year) -> Iterator[DayFinding]:
    """Yield what is wrong with rounds; one that goes on into the next year may be meant so."""
    for place, entry in entries(raw, "rounds"):
        for key in ("dossiers", "done"):
            for at, window in days.parts(f"{place}.{key}", entry.get(key)):
                if window.due is not None and not year.holds(window.due):
                    is_far = not year.first <= window.due <= year.last + _LONGEST_TAIL
                    yield DayFinding(is_far, _beyond(at, window.due, year))
        filed, done = (days.window(entry.get(key)) for key in ("dossiers", "done"))
        if filed and done and filed.due and done.due and done.due < filed.due:
            yield _bad(
                f"{place}.done",
                f"đánh giá xong {done.due:%d/%m/%Y}, trước hạn nộp hồ sơ của đợt ({filed.due:%d/%m/%Y})",
                f"done on {done.due}, before the round's dossiers are due ({filed.due})",
            )


def _beyond(place: str, day: date, year: _Year) -> Fault:
    return fault(
        place,
        f"{day:%d/%m/%Y} nằm ngoài năm của kế hoạch ({year.vi})",
        f"{day} lies outside the plan's year ({year.en})",
    )


def _bad(place: str, vi: str, en: str) -> DayFinding:
    return DayFinding(is_fault=True, said=fault(place, vi, en))


def _remark(place: str, vi: str, en: str) -> DayFinding:
    return DayFinding(is_fault=False, said=fault(place, vi, en))
