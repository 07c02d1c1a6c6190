"""Which deadlines a product has: the plan's milestone ahead of it, and those counted from its own events.

Pure: what is open in the database is compared with what ought to be open, so that advancing, sending
back, opening a re-rating and importing are one rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from ocop_workflow.calendar.laws import is_of_end, law_of_certificate, rule_named, rulings
from ocop_workflow.calendar.monthly import for_month, month_of, months_of, plain_rule
from ocop_workflow.calendar.plan import Reach, Timed
from ocop_workflow.calendar.rounds.dates import done_by, rounds_named, rounds_with_days, yearly_done_on
from ocop_workflow.calendar.spoken import spoken, spoken_rule
from ocop_workflow.calendar.stages import Watch
from ocop_workflow.calendar.standing import Standing
from ocop_workflow.calendar.subjects import Deadline, DeadlineKind, is_of_certificate
from ocop_workflow.calendar.when import Reader, When, count_from, parts_of, read_when
from ocop_workflow.calendar.wordings import Wording, names_of, title_of, wording_of
from ocop_workflow.errors import NotFound
from ocop_workflow.regulations import Anchor, Recipient, load_regulation
from ocop_workflow.states import ESCALATED, Dossier, State, build_lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocop_workflow.calendar.laws import Ruling
    from ocop_workflow.calendar.plan import Milestone, Plan
    from ocop_workflow.calendar.rounds.dates import RoundDays
    from ocop_workflow.calendar.workdays import WorkCalendar
    from ocop_workflow.errors import Text
    from ocop_workflow.regulations import Nag, Regulation, RelativeDeadline
    from ocop_workflow.states import Lifecycle

#: how long after its due day a deadline that belongs to no plan's year is still spoken of
RELATIVE_NAGGING = timedelta(days=365)


@dataclass(frozen=True)
class Calendar:
    """A plan, the regulation it rests on, its table of states, and the working days: all that dates need."""

    plan: Plan
    regulation: Regulation
    lifecycle: Lifecycle
    workdays: WorkCalendar

    def deadlines(self, standing: Standing) -> tuple[Deadline, ...]:
        """Return the deadlines that ought to be open for a product that stands like this."""
        step = self._step(standing)
        if step is None:
            return ()
        return (*self._milestone_ahead(standing, step), *self._relative(standing))

    def _step(self, standing: Standing) -> int | None:
        """Return how far a dossier has come on the ladder of the pack by which it is rated."""
        own = standing.regulation
        ladder = self.lifecycle if own is None else build_lifecycle(load_regulation(own))
        return ladder.step(standing.state)

    def _milestone_ahead(self, standing: Standing, step: int) -> tuple[Deadline, ...]:
        ahead = [
            (self.step_of(milestone), due, milestone.id)
            for milestone in self.plan.milestones
            if self._lies_ahead(milestone, standing, step)
            and (due := self.due(milestone, standing)) is not None
        ]
        return tuple(Deadline(DeadlineKind.MILESTONE, rule, due) for _, due, rule in sorted(ahead)[:1])

    def _lies_ahead(self, milestone: Milestone, standing: Standing, step: int) -> bool:
        return standing.dossier in milestone.dossiers and self.step_of(milestone) > step

    def due_ahead(self, milestone: Milestone, standing: Standing) -> date | None:
        """Return the due day of a milestone that lies ahead of a product; none: none does."""
        step = self._step(standing)
        ahead = step is not None and self._lies_ahead(milestone, standing, step)
        return self.due(milestone, standing) if ahead else None

    def realigned(self, standing: Standing, due: Mapping[str, date]) -> tuple[Deadline, ...]:
        """Return the deadlines that ought to be open, given when those that are open now are due.

        A deadline keeps the reading of the day on which it opened; one that moves opens anew, so its time is
        read again as on `standing.on`.

        Args:
            standing: where the product stands, with the days on which its open deadlines opened.
            due: the due day of each open deadline, by its rule.
        """
        wanted = self.deadlines(standing)
        moved = {item.rule for item in wanted if due.get(item.rule, item.due_on) != item.due_on}
        if not moved:
            return wanted
        opened = {rule: day for rule, day in standing.opened.items() if rule not in moved}
        return self.deadlines(replace(standing, opened=opened))

    def step_of(self, milestone: Milestone) -> int:
        """Return the step of the path at which the milestone is reached."""
        return min(_REACH_STEPS[reach] for reach in milestone.reach)

    def _relative(self, standing: Standing) -> tuple[Deadline, ...]:
        return tuple(
            Deadline(DeadlineKind.RELATIVE, ruling.name, due)
            for ruling in self._rulings(standing)
            if (standing.state.value in ruling.rule.open_in or ruling.rule.anchor is Anchor.CONCLUDED)
            and (standing.dossier is not Dossier.FIRST or not ruling.rule.re_rating_only)
            and not (ruling.rule.until_complete and Anchor.COMPLETE.value in standing.anchors)
            and (anchor := standing.anchors.get(ruling.rule.anchor.value)) is not None
            and not ruling.was_over(due := self._counted(ruling, anchor, standing))
        )

    def _rulings(self, standing: Standing) -> Iterator[Ruling]:
        own, law = standing.regulation, standing.law
        return rulings(
            self.regulation,
            load_regulation(own) if own and own != self.regulation.id else self.regulation,
            load_regulation(law)
            if law
            else law_of_certificate(self.regulation, standing.opened, standing.on),
            standing.anchors.get(Anchor.CONCLUDED.value),
        )

    def of_certificate(self, standing: Standing) -> tuple[Deadline, ...]:
        """Return the deadlines counted from the end of a product's certificate that ought to be open."""
        found = self._relative(standing)
        return tuple(one for one in found if is_of_end(rule_named(self.regulation, one.rule).rule))

    def _counted(self, ruling: Ruling, anchor: date, standing: Standing) -> date:
        rule, level = ruling.rule, _WAITS_FOR.get(standing.state)
        if rule.by_round and level is not None:
            done = done_by(
                anchor,
                level,
                standing.dossier,
                stars=standing.stars,
                planned=self.plan.rounds,
                yearly=ruling.law.rounds,
                reader=self.reader(anchor, standing.anchors),
            )
            if done is not None:
                return done
        return count_from(anchor, rule.offset, rule.unit, self.workdays)

    def due(self, entry: Timed, standing: Standing) -> date | None:
        """Return the due day of a milestone or an activity; none where no day is ever late.

        An extension only ever gives more time: where the plan itself has come to say a later day, that holds.
        """
        opened_on = standing.opened.get(entry.id, standing.on)
        days = {**standing.happened, **standing.anchors}
        due = read_when(entry.when, self.reader(opened_on, days, standing)).due
        return max(due, standing.extended.get(entry.id, due)) if due else None

    def reader(
        self, opened_on: date, anchors: Mapping[str, date], standing: Standing | None = None
    ) -> Reader:
        """Return what reads this plan's time expressions.

        Args:
            opened_on: the local day from which alternatives are looked at.
            anchors: the days of what happened to the product.
            standing: where it stands: a round that is not open to it has no day. None: all are open.
        """
        outside = {event.id: event.on for event in self.plan.events if event.on is not None}
        closed = {
            entry.id
            for entry in self.plan.rounds
            if standing and not entry.is_open_to(standing.dossier, standing.stars)
        }
        return Reader(
            workdays=self.workdays,
            before_is_inclusive=self._inclusive,
            named=lambda name: _NO_DAY if name in closed else self.plan.when(name),
            anchors={**anchors, **outside},
            opened_on=opened_on,
            cut_offs={entry.id: entry.dossiers for entry in self.plan.rounds if entry.id not in closed},
            handed_on=anchors.get(Reach.COMMUNE_EVALUATED),
            programme=self.plan.programme,
        )

    def _months(self, entry: Timed) -> list[date]:
        each, inclusive = entry.when.each_month, self._inclusive or entry.when.at is not None
        return months_of(each, self.plan.programme, inclusive=inclusive) if each else []

    @property
    def _inclusive(self) -> bool:
        return self.regulation.before_a_day.inclusive

    def hour(self, kind: DeadlineKind, rule_id: str, due_on: date) -> str:
        """Return until which hour of its due day a deadline is in time ("16h00"); empty: the whole day.

        The hour is the plan's: a day that a decision gave in its place has none.

        Raises:
            NotFound: see `rule`.
        """
        rule = self.rule(kind, rule_id)
        if not isinstance(rule, Timed):
            return ""
        reader = self.reader(due_on, {})
        for part in parts_of(rule.when, self.plan.when):
            if part.at and (part.each_month or read_when(part, reader).due in (due_on, None)):
                return part.hour
        return ""

    @cached_property
    def counts_from_states(self) -> bool:
        """Whether a milestone's day depends on the day on which a state was reached.

        It is counted from it, or goes with a round, which a dossier is in time for or not.
        """
        counted = {reach.value for reach in Reach}
        return any(
            next(rounds_named(self.plan, entry.when), None) or counted.intersection(_events_of(entry.when))
            for entry in self.plan.timed
        )

    def activities(self, on: date) -> tuple[Deadline, ...]:
        """Return the deadlines of the plan's dated activities: of what comes each month, every month's."""
        nobody = Standing(State.IDEA, Dossier.FIRST, on)
        found = []
        for activity in self.plan.activities:
            if not (activity.remind or activity.overdue):
                continue
            if activity.when.each_month is not None:
                found += [(for_month(activity.id, due), due) for due in self._months(activity)]
            elif (due := self.due(activity, nobody)) is not None:
                found.append((activity.id, due))
        return tuple(Deadline(DeadlineKind.ACTIVITY, rule, due) for rule, due in found)

    def communes(self, on: date) -> tuple[Deadline, ...]:
        """Return the deadlines of a commune that has no product in the plan on a local day."""
        nobody = Standing(State.IDEA, Dossier.FIRST, on)
        return tuple(
            Deadline(DeadlineKind.COMMUNE, milestone.id, due)
            for milestone in self.plan.milestones
            if self._is_said_to_all(milestone) and (due := self.due(milestone, nobody)) is not None
        )

    @staticmethod
    def _is_said_to_all(milestone: Milestone) -> bool:
        heard = (*(milestone.remind.to if milestone.remind else ()), *_nagged(milestone.overdue))
        return Recipient.EVERY_COMMUNE in heard

    def rule(self, kind: DeadlineKind, rule_id: str) -> Timed | RelativeDeadline:
        """Return the rule behind a deadline.

        Raises:
            NotFound: the plan (or its regulation) has no such rule any more.
        """
        if kind is DeadlineKind.RELATIVE:
            return rule_named(self.regulation, rule_id).rule
        entries = self.plan.activities if kind is DeadlineKind.ACTIVITY else self.plan.milestones
        name = plain_rule(rule_id)
        for rule in entries:
            if rule.id == name:
                return rule
        raise NotFound(
            f"Kế hoạch {self.plan.id} không có mốc {rule_id}.",
            f"The plan {self.plan.id} has no rule {rule_id}.",
        )

    def is_of_certificate(self, deadline: Deadline) -> bool:
        """Tell whether a deadline of a product is about the certificate that it holds.

        Raises:
            NotFound: see `rule`.
        """
        return is_of_certificate(self.rule(deadline.kind, deadline.rule))

    def knows(self, kind: DeadlineKind, rule_id: str) -> bool:
        """Tell whether there is such a rule."""
        try:
            self.rule(kind, rule_id)
        except NotFound:
            return False
        return True

    def plain_due(self, kind: DeadlineKind, rule_id: str, opened_on: date) -> date | None:
        """Return the due day that a rule of the plan has by itself; none: it has none, or none by itself."""
        rule = self.rule(kind, rule_id)
        if kind is DeadlineKind.ACTIVITY:
            return next((item.due_on for item in self.activities(opened_on) if item.rule == rule_id), None)
        return read_when(rule.when, self.reader(opened_on, {})).due if isinstance(rule, Timed) else None

    def wording(self, kind: DeadlineKind, rule_id: str) -> Wording:
        """Return the words of a rule: its name, its clause, what to do and where.

        Raises:
            NotFound: see `rule`.
        """
        return wording_of(self.plan, self.rule(kind, rule_id), month_of(rule_id))

    def reckoning(self, kind: DeadlineKind, rule_id: str) -> Text:
        """Say in words how the due date of a rule is found.

        Raises:
            NotFound: see `rule`.
        """
        rule = self.rule(kind, rule_id)
        if isinstance(rule, Timed):
            return spoken(rule.when, self._names, inclusive=self._inclusive)
        return spoken_rule(rule, self._names)

    def rounds_of(
        self, kind: DeadlineKind, rule_id: str, due_on: date, opened_on: date
    ) -> tuple[RoundDays, ...]:
        """Return the rounds from which a deadline has its day, or might have had it.

        Those of the plan; where none of them gave it, the one that the regulation sets for every year.

        Raises:
            NotFound: see `rule`.
        """
        rule = self.rule(kind, rule_id)
        reader = self.reader(opened_on, {})
        if isinstance(rule, Timed):
            named = set(rounds_named(self.plan, rule.when))
            return tuple(rounds_with_days(self.plan, named, reader, due_on))
        if not rule.by_round:
            return ()
        named = {entry.id for entry in self.plan.rounds if entry.level in ESCALATED}
        planned = tuple(rounds_with_days(self.plan, named, reader, due_on))
        if any(days.counts for days in planned):
            return planned
        law = rule_named(self.regulation, rule_id).law
        return (*planned, *yearly_done_on(due_on, law.rounds, reader))

    @cached_property
    def _names(self) -> dict[str, Text]:
        return names_of(self.plan)

    @property
    def title(self) -> str:
        """The plan's short name, as a letter cites it."""
        return title_of(self.plan)

    def watch(self, kind: DeadlineKind, rule_id: str, due_on: date) -> Watch:
        """Return how a due date of this rule is watched.

        Raises:
            NotFound: see `rule`.
        """
        rule = self.rule(kind, rule_id)
        until = due_on + RELATIVE_NAGGING if kind is DeadlineKind.RELATIVE else self.plan.last_day
        if isinstance(rule, Timed):  # what comes each month is spoken of until the next month's is due
            until = next((due for due in self._months(rule) if due > due_on), until)
        return Watch(
            due_on=due_on,
            nag_until=until,
            days_before=rule.remind.offsets(due_on) if rule.remind else (),
            remind_to=_heard(kind, rule.remind.to if rule.remind else ()),
            nag_every=rule.overdue.every_days if rule.overdue else None,
            nag_to=_heard(kind, _nagged(rule.overdue)),
        )


