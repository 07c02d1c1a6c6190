"""The star that a council's sheets earn: the highest whose band holds and whose gates are met."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ocop_workflow.errors import InvalidInput
from ocop_workflow.regulations.rubrics.rubric import MARKED_STARS
from ocop_workflow.regulations.rubrics.rules import AgreedBy
from ocop_workflow.regulations.rubrics.sheet import Ground
from ocop_workflow.regulations.schema import star_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ocop_workflow.regulations.rubrics.marking import CriterionMark, Marks
    from ocop_workflow.regulations.rubrics.rubric import Rubric
    from ocop_workflow.regulations.rubrics.rules import CouncilRules
    from ocop_workflow.regulations.rubrics.sheet import ScoreSheet
    from ocop_workflow.regulations.schema import Regulation


@dataclass(frozen=True, slots=True)
class MissedGate:
    """A criterion whose least points for a star are not met; `have`: the points that enough sheets give."""

    criterion: str
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a council's sheets come to.

    Attributes:
        totals: of each sheet.
        band: the star of the mean alone, 1–5.
        missed: the gates missed, by star.
        out: why the dossier is out; none: it is not.
        star: the star, 1–5; none where the dossier is out, or the mean would earn a certificate (3 and more)
            and not even the gates of 3 stars are met.
    """

    totals: tuple[Fraction, ...]
    band: int
    missed: Mapping[int, tuple[MissedGate, ...]]
    out: tuple[Ground, ...]
    star: int | None

    @property
    def sum(self) -> Fraction:
        """The totals together."""
        return sum(self.totals, Fraction(0))

    @property
    def mean(self) -> Fraction:
        """The exact mean; it is never rounded."""
        return self.sum / len(self.totals)

    @property
    def spread(self) -> Fraction:
        """The points between the highest and the lowest total."""
        return max(self.totals) - min(self.totals)

    @property
    def gates_met(self) -> int:
        """The highest star that the gates allow, as a score is recorded: with the mean it gives the star.

        0: the dossier is out, or the gates of no star are met.
        """
        if self.out or self.star != self.band:
            return self.star or 0
        return max((star for star in MARKED_STARS if not self.missed.get(star)), default=self.band)


def outcome_of(
    rubric: Rubric,
    sheets: Sequence[ScoreSheet],
    marks: Sequence[Marks],
    regulation: Regulation,
    rules: CouncilRules,
) -> Outcome:
    """Return what the sheets of a council come to.

    Args:
        rubric: the score sheet of the set.
        sheets: the valid ones, one of each member.
        marks: what each earns, in the same order.
        regulation: whose bands count (QĐ 26/2026/QĐ-TTg, khoản 3 Điều 3).
        rules: of the council.

    Raises:
        InvalidInput: there are fewer sheets than the rules ask for.
    """
    refuse_few(len(sheets), rules)
    totals = tuple(Fraction(item.total) for item in marks)
    missed = {
        star: tuple(
            MissedGate(name, _held(of_sheets, rules.gates), least)
            for name, least in rubric.gates(star)
            for of_sheets in [[item.by_criterion[name] for item in marks]]
            if not rules.gates.holds(item.reaches(least) for item in of_sheets)
        )
        for star in MARKED_STARS
    }
    out = tuple(_upheld(sheets, rules))
    band = star_of(regulation, sum(totals, Fraction(0)) / len(totals))
    return Outcome(totals, band, missed, out, None if out else _star(band, missed))


def refuse_few(sheets: int, rules: CouncilRules) -> None:
    """Refuse to make a result of fewer sheets than a council's rules ask for.

    Raises:
        InvalidInput: there are fewer.
    """
    if sheets < rules.least_scores:
        raise InvalidInput(
            f"Có {sheets} phiếu; quy chế đòi ít nhất {rules.least_scores} phiếu mới có kết quả.",
            f"There are {sheets} sheets; the rules ask for at least {rules.least_scores} for a result.",
        )


def _star(band: int, missed: Mapping[int, tuple[MissedGate, ...]]) -> int | None:
    """Return the highest star within the band whose gates are met; below 3 stars there are no gates."""
    if band < MARKED_STARS[0]:
        return band
    return max((star for star in MARKED_STARS if star <= band and not missed[star]), default=None)


def _held(marks: Sequence[CriterionMark], agreed: AgreedBy) -> int:
    """Return the most points that so many sheets give as have to meet a gate."""
    ordered = sorted((item.points for item in marks), reverse=True)
    return ordered[-1] if agreed is AgreedBy.EVERY else ordered[len(ordered) // 2]


def _upheld(sheets: Sequence[ScoreSheet], rules: CouncilRules) -> list[Ground]:
    """Return the knock-outs that the council upholds: each ground by itself, with every reason given."""
    places: dict[str, list[str]] = {}
    for sheet in sheets:
        for ground in sheet.knockouts:
            places.setdefault(ground.where, []).append(ground.reason)
    return [
        Ground(where, "; ".join(dict.fromkeys(reasons)))
        for where, reasons in places.items()
        if rules.knockouts.holds(any(ground.where == where for ground in sheet.knockouts) for sheet in sheets)
    ]
