"""What a filled sheet earns: the points of each criterion, and why one earns none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ocop_workflow.regulations.rubrics.sheet import InBranch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocop_workflow.regulations.rubrics.rubric import Criterion, Rubric
    from ocop_workflow.regulations.rubrics.sheet import Chosen, ScoreSheet


class Barred(StrEnum):
    """Why a criterion earns nothing and meets no gate, whatever was chosen of it."""

    NOTHING_FITS = "nothing_fits"
    STOPPED = "stopped"
    EXCLUDED = "excluded"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class CriterionMark:
    """What one criterion earns.

    Attributes:
        chosen: the points of what was chosen; 0 where no option fits.
        barred: why these do not count; none: they do.
        gate_lifted: the product need not have what its star marks ask for.
    """

    chosen: int
    barred: Barred | None = None
    gate_lifted: bool = False

    @property
    def points(self) -> int:
        """The points that count."""
        return 0 if self.barred else self.chosen

    def reaches(self, least: int) -> bool:
        """Tell whether a gate is met: what does not count meets none, not even one of no points."""
        return self.gate_lifted or (self.barred is None and self.points >= least)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet earns, by criterion in the order of the sheet."""

    by_criterion: Mapping[str, CriterionMark]

    @property
    def total(self) -> int:
        """The points of the sheet, 0–100: a whole number, for those of every option are."""
        return sum(item.points for item in self.by_criterion.values())


def points_of(criterion: Criterion, chosen: Chosen) -> int:
    """Return the points of what was chosen of a criterion; none chosen earns none."""
    if chosen is None:
        return 0
    if isinstance(chosen, bool):
        return (criterion.yes_points if chosen else criterion.no_points) or 0
    if isinstance(chosen, InBranch):
        branch = next(item for item in criterion.branches if item.id == chosen.branch)
        return branch.options[chosen.option - 1].points
    return criterion.options[chosen - 1].points


def mark(rubric: Rubric, sheet: ScoreSheet) -> Marks:
    """Return what a sheet earns.

    No option that fits earns nothing. After a stop nothing is rated; a set may stop by itself (set 16: no
    points at one of 6.1–6.4). Where a condition does not hold, its criterion earns nothing; where it is a
    fact of the product that does not hold, its points stay and its gate falls (set 21, 7).
    """
    points = {item.id: points_of(item, sheet.choices[item.id]) for item in rubric.criteria}
    barred: dict[str, Barred] = {}
    for name in points:
        if sheet.choices[name] is None:
            barred[name] = Barred.NOTHING_FITS
    barred |= dict.fromkeys(_unconditional(rubric, sheet), Barred.CONDITION)
    barred |= dict.fromkeys(sheet.excluded, Barred.EXCLUDED)
    last = last_rated(rubric, sheet, points)
    for name, place in rubric.order.items():
        if place > last:
            barred[name] = Barred.STOPPED
    lifted = {name for name in rubric.open_facts if not sheet.conditions.get(name, True)}
    return Marks({name: CriterionMark(points[name], barred.get(name), name in lifted) for name in points})


def _unconditional(rubric: Rubric, sheet: ScoreSheet) -> Iterator[str]:
    """Return the criteria whose condition another one does not fulfil: there is no story to be told well."""
    for condition in rubric.conditions:
        if condition.needs is not None and not condition.is_met_by(sheet.choices[condition.needs]):
            yield condition.criterion


def last_rated(
    rubric: Rubric, sheet: ScoreSheet, points: Mapping[str, int], *, by_itself: bool = True
) -> int:
    """Return the place of the last criterion that is rated.

    Args:
        rubric: the score sheet of the set.
        sheet: a filled one.
        points: of what was chosen, by criterion.
        by_itself: whether what stops by itself counts, beside what a member has stopped.
    """
    stops = [rubric.order[ground.where] for ground in sheet.stops]
    for note, trigger in rubric.automatic_stops if by_itself else ():
        if any(points[name] == trigger.points for name in note.applies_to):
            stops.append(max(rubric.order[name] for name in note.applies_to))
    return min(stops, default=len(points))
