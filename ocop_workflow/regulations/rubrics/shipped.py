"""The score sheets that ship with the service, and reading one with every fault of it at once."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ocop_workflow.bounds import out_of_bounds
from ocop_workflow.errors import Fault, InvalidInput, NotFound, fault
from ocop_workflow.regulations.reading import Frozen, read_toml
from ocop_workflow.regulations.rubrics.consistency import inconsistencies
from ocop_workflow.regulations.rubrics.rubric import DoubtInVietnamese, Rubric, SheetCondition
from ocop_workflow.wording import as_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

#: the regulation whose sheets ship
RUBRICS_OF = "qd-26-2026"


class SheetReadings(Frozen):
    """How notes are read that leave to their reader what follows."""

    conditions: tuple[SheetCondition, ...]
    doubts: tuple[DoubtInVietnamese, ...]


def _folder() -> Traversable:
    return resources.files("ocop_workflow") / "data" / "rubrics" / RUBRICS_OF


@cache
def _readings() -> SheetReadings:
    name = "readings.toml"
    return read_toml((_folder() / name).read_text("utf-8"), SheetReadings, name)


def rubric_numbers() -> tuple[int, ...]:
    """Return the numbers of the sets whose sheets ship."""
    names = (path.name for path in _folder().iterdir())
    return tuple(sorted(int(name[4:6]) for name in names if name.startswith("set-")))


@cache
def load_rubric(number: int) -> Rubric:
    """Return a shipped score sheet.

    Args:
        number: of the set, 1–26 (QĐ 26/2026/QĐ-TTg, Phụ lục II).

    Raises:
        NotFound: there is no set of this number.
    """
    if number not in rubric_numbers():
        raise NotFound(
            f"Không có bộ sản phẩm số {number}; có bộ 1 đến {max(rubric_numbers())}.",
            f"There is no set {number}; there are 1 to {max(rubric_numbers())}.",
        )
    name = f"set-{number:02}.json"
    return read_rubric((_folder() / name).read_text("utf-8"), name)


def read_rubric(text: str, name: str) -> Rubric:
    """Read a score sheet.

    Args:
        text: JSON of the form `ocop-rubric/1`.
        name: what the file is called, for the sentence.

    Raises:
        InvalidInput: it is no JSON, breaks the form, or its figures disagree; all faults at once.
    """
    raw, faults = read_json(text)
    if isinstance(raw, dict):
        own = raw.get("set")
        raw["conditions"] = [item.model_dump() for item in _readings().conditions if own in item.sets]
        raw["doubts"] = [item.model_dump() for item in _readings().doubts if item.set == own]
        try:
            rubric = Rubric.model_validate(raw)
        except ValidationError as error:
            faults += as_faults(error)
        else:
            faults += inconsistencies(rubric)
            if not faults:
                return rubric
    elif not faults:
        faults.append(fault("", "phải là một bảng { … }", "must be a table { … }"))
    raise InvalidInput(f"Tệp {name} có lỗi.", f"The file {name} is at fault.", faults)


def read_json(text: str) -> tuple[Any, list[Fault]]:
    """Read JSON; a key that stands twice is a fault, for the second would silently win."""
    if beyond := out_of_bounds(text):
        return None, [Fault("", beyond)]
    twice: dict[int, list[str]] = {}

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        keys = [key for key, _ in pairs]
        if repeated := [key for key in found if keys.count(key) > 1]:
            twice[id(found)] = repeated
        return found

    try:
        read = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None, [fault("", "không phải JSON đúng", "is no JSON")]
    places = _places(read, "", twice) if twice else ()
    return read, [fault(place, "đứng hai lần", "stands twice") for place in places]


def _places(value: object, place: str, twice: Mapping[int, list[str]]) -> Iterator[str]:
    """Give the places of the keys that stand twice."""
    if isinstance(value, dict):
        dot = f"{place}." if place else ""
        yield from (f"{dot}{key}" for key in twice.get(id(value), ()))
        for key, inner in value.items():
            yield from _places(inner, f"{dot}{key}", twice)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _places(inner, f"{place}[{number}]", twice)


def _refuse(word: str) -> None:
    raise ValueError(word)
