"""The daily check. Memoryless: the unique keys remember, so a sweep run twice says nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from ocop_workflow.access import operator
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar import ReminderStatus, WithheldBecause, decide_day, load_work_calendar
from ocop_workflow.changes.new_law.queries import is_behind
from ocop_workflow.deadlines.days import checked_day, rehearsed_day
from ocop_workflow.errors import OcopError
from ocop_workflow.letters import queries as letters
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.plans import compiled_queries as compiled_plans
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of, unkept
from ocop_workflow.regulations import Recipient
from ocop_workflow.store.batching import all_kept
from ocop_workflow.sweep import queries as sweeping
from ocop_workflow.sweep import reminder_queries as saying
from ocop_workflow.sweep.digests import left_out, write_digests
from ocop_workflow.sweep.foresight import missing_days, speak_up
from ocop_workflow.sweep.holding import (
    SweepHeld,
    confirm_line,
    hold_by_days,
    hold_by_letters,
    may_be_long_past,
    refuse_other_day,
    take_back_later,
)
from ocop_workflow.sweep.token_ends import write_token_letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Decision
    from ocop_workflow.clock import Clock
    from ocop_workflow.errors import Text
    from ocop_workflow.notifications import Sender
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection, Database
    from ocop_workflow.sweep.holding import Caution, Hold
    from ocop_workflow.sweep.queries import DeadlineGroup, GroupDecision

#: told how much of the work is done: (done, of)
Progress = Callable[[int, int], None]

#: seconds between two transactions of a sweep on SQLite, so that a waiting writer gets its turn
BREATH = 0.002

#: in whose name the daily check runs, unless somebody asks for it
SCHEDULER = operator("scheduler", "scheduler")

#: mergers that are carried out, and plans that are kept, in one transaction
MERGERS_AT_ONCE = PLANS_AT_ONCE = 50

#: desks whose digests are written in one transaction
DIGEST_BATCH = 100


@dataclass(slots=True)
class Counts:
    """What a sweep did."""

    reminders: int = 0
    withheld: int = 0
    superseded: int = 0
    flags_raised: int = 0
    letters: int = 0

    def add(self, status: ReminderStatus, count: int) -> None:
        """Count reminders of one status."""
        name = {"due": "reminders", "withheld": "withheld", "superseded": "superseded"}[status.value]
        setattr(self, name, getattr(self, name) + count)


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep did, on which local day, and which plans it had to leave out.

    Attributes:
        held: it was only rehearsed, and would have stopped and asked.
        notes: what somebody has to see to some day: days off that are missing.
    """

    day: date
    counts: Counts
    faults: tuple[Text, ...]
    held: SweepHeld | None = None
    notes: tuple[Text, ...] = ()


#: opens one of the sweep's short transactions
Begin = Callable[[], AbstractContextManager[object]]


@dataclass
class _Sweep:
    day: date
    pause: bool
    by: Actor
    counts: Counts = field(default_factory=Counts)
    faults: list[Text] = field(default_factory=list)


def sweep(
    database: Database,
    clock: Clock,
    sender: Sender,
    *,
    day: date | None = None,
    rehearsal: bool = False,
    by: Actor = SCHEDULER,
    progress: Progress = lambda _done, _of: None,
) -> SweepReport:
    """Run the daily check for a local day (none: today), whatever day it is; see `careful_sweep`.

    A rehearsal runs the same steps inside one transaction that is rolled back: nothing is written.
    First, what belongs to units merged by then goes to their heirs, what is open to a new law. Then:

    1. find the due dates that have something to do today: one look at an index;
    2. the calendar decides once for each; a plan at fault is left out and reported;
    3. the decisions are applied to all products by set, in short transactions;
    4. the desks with something unsaid get their digest (on a working day);
    5. the sweep is recorded, and in the audit once for each plan that it dealt with.

    Raises:
        WrongUse: the day is still to come, or lies in a year of which no days off are known.
        Unavailable: the database cannot be reached, is locked, read-only or full.
    """
    if rehearsal:
        run = _Sweep(rehearsed_day(day, clock.today()), pause=False, by=by)
        return _rehearse(database, run, clock, sender, None, progress)[0]
    run = _Sweep(checked_day(day, clock.today()), pause=database.is_sqlite, by=by)
    with database.connect() as connection:
        _run(connection, connection.begin, run, clock, sender, progress)
    return _report_of(run)


@dataclass(frozen=True, slots=True)
class SweepOrder:
    """A sweep that somebody asks for.

    Attributes:
        day: the local day; none: today.
        rehearsal: only to see what it would do.
        by: who asks.
        confirm: the day of which somebody says that it is meant; none: nobody has.
    """

    day: date | None = None
    rehearsal: bool = False
    by: Actor = SCHEDULER
    confirm: date | None = None


