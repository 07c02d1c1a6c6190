"""Time expressions in Vietnamese words: how a due date came about, as an officer would tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_workflow.regulations import Day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ocop_workflow.calendar.monthly import EachMonth
    from ocop_workflow.calendar.when import Offset, When
    from ocop_workflow.regulations import RelativeDeadline

_UNITS = {Day.DAYS: "ngày", Day.WORKING_DAYS: "ngày làm việc", Day.MONTHS: "tháng"}
_QUARTERS = {"1": "I", "2": "II", "3": "III", "4": "IV"}


class _Known(NamedTuple):
    """What must be known to say an expression: the names of things, and the reading of "trước ngày"."""

    names: Mapping[str, str]
    inclusive: bool
    hour: str = ""

    def before(self, day: str) -> str:
        """Say "trước ngày": before an hour of a day is on the day itself."""
        if self.hour:
            return f"trước {self.hour} ngày {day}"
        return f"trước ngày {day}, {'kể cả' if self.inclusive else 'không kể'} ngày đó"

    def name(self, of: str) -> str:
        return self.names.get(of, of)


def spoken(when: When, names: Mapping[str, str], *, inclusive: bool) -> str:
    """Say a time expression in words.

    Args:
        when: the expression.
        names: what milestones and events are called; an unknown one goes by its id.
        inclusive: whether the regulation counts the day that "trước ngày" names.
    """
    value = getattr(when, "with_" if when.form == "with" else when.form)
    words = _FORMS[when.form](value, _Known(names, inclusive, when.hour))
    if when.hour and when.form not in _BEFORE_AN_HOUR:
        words += f", trước {when.hour}"
    if when.peak:
        words += f"; trọng tâm {', '.join(map(_month, when.peak))}"
    if when.from_:
        words = f"từ khi có «{names.get(when.from_, when.from_)}»: {words}"
    return f"{words} (phỏng chừng)" if when.approximate else words


def spoken_rule(rule: RelativeDeadline, names: Mapping[str, str]) -> str:
    """Say what a regulation counts from an event of the product."""
    counted = _count(rule.offset, rule.unit, names.get(rule.anchor, rule.anchor))
    if rule.by_round:
        return f"ngày xong đợt đánh giá mà hồ sơ còn kịp; không có đợt nào thì {counted}"
    return counted


def _count(count: int, unit: Day, event: str) -> str:
    if count == 0:
        return f"đúng ngày «{event}»"
    if count < 0:
        return f"chậm nhất {-count} {_UNITS[unit]} trước «{event}»"
    return f"trong {count} {_UNITS[unit]} kể từ «{event}»"


def _offset(offset: Offset, sign: int, known: _Known) -> str:
    unit, count = offset.counted
    return _count(sign * count, unit, known.name(offset.event))


def _month(year_month: str) -> str:
    year, month = year_month.split("-")
    return f"{int(month)}/{year}"


def _quarter(value: str) -> str:
    year, quarter = value.split("-Q")
    return f"{_QUARTERS[quarter]}/{year}"


def _each_month(each: EachMonth, known: _Known) -> str:
    if each.by:
        words = f"hằng tháng, chậm nhất {known.hour} ngày {each.by}".replace("  ", " ")
    else:
        words = f"hằng tháng, {known.before(str(each.before))}"
    since = f", từ tháng {_month(each.first)}" if each.first else ""
    return words + since + (f", đến tháng {_month(each.last)}" if each.last else "")


#: forms whose words have a place for the hour
_BEFORE_AN_HOUR = frozenset({"before", "each_month"})

_FORMS: dict[str, Callable[[Any, _Known], str]] = {
    "months": lambda months, _: f"hết tháng {_month(months[-1])}",
    "range": lambda days, _: f"từ ngày {days[0]:%d/%m/%Y} đến hết ngày {days[1]:%d/%m/%Y}",
    "by": lambda day, _: f"đến hết ngày {day:%d/%m/%Y}",
    "before": lambda day, known: known.before(f"{day:%d/%m/%Y}"),
    "before_month": lambda month, _: f"xong trước tháng {_month(month)}",
    "quarter": lambda quarter, _: f"hết quý {_quarter(quarter)}",
    "continuous": lambda _value, _: "thường xuyên, không có ngày cuối",
    "with": lambda other, known: f"cùng kỳ với «{known.name(other)}»",
    "dossiers_of": lambda entry, known: f"hạn nộp hồ sơ của «{known.name(entry)}»",
    "after": lambda offset, known: _offset(offset, 1, known),
    "ahead_of": lambda offset, known: _offset(offset, -1, known),
    "any_of": lambda parts, known: ", hoặc ".join(
        spoken(part, known.names, inclusive=known.inclusive) for part in parts
    ),
    "each_month": _each_month,
    "unset": lambda _value, _: "chưa có ngày",
}
