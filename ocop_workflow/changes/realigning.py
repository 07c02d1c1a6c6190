"""What ought to be open under new dates, against what is: the deadlines that move, fall away or come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocop_workflow.calendar import standing_of
from ocop_workflow.changes import queries as changing
from ocop_workflow.changes.queries import Key
from ocop_workflow.deadlines import occurrence_queries as occurrences
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.communes import begins
from ocop_workflow.places import queries as units

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date

    from ocop_workflow.calendar import Calendar, Deadline, DeadlineKind, Standing
    from ocop_workflow.changes.queries import Standee
    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


#: whose a deadline is: a product's, or a commune's that has none, or the plan's own
_Subject = tuple[int | None, int | None]
_PLAN: _Subject = (None, None)


@dataclass(frozen=True, slots=True)
class DateSource:
    """What dates come from: a version of a plan, and by product the extensions of its milestones."""

    calendar: Calendar
    extended: Mapping[int, Mapping[str, date]]


@dataclass(frozen=True, slots=True)
class Shift:
    """A deadline that moves; without `row` it comes new, without `new` it falls away.

    `key` tells it from other deadlines, whatever its dates; `product` is none where it is about none.
    """

    key: Key
    product: Standee | None
    row: DeadlineRecord | None
    new: Deadline | None


@dataclass
class Realigned:
    """The outcome.

    Attributes:
        shifts: the deadlines that move, fall away or come.
        rewatched: the deadlines that stay, with other reminders than before.
        due: every open deadline's due day afterwards.
        products: the plan's products by number.
    """

    shifts: list[Shift] = field(default_factory=list)
    rewatched: list[DeadlineRecord] = field(default_factory=list)
    due: dict[Key, date] = field(default_factory=dict)
    products: dict[int, Standee] = field(default_factory=dict)

    @property
    def closing(self) -> dict[int, DeadlineRecord]:
        """The deadlines that will be closed, by number."""
        return {shift.row.id: shift.row for shift in self.shifts if shift.row}


def realign(tx: Connection, plan: PlanRecord, before: Calendar, after: DateSource, today: date) -> Realigned:
    """Compare what is open under a plan with what ought to be; nothing is written.

    Args:
        tx: a transaction.
        plan: the plan as it stands.
        before: its calendar as it stands.
        after: what dates are to come from.
        today: the local day on which a deadline that moves opens anew.
    """
    rows: dict[_Subject, list[DeadlineRecord]] = {}
    for row in deadlines.open_of_plan(tx, plan.id):
        rows.setdefault((row.product_id, row.unit_id), []).append(row)
    reached = changing.reached_in_plan(tx, plan.id) if after.calendar.counts_from_states else {}
    happened = occurrences.happened_in(tx, plan.id)
    found = Realigned()
    decide = _Decider(after, today)
    for product in changing.standees(tx, plan.id):
        found.products[product.id] = product
        own = rows.get((product.id, None), [])
        standing = standing_of(
            replace(product.position, reached=reached.get(product.id, {})),
            after.calendar.regulation,
            today,
            opened={row.rule: row.opened_on for row in own},
            extended=after.extended.get(product.id, {}),
            happened=happened.get(product.id, {}),
        )
        _compare(found, (product.id, None), own, decide.product(standing, own))
    own = rows.get(_PLAN, [])
    finished = changing.finished_activities(tx, plan.id)
    _compare(found, _PLAN, own, decide.planned(own, after.calendar.activities, but=finished))
    communes = {unit for _, unit in rows if unit is not None}
    if begins(plan, after.calendar, today) and after.calendar.communes(today):
        communes |= units.communes_without_product(tx, plan.id, plan.unit_id, today)
    for unit_id in sorted(communes):
        own = rows.get((None, unit_id), [])
        _compare(found, (None, unit_id), own, decide.planned(own, after.calendar.communes))
    _see_other_reminders(found, rows, before, after.calendar)
    return found


class _Decider:
    """Asks the calendar once for all products that stand alike."""

    def __init__(self, after: DateSource, today: date) -> None:
        self._after = after
        self._today = today
        self._known: dict[object, tuple[Deadline, ...]] = {}

    def product(self, standing: Standing, own: list[DeadlineRecord]) -> tuple[Deadline, ...]:
        days = standing.anchors, standing.extended, standing.happened
        key = (
            standing.state,
            standing.dossier,
            standing.stars,
            standing.regulation,
            tuple(tuple(sorted(known.items())) for known in days),
            tuple((row.rule, row.due_on, row.opened_on) for row in own),
        )
        if key not in self._known:
            due = {row.rule: row.due_on for row in own}
            self._known[key] = self._after.calendar.realigned(standing, due)
        return self._known[key]

    def planned(
        self,
        own: list[DeadlineRecord],
        read_on: Callable[[date], Iterable[Deadline]],
        but: Collection[str] = (),
    ) -> tuple[Deadline, ...]:
        """Return what ought to be open of what hangs on no product, but for some rules.

        Args:
            own: what is open.
            read_on: what the plan asks for, as it is read on a local day.
            but: what is done is not asked for again.
        """
        days = {self._today, *(row.opened_on for row in own)}
        read = {day: {item.rule: item for item in read_on(day)} for day in days}
        kept = {
            row.rule: item
            for row in own
            if (item := read[row.opened_on].get(row.rule)) is not None and item.due_on == row.due_on
        }
        wanted = read[self._today].items()
        return tuple(kept.get(rule, item) for rule, item in wanted if rule not in but)


def _compare(
    found: Realigned, subject: _Subject, own: list[DeadlineRecord], wanted: Iterable[Deadline]
) -> None:
    product = found.products.get(subject[0] or 0)
    open_now = {Key(*subject, row.kind, row.rule): row for row in own}
    for deadline in wanted:
        key = Key(*subject, deadline.kind, deadline.rule)
        row = open_now.pop(key, None)
        found.due[key] = deadline.due_on
        if row is None or row.due_on != deadline.due_on:
            found.shifts.append(Shift(key, product, row, deadline))
    found.shifts += [Shift(key, product, row, None) for key, row in open_now.items()]


def _see_other_reminders(
    found: Realigned,
    rows: Mapping[_Subject, list[DeadlineRecord]],
    before: Calendar,
    after: Calendar,
) -> None:
    if before is after:
        return
    closing = found.closing
    changed: dict[tuple[DeadlineKind, str, date], bool] = {}
    for row in (row for own in rows.values() for row in own if row.id not in closing):
        rule = row.kind, row.rule, row.due_on
        if rule not in changed:
            changed[rule] = before.watch(*rule) != after.watch(*rule)
        if changed[rule]:
            found.rewatched.append(row)


def is_unseen(row: DeadlineRecord) -> bool:
    """Tell whether no sweep has met an open deadline yet: the first one decides by the dates it finds."""
    return row.next_action_on == row.opened_on
