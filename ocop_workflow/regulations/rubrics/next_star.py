"""The way to the next star: gates missed, points short, and the options that would close both at least cost.

The cost of an option is the points by which it lies above what was chosen, over all sheets: a product has
to become better in as little as possible. Of equally cheap ways the one with fewer options counts, then the
one whose options stand first on the sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import inf
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ocop_workflow.regulations.rubrics.marking import last_rated, points_of
from ocop_workflow.regulations.rubrics.rubric import MARKED_STARS, CriterionKind
from ocop_workflow.regulations.rubrics.sheet import InBranch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ocop_workflow.regulations.rubrics.outcome import MissedGate, Outcome
    from ocop_workflow.regulations.rubrics.rubric import Criterion, Rubric, SheetCondition
    from ocop_workflow.regulations.rubrics.rules import CouncilRules
    from ocop_workflow.regulations.rubrics.sheet import ScoreSheet
    from ocop_workflow.regulations.schema import Regulation

#: the highest star: there is no way beyond
HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Pick:
    """An option that would have to be reached; `points`: what it is worth."""

    criterion: str
    option: int | bool | InBranch
    points: int


@dataclass(frozen=True, slots=True)
class WayOn:
    """What lacks for a star.

    Attributes:
        missed: its gates that are missed.
        points_short: the points that the sum of all sheets lacks.
        cheapest: the cheapest options that close both; none: no option does, for what bars them is no matter
            of points (a stop, an exclusion), or there is no rubric.
    """

    star: int
    missed: tuple[MissedGate, ...]
    points_short: Fraction
    cheapest: tuple[Pick, ...] | None


def star_after(outcome: Outcome) -> int | None:
    """Return the star that comes next; none: there is none, or the dossier is out."""
    if outcome.out or outcome.star == HIGHEST:
        return None
    return MARKED_STARS[0] if outcome.star is None else outcome.star + 1


def points_short(outcome: Outcome, regulation: Regulation, star: int) -> Fraction:
    """Return the points that the sum lacks for a star's band."""
    lowest = next(band.lowest for band in regulation.stars if band.star == star)
    return max(lowest * len(outcome.totals) - outcome.sum, Fraction(0))


def way_on(
    rubric: Rubric,
    sheets: Sequence[ScoreSheet],
    outcome: Outcome,
    regulation: Regulation,
    rules: CouncilRules,
) -> WayOn | None:
    """Return what lacks for the next star; none: there is none, or the dossier is out."""
    star = star_after(outcome)
    if star is None:
        return None
    short = points_short(outcome, regulation, star)
    search = _Search(rubric, sheets, star, rules)
    picks = search.cheapest(int(outcome.sum + short))
    return WayOn(star, outcome.missed.get(star, ()), short, picks)


class _Move(NamedTuple):
    """Some options of criteria that belong together, nothing among them.

    Attributes:
        gain: what becomes of the sum.
        weight: what they cost: the points by which they lie above what was chosen, then how many they are.
    """

    gain: int
    weight: int
    picks: tuple[Pick, ...]


#: by criterion, whether each sheet rates it
_Rates: TypeAlias = "Mapping[str, list[bool]]"
#: what weighs as much as one point: more than all options of a sheet together
_POINT = 1000
#: places on the sheet, and the options there
_Key: TypeAlias = "tuple[tuple[int, str], ...]"
#: behind every place of a sheet
_END = (_POINT, "")


class _Way(NamedTuple):
    """A way, as ways are compared: by weight, then by what stands first on the sheet."""

    weight: float
    key: _Key
    picks: tuple[Pick, ...]