def careful_sweep(
    database: Database,
    clock: Clock,
    sender: Sender,
    order: SweepOrder,
    caution: Caution,
    *,
    progress: Progress = lambda _done, _of: None,
) -> SweepReport:
    """Run the daily check, unless its day is hardly meant: then stop before anything is written, and ask.

    Every entrance asks here. A rehearsal goes on, and says that it would be held.

    Raises:
        SweepHeld: the day has to be confirmed first.
        WrongUse: another day is confirmed, or see `sweep`.
        Unavailable: see `sweep`.
    """
    today = clock.today()
    day = rehearsed_day(order.day, today) if order.rehearsal else checked_day(order.day, today)
    refuse_other_day(order.confirm, day)
    rehearsed = _Sweep(day, pause=False, by=order.by)
    if order.rehearsal:
        report, hold = _rehearse(database, rehearsed, clock, sender, caution, progress)
        return replace(report, held=SweepHeld(hold, confirm_line(day)) if hold else None)
    with database.read() as tx:
        doubtful = hold_by_days(tx, day, caution) is not None or may_be_long_past(tx, day)
    if doubtful:
        _, hold = _rehearse(database, rehearsed, clock, sender, caution)
        if hold is not None and order.confirm is None:
            raise SweepHeld(hold, confirm_line(day))
        if hold is not None:
            with database.write() as tx:
                take_back_later(tx, hold, order.by, clock.now())
    return sweep(database, clock, sender, day=day, by=order.by, progress=progress)


def _rehearse(
    database: Database,
    run: _Sweep,
    clock: Clock,
    sender: Sender,
    caution: Caution | None,
    progress: Progress = lambda _done, _of: None,
) -> tuple[SweepReport, Hold | None]:
    """Do everything, look whether it would be held, and roll it back."""
    with database.connect() as connection, connection.begin() as everything:
        hold = hold_by_days(connection, run.day, caution) if caution else None
        if hold is not None:
            take_back_later(connection, hold, run.by, clock.now())
        is_first = hold is None and may_be_long_past(connection, run.day)
        _run(connection, connection.begin_nested, run, clock, sender, progress)
        if is_first and caution is not None:
            hold = hold_by_letters(connection, run.day, run.counts.letters, caution)
        everything.rollback()
    return _report_of(run), replace(hold, letters=run.counts.letters) if hold else None


def _report_of(run: _Sweep) -> SweepReport:
    note = missing_days(run.day)
    return SweepReport(run.day, run.counts, tuple(run.faults), notes=(note,) if note else ())


def _run(
    connection: Connection, begin: Begin, run: _Sweep, clock: Clock, sender: Sender, progress: Progress
) -> None:
    started = clock.now()
    is_working = load_work_calendar().is_working(run.day)
    with begin():
        if is_working:
            run.counts.letters = speak_up(connection, run.day, sender, started)
            run.counts.letters += write_token_letters(connection, run.day, sender, started)
        behind = is_behind(connection, run.day)
        if not behind and not sweeping.anything_to_do(connection, run.day):
            sweeping.record_quiet_sweep(connection, run.day, started, clock.now(), run.counts.letters)
            return
    from ocop_workflow.changes.mergers.succession import carry_out  # noqa: PLC0415 - most days need it not

    carried = True
    while carried:
        with begin():
            carried = carry_out(connection, SCHEDULER, run.day, started, at_most=MERGERS_AT_ONCE) > 0
    if behind:
        from ocop_workflow.changes.new_law.carrying_over import carry_over  # noqa: PLC0415 - likewise

        _report(run, carry_over(connection, begin, SCHEDULER, sender, run.day, started))
    with begin():
        sweep_id = sweeping.begin_record(connection, run.day, started)
    # reading every plan and every due date may take seconds: no writer waits for it
    with sweeping.reading(connection), begin():
        decisions = _decide_all(connection, run)
        read = unkept(connection, {found.group.plan_id for found in decisions if found.group.plan_id})
    _keep(connection, begin, read)
    if decisions:
        _apply_all(connection, begin, run, decisions, sweep_id, progress)
    _write_all_digests(connection, begin, run, sender, clock)
    with begin():
        _finish(connection, run, sweep_id, clock)
        if decisions:
            audit.record_all(connection, run.by, _deeds(run.day, sweep_id, decisions), clock.now())


# -- 1 and 2: what there is to decide, and the decisions -------------------------------------------


def _decide_all(tx: Connection, run: _Sweep) -> list[GroupDecision]:
    groups = sweeping.due_groups(tx, run.day)
    records = plans.plans_by_id(tx, {group.plan_id for group in groups if group.plan_id is not None})
    decisions = []
    with all_kept():
        for group in groups:
            plan = records[group.plan_id] if group.plan_id is not None else None
            try:
                decisions.append(decide_group(tx, group, plan, run.day))
            except OcopError as error:
                _report(run, [left_out(plan, error) if plan else error.text])
    return decisions


