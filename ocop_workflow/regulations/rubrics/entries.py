"""A sheet entry by entry, as it is filled in: each under the place by which faults call it.

`choices.1.1`, `stops.6.1`, `excluded.2.1`, `conditions.7`, `knockouts.set`; by parts `parts.A`; and of either
the assessor's `opinion`, at its foot (Phụ lục II).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.regulations.rubrics.by_parts import figure_of, read_part
from ocop_workflow.regulations.rubrics.marking import Marks, mark
from ocop_workflow.regulations.rubrics.sheet import ScoreSheet, read_sheet
from ocop_workflow.regulations.rubrics.shipped import load_rubric
from ocop_workflow.regulations.schema import load_regulation
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.regulations.rubrics.rubric import Rubric
    from ocop_workflow.regulations.rubrics.rules import CouncilRules

#: what an assessor has to say beside the points
OPINION = "opinion"
#: letters of an opinion
LONGEST_OPINION = 1000
_GROUNDS = ("stops", "knockouts")


def read_entry(name: str, place: str, value: object, rules: CouncilRules) -> object:
    """Check one entry of a sheet; returns it as it is kept.

    Args:
        name: a set ("16"), or a regulation that is scored by parts.
        place: which entry.
        value: what was chosen; a reason where something is stopped or out, empty where it is not any more.
        rules: of the council: by which steps points are given where it is scored by parts.

    Raises:
        InvalidInput: the sheet has no such place, or takes no such value there.
    """
    if place == OPINION:
        return _opinion(value)
    kind, _, where = place.partition(".")
    if kind in _GROUNDS and isinstance(value, str):
        value = clean(value)
    if not name.isdecimal():
        read_part(load_regulation(name), place, value, rules)
        return value.strip() if isinstance(value, str) else value
    rubric = load_rubric(int(name))
    _refuse_no_place(rubric, kind, where)
    alone = {kind: _part(kind, where, value)} if where else {f"{place}.": value}
    read_sheet(rubric, alone, whole=False)
    return value


def _refuse_no_place(rubric: Rubric, kind: str, where: str) -> None:
    """Refuse a note where the sheet prints none, even one that is empty.

    Raises:
        InvalidInput: the sheet prints none there.
    """
    printed = {"stops": rubric.stops, "knockouts": rubric.knockouts, "excluded": rubric.exclusions}
    if kind in printed and where not in printed[kind]:
        words = ", ".join(printed[kind]) or "–"
        wrong = fault(f"{kind}.{where}", f"phải là một trong: {words}", f"must be one of: {words}")
        raise InvalidInput(
            f"Phiếu chấm bộ {rubric.set} có lỗi.", f"The sheet of set {rubric.set} is at fault.", [wrong]
        )


def _opinion(value: object) -> str:
    opinion = clean(value) if isinstance(value, str) else None
    if opinion is None or len(opinion) > LONGEST_OPINION:
        wrong = fault(
            OPINION,
            f"phải là chữ, nhiều nhất {LONGEST_OPINION}",
            f"must be text, {LONGEST_OPINION} letters at most",
        )
        raise InvalidInput("Ý kiến có lỗi.", "The opinion is at fault.", [wrong])
    return opinion


def _part(kind: str, where: str, value: object) -> object:
    """Return what a sheet with this entry alone would say."""
    if kind in _GROUNDS:
        return [] if value in ("", None) else [{"where": where, "reason": value}]
    if kind == "excluded":  # what is neither true nor false is no list, and refused as such
        return ([where] if value else []) if isinstance(value, bool) else None
    return {where: value}


def as_sheet(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return entries as one sheet, as `read_sheet` and `read_parts` take it; empty ones are left out."""
    sheet: dict[str, Any] = {}
    for place, value in entries.items():
        kind, _, where = place.partition(".")
        if kind in _GROUNDS:
            if value:
                sheet.setdefault(kind, []).append({"where": where, "reason": value})
        elif kind == "excluded":
            if value:
                sheet.setdefault(kind, []).append(where)
        elif kind != OPINION:
            sheet.setdefault(kind, {})[where] = value
    return sheet


def places_of(name: str) -> tuple[str, ...]:
    """Return the places that a sheet has to answer, in their order."""
    if name.isdecimal():
        return tuple(f"choices.{item.id}" for item in load_rubric(int(name)).criteria)
    return tuple(f"parts.{part.id}" for part in load_regulation(name).parts)


def titles_of(name: str) -> dict[str, str]:
    """Return what the criteria of a set are called, with their numbers; of a regulation its parts' names."""
    if name.isdecimal():
        return {item.id: f"{item.id} {item.title}" for item in load_rubric(int(name)).criteria}
    return {part.id: part.id for part in load_regulation(name).parts}


def left_of(name: str, entries: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the places that are not answered yet."""
    return tuple(place for place in places_of(name) if place not in entries)


def total_so_far(name: str, entries: Mapping[str, Any]) -> Fraction:
    """Return the points of what is answered by now."""
    if name.isdecimal():
        return Fraction(marks_so_far(name, entries).total)
    points = (figure_of(value) for place, value in entries.items() if place != OPINION)
    return sum((found for found in points if found is not None), Fraction(0))


def marks_so_far(name: str, entries: Mapping[str, Any]) -> Marks:
    """Return what the criteria of a set earn by now; one that is not answered earns nothing."""
    rubric = load_rubric(int(name))
    sheet = read_sheet(rubric, as_sheet(entries), whole=False)
    answered = {item.id: sheet.choices.get(item.id) for item in rubric.criteria}
    return mark(rubric, ScoreSheet(answered, sheet.stops, sheet.excluded, sheet.conditions, sheet.knockouts))
