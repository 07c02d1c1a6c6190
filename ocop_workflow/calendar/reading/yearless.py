"""Plans without a year ("Tháng 3 – 4", each year anew), and days of a plan file that name none.

A file without `year` is a template: it is read for a year, which is put wherever it says `{year}`. Days and
months that name no year are those of the plan's; `next-` in front means the year after.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.regulations import parse_toml

_Raw = dict[str, Any]

_DAY = re.compile(r"(next-)?([0-9]{2})-([0-9]{2})")
_MONTH = re.compile(r"(next-)?([0-9]{2}|Q[1-4])")
#: keys of a time by what they hold
_DAYS = frozenset({"by", "before", "range"})
_MONTHS = frozenset({"months", "before_month", "quarter", "peak", "first", "last"})


def text_for_year(text: str, year: int, name: str = "plan.toml") -> str:
    """Return the plan file that a template gives for a year: `{year}` is 2027 in it, `{yy}` is 27.

    Args:
        text: the content of the template.
        year: the plan's year.
        name: what the file is called, for the sentence.

    Raises:
        InvalidInput: the file is no template, or what it gives would be called the same each year.
    """
    raw = _tables(text)
    faults = []
    if "year" in raw:
        faults.append(
            fault("year", "tệp đã ghi năm; bỏ mục này, hoặc bỏ --year", "the file has a year already")
        )
    for key, place in (("id", "{year}"), ("code", "{yy}")):
        if isinstance(raw.get(key), str) and place not in raw[key]:
            faults.append(
                fault(
                    key,
                    f"mẫu hằng năm phải có {place} trong mục này, để mỗi năm một khác",
                    f"a yearly template needs {place} here, so that years can be told apart",
                )
            )
    if faults:
        raise InvalidInput(f"Tệp {name} có lỗi.", f"The file {name} is at fault.", faults)
    filled = text.removeprefix("\ufeff").replace("{year}", str(year)).replace("{yy}", f"{year % 100:02}")
    return f"year = {year}\n{filled}"


def is_template(text: str) -> bool:
    """Tell whether a plan file names no year, and is to be read for one."""
    raw = _tables(text)
    return "year" not in raw and "{year}" in str(raw.get("id"))


def _tables(text: str) -> _Raw:
    try:
        return parse_toml(text)
    except (ValueError, RecursionError):
        return {}  # whoever reads the plan tells what is wrong


def completed(raw: _Raw) -> _Raw:
    """Return the tables of a plan file with its year in every time that names none."""
    year = raw.get("year")
    if not isinstance(year, int) or not date.min.year <= year < date.max.year:
        return raw
    filled = {key: _entries(value, year) for key, value in raw.items()}
    if "ends_on" in raw:
        filled["ends_on"] = _day(raw["ends_on"], year)
    return filled


def _entries(value: object, year: int) -> object:
    if not isinstance(value, list):
        return value
    return [_entry(item, year) if isinstance(item, dict) else item for item in value]


def _entry(entry: _Raw, year: int) -> _Raw:
    dated = {key: _time(inner, year) for key, inner in entry.items() if isinstance(inner, dict)}
    return {**entry, **dated, **({"on": _day(entry["on"], year)} if "on" in entry else {})}


def _time(when: _Raw, year: int) -> _Raw:
    return {key: _part(key, value, year) for key, value in when.items()}


def _part(key: str, value: object, year: int) -> object:
    if key == "each_month" and isinstance(value, dict):
        return {name: _month(inner, year) for name, inner in value.items()}
    if key == "any_of" and isinstance(value, list):
        return [_time(part, year) if isinstance(part, dict) else part for part in value]
    fill = _day if key in _DAYS else _month if key in _MONTHS else None
    if fill is None:
        return value
    return [fill(item, year) for item in value] if isinstance(value, list) else fill(value, year)


def _day(value: object, year: int) -> object:
    """Return the day of a year; what is none stays as it is, for the schema to tell."""
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    try:
        return date(year + bool(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return value


def _month(value: object, year: int) -> object:
    found = _MONTH.fullmatch(value) if isinstance(value, str) else None
    return f"{year + bool(found[1])}-{found[2]}" if found else value
