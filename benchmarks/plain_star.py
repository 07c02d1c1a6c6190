"""The floor of a session's stars: points, gates and the cheapest way on, counted straight from the files.

Nothing of the service's reading, marking or searching is used, and nothing is checked: what the sheets of a
session may not say (stops, exclusions, knock-outs) has no place here. It has to come to the same.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.regulations.rubrics.plain import choosable, criteria, need

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BANDS = {2: 30, 3: 50, 4: 70, 5: 90}
#: set 16 rates nothing behind these where one of them has no points
_CLEAN = ("6.1", "6.2", "6.3", "6.4")
#: a point more outweighs any number of options
_POINT = 1000


class Line(NamedTuple):
    """A criterion: what can be chosen of it with its points, and the least that each star asks for."""

    name: str
    place: int
    worth: dict[object, int]
    options: list[tuple[Any, int]]
    least: dict[int, int]


class Said(NamedTuple):
    """What sheets say: options and points by criterion, how far each of them rates; the star aimed at."""

    number: int
    lines: list[Line]
    chosen: dict[str, list[Any]]
    own: dict[str, list[int]]
    rated: list[int]
    aim: int = 0

    @property
    def story(self) -> bool:
        """Whether 5.2 counts only where 5.1 tells that there is one."""
        return self.number != 26


class Plain(NamedTuple):
    """What sheets come to; `way`: the criteria, options and points of the cheapest way on."""

    total: int
    star: int | None
    missed: dict[int, list[str]]
    way: list[tuple[str, Any, int]] | None


@cache
def _lines(number: int) -> list[Line]:
    found = []
    for place, (name, item) in enumerate(criteria(number).items()):
        options = choosable(item)
        asked = {star: need(number, name, star) for star in (3, 4, 5)}
        least = {star: points for star, points in asked.items() if points is not None}
        found.append(Line(name, place, {_key(chosen): worth for chosen, worth in options}, options, least))
    return found


def _key(chosen: Any) -> object:
    return (chosen["branch"], chosen["option"]) if isinstance(chosen, dict) else chosen


def come_to(number: int, sheets: Sequence[Mapping[str, Any]]) -> Plain:
    """Return what the sheets of a product come to; the majority decides on each gate."""
    lines, many = _lines(number), len(sheets)
    chosen = {line.name: [_key(sheet[f"choices.{line.name}"]) for sheet in sheets] for line in lines}
    own = {line.name: [line.worth[one] for one in chosen[line.name]] for line in lines}
    rated = [_rated(number, lines, own, sheet) for sheet in range(many)]
    said = Said(number, lines, chosen, own, rated)
    total, missed = 0, dict[int, list[str]]({3: [], 4: [], 5: []})
    for line in lines:
        counts = [
            sheet
            for sheet, one in enumerate(chosen[line.name])
            if one is not None
            and line.place < rated[sheet]
            and (line.name != "5.2" or not said.story or chosen["5.1"][sheet] not in (None, 1))
        ]
        total += sum(own[line.name][sheet] for sheet in counts)
        for marked, points in line.least.items():
            if sum(own[line.name][sheet] >= points for sheet in counts) * 2 <= many:
                missed[marked].append(line.name)
    band = 1 + sum(total >= lowest * many for lowest in _BANDS.values())
    star: int | None = band
    if band > 2:
        star = next((star for star in range(band, 2, -1) if not missed[star]), None)
    if star == 5:
        return Plain(total, star, missed, None)
    said = said._replace(aim=3 if star is None else star + 1)
    lacks = max(_BANDS[said.aim] * many, total)
    ways = [_way(said, lacks)]
    if number == 16:
        lifted = _way(said._replace(rated=[len(lines)] * many), lacks, clean=True)
        ways = [*ways, lifted] if min(rated) < len(lines) else [lifted]
    found = min((way for way in ways if way), default=None, key=lambda way: way[0])
    return Plain(total, star, missed, None if found is None else found[1])


def points_so_far(number: int, said: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many criteria a sheet has not answered yet, and the points of what it has."""
    points, chosen, left = dict[str, int](), dict[str, object](), 0
    lines = _lines(number)
    for line in lines:
        place = f"choices.{line.name}"
        left += place not in said
        chosen[line.name] = _key(said.get(place))
        points[line.name] = line.worth[chosen[line.name]]
    if number != 26 and chosen["5.1"] in (None, 1):
        points["5.2"] = 0
    rated = _rated(number, lines, {name: [worth] for name, worth in points.items()}, 0)
    return left, sum(points[line.name] for line in lines[:rated])