class _Search:
    """Looks for the cheapest options on all sheets of a product."""

    def __init__(self, rubric: Rubric, sheets: Sequence[ScoreSheet], star: int, rules: CouncilRules) -> None:
        self._rubric, self._sheets, self._rules, self._star = rubric, sheets, rules, star
        self._conditions = {item.criterion: item for item in rubric.conditions if item.needs is not None}
        self._stops = rubric.automatic_stops
        self._own: Mapping[str, list[int]] = {
            item.id: [points_of(item, sheet.choices[item.id]) for sheet in sheets] for item in rubric.criteria
        }

    def cheapest(self, wanted: int) -> tuple[Pick, ...] | None:
        """Return the cheapest options by which the sum comes to `wanted` and all gates are met."""
        cases = [True, False] if self._is_stopped() else [True]
        ways = [way for lifted in cases if (way := self._cheapest(wanted, lifted=lifted)) is not None]
        return min(ways).picks if ways else None

    def _is_stopped(self) -> bool:
        return any(
            self._own[name][number] == trigger.points
            for note, trigger in self._stops
            for name in note.applies_to
            for number in range(len(self._sheets))
        )

    def _cheapest(self, wanted: int, *, lifted: bool) -> _Way | None:
        """Look for the cheapest way: one that lifts whatever stops by itself, or one that leaves it."""
        rates = self._rates(lifted=lifted)
        standing, stages = 0, list[list[_Move]]()
        for unit in self._units():
            nothing = (None,) * len(unit)
            stands = sum(map(sum, self._earned(unit, nothing, rates)))
            stages.append(list(self._moves(unit, rates, stands, lifted=lifted)))
            standing += stands
        return _cheapest_of(stages, max(wanted - standing, 0), self._key)

    def _key(self, picks: tuple[Pick, ...]) -> _Key:
        return tuple((self._rubric.order[item.criterion], str(item.option)) for item in picks)

    def _rates(self, *, lifted: bool) -> _Rates:
        """Return whether each sheet rates a criterion, or would if nothing stopped by itself."""
        last = [
            last_rated(
                self._rubric,
                sheet,
                {name: own[number] for name, own in self._own.items()},
                by_itself=not lifted,
            )
            for number, sheet in enumerate(self._sheets)
        ]
        return {
            name: [
                place <= end and name not in sheet.excluded
                for end, sheet in zip(last, self._sheets, strict=True)
            ]
            for name, place in self._rubric.order.items()
        }

    def _units(self) -> list[tuple[Criterion, ...]]:
        """Return the criteria in their order; one whose condition hangs on another stands beside it."""
        beside = {item.needs: name for name, item in self._conditions.items() if item.needs}
        known = self._rubric.by_id
        return [
            (item, known[beside[item.id]]) if item.id in beside else (item,)
            for item in self._rubric.criteria
            if item.id not in self._conditions
        ]

    def _moves(
        self, unit: tuple[Criterion, ...], rates: _Rates, standing: int, *, lifted: bool
    ) -> Iterator[_Move]:
        """Give what can be picked of some criteria, nothing among it, as far as their gates are met by it."""
        for chosen in product(*([None, *self._better(item)] for item in unit)):
            if lifted and not self._lifts(unit, chosen):
                continue
            earned = self._earned(unit, chosen, rates)
            if self._gates_met(unit, chosen, earned, rates):
                picks = tuple(item for item in chosen if item)
                yield _Move(
                    sum(map(sum, earned)) - standing,
                    sum(self._cost(item, rates) for item in picks) * _POINT + len(picks),
                    picks,
                )

    def _better(self, criterion: Criterion) -> Iterator[Pick]:
        """Give the options above what any sheet has chosen; of several worth the same the first."""
        least, seen = min(self._own[criterion.id]), set[int]()
        for option, points in _options(criterion):
            if points > least and points not in seen:
                seen.add(points)
                yield Pick(criterion.id, option, points)

    def _lifts(self, unit: tuple[Criterion, ...], picks: tuple[Pick | None, ...]) -> bool:
        """Tell whether no sheet has the points at which the rating stops by itself."""
        for note, trigger in self._stops:
            for criterion, pick in zip(unit, picks, strict=True):
                if criterion.id in note.applies_to and any(
                    max(own, pick.points if pick else 0) == trigger.points for own in self._own[criterion.id]
                ):
                    return False
        return True

    def _cost(self, pick: Pick, rates: _Rates) -> int:
        """Return by how many points a pick lies above what was chosen, over all sheets that rate it."""
        name, points = pick.criterion, pick.points
        each = zip(self._own[name], rates[name], strict=True)
        return sum(points - own for own, is_rated in each if is_rated and own < points)

    def _earned(
        self, unit: tuple[Criterion, ...], picks: tuple[Pick | None, ...], rates: _Rates
    ) -> list[list[int]]:
        """Return what some criteria earn on each sheet after a pick."""
        found = []
        for criterion, pick in zip(unit, picks, strict=True):
            name, least = criterion.id, pick.points if pick else 0
            counts = rates[name]
            if condition := self._conditions.get(name):
                counts = [
                    is_rated and self._holds(number, condition, picks[0])
                    for number, is_rated in enumerate(counts)
                ]
            each = zip(self._own[name], counts, strict=True)
            found.append([(own if own > least else least) if counting else 0 for own, counting in each])  # noqa: FURB136 - a call of max for each would take most of the time
        return found

    def _holds(self, number: int, condition: SheetCondition, pick: Pick | None) -> bool:
        """Tell whether a sheet, after a pick of the criterion that a condition needs, fulfils it."""
        needed = condition.needs or ""
        if pick is not None and pick.points > self._own[needed][number]:
            return condition.is_met_by(pick.option)
        return condition.is_met_by(self._sheets[number].choices[needed])

    def _gates_met(
        self,
        unit: tuple[Criterion, ...],
        picks: tuple[Pick | None, ...],
        earned: list[list[int]],
        rates: _Rates,
    ) -> bool:
        for criterion, pick, points in zip(unit, picks, earned, strict=True):
            name, least = criterion.id, criterion.needed.get(self._star)
            if least is not None and not self._rules.gates.holds(
                (points[number] >= least and rates[name][number] and self._fits(sheet, name, pick))
                or self._is_free(sheet, name)
                for number, sheet in enumerate(self._sheets)
            ):
                return False
        return True

    @staticmethod
    def _fits(sheet: ScoreSheet, name: str, pick: Pick | None) -> bool:
        """Tell whether an option fits, which meets even a gate of no points."""
        return pick is not None or sheet.choices[name] is not None

    def _is_free(self, sheet: ScoreSheet, name: str) -> bool:
        """Tell whether a sheet says that the product need not have what the star mark asks for."""
        return name in self._rubric.open_facts and not sheet.conditions.get(name, True)


