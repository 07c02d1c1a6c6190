"""What must agree within a score sheet: sums on every level, numbers without gaps, marks, its own figures."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ocop_workflow.errors import fault
from ocop_workflow.regulations.rubrics.rubric import MARKED_STARS, CriterionKind, NoteKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocop_workflow.errors import Fault
    from ocop_workflow.regulations.rubrics.rubric import Criterion, Option, Rubric, RubricItem


def inconsistencies(rubric: Rubric) -> Iterator[Fault]:
    """Find what disagrees within a score sheet, each with its place."""
    yield from _sums(rubric)
    yield from _numbers(rubric)
    for criterion in rubric.criteria:
        yield from _criterion(criterion)
    yield from _figures(rubric)
    yield from _notes(rubric)
    yield from _status(rubric)


def _sums(rubric: Rubric) -> Iterator[Fault]:
    yield from _sum("max", rubric.max, (part.max for part in rubric.parts))
    for part in rubric.parts:
        yield from _sum(f"parts.{part.id}.max", part.max, (item.max for item in part.items))
    for item in rubric.items:
        yield from _sum(f"{item.id}.max", item.max, (criterion.max for criterion in item.criteria))
        for group in item.groups:
            own = (criterion.max for criterion in item.criteria if criterion.group == group.id)
            yield from _sum(f"{group.id}.max", group.max, own)


def _sum(place: str, whole: int, parts: Iterable[int]) -> Iterator[Fault]:
    total = sum(parts)
    if total != whole:
        yield fault(place, f"ghi {whole}, cộng lại là {total}", f"says {whole}, the sum is {total}")


def _numbers(rubric: Rubric) -> Iterator[Fault]:
    items = [item.id for item in rubric.items]
    yield from _gapless("items", items, [str(number) for number in range(1, len(items) + 1)])
    for item in rubric.items:
        yield from _gapless(f"{item.id}.criteria", [c.id for c in item.criteria], list(_expected(item)))


def _expected(item: RubricItem) -> Iterator[str]:
    """Number the criteria of an item as they have to be: through its groups, or through the item."""
    if len(item.criteria) == 1 and item.criteria[0].is_item:
        yield item.id
        return
    if not item.groups:
        yield from (f"{item.id}.{number}" for number in range(1, len(item.criteria) + 1))
        return
    for group in item.groups:
        own = [criterion for criterion in item.criteria if criterion.group == group.id]
        yield from (f"{group.id}.{number}" for number in range(1, len(own) + 1))


def _gapless(place: str, found: list[str], expected: list[str]) -> Iterator[Fault]:
    if found != expected:
        said = ", ".join(found)
        yield fault(place, f"đánh số có chỗ hụt hoặc lặp: {said}", f"numbered with gaps or twice: {said}")


def _criterion(criterion: Criterion) -> Iterator[Fault]:
    place = criterion.id
    if criterion.kind is CriterionKind.YES_NO:
        if criterion.every_option or criterion.yes_points != criterion.max or criterion.no_points != 0:
            yield fault(
                place, "có/không phải được điểm tối đa hoặc 0", "yes or no earns all of its points or none"
            )
        return
    lists = (
        [criterion.options]
        if criterion.kind is CriterionKind.CHOICE
        else [branch.options for branch in criterion.branches]
    )
    has_both = criterion.kind is CriterionKind.ALTERNATIVES and (criterion.options or len(lists) < 2)  # noqa: PLR2004 - two cases
    has_neither = criterion.kind is CriterionKind.CHOICE and criterion.branches
    if not all(lists) or has_both or has_neither:
        yield fault(place, "thiếu mức để chọn", "lacks options")
        return
    for options in lists:
        yield from _ascending(place, options)
        most = max(option.points for option in options)
        if most != criterion.max:
            yield fault(
                place,
                f"điểm tối đa ghi {criterion.max}, mức cao nhất là {most}",
                f"says at most {criterion.max}, its best option gives {most}",
            )


def _ascending(place: str, options: tuple[Option, ...]) -> Iterator[Fault]:
    if any(after.points < before.points for before, after in pairwise(options)):
        yield fault(place, "điểm các mức không tăng dần", "the points of its options do not ascend")
    marks = [option.min_star for option in options if option.min_star]
    if any(after <= before for before, after in pairwise(marks)):
        yield fault(place, "dấu sao không tăng dần", "its star marks do not ascend")


def _figures(rubric: Rubric) -> Iterator[Fault]:
    """Compare what the file says of itself with what it holds."""
    own = rubric.derived
    options = [option for criterion in rubric.criteria for option in criterion.every_option]
    counted = {
        "criteria": (own.criteria, len(rubric.criteria)),
        "options": (own.options, len(options)),
    }
    for star in MARKED_STARS:
        gates = rubric.gates(star)
        marked = sum(option.min_star == star for option in options)
        said = own.gates.get(star)
        counted[f"stars.{star}"] = (own.stars.get(star, 0), marked)
        counted[f"gates.{star}.criteria"] = (said.criteria if said else 0, len(gates))
        counted[f"gates.{star}.sum"] = (said.sum if said else 0, sum(least for _, least in gates))
        counted[f"gates.{star}.lowest_total"] = (said.lowest_total if said else 0, _lowest(rubric, star))
    for place, (says, is_) in counted.items():
        if says != is_:
            yield fault(f"derived.{place}", f"ghi {says}, đếm được {is_}", f"says {says}, counted {is_}")


def _lowest(rubric: Rubric, star: int) -> int:
    """Return the least total of a sheet that has what a star asks for and the least option of all else."""
    if not rubric.gates(star):
        return 0
    total = 0
    for criterion in rubric.criteria:
        least = min((option.points for option in criterion.every_option), default=0)
        total += criterion.needed.get(star, least)
    return total


def _notes(rubric: Rubric) -> Iterator[Fault]:
    """Every note that does something must say to what, and every condition must have been read."""
    known = {condition.criterion for condition in rubric.conditions}
    for criterion in rubric.criteria:
        if criterion.noted(NoteKind.CONDITION) and criterion.id not in known:
            yield fault(
                criterion.id, "chưa nói điều kiện phụ thuộc vào đâu", "its condition is not read: on what?"
            )
    for condition in rubric.conditions:
        for named in (condition.criterion, condition.needs or condition.criterion):
            if named not in rubric.by_id:
                yield fault(named, "bộ này không có tiêu chí ấy", "this set has no such criterion")
    for note, _ in rubric.automatic_stops:
        for named in note.applies_to:
            if named not in rubric.by_id:
                yield fault(named, "bộ này không có tiêu chí ấy", "this set has no such criterion")


def _status(rubric: Rubric) -> Iterator[Fault]:
    wants = any(item.blocks for item in rubric.review) or any(c.needs_human for c in rubric.corrections)
    if wants != (rubric.status == "needs_human"):
        yield fault("status", "không khớp với các điểm còn ngờ", "does not fit what is in doubt")
