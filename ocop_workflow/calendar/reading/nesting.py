"""Whether a plan fits into the one above it: a year's into several years', a district's into the province's.

Both dates are named where they do not. What neither plan fixes by itself (a time counted from a product's own
events) is not compared.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.calendar.plan import Reach
from ocop_workflow.calendar.when import parts_of, read_when
from ocop_workflow.errors import Fault, fault
from ocop_workflow.regulations import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ocop_workflow.calendar.deadlines import Calendar
    from ocop_workflow.calendar.plan import Milestone, Round
    from ocop_workflow.calendar.when import When


def nesting_faults(child: Calendar, parent: Calendar, level: Level | None = None) -> Iterator[Fault]:
    """Yield where a plan's days lie outside those of the plan above it, each with its place and both days.

    Args:
        child: the plan below.
        parent: the plan above.
        level: the level of the child's authority: what it hands on has to come before the rounds of the
            levels above close. None: not known.
    """
    yield from _programme(child, parent)
    for index, milestone in enumerate(child.plan.milestones):
        yield from _milestone(f"milestones[{index}].when", milestone, child, parent)
        if level is not None and Reach.ESCALATED in milestone.reach:
            yield from _handed_on(f"milestones[{index}].when", milestone, child, parent, level)
    for index, entry in enumerate(child.plan.rounds):
        for above in parent.plan.rounds:
            if _place(above) == _place(entry):
                for key in ("dossiers", "done"):
                    own, bound = _last(child, getattr(entry, key)), _last(parent, getattr(above, key))
                    yield from _late(f"rounds[{index}].{key}", own, bound, parent, above.id)


def _programme(child: Calendar, parent: Calendar) -> Iterator[Fault]:
    (first, last), (above_first, above_last) = child.plan.programme, parent.plan.programme
    if not above_first <= first or not last <= above_last:
        yield fault(
            "parent",
            f"kế hoạch từ {_vi(first)} đến {_vi(last)}, ngoài thời gian của kế hoạch cấp trên "
            f"{parent.plan.id} ({_vi(above_first)} – {_vi(above_last)})",
            f"the plan goes from {first} to {last}, outside the time of its parent "
            f"{parent.plan.id} ({above_first} … {above_last})",
        )


def _milestone(place: str, own: Milestone, child: Calendar, parent: Calendar) -> Iterator[Fault]:
    """Compare with each milestone of the parent that asks for the same of the same dossiers."""
    for above in parent.plan.milestones:
        if not set(own.reach) & set(above.reach) or not set(own.dossiers) & set(above.dossiers):
            continue
        last = _last(child, own.when)
        yield from _late(place, last, _last(parent, above.when), parent, above.id)
        opens = min(_starts(parent, above.when), default=None)
        if last and opens and last < opens:
            yield fault(
                place,
                f"đến hạn {_vi(last)}, trước khi mốc {above.id} của kế hoạch cấp trên {parent.plan.id} "
                f"bắt đầu ({_vi(opens)})",
                f"due {last}, before {above.id} of the parent {parent.plan.id} begins ({opens})",
            )


def _handed_on(
    place: str, own: Milestone, child: Calendar, parent: Calendar, level: Level
) -> Iterator[Fault]:
    levels = tuple(Level)
    closing = [
        (day, entry.id)
        for entry in parent.plan.rounds
        if levels.index(entry.level) > levels.index(level) and (day := _last(parent, entry.dossiers))
    ]
    if closing:
        day, name = max(closing)
        yield from _late(place, _last(child, own.when), day, parent, name)


def _place(entry: Round) -> tuple[Level, int, int | None]:
    return entry.level, entry.number, entry.part


def _late(place: str, own: date | None, bound: date | None, parent: Calendar, above: str) -> Iterator[Fault]:
    if own and bound and own > bound:
        name = parent.plan.id
        yield fault(
            place,
            f"đến hạn {_vi(own)}, sau hạn của «{above}» trong kế hoạch cấp trên {name} ({_vi(bound)})",
            f"due {own}, after «{above}» of the parent {name} ({bound})",
        )


def _vi(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _last(calendar: Calendar, when: When) -> date | None:
    """Return the last day that a time allows, of all its alternatives."""
    return max(_days(calendar, when, "due"), default=None)


def _starts(calendar: Calendar, when: When) -> Iterable[date]:
    return _days(calendar, when, "start")


def _days(calendar: Calendar, when: When, key: str) -> list[date]:
    reader = calendar.reader(date.min, {})
    windows = (read_when(part, reader) for part in parts_of(when, calendar.plan.when))
    return [day for window in windows if (day := getattr(window, key)) is not None]