def _keep(connection: Connection, begin: Begin, read: dict[int, tuple[str, str]]) -> None:
    """Keep plans as they were read from their files, so that no process has to read them so again."""
    waiting = sorted(read)
    for start in range(0, len(waiting), PLANS_AT_ONCE):
        with begin():
            compiled_plans.keep(
                connection, {one: read[one] for one in waiting[start : start + PLANS_AT_ONCE]}
            )


def _report(run: _Sweep, faults: Iterable[Text]) -> None:
    run.faults += [text for text in dict.fromkeys(faults) if text not in run.faults]


def decide_group(tx: Connection, group: DeadlineGroup, plan: PlanRecord | None, day: date) -> GroupDecision:
    """Let the calendar decide for all open deadlines that share a due date; without a plan the regulation's.

    Raises:
        OcopError: the plan's data are at fault.
    """
    calendar = calendar_of(tx, plan.id, plan.sha256) if plan else calendar_of(tx, None, group.regulation)
    authority_id = plan.unit_id if plan else group.authority_id
    watch = calendar.watch(group.kind, group.rule, group.due_on)
    decision = decide_day(watch, calendar.workdays, group.since, day, opened=group.opened)
    return sweeping.GroupDecision(
        group, _sayings(decision, authority_id), decision.raise_flag_on, decision.next_action_on
    )


def _sayings(
    decision: Decision, authority_id: int
) -> tuple[tuple[int, int | None, date, ReminderStatus, str | None], ...]:
    return tuple(
        (
            saying.stage.offset,
            authority_id if recipient is Recipient.AUTHORITY else None,
            saying.stage.day,
            saying.status,
            WithheldBecause.BEFORE_OPENED.value if saying.status is ReminderStatus.WITHHELD else None,
        )
        for saying in decision.sayings
        for recipient in saying.recipients
    )


# -- 3: applying them by set ------------------------------------------------------------------------


def _apply_all(
    connection: Connection,
    begin: Begin,
    run: _Sweep,
    decisions: list[GroupDecision],
    sweep_id: int,
    progress: Progress,
) -> None:
    statuses = sorted({saying[3] for decision in decisions for saying in decision.sayings})
    flags = any(decision.flag_on for decision in decisions)
    with sweeping.reading(connection), begin():  # what it writes lies in temporary tables
        sweeping.store_decisions(connection, decisions)
        stretches = sweeping.stretches(connection, run.day)
    for done, (low, high) in enumerate(stretches, start=1):
        with begin():
            for status in statuses:
                count = saying.record_sayings(connection, low, high, run.day, status, sweep_id)
                run.counts.add(status, count)
            if flags:
                run.counts.flags_raised += sweeping.raise_flags(connection, low, high, run.day, sweep_id)
            sweeping.move_next_action(connection, low, high, run.day)
        progress(done, len(stretches))
        if run.pause:
            time.sleep(BREATH)


# -- 4 and 5: the letters, and the record -----------------------------------------------------------


def _write_all_digests(
    connection: Connection, begin: Begin, run: _Sweep, sender: Sender, clock: Clock
) -> None:
    with begin():
        skipped = saying.withhold_acknowledged(connection)
        waiting = reminding.desks_with_something_unsaid(connection)
        many = len(waiting) > DIGEST_BATCH
        if many:
            reminding.look_at_unsaid(connection)
    run.counts.reminders = max(run.counts.reminders - skipped, 0)
    run.counts.withheld += skipped
    if not load_work_calendar().is_working(run.day):
        return
    for start in range(0, len(waiting), DIGEST_BATCH):
        with begin():
            batch = write_digests(
                connection, waiting[start : start + DIGEST_BATCH], run.day, sender, clock.now()
            )
            if many and start == 0:
                letters.look_at_waiting(connection)
        run.counts.letters += batch.letters
        _report(run, batch.faults)


def _finish(tx: Connection, run: _Sweep, sweep_id: int, clock: Clock) -> None:
    faults = [text.vi for text in run.faults]
    sweeping.finish_record(tx, sweep_id, clock.now(), asdict(run.counts), faults)


def _deeds(day: date, sweep_id: int, decisions: list[GroupDecision]) -> Iterator[Deed]:
    """Say for each plan which due dates the sweep dealt with: a million products make one entry."""
    dealt: dict[int, set[tuple[str, str]]] = {}  # 0: what lies outside every plan
    for decision in decisions:
        due = (decision.group.rule, decision.group.due_on.isoformat())
        dealt.setdefault(decision.group.plan_id or 0, set()).add(due)
    for plan_id, due_dates in sorted(dealt.items()):
        after = {"day": day.isoformat(), "sweep": sweep_id, "due": sorted(due_dates)}
        yield Deed("sweep", f"plan:{plan_id}" if plan_id else "register", after=after)
