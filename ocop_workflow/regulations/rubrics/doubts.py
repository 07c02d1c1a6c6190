"""What of a score sheet is in doubt, and which star would be given if the doubt proved right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ocop_workflow.regulations.rubrics.marking import mark
from ocop_workflow.regulations.rubrics.outcome import outcome_of
from ocop_workflow.regulations.rubrics.shipped import load_rubric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_workflow.errors import Text
    from ocop_workflow.regulations.rubrics.rubric import Criterion, Rubric, SheetDoubt
    from ocop_workflow.regulations.rubrics.rules import CouncilRules
    from ocop_workflow.regulations.rubrics.sheet import ScoreSheet
    from ocop_workflow.regulations.schema import Regulation

#: "8 option 4"; of two that are printed alike ("6.2 options 1-2") the first would be the other
_OF_AN_OPTION = re.compile(r"(?P<criterion>[\d.]+) options? (?P<option>\d+)(-\d+)?")


@dataclass(frozen=True, slots=True)
class DoubtedOutcome:
    """What a person has to settle; `star`: what the sheets would earn then, where it says what else it is."""

    where: str
    words: Text
    is_known: bool = False
    star: int | None = None


def doubted(
    rubric: Rubric, sheets: Sequence[ScoreSheet], regulation: Regulation, rules: CouncilRules
) -> tuple[DoubtedOutcome, ...]:
    """Return what of a shipped set wants a person, each with the star that the sheets would earn then."""
    found = []
    for number, doubt in enumerate(rubric.wants_human):
        other, words = _shipped_if_confirmed(rubric.set, number), rubric.doubt_text(doubt)
        if other is None:
            found.append(DoubtedOutcome(doubt.where, words))
        else:
            marks = [mark(other, sheet) for sheet in sheets]
            star = outcome_of(other, sheets, marks, regulation, rules).star
            found.append(DoubtedOutcome(doubt.where, words, is_known=True, star=star))
    return tuple(found)


@cache
def _shipped_if_confirmed(number: int, place: int) -> Rubric | None:
    rubric = load_rubric(number)
    return if_confirmed(rubric, rubric.wants_human[place])


def if_confirmed(rubric: Rubric, doubt: SheetDoubt) -> Rubric | None:
    """Return a score sheet as it would be if a doubt proved right; none: the file does not say how."""
    place = _OF_AN_OPTION.fullmatch(doubt.where)
    if place is None or doubt.if_confirmed is None:
        return None
    change = doubt.if_confirmed.model_dump(exclude_none=True)

    def changed(criterion: Criterion) -> Criterion:
        if criterion.id != place["criterion"]:
            return criterion
        options = list(criterion.options)
        number = int(place["option"]) - 1
        options[number] = options[number].model_copy(update=change)
        return criterion.model_copy(update={"options": tuple(options)})

    parts = tuple(
        part.model_copy(
            update={
                "items": tuple(
                    item.model_copy(update={"criteria": tuple(map(changed, item.criteria))})
                    for item in part.items
                )
            }
        )
        for part in rubric.parts
    )
    return rubric.model_copy(update={"parts": parts})
