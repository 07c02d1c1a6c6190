"""A plain count of what sheets come to, apart from the code, straight from the files of the sets."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

SETS = range(1, 27)
Choices = dict[str, Any]
#: what is chosen of a criterion
Chosen = int | bool | dict[str, Any] | None


@cache
def raw(number: int) -> dict[str, Any]:
    """Return the file of a set."""
    folder = resources.files("ocop_workflow") / "data" / "rubrics" / "qd-26-2026"
    found: dict[str, Any] = json.loads((folder / f"set-{number:02}.json").read_text("utf-8"))
    return found


@cache
def criteria(number: int) -> dict[str, dict[str, Any]]:
    """Return the criteria of a set by their numbers, in order."""
    return {
        criterion["id"]: criterion
        for part in raw(number)["parts"]
        for item in part["items"]
        for criterion in item["criteria"]
    }


def choosable(criterion: dict[str, Any]) -> list[tuple[Any, int]]:
    """Return everything that can be chosen of a criterion, with its points; nothing first."""
    if criterion["kind"] == "yes_no":
        return [(None, 0), (False, 0), (True, criterion["yes_points"])]
    if criterion["kind"] == "choice":
        found = [(number, option["points"]) for number, option in enumerate(criterion["options"], start=1)]
        return [(None, 0), *found]
    return [
        (None, 0),
        *(
            ({"branch": branch["id"], "option": number}, option["points"])
            for branch in criterion["branches"]
            for number, option in enumerate(branch["options"], start=1)
        ),
    ]


def points(number: int, name: str, chosen: object) -> int:
    """Return the points of a choice."""
    return next(
        worth
        for option, worth in choosable(criteria(number)[name])
        if option == chosen and type(option) is type(chosen)
    )


def need(number: int, name: str, star: int) -> int | None:
    """Return the least points that a star asks for of a criterion; none: it asks for nothing."""
    marked = [
        o["points"] for o in criteria(number)[name]["options"] if o["min_star"] and o["min_star"] <= star
    ]
    return max(marked, default=None)


def best(number: int, **but: Chosen) -> Choices:
    """Return choices of 100 points, but for some."""
    found = {
        name: max(choosable(criterion), key=lambda item: item[1])[0]
        for name, criterion in criteria(number).items()
    }
    return found | {name.removeprefix("c").replace("_", "."): chosen for name, chosen in but.items()}


def of_total(number: int, total: int, star: int = 5) -> Choices:
    """Return choices of so many points that have what a star asks for."""
    ways: dict[int, Choices] = {0: {}}
    for name, criterion in criteria(number).items():
        least = need(number, name, star) or 0
        known = {worth: chosen for chosen, worth in reversed(choosable(criterion)) if worth >= least}
        if least:
            known = {worth: chosen for worth, chosen in known.items() if chosen is not None}
        if name == "5.1":  # a story there is, or 5.2 would not count
            known = {worth: chosen for worth, chosen in known.items() if worth}
        if name.startswith("6"):  # nothing that stops set 16
            known = {worth: chosen for worth, chosen in known.items() if worth} or known
        ways = {
            sofar + worth: {**chosen, name: option}
            for sofar, chosen in ways.items()
            for worth, option in known.items()
            if sofar + worth <= total
        }
    return ways[total]


def counted(number: int, choices: Choices) -> dict[str, int | None]:
    """Return the points of each criterion that count; none: it is barred, or nothing was chosen."""
    found = {
        name: None if chosen is None else points(number, name, chosen) for name, chosen in choices.items()
    }
    if "5.2" in found and number != 26 and choices["5.1"] in (None, 1):
        found["5.2"] = None
    if number == 16 and not all(found[name] for name in ("6.1", "6.2", "6.3", "6.4")):
        found |= dict.fromkeys(("7", "8", "9", "10"))
    return found


def star_of_sheets(number: int, sheets: list[Choices]) -> int | None:
    """Return the star that sheets without notes earn, the majority deciding on each gate."""
    each = [counted(number, sheet) for sheet in sheets]
    mean = Fraction(sum(worth or 0 for sheet in each for worth in sheet.values()), len(sheets))
    band = sum(mean >= lowest for lowest in (0, 30, 50, 70, 90))
    if band < 3:
        return band
    for star in range(band, 2, -1):
        asked = {name: need(number, name, star) for name in criteria(number)}
        if all(
            sum(sheet[name] is not None and (sheet[name] or 0) >= least for sheet in each) > len(each) / 2
            for name, least in asked.items()
            if least is not None
        ):
            return star
    return None
