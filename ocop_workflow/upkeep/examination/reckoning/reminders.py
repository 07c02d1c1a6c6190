"""Which reminders of one deadline ought to exist, by the calendar and the sweeps that ran. No database.

A stage is recorded by the first sweep that comes by on or after its day; of several in one sweep the last
is said. What no sweep had met when the deadline was closed is recorded superseded, up to the closing day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

from ocop_workflow.calendar import ReminderStatus, load_work_calendar, stages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ocop_workflow.calendar import Stage, Watch
    from ocop_workflow.regulations import Recipient
    from ocop_workflow.upkeep.examination.reckoning.lifetimes import Lifetime
    from ocop_workflow.upkeep.examination.sweep_queries import SweepFact


_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """A sweep, as far as it matters for one deadline.

    `sure`: it came to its end, ran wholly while the deadline was open, and left its plan not out.
    `opens_the_day`: the first sweep of its day, so that no unit had its letter yet.
    `stands`: its day has come, and it was not taken back; else only a letter that left bears it out.
    """

    day: date
    sure: bool
    opens_the_day: bool
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Ought:
    """One stage of a deadline that was met.

    Attributes:
        stage: the stage and its day.
        certain: it must be recorded; else it may be (a sweep broke off, or ran beside the event).
        began_as: what it can have been when it was written.
        told_in: the runs that found it written, or may have, in their order, up to the first that met the
            next stage; `sure` are those that surely found it. Where the clock was set back a day may come
            before another that it follows.
        next_met: whether the next stage was met.
        to: whom it is for.
        borne: whether a sweep that stands, or the closing, met it.
    """

    stage: Stage
    certain: bool
    began_as: frozenset[ReminderStatus]
    told_in: tuple[Run, ...]
    next_met: bool
    to: tuple[Recipient, ...]
    borne: bool = True


def accounts(life: Lifetime, sweeps: Sequence[SweepFact], left_out: str) -> tuple[list[Ought], list[Ought]]:
    """Return the stages of a deadline that were met, and those that are still to come.

    A change of plan may have brought other reminders while the deadline stayed. Up to the day before, the
    old ones are recorded by then; from that day on the new ones count; on the day itself either may be. A
    deadline that no sweep had seen yet is watched in the new way from the beginning.

    Args: see `runs_of`.
    """
    met: list[Ought] = []
    stages_to_come: list[Stage] = []
    for part, regime in _parts(life, sweeps, left_out):
        timetable = [
            stage
            for stage in stages(regime.watch, load_work_calendar())
            if (stage.day >= regime.since or regime.since == part.opened_on)
            and (regime.until is None or stage.day <= regime.until)
        ]
        found = oughts(part, timetable, runs_of(part, sweeps, left_out), regime.watch)
        met = _merged(met, found) if met else found
        stages_to_come = timetable[len(found) :]
    last = life.regimes[-1].watch
    return met, [_to_come(stage, last) for stage in stages_to_come]


@dataclass(frozen=True, slots=True)
class _Window:
    """How a deadline was watched, from and to which local day (none: to its end)."""

    watch: Watch
    since: date
    until: date | None


def _parts(life: Lifetime, sweeps: Sequence[SweepFact], left_out: str) -> Iterator[tuple[Lifetime, _Window]]:
    """Cut a life where it began to be watched in another way; each part ends as if the deadline had."""
    opened = life.opened
    since = life.opened_on
    for regime, following in zip_longest(life.regimes, life.regimes[1:]):
        part = replace(life, opened=opened)
        if following is not None:
            part.closed_on, part.closed = following.since - _A_DAY, following.recorded
            if not any(run.stands for run in runs_of(part, sweeps, left_out)):
                continue  # nobody has seen it yet: the next regime holds from the beginning
            opened = following.recorded
        yield part, _Window(regime.watch, since, following.since if following else None)
        if following is not None:
            since = following.since


def _merged(earlier: Sequence[Ought], later: Sequence[Ought]) -> list[Ought]:
    """Bring two regimes together: a stage that both know, on the day of the change, is recorded once."""
    both = {ought.stage.offset: ought for ought in earlier}
    for ought in later:
        twin = both.get(ought.stage.offset)
        both[ought.stage.offset] = ought if twin is None else _either(twin, ought)
    ordered = sorted(both.values(), key=lambda ought: (ought.stage.day, ought.stage.offset))
    last = len(ordered) - 1
    return [replace(ought, next_met=ought.next_met or n < last) for n, ought in enumerate(ordered)]


def _either(one: Ought, other: Ought) -> Ought:
    return replace(
        other,
        certain=(one.certain or other.certain) and one.to == other.to,
        began_as=one.began_as | other.began_as,
        told_in=(*one.told_in, *other.told_in),
        to=tuple(dict.fromkeys((*one.to, *other.to))),
        borne=one.borne or other.borne,
    )


def _to_come(stage: Stage, watch: Watch) -> Ought:
    return Ought(stage, certain=False, began_as=frozenset(), told_in=(), next_met=False, to=_to(stage, watch))


def _to(stage: Stage, watch: Watch) -> tuple[Recipient, ...]:
    return watch.nag_to if stage.offset > 0 else watch.remind_to


def runs_of(life: Lifetime, sweeps: Sequence[SweepFact], left_out: str) -> tuple[Run, ...]:
    """Return the sweeps that met a deadline, or may have, in the order in which they began.

    Args:
        life: the deadline.
        sweeps: every sweep, in the order in which they began.
        left_out: how a sweep's fault begins that says that the deadline's plan was left out.
    """
    seen: set[date] = set()
    found = []
    for sweep in sweeps:
        first = sweep.day not in seen
        seen.add(sweep.day)
        if sweep.day < life.opened_on or _apart(life, sweep):
            continue
        sure = _within(life, sweep) and not any(fault.startswith(left_out) for fault in sweep.faults)
        found.append(Run(sweep.day, sure and not sweep.taken_back, first, not sweep.taken_back))
    return tuple(found)


def _apart(life: Lifetime, sweep: SweepFact) -> bool:
    """Tell whether the sweep had ended before the deadline opened, or began after it was closed."""
    ended_before = sweep.finished_at is not None and sweep.finished_at < life.opened.first
    return ended_before or (life.closed is not None and sweep.started_at > life.closed.last)


def _within(life: Lifetime, sweep: SweepFact) -> bool:
    if sweep.finished_at is None or sweep.started_at <= life.opened.last:
        return False
    return life.closed is None or sweep.finished_at < life.closed.first


def oughts(life: Lifetime, timetable: Sequence[Stage], runs: Sequence[Run], watch: Watch) -> list[Ought]:
    """Return the stages of a deadline that were met, in the order in which they are said."""
    met = []
    said_from = _said_from(life, timetable)
    for number, stage in enumerate(timetable):
        writers = _writers(stage, runs)
        caught_up = life.closed_on is not None and life.opened_on < life.closed_on >= stage.day
        if not writers and not caught_up:
            break
        later = timetable[number + 1] if number + 1 < len(timetable) else None
        told_in = _told_in(stage, later, writers, runs)
        met.append(
            Ought(
                stage=stage,
                certain=caught_up or any(run.sure for run in writers),
                began_as=_beginnings(watch, said_from, stage, later, writers, runs, caught_up=caught_up),
                told_in=told_in,
                next_met=later is not None and any(run.stands for run in _writers(later, runs)),
                to=_to(stage, watch),
                borne=caught_up or any(run.stands for run in writers),
            )
        )
    return met


def _writers(stage: Stage, runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return the runs that can have written a stage: those that met it, up to the first sure one."""
    found = []
    for run in runs:
        if run.day >= stage.day:
            found.append(run)
            if run.sure:
                break
    return tuple(found)


