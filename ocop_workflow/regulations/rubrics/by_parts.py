"""Scoring by parts: of a regulation whose score sheets are not at hand only the parts' points are known."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.regulations.rubrics.outcome import Outcome, refuse_few
from ocop_workflow.regulations.rubrics.rules import PointStep
from ocop_workflow.regulations.schema import star_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.errors import Fault
    from ocop_workflow.regulations.rubrics.rules import CouncilRules
    from ocop_workflow.regulations.schema import Regulation

_FIGURE = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")


def read_parts(regulation: Regulation, raw: object, rules: CouncilRules, place: str = "") -> Fraction:
    """Read a sheet that gives points by parts; returns its exact total.

    Args:
        regulation: it says which parts there are, and the most that each gives.
        raw: `{"parts": {"A": "38", "B": "22.5", "C": "30"}}`; figures as text or whole numbers.
        rules: of the council: by which steps points are given.
        place: what stands before the place of each fault.

    Raises:
        InvalidInput: a part is missing, unknown, or no such figure; all faults at once.
    """
    given = raw.get("parts") if isinstance(raw, dict) and set(raw) == {"parts"} else None
    if not isinstance(given, dict):
        raise _refused(
            regulation,
            [fault(place, 'phải là {"parts": {"A": "38", …}}', 'must be {"parts": {"A": "38", …}}')],
        )
    most = {part.id: part.max for part in regulation.parts}
    total = Fraction(0)
    faults: list[Fault] = [
        fault(f"{place}parts.{name}", "không có phần này", "there is no such part")
        for name in given
        if name not in most
    ]
    for name, limit in most.items():
        total += _points(given.get(name), limit, rules, f"{place}parts.{name}", faults)
    if faults:
        raise _refused(regulation, faults)
    return total


def read_part(regulation: Regulation, place: str, value: object, rules: CouncilRules) -> None:
    """Check the points of one part.

    Args:
        regulation: see `read_parts`.
        place: `parts.A`.
        value: likewise.
        rules: likewise.

    Raises:
        InvalidInput: there is no such part, or it is no such figure.
    """
    most = {f"parts.{part.id}": part.max for part in regulation.parts}
    faults: list[Fault] = []
    if place in most:
        _points(value, most[place], rules, place, faults)
    else:
        faults.append(fault(place, "không có phần này", "there is no such part"))
    if faults:
        raise _refused(regulation, faults)


def _points(given: object, limit: int, rules: CouncilRules, place: str, faults: list[Fault]) -> Fraction:
    points = figure_of(given)
    steps = [rules.step] if rules.step else list(PointStep)
    if points is None or points > limit:
        faults.append(
            fault(
                place,
                f"phải là số từ 0 đến {limit}, ghi như “22.5”",
                f"must be a figure from 0 to {limit}, written like “22.5”",
            )
        )
    elif not any(step.divides(points) for step in steps):
        words = ", ".join(step.value for step in steps)
        faults.append(fault(place, f"phải là bội của: {words}", f"must be a multiple of: {words}"))
    return points or Fraction(0)


def figure_of(given: object) -> Fraction | None:
    """Return the points that are written; none: it is no figure."""
    if isinstance(given, int) and not isinstance(given, bool) and given >= 0:
        return Fraction(given)
    if isinstance(given, str) and _FIGURE.fullmatch(given.strip()):
        return Fraction(given.strip().replace(",", "."))
    return None


def _refused(regulation: Regulation, faults: list[Fault]) -> InvalidInput:
    return InvalidInput(
        f"Phiếu chấm theo {regulation.number} có lỗi.",
        f"The sheet of {regulation.number} is at fault.",
        faults,
    )


def outcome_by_parts(totals: Sequence[Fraction], regulation: Regulation, rules: CouncilRules) -> Outcome:
    """Return what totals come to where no gates are known: the star is that of the mean.

    Raises:
        InvalidInput: there are fewer sheets than the rules ask for.
    """
    refuse_few(len(totals), rules)
    band = star_of(regulation, sum(totals, Fraction(0)) / len(totals))
    return Outcome(tuple(totals), band, {}, (), band)
