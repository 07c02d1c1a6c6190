"""Which reminders of one deadline ought to exist, by the calendar and the sweeps that ran. No database.

A stage is recorded by the first sweep that comes by on or after its day; of several in one sweep the last
is said. What no sweep had met when the deadline was closed is recorded superseded, up to the closing day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.calendar import ReminderStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ocop_workflow.calendar import Stage
    from ocop_workflow.services.proof.replay import Life
    from ocop_workflow.storage.proving import SweepFact


@dataclass(frozen=True, slots=True)
class Run:
    """A sweep, as far as it matters for one deadline.

    `sure`: it came to its end, ran wholly while the deadline was open, and left its plan not out.
    `opens_the_day`: the first sweep of its day, so that no unit had its letter yet.
    """

    day: date
    sure: bool
    opens_the_day: bool


@dataclass(frozen=True, slots=True)
class Ought:
    """One stage of a deadline that was met.

    Attributes:
        stage: the stage and its day.
        certain: it must be recorded; else it may be (a sweep broke off, or ran beside the event).
        began_as: what it can have been when it was written.
        told_in: the sure runs that found it written, up to the first that met the next stage.
        next_met: whether the next stage was met.
    """

    stage: Stage
    certain: bool
    began_as: frozenset[ReminderStatus]
    told_in: tuple[Run, ...]
    next_met: bool


def runs_of(life: Life, sweeps: Sequence[SweepFact], left_out: str) -> tuple[Run, ...]:
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
        found.append(Run(sweep.day, sure, first))
    return tuple(found)


def _apart(life: Life, sweep: SweepFact) -> bool:
    """Tell whether the sweep had ended before the deadline opened, or began after it was closed."""
    ended_before = sweep.finished_at is not None and sweep.finished_at < life.opened.first
    return ended_before or (life.closed is not None and sweep.started_at > life.closed.last)


def _within(life: Life, sweep: SweepFact) -> bool:
    if sweep.finished_at is None or sweep.started_at <= life.opened.last:
        return False
    return life.closed is None or sweep.finished_at < life.closed.first


def oughts(life: Life, stages: Sequence[Stage], runs: Sequence[Run]) -> list[Ought]:
    """Return the stages of a deadline that were met, in the order in which they are said."""
    met = []
    for number, stage in enumerate(stages):
        writers = _writers(stage, runs)
        caught_up = life.closed_on is not None and life.opened_on < life.closed_on >= stage.day
        if not writers and not caught_up:
            break
        later = stages[number + 1] if number + 1 < len(stages) else None
        told_in = _told_in(later, writers, runs)
        met.append(
            Ought(
                stage=stage,
                certain=caught_up or any(run.sure for run in writers),
                began_as=_beginnings(life, stage, later, writers),
                told_in=told_in,
                next_met=later is not None and bool(_writers(later, runs)),
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


def _beginnings(
    life: Life, stage: Stage, later: Stage | None, writers: Sequence[Run]
) -> frozenset[ReminderStatus]:
    if stage.day < life.opened_on:
        return frozenset({ReminderStatus.WITHHELD})
    if not writers:
        return frozenset({ReminderStatus.SUPERSEDED})
    overtaken = {later is not None and later.day <= run.day for run in writers}
    return frozenset(ReminderStatus.SUPERSEDED if each else ReminderStatus.DUE for each in overtaken)


def _told_in(later: Stage | None, writers: Sequence[Run], runs: Sequence[Run]) -> tuple[Run, ...]:
    if not writers or not writers[-1].sure:
        return ()
    behind = runs[runs.index(writers[-1]) :]
    until = next((n for n, run in enumerate(behind) if later and run.day >= later.day), len(behind))
    return tuple(run for run in behind[:until] if run.sure)
