"""Which deadlines a product, an activity and a commune ought to have had, and when: told from its history.

Written apart from the alignment that opens and closes them, so that the proof does not lean on what it
is to prove.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocop_workflow.calendar import Calendar, Deadline, DeadlineKind, standing_of
from ocop_workflow.calendar.laws import is_of_end, rule_named
from ocop_workflow.calendar.subjects import DONE, UNDONE
from ocop_workflow.states import Event
from ocop_workflow.upkeep.examination.history import Corrected, Walked
from ocop_workflow.upkeep.examination.product_queries import RestartFact
from ocop_workflow.upkeep.examination.reckoning.lifetimes import Lifetime

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from ocop_workflow.states import Position
    from ocop_workflow.upkeep.examination.deadline_queries import DeadlineFact
    from ocop_workflow.upkeep.examination.history import History
    from ocop_workflow.upkeep.examination.reckoning.past import Past, Turn
    from ocop_workflow.upkeep.examination.reckoning.timeline import Span, Timeline

    _Fact = RestartFact | Walked | Corrected


@dataclass
class _Telling:
    """Where the product stands while its life is told."""

    pasts: Mapping[int | None, Past]
    timeline: Timeline
    product_id: int
    position: Position
    lives: list[Lifetime] = field(default_factory=list)

    def align(self, on: date, recorded: Span) -> None:
        """Close the deadlines that no longer ought to be open, and open those that ought to."""
        plan_id = self.position.plan_id
        past = self.pasts[plan_id]
        calendar = past.calendar_at(recorded)
        is_open = [life for life in self.lives if life.closed_on is None]
        own = [life for life in is_open if life.plan_id == plan_id]
        standing = standing_of(
            self.position if calendar.counts_from_states else replace(self.position, reached={}),
            calendar.regulation,
            on,
            opened={life.deadline.rule: life.opened_on for life in own},
            extended=past.extended_at(self.product_id, recorded),
            happened=past.happened_at(self.product_id, recorded),
        )
        wanted = calendar.realigned(standing, {life.deadline.rule: life.deadline.due_on for life in own})
        running = next((n for n, item in enumerate(self.position.issued) if item.ended_on is None), None)
        for life in is_open:
            if life not in own or life.deadline not in wanted or life.certificate not in (None, running):
                life.closed_on, life.closed = max(on, life.opened_on), recorded
            else:
                life.go_on(on, recorded, calendar)
        kept = [life.deadline for life in own if life.closed_on is None]
        for deadline in wanted:
            if deadline not in kept:
                life = Lifetime.begin(plan_id, deadline, on, recorded, calendar)
                life.certificate = running if calendar.is_of_certificate(deadline) else None
                self.lives.append(life)

    def go_over(self, law: Turn, recorded: Span) -> None:
        """Let a law reckon the certificate's end from its day on, unless it does so already."""
        calendar = self.pasts[self.position.plan_id].calendar_at(recorded)
        held = [
            rule_named(calendar.regulation, life.deadline.rule)
            for life in self.lives
            if life.closed_on is None and life.certificate is not None
        ]
        if any(is_of_end(found.rule) and found.law.in_force.since < law.on for found in held):
            self.align(law.on, recorded)