def _said_from(life: Lifetime, timetable: Sequence[Stage]) -> date:
    """Return the first day of a stage that is said: of those before the opening the one in force then.

    Of a deadline that was past when it opened nothing earlier is said.
    """
    in_time = life.opened_on <= life.deadline.due_on
    days = [stage.day for stage in timetable if stage.day <= life.opened_on]
    return days[-1] if days and in_time else life.opened_on


def _is_over(watch: Watch, day: date) -> bool:
    """Tell whether a sweep of a local day has nothing more to say of a late deadline: its year is over."""
    return watch.due_on < day and watch.nag_until < day


def _beginnings(
    watch: Watch,
    said_from: date,
    stage: Stage,
    later: Stage | None,
    writers: Sequence[Run],
    runs: Sequence[Run],
    *,
    caught_up: bool,
) -> frozenset[ReminderStatus]:
    """Return what a stage can have been when it was written, by one of the writers or by the closing."""
    if stage.day < said_from:
        return frozenset({ReminderStatus.WITHHELD})
    found = {
        ReminderStatus.SUPERSEDED
        if (later is not None and later.day <= run.day) or _is_over(watch, run.day)
        else ReminderStatus.DUE
        for run in writers
        if run.stands or later is None or later.day > run.day
    }
    if any(run.stands and _is_over(watch, run.day) for run in runs):
        found.add(ReminderStatus.SUPERSEDED)  # what no letter had said by then is said no more
    if caught_up and not any(run.sure for run in writers):
        found.add(ReminderStatus.SUPERSEDED)  # a sweep that broke off may have left it to the closing
    return frozenset(found)


def _told_in(
    stage: Stage, later: Stage | None, writers: Sequence[Run], runs: Sequence[Run]
) -> tuple[Run, ...]:
    """Return the runs from the first that can have written a stage; see `Ought.told_in`."""
    found: list[Run] = []
    written = False
    for run in runs[runs.index(writers[0]) :] if writers else ():
        if later is not None and run.day >= later.day:
            break
        written = written or (run.sure and run.day >= stage.day)
        found.append(replace(run, sure=run.sure and written))
    return tuple(found)
