"""The way to the next star: gates missed, points short, and the options that would close both at least cost.

The cost of an option is the points by which it lies above what was chosen, over all sheets: a product has
to become better in as little as possible. Of equally cheap ways the one with fewer options counts, then the
one whose options stand first on the sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ocop_workflow.regulations.rubrics.marking import last_rated, points_of
from ocop_workflow.regulations.rubrics.rubric import MARKED_STARS, CriterionKind
from ocop_workflow.regulations.rubrics.sheet import InBranch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    """What becomes of the sum by some options; `cost`: by how many points they lie above what was chosen."""

    gain: int
    cost: int
    picks: tuple[Pick, ...]


#: (cost, how many, places and options in the order of the sheet), and what to pick
_Way = tuple[int, int, tuple[tuple[int, str], ...], tuple[Pick, ...]]


class _Search:
    """Looks for the cheapest options on all sheets of a product."""

    def __init__(self, rubric: Rubric, sheets: Sequence[ScoreSheet], star: int, rules: CouncilRules) -> None:
        self._rubric, self._sheets, self._rules, self._star = rubric, sheets, rules, star
        self._conditions = {item.criterion: item for item in rubric.conditions if item.needs is not None}
        self._stops = list(rubric.automatic_stops)
        self._own: Mapping[str, list[int]] = {
            item.id: [points_of(item, sheet.choices[item.id]) for sheet in sheets] for item in rubric.criteria
        }

    def cheapest(self, wanted: int) -> tuple[Pick, ...] | None:
        """Return the cheapest options by which the sum comes to `wanted` and all gates are met."""
        cases = [True, False] if self._is_stopped() else [True]
        ways = [way for lifted in cases if (way := self._cheapest(wanted, lifted=lifted)) is not None]
        return min(ways)[3] if ways else None

    def _is_stopped(self) -> bool:
        return any(
            self._own[name][number] == trigger.points
            for note, trigger in self._stops
            for name in note.applies_to
            for number in range(len(self._sheets))
        )

    def _cheapest(self, wanted: int, *, lifted: bool) -> _Way | None:
        """Look for the cheapest way: one that lifts whatever stops by itself, or one that leaves it."""
        rated = [self._rated(number, lifted=lifted) for number in range(len(self._sheets))]
        units = self._units()
        standing = sum(self._effective(unit, (None,) * len(unit), rated).gain for unit in units)
        short = max(wanted - standing, 0)
        best: dict[int, _Way] = {0: (0, 0, (), ())}
        for unit in units:
            moves = list(self._moves(unit, rated, lifted=lifted))
            found: dict[int, _Way] = {}
            for gain, (cost, many, key, picks) in best.items():
                for move in moves:
                    places = tuple(
                        (self._rubric.order[item.criterion], str(item.option)) for item in move.picks
                    )
                    way = (cost + move.cost, many + len(places), key + places, picks + move.picks)
                    reached = min(gain + move.gain, short)
                    if reached not in found or way[:3] < found[reached][:3]:
                        found[reached] = way
            best = found
        return best.get(short)

    def _rated(self, number: int, *, lifted: bool) -> frozenset[str]:
        """Return the criteria that a sheet rates, or would rate if nothing stopped by itself."""
        sheet = self._sheets[number]
        points = {name: own[number] for name, own in self._own.items()}
        last = last_rated(self._rubric, sheet, points, by_itself=not lifted)
        rated = (name for name, place in self._rubric.order.items() if place <= last)
        return frozenset(rated) - sheet.excluded

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
        self, unit: tuple[Criterion, ...], rated: list[frozenset[str]], *, lifted: bool
    ) -> Iterator[_Move]:
        """Give what can be picked of some criteria, nothing among it, as far as their gates are met by it."""
        standing = self._effective(unit, (None,) * len(unit), rated).gain
        for picks in product(*([None, *self._better(item)] for item in unit)):
            if lifted and not self._lifts(unit, picks):
                continue
            if self._gates_met(unit, picks, rated):
                after = self._effective(unit, picks, rated)
                yield _Move(after.gain - standing, after.cost, tuple(item for item in picks if item))

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

    def _effective(
        self, unit: tuple[Criterion, ...], picks: tuple[Pick | None, ...], rated: list[frozenset[str]]
    ) -> _Move:
        """Return what some criteria earn on all sheets after a pick, and what the pick costs."""
        gain = cost = 0
        for criterion, pick in zip(unit, picks, strict=True):
            for number, own in enumerate(self._own[criterion.id]):
                if criterion.id not in rated[number]:
                    continue
                cost += max(pick.points - own, 0) if pick else 0
                gain += self._points(number, criterion, pick, picks)
        return _Move(gain, cost, ())

    def _points(
        self, number: int, criterion: Criterion, pick: Pick | None, beside: tuple[Pick | None, ...]
    ) -> int:
        condition = self._conditions.get(criterion.id)
        if condition is not None and not self._holds(number, condition, beside[0]):
            return 0
        return max(self._own[criterion.id][number], pick.points if pick else 0)

    def _holds(self, number: int, condition: SheetCondition, pick: Pick | None) -> bool:
        """Tell whether a sheet, after a pick of the criterion that a condition needs, fulfils it."""
        needed = condition.needs or ""
        if pick is not None and pick.points > self._own[needed][number]:
            return condition.is_met_by(pick.option)
        return condition.is_met_by(self._sheets[number].choices[needed])

    def _gates_met(
        self, unit: tuple[Criterion, ...], picks: tuple[Pick | None, ...], rated: list[frozenset[str]]
    ) -> bool:
        for criterion, pick in zip(unit, picks, strict=True):
            least = criterion.needed.get(self._star)
            if least is not None and not self._rules.gates.holds(
                self._reaches(number, criterion, pick, picks, least, rated[number])
                for number in range(len(self._sheets))
            ):
                return False
        return True

    def _reaches(
        self,
        number: int,
        criterion: Criterion,
        pick: Pick | None,
        beside: tuple[Pick | None, ...],
        least: int,
        rated: frozenset[str],
    ) -> bool:
        sheet = self._sheets[number]
        if criterion.id in self._rubric.open_facts and not sheet.conditions.get(criterion.id, True):
            return True
        fits = pick is not None or sheet.choices[criterion.id] is not None
        return fits and criterion.id in rated and self._points(number, criterion, pick, beside) >= least


def _options(criterion: Criterion) -> Iterator[tuple[int | bool | InBranch, int]]:
    """Give what can be chosen of a criterion, with its points."""
    if criterion.kind is CriterionKind.YES_NO:
        yield True, criterion.yes_points or 0
    for number, option in enumerate(criterion.options, start=1):
        yield number, option.points
    for branch in criterion.branches:
        for number, option in enumerate(branch.options, start=1):
            yield InBranch(branch.id, number), option.points