def tell(
    history: History,
    restarts: Sequence[RestartFact],
    arrival: tuple[date, Span] | None,
    pasts: Mapping[int | None, Past],
    timeline: Timeline,
    laws: Sequence[Turn] = (),
) -> list[Lifetime]:
    """Return the deadlines that a product ought to have had, in the order in which they opened.

    Args:
        history: the product and its history as it was walked.
        restarts: when corrected lists put it elsewhere, oldest first; all lie before its first step.
        arrival: on which local day it came in, recorded when; none: nobody knows.
        pasts: what became of every plan that it belonged to.
        timeline: when what was recorded.
        laws: when its certificate went over to a law, in order.
    """
    product_id, beginning = history.product.id, history.beginning
    stood = [*(fact.before for fact in restarts), beginning.state]
    telling = _Telling(pasts, timeline, product_id, replace(beginning, state=stood[0]))
    if arrival is not None:
        telling.align(*arrival)
    stands = iter(stood[1:])
    of = product_id, plans_in(history)
    for item in _in_order([*restarts, *history.told], pasts, of, arrival, timeline, laws):
        if isinstance(item, Walked):
            telling.position = item.after
            telling.align(item.entry.on, _moment(item, timeline))
        elif isinstance(item, Corrected):
            telling.position = item.after
            telling.align(timeline.day_of(item.fact.at), _moment(item, timeline))
        elif isinstance(item, RestartFact):
            telling.position = replace(telling.position, state=next(stands))
            telling.align(timeline.day_of(item.at), _moment(item, timeline))
        elif item.plan_id is None:
            telling.go_over(item, timeline.at(item.at, entry=item.entry))
        elif item.plan_id == telling.position.plan_id:
            telling.align(item.on, timeline.at(item.at, entry=item.entry))
    return telling.lives


def _in_order(
    facts: Sequence[_Fact],
    pasts: Mapping[int | None, Past],
    of: tuple[int, Collection[int | None]],
    arrival: tuple[date, Span] | None,
    timeline: Timeline,
    laws: Sequence[Turn],
) -> list[_Fact | Turn]:
    """Return what happened to a product and the turns of its plans, in the order in which it was recorded."""
    product_id, plans = of
    all_turns = [*(turn for plan in plans for turn in pasts[plan].turns_of(product_id)), *laws]
    all_turns.sort(key=lambda turn: (turn.entry or 0, turn.at))
    turns = [turn for turn in all_turns if arrival and not turn.is_before(arrival[1])]
    found: list[_Fact | Turn] = []
    for fact in facts:
        moment = _moment(fact, timeline)
        taken = [turn for turn in turns if turn.is_before(moment)]
        found += [*taken, fact]
        turns = [turn for turn in turns if turn not in taken]
    return [*found, *turns]


def _moment(fact: _Fact, timeline: Timeline) -> Span:
    if isinstance(fact, Walked):
        # of what came in from the register the audit does not name the step: its instant says when
        is_told = fact.entry.event != Event.ENTER_REGISTER
        return timeline.at(fact.entry.at, step=fact.entry.id if is_told else None)
    if isinstance(fact, Corrected):
        return timeline.at(fact.fact.at, entry=fact.fact.entry)
    return timeline.at(fact.at, entry=fact.entry)


def tell_activities(
    past: Past, rows: Sequence[DeadlineFact], timeline: Timeline, undone: Mapping[str, Sequence[Span]]
) -> list[Lifetime]:
    """Return the deadlines that a plan's dated activities ought to have had.

    That an activity is done is said by its own row alone, and it is not asked for again, unless that was
    undone: what follows then is told by its rows.

    Args:
        past: what became of the plan.
        rows: the deadlines of its activities, oldest first.
        timeline: when what was recorded.
        undone: by activity, when it was taken back that it was done.
    """
    own, again = _parted(rows, timeline, undone)
    telling = _Activities(past, timeline, {(row.rule, row.due_on, row.opened_on): row for row in own})
    telling.align(timeline.day_of(past.loaded_at), timeline.at(past.loaded_at, entry=0))
    for turn in past.turns:
        telling.align(turn.on, timeline.at(turn.at, entry=turn.entry))
    return [*telling.lives, *_told_by_rows(past, again, timeline, Calendar.activities)]


def _parted(
    rows: Sequence[DeadlineFact], timeline: Timeline, undone: Mapping[str, Sequence[Span]]
) -> tuple[list[DeadlineFact], list[tuple[DeadlineFact, Span]]]:
    """Part what the plan has opened from what an undoing has, and what came after it: with its opening."""
    own, again = [], []
    taken_back = {rule: iter(spans) for rule, spans in undone.items()}
    last: dict[str, DeadlineFact] = {}
    reopened: set[str] = set()
    for row in rows:
        if row.rule in last and last[row.rule].closed_because == UNDONE:
            reopened.add(row.rule)
            opened = next(taken_back.get(row.rule, iter(())), None)
            again.append((row, opened or timeline.not_before(row.opened_on)))
        elif row.rule in reopened:
            again.append((row, timeline.during(row.opened_on)))
        else:
            own.append(row)
        last[row.rule] = row
    return own, again