def _rated(number: int, lines: list[Line], own: dict[str, list[int]], sheet: int) -> int:
    """Return how many criteria a sheet rates."""
    if number == 16 and not all(own[name][sheet] for name in _CLEAN):
        return max(line.place for line in lines if line.name in _CLEAN) + 1
    return len(lines)


def _way(
    said: Said, lacks: int, *, clean: bool = False
) -> tuple[tuple[float, list[tuple[int, str]]], list[tuple[str, Any, int]]] | None:
    """Look for the cheapest way: from the last criterion to the first, for each number of points that lack.

    `clean`: nothing stops set 16 any more.
    """
    stages, standing = [], 0
    known = {line.name: line for line in said.lines}
    for line in said.lines:
        if said.story and line.name == "5.2":
            continue
        now, moves = _moves(
            said, [line, known["5.2"]] if said.story and line.name == "5.1" else [line], clean=clean
        )
        standing += now
        stages.append(moves)
    short = max(lacks - standing, 0)
    tables: list[list[float]] = [[0, *[inf] * short]]
    for moves in reversed(stages):
        last = tables[-1]
        tried = [[weight + w for w in ([last[0]] * gain + last)[: short + 1]] for gain, weight, _ in moves]
        tables.append(list(map(min, *tried, [inf] * (short + 1))) if tried else [inf] * (short + 1))
    tables.reverse()
    if tables[0][short] == inf:
        return None
    lack, picked = short, list[tuple[int, str, str, Any, int]]()
    for stage, moves in enumerate(stages):
        fitting = [
            (picks, gain)
            for gain, weight, picks in moves
            if weight + tables[stage + 1][max(lack - gain, 0)] == tables[stage][lack]
        ]
        picks, gain = min(fitting, key=lambda one: [pick[:2] for pick in one[0]] + [(len(said.lines), "")])
        lack = max(lack - gain, 0)
        picked += picks
    return (tables[0][short], [pick[:2] for pick in picked]), [pick[2:] for pick in picked]


def _moves(
    said: Said, unit: list[Line], *, clean: bool
) -> tuple[int, list[tuple[int, int, list[tuple[int, str, str, Any, int]]]]]:
    """Return what stands, and what can be picked: the gain in points, its weight, the picks."""
    standing, found = 0, []
    for number, picks in enumerate(product(*(_better(line, said.own[line.name]) for line in unit))):
        gain, cost, is_met, story = 0, 0, True, [True] * len(said.rated)
        for line, (option, points) in zip(unit, picks, strict=True):
            reached, own, chosen = 0, said.own[line.name], said.chosen[line.name]
            for sheet, before in enumerate(own):
                if line.place >= said.rated[sheet]:
                    continue
                cost += max(points - before, 0)
                worth = max(points, before) if story[sheet] else 0
                gain += worth
                reached += (option is not None or chosen[sheet] is not None) and worth >= line.least.get(
                    said.aim, 0
                )
            if said.aim in line.least and reached * 2 <= len(said.rated):
                is_met = False
            if clean and line.name in _CLEAN and not all(points or before for before in own):
                is_met = False
            if len(unit) > 1:
                story = [
                    (_key(option) if points > before else one) not in (None, 1)
                    for before, one in zip(own, chosen, strict=True)
                ]
        standing = standing if number else gain
        if is_met:
            told = [
                (line.place, str(_key(option)), line.name, option, points)
                for line, (option, points) in zip(unit, picks, strict=True)
                if option is not None
            ]
            found.append((gain - standing, cost * _POINT + len(told), told))
    return standing, found


def _better(line: Line, own: list[int]) -> list[tuple[Any, int]]:
    """Return nothing, and the options above what any sheet has; of several worth the same the first."""
    first: dict[int, Any] = {}
    for option, points in line.options:
        if points > min(own):
            first.setdefault(points, option)
    return [(None, 0), *((option, points) for points, option in first.items())]
