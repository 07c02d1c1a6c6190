"""Rounds (đợt): until when a dossier is in time for one, and by when its evaluation is done.

A plan's own rounds of a level hold before those that its regulation sets for every year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ocop_workflow.calendar.when import read_when
from ocop_workflow.states import Dossier

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ocop_workflow.calendar.plan import Plan, Round
    from ocop_workflow.calendar.when import Reader, When
    from ocop_workflow.regulations import Level, YearlyRound


class RoundDates(NamedTuple):
    """The last local day on which a dossier is in time for a round, and the last of its evaluation."""

    dossiers: date
    done: date


@dataclass(frozen=True, slots=True)
class RoundDays:
    """A round of a plan or of every year with its days: dossiers in time, evaluation done.

    `counts`: it gave a due day. `open_to`, `stars`, `part`: see `Round`.
    """

    id: str
    number: int
    level: Level
    dossiers: date | None
    done: date | None
    counts: bool
    open_to: tuple[Dossier, ...] = tuple(Dossier)
    stars: tuple[int, ...] = ()
    part: int | None = None


def rounds_named(plan: Plan, when: When) -> Iterator[str]:
    """Yield the rounds that a time goes with, by itself or by the milestone that it goes with."""
    rounds = {entry.id for entry in plan.rounds}
    for name in (when.with_, when.dossiers_of):
        if name in rounds:
            yield str(name)
        elif name:
            yield from rounds_named(plan, plan.when(name))
    for part in when.any_of or ():
        yield from rounds_named(plan, part)


def rounds_with_days(plan: Plan, named: Collection[str], reader: Reader, due_on: date) -> Iterator[RoundDays]:
    """Yield the rounds of these ids with their days; the one that holds `due_on` counts."""
    for entry in plan.rounds:
        if entry.id in named:
            filed, done = (read_when(when, reader).due for when in (entry.dossiers, entry.done))
            holds = due_on in (filed, done)
            yield RoundDays(
                entry.id,
                entry.number,
                entry.level,
                filed,
                done,
                holds,
                entry.open_to,
                entry.stars,
                entry.part,
            )


def yearly_done_on(due_on: date, rounds: Iterable[YearlyRound], reader: Reader) -> Iterator[RoundDays]:
    """Yield the rounds that a regulation sets for every year whose evaluation is done by a local day."""
    for entry, days in _of_years(rounds, (due_on.year - 1, due_on.year), reader):
        if days.done == due_on:
            name = f"{entry.level}-{days.dossiers.year}-{entry.number}"
            yield RoundDays(name, entry.number, entry.level, *days, counts=True)


def done_by(
    came_on: date,
    level: Level,
    dossier: Dossier,
    *,
    stars: Collection[int] | None,
    planned: Iterable[Round],
    yearly: Iterable[YearlyRound],
    reader: Reader,
) -> date | None:
    """Return by when a level has evaluated a dossier that came to it on a local day.

    Args:
        came_on: the local day on which it came.
        level: the level that evaluates it.
        dossier: its kind: a round of a plan may be open to some alone.
        stars: the stars that it may get, to which a round may be open alone; none: nothing tells yet.
        planned: the rounds of the plan that the dossier belongs to.
        yearly: the rounds of the regulation.
        reader: what reads the plan's time expressions.

    Returns:
        the last day of the first round for which it is in time; none where there is none.
    """
    own = [entry for entry in planned if entry.level is level and entry.is_open_to(dossier, stars)]
    of_level = [entry for entry in yearly if entry.level is level]
    for rounds in (days_of(own, reader), _of_years(of_level, (came_on.year, came_on.year + 1), reader)):
        in_time = [days.done for _, days in rounds if came_on <= days.dossiers]
        if in_time:
            return min(in_time)
    return None


def days_of(rounds: Iterable[Round], reader: Reader) -> Iterator[tuple[Round, RoundDates]]:
    """Yield rounds of a plan with their days; those without are left out."""
    for entry in rounds:
        dossiers, done = read_when(entry.dossiers, reader).due, read_when(entry.done, reader).due
        if dossiers is not None and done is not None:
            yield entry, RoundDates(dossiers, done)


def _of_years(
    rounds: Iterable[YearlyRound], years: Iterable[int], reader: Reader
) -> Iterator[tuple[YearlyRound, RoundDates]]:
    """Yield the rounds whose dossiers come in these years; one may end in the year behind."""
    back = timedelta(days=0 if reader.before_is_inclusive else 1)
    for entry, year in product(rounds, years):
        dossiers = date.fromisoformat(f"{year}-{entry.dossiers_before}")
        done = date.fromisoformat(f"{year}-{entry.done_before}")
        if done < dossiers:
            done = date.fromisoformat(f"{year + 1}-{entry.done_before}")
        yield entry, RoundDates(dossiers - back, done - back)