@dataclass
class _Activities:
    """Where a plan's activities stand while their lives are told."""

    past: Past
    timeline: Timeline
    rows: Mapping[tuple[str, date, date], DeadlineFact]
    lives: list[Lifetime] = field(default_factory=list)

    def align(self, on: date, recorded: Span) -> None:
        """Close what moves or falls away at a moment, and open what moves or comes."""
        calendar = self.past.calendar_at(recorded)
        wanted = {item.rule: item for item in calendar.activities(on)}
        for life in self.lives:
            if life.closed_on is not None:
                if self._is_done(life):
                    wanted.pop(life.deadline.rule, None)
            elif life.deadline in (*calendar.activities(life.opened_on), wanted.get(life.deadline.rule)):
                wanted.pop(life.deadline.rule, None)
                life.go_on(on, recorded, calendar)
            else:
                life.closed_on, life.closed = on, recorded
        for deadline in wanted.values():
            life = Lifetime.begin(self.past.plan_id, deadline, on, recorded, calendar)
            if self._is_done(life):
                row = self.rows[deadline.rule, deadline.due_on, on]
                life.closed_on = row.closed_on
                life.closed = self.timeline.not_before(row.closed_on or on)
            self.lives.append(life)

    def _is_done(self, life: Lifetime) -> bool:
        row = self.rows.get((life.deadline.rule, life.deadline.due_on, life.opened_on))
        return row is not None and row.closed_because in _SAID_TO_BE_DONE


def tell_commune(past: Past, rows: Sequence[DeadlineFact], timeline: Timeline) -> list[Lifetime]:
    """Return the deadlines that a commune had in a plan while it had no product there.

    From when to when it had none is said by their own rows alone: nothing else keeps when a unit came. That
    its plan said such a thing, and how it was watched meanwhile, is told again.
    """
    told = [(row, timeline.during(row.opened_on)) for row in rows]
    return _told_by_rows(past, told, timeline, Calendar.communes)


def _told_by_rows(
    past: Past,
    rows: Iterable[tuple[DeadlineFact, Span]],
    timeline: Timeline,
    read: Callable[[Calendar, date], tuple[Deadline, ...]],
) -> list[Lifetime]:
    """Return the lives of deadlines that were opened when and as long as their own rows say.

    Args:
        past: what became of their plan.
        rows: each with when it was opened.
        timeline: when what was recorded.
        read: what a version of the plan asks for, as it is read on a local day.
    """
    lives = []
    for row, opened in rows:
        kind = DeadlineKind(row.kind)
        deadline = Deadline(kind, row.rule, row.due_on)
        versions = (past.calendar_at(opened), *past.calendars)
        begun = (version for version in versions if deadline in read(version, row.opened_on))
        calendar = next(begun, None)
        if calendar is None:
            continue
        life = Lifetime.begin(past.plan_id, deadline, row.opened_on, opened, calendar)
        for turn in past.turns:
            recorded = timeline.at(turn.at, entry=turn.entry)
            holds = past.calendar_at(recorded)
            lasts = row.closed_on is None or turn.on < row.closed_on
            if not turn.is_before(opened) and lasts and holds.knows(kind, row.rule):
                life.go_on(turn.on, recorded, holds)
        if row.closed_on is not None:
            done = row.closed_because in _SAID_TO_BE_DONE  # which may be recorded later
            since = timeline.not_before if done else timeline.during
            life.closed_on, life.closed = row.closed_on, since(row.closed_on)
        lives.append(life)
    return lives


#: why an activity was closed of which somebody has said that it is done, perhaps by mistake
_SAID_TO_BE_DONE = frozenset({*DONE, UNDONE})


def plans_in(history: History) -> set[int | None]:
    """Return the numbers of the plans on which a product's life rests; none: it stood outside every one."""
    return {history.beginning.plan_id, *(step.plan_id for step in history.steps)}
