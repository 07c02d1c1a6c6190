"""Times of a plan file that somebody brings, whose parts do not go together.

Looked for in the raw tables, like the faults of `yearly`. A plan that is loaded stays readable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar.reading.consistency import alternatives, counted_from, entries
from ocop_workflow.errors import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_Raw = dict[str, Any]

#: forms that fix one day, on which an hour can lie
_WITH_AN_HOUR = frozenset({"by", "before", "range", "after", "ahead_of", "each_month"})
#: letters of the id of what comes each month: the month is added to it
_LONGEST = 52

#: where a table keeps times
_TIMES = {"milestones": ("when",), "activities": ("when",), "rounds": ("dossiers", "done")}


def time_faults(raw: _Raw) -> Iterator[Fault]:
    """Yield the faults inside the times of a plan file, given its raw tables."""
    for table, place, when in times(raw):
        if "peak" in when and "continuous" not in when:
            yield fault(
                f"{place}.peak",
                "tháng trọng tâm chỉ đi với continuous = true",
                "peak months go with continuous = true only",
            )
        if "at" in when and not _WITH_AN_HOUR.intersection(when):
            yield fault(
                f"{place}.at",
                f"giờ chỉ đi với một ngày: {', '.join(sorted(_WITH_AN_HOUR))}",
                f"an hour goes with a day: {', '.join(sorted(_WITH_AN_HOUR))}",
            )
        if "each_month" in when and (table != "activities" or ".any_of" in place):
            yield fault(
                f"{place}.each_month",
                "hằng tháng chỉ dùng cho when của một hoạt động: sản phẩm chỉ tới một trạng thái một lần",
                "each_month is for the time of an activity: a product reaches a state once",
            )
        if "each_month" in when and "from" in when:
            yield fault(
                f"{place}.from",
                "hằng tháng thì ghi tháng đầu bằng each_month.first, không ghi from",
                "what comes each month begins with each_month.first, not with from",
            )
    yield from _own_events(raw)
    for place, entry in entries(raw, "activities"):
        time, name = entry.get("when"), entry.get("id")
        if isinstance(time, dict) and "each_month" in time and isinstance(name, str) and len(name) > _LONGEST:
            yield fault(
                f"{place}.id",
                f"mã của việc hằng tháng dài nhất {_LONGEST} chữ",
                f"the id of what comes each month has {_LONGEST} letters at most",
            )


def _own_events(raw: _Raw) -> Iterator[Fault]:
    """Events of a product's own that the plan dates itself, or that count for what is no product's."""
    own = {str(entry.get("id")) for _, entry in entries(raw, "events") if entry.get("of") == "product"}
    for place, entry in entries(raw, "events"):
        if entry.get("of") == "product" and "on" in entry:
            yield fault(
                f"{place}.on",
                "mỗi sản phẩm có ngày riêng, ghi bằng `ocop event record`; bỏ on, hoặc bỏ of",
                "each product has a day of its own, by `ocop event record`; leave out on, or of",
            )
    for place, entry in entries(raw, "activities", "rounds"):
        for at, name in counted_from(place, entry):
            if name in own:
                yield fault(
                    at,
                    f"{name} là sự kiện riêng của từng sản phẩm: chỉ mốc kế hoạch đếm từ đó được",
                    f"{name} is each product's own: only a milestone can count from it",
                )


def times(raw: _Raw) -> Iterator[tuple[str, str, _Raw]]:
    """Yield every time and each of its alternatives: the table that it stands in, its place, itself."""
    for table, keys in _TIMES.items():
        for at, entry in entries(raw, table):
            for key in keys:
                if isinstance(entry.get(key), dict):
                    for place, when in alternatives(f"{at}.{key}", entry[key]):
                        yield table, place, when