def _cheapest_of(
    stages: list[list[_Move]], short: int, key: Callable[[tuple[Pick, ...]], _Key]
) -> _Way | None:
    """Pick one move of each stage so that together they gain `short`, at the least weight.

    From the last stage to the first it is found out what each number of lacking points would weigh from
    there on; then the way is walked from the first, and of moves that weigh the same the one goes that
    stands first on the sheet. No move takes points away.
    """
    tables: list[list[float]] = [[0, *[inf] * short]]
    for moves in reversed(stages):
        after = tables[-1]
        by_move = (
            [move.weight + weight for weight in ([after[0]] * move.gain + after)[: short + 1]]
            for move in moves
        )
        tables.append([min(weights) for weights in zip(*by_move, strict=True)] or [inf] * (short + 1))
    tables.reverse()
    weight = tables[0][short]
    if weight == inf:
        return None
    found: list[_Move] = []
    left = short
    for moves, before, after in zip(stages, tables[:-1], tables[1:], strict=True):
        fitting = (move for move in moves if move.weight + after[max(left - move.gain, 0)] == before[left])
        found.append(min(fitting, key=lambda move: (*key(move.picks), _END)))
        left = max(left - found[-1].gain, 0)
    picks = tuple(pick for move in found for pick in move.picks)
    return _Way(weight, key(picks), picks)


def _options(criterion: Criterion) -> Iterator[tuple[int | bool | InBranch, int]]:
    """Give what can be chosen of a criterion, with its points."""
    if criterion.kind is CriterionKind.YES_NO:
        yield True, criterion.yes_points or 0
    for number, option in enumerate(criterion.options, start=1):
        yield number, option.points
    for branch in criterion.branches:
        for number, option in enumerate(branch.options, start=1):
            yield InBranch(branch.id, number), option.points
