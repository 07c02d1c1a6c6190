"""Time expressions in words: how a due date came about, as an officer would tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_workflow.errors import Text
from ocop_workflow.regulations import Day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from ocop_workflow.calendar.monthly import EachMonth
    from ocop_workflow.calendar.when import Offset, When
    from ocop_workflow.regulations import RelativeDeadline

_UNITS = {
    Day.DAYS: Text("ngày", "days"),
    Day.WORKING_DAYS: Text("ngày làm việc", "working days"),
    Day.MONTHS: Text("tháng", "months"),
}
_QUARTERS = {"1": "I", "2": "II", "3": "III", "4": "IV"}


class _Known(NamedTuple):
    """What must be known to say an expression: the names of things, and the reading of "trước ngày"."""

    names: Mapping[str, Text]
    inclusive: bool
    hour: str = ""

    def before(self, vi: str, en: str) -> Text:
        """Say "trước ngày": before an hour of a day is on the day itself."""
        if self.hour:
            return Text(f"trước {self.hour} ngày {vi}", f"before {self.hour} on {en}")
        if self.inclusive:
            return Text(f"trước ngày {vi}, kể cả ngày đó", f"before {en}, that day included")
        return Text(f"trước ngày {vi}, không kể ngày đó", f"before {en}, that day not included")

    def name(self, of: str) -> Text:
        return self.names.get(of, Text(of, of))


def spoken(when: When, names: Mapping[str, Text], *, inclusive: bool) -> Text:
    """Say a time expression in words.

    Args:
        when: the expression.
        names: what milestones and events are called; an unknown one goes by its id.
        inclusive: whether the regulation counts the day that "trước ngày" names.
    """
    value = getattr(when, "with_" if when.form == "with" else when.form)
    known = _Known(names, inclusive, when.hour)
    words = _FORMS[when.form](value, known)
    if when.hour and when.form not in _BEFORE_AN_HOUR:
        words = Text(f"{words.vi}, trước {when.hour}", f"{words.en}, before {when.hour}")
    if when.peak:
        peak = ", ".join(map(_month, when.peak))
        words = Text(f"{words.vi}; trọng tâm {peak}", f"{words.en}; above all in {peak}")
    if when.from_:
        since = known.name(when.from_)
        words = Text(f"từ khi có «{since.vi}»: {words.vi}", f"as soon as there is «{since.en}»: {words.en}")
    if when.approximate:
        words = Text(f"{words.vi} (phỏng chừng)", f"{words.en} (roughly)")
    return words


def spoken_rule(rule: RelativeDeadline, names: Mapping[str, Text]) -> Text:
    """Say what a regulation counts from an event of the product."""
    counted = _count(rule.offset, rule.unit, names.get(rule.anchor, Text(rule.anchor, rule.anchor)))
    if rule.by_round:
        return Text(
            f"ngày xong đợt đánh giá mà hồ sơ còn kịp; không có đợt nào thì {counted.vi}",
            f"the day on which the round is done that the dossier can still reach; without one {counted.en}",
        )
    return counted


def _count(count: int, unit: Day, event: Text) -> Text:
    if count == 0:
        return Text(f"đúng ngày «{event.vi}»", f"on the day of «{event.en}»")
    number, of = abs(count), _UNITS[unit]
    counted = f"{number} {of.en[:-1] if number == 1 else of.en}"
    if count < 0:
        return Text(
            f"chậm nhất {number} {of.vi} trước «{event.vi}»", f"at the latest {counted} before «{event.en}»"
        )
    return Text(f"trong {number} {of.vi} kể từ «{event.vi}»", f"within {counted} of «{event.en}»")


def _offset(offset: Offset, sign: int, known: _Known) -> Text:
    unit, count = offset.counted
    return _count(sign * count, unit, known.name(offset.event))


def _month(year_month: str) -> str:
    year, month = year_month.split("-")
    return f"{int(month)}/{year}"


def _quarter(value: str) -> Text:
    year, quarter = value.split("-Q")
    return Text(f"hết quý {_QUARTERS[quarter]}/{year}", f"to the end of quarter {_QUARTERS[quarter]}/{year}")


def _each_month(each: EachMonth, known: _Known) -> Text:
    if each.by:
        day = Text(
            f"hằng tháng, chậm nhất {known.hour} ngày {each.by}".replace("  ", " "),
            f"each month, at the latest on the {each.by}.{f' at {known.hour}' if known.hour else ''}",
        )
    else:
        before = known.before(str(each.before), f"the {each.before}.")
        day = Text(f"hằng tháng, {before.vi}", f"each month, {before.en}")
    if each.first:
        day = Text(f"{day.vi}, từ tháng {_month(each.first)}", f"{day.en}, from {_month(each.first)} on")
    if each.last:
        day = Text(f"{day.vi}, đến tháng {_month(each.last)}", f"{day.en}, until {_month(each.last)}")
    return day


def _to_the_end_of(day: date) -> Text:
    return Text(f"đến hết ngày {day:%d/%m/%Y}", f"to the end of {day:%d/%m/%Y}")


def _range(days: tuple[date, date]) -> Text:
    first, last = (f"{day:%d/%m/%Y}" for day in days)
    return Text(f"từ ngày {first} đến hết ngày {last}", f"from {first} to the end of {last}")


def _of(vi: str, en: str, name: Text) -> Text:
    return Text(f"{vi} «{name.vi}»", f"{en} «{name.en}»")


def _or(parts: Iterable[Text]) -> Text:
    said = list(parts)
    return Text(", hoặc ".join(part.vi for part in said), ", or ".join(part.en for part in said))


#: forms whose words have a place for the hour
_BEFORE_AN_HOUR = frozenset({"before", "each_month"})

_FORMS: dict[str, Callable[[Any, _Known], Text]] = {
    "months": lambda months, _: Text(
        f"hết tháng {_month(months[-1])}", f"to the end of {_month(months[-1])}"
    ),
    "range": lambda days, _: _range(days),
    "by": lambda day, _: _to_the_end_of(day),
    "before": lambda day, known: known.before(f"{day:%d/%m/%Y}", f"{day:%d/%m/%Y}"),
    "before_month": lambda month, _: Text(
        f"xong trước tháng {_month(month)}", f"done before {_month(month)}"
    ),
    "quarter": lambda quarter, _: _quarter(quarter),
    "continuous": lambda _value, _: Text(
        "thường xuyên, không có ngày cuối", "all the time, without a last day"
    ),
    "with": lambda other, known: _of("cùng kỳ với", "at the time of", known.name(other)),
    "dossiers_of": lambda entry, known: _of(
        "hạn nộp hồ sơ của", "when dossiers are due for", known.name(entry)
    ),
    "after": lambda offset, known: _offset(offset, 1, known),
    "ahead_of": lambda offset, known: _offset(offset, -1, known),
    "any_of": lambda parts, known: _or(
        spoken(part, known.names, inclusive=known.inclusive) for part in parts
    ),
    "each_month": _each_month,
    "unset": lambda _value, _: Text("chưa có ngày", "no day yet"),
}