def _nagged(overdue: Nag | None) -> tuple[Recipient, ...]:
    return overdue.to if overdue else ()


def _heard(kind: DeadlineKind, to: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    """Return who is told of a deadline, given whom its rule names.

    Of a commune without a product only the commune is told: the authority's letter names them all.
    """
    if kind is DeadlineKind.COMMUNE:
        return (Recipient.COMMUNE,) * (Recipient.EVERY_COMMUNE in to)
    return tuple(dict.fromkeys(Recipient.COMMUNE if one is Recipient.EVERY_COMMUNE else one for one in to))


def _events_of(when: When) -> Iterator[str]:
    yield from (offset.event for offset in (when.after, when.ahead_of) if offset)
    if when.from_:
        yield when.from_
    for part in when.any_of or ():
        yield from _events_of(part)


_NO_DAY = When(unset=True)


#: the level for whose round a dossier waits
_WAITS_FOR = {state: level for level, state in ESCALATED.items()}

_REACH_STEPS = {
    Reach.REGISTERED: 1,
    Reach.SELECTED: 2,
    Reach.CONSULTING: 3,
    Reach.COMMUNE_EVALUATED: 4,
    Reach.SCORED: 5,
    Reach.CERTIFIED: 6,
    Reach.ESCALATED: 6,
    Reach.NOT_RATED: 6,
}
