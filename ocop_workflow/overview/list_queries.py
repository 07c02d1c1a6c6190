"""Pages of what an officer may see: deadlines, reminders, letters, sweeps, counts.

`roots` are the units that the officer reaches, none: all of them. A page begins behind the last row of the
one before; every order is total, so that no row is shown twice or left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, case, exists, func, or_, select, tuple_, union

from ocop_workflow.deadlines.queries import is_by_rule, whose_unit
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.letters.mailbox_queries import LetterRecord, letter_records, readable
from ocop_workflow.overview.product_queries import is_known_by, is_named
from ocop_workflow.places.queries import Roots, reach
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import (
    corrections,
    deadlines,
    flags,
    notice_steps,
    outbox,
    plans,
    producers,
    products,
    transitions,
    units,
)
from ocop_workflow.store.tables.sweeps import sweeps

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Row

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import DeadlineKind, ReminderStatus, Subject
    from ocop_workflow.notifications.outbox import LetterKind, LetterState
    from ocop_workflow.states import State


@dataclass(frozen=True, slots=True)
class ListedDeadline:
    """An open deadline with whose it is; without a product a commune's own, or an activity of the plan."""

    id: int
    subject: Subject
    subject_id: int
    code: str | None
    product: str | None
    unit: str
    plan: str
    plan_id: int | None
    plan_sha256: str
    kind: DeadlineKind
    rule: str
    due_on: date
    opened_on: date
    raised_on: date | None
    acknowledged_on: date | None
    acknowledged_by: str | None


def _within(column: ColumnElement[Any], roots: Roots) -> list[ColumnElement[bool]]:
    return [] if roots is None else [column.in_(reach(roots))]


@dataclass(frozen=True, slots=True)
class SoughtDeadlines:
    """Which open deadlines are asked for, by numbers and days; none: all.

    Attributes:
        unit_id: only under this unit.
        plan_id: only of this plan.
        rule: only of this milestone or activity.
        due_from, due_to: only those due in these days, both included.
    """

    unit_id: int | None = None
    plan_id: int | None = None
    rule: str | None = None
    due_from: date | None = None
    due_to: date | None = None


ANY = SoughtDeadlines()


def open_deadlines(
    tx: Connection,
    roots: Roots,
    limit: int,
    *,
    late_on: date | None = None,
    flagged: int | None = None,
    after: tuple[date, int] | None = None,
    sought: SoughtDeadlines = ANY,
) -> list[ListedDeadline]:
    """Return open deadlines, earliest first.

    Args:
        tx: a transaction.
        roots: see above.
        limit: at most so many.
        late_on: only those that were due before this day.
        flagged: only this one.
        after: the due day and number behind which to begin.
        sought: only these.
    """
    place = whose_unit()
    statement = (
        select(
            deadlines.c.id,
            deadlines.c.subject,
            deadlines.c.subject_id,
            products.c.code,
            products.c.name.label("product"),
            units.c.name.label("unit"),
            func.coalesce(plans.c.slug, "").label("plan"),
            plans.c.id.label("plan_id"),
            func.coalesce(plans.c.sha256, products.c.regulation).label("plan_sha256"),
            deadlines.c.kind,
            deadlines.c.rule,
            deadlines.c.due_on,
            deadlines.c.opened_on,
            flags.c.raised_on,
            flags.c.acknowledged_on,
            flags.c.acknowledged_by,
        )
        .outerjoin(plans, plans.c.id == deadlines.c.plan_id)
        .outerjoin(products, products.c.id == deadlines.c.product_id)
        .join(units, units.c.id == whose_unit())
        .outerjoin(flags, and_(flags.c.deadline_id == deadlines.c.id, flags.c.cleared_on.is_(None)))
        .where(
            deadlines.c.closed_on.is_(None),
            *_within(place, roots),
            *([] if sought.unit_id is None else [place.in_(reach({sought.unit_id}))]),
            *([] if sought.plan_id is None else [deadlines.c.plan_id == sought.plan_id]),
            *([] if sought.rule is None else [is_by_rule(sought.rule)]),
            *([] if sought.due_from is None else [deadlines.c.due_on >= sought.due_from]),
            *([] if sought.due_to is None else [deadlines.c.due_on <= sought.due_to]),
        )
        .order_by(deadlines.c.due_on, deadlines.c.id)
        .limit(limit)
    )
    if late_on is not None:
        statement = statement.where(deadlines.c.due_on < late_on)
    if flagged is not None:
        statement = statement.where(deadlines.c.id == flagged)
    if after is not None:
        statement = statement.where(tuple_(deadlines.c.due_on, deadlines.c.id) > after)
    return read_all(ListedDeadline, tx.execute(statement))


def unit_of_deadline(tx: Connection, deadline_id: int) -> int | None:
    """Return whose an open deadline is; none: there is no such deadline."""
    found: int | None = tx.scalar(
        select(whose_unit())
        .select_from(deadlines)
        .outerjoin(plans, plans.c.id == deadlines.c.plan_id)
        .outerjoin(products, products.c.id == deadlines.c.product_id)
        .where(deadlines.c.id == deadline_id, deadlines.c.closed_on.is_(None))
    )
    return found


@dataclass(frozen=True, slots=True)
class ListedReminder:
    """A reminder: which stage of which deadline, said to whom on which day, or why not."""

    deadline_id: int
    stage: int
    unit_id: int
    day: date
    code: str | None
    rule: str
    due_on: date
    unit: str
    status: ReminderStatus
    reason: str | None
    letter_day: date | None


def newest_reminders(
    tx: Connection, roots: Roots, limit: int, after: tuple[date, int, int, int] | None = None
) -> list[ListedReminder]:
    """Return reminders to units in reach, newest first; `after`: day, deadline, stage and unit."""
    said = reminding.said()
    reminder = said.selected_columns
    order = (reminder.day, reminder.deadline_id, reminder.stage, reminder.unit_id)
    statement = (
        said.add_columns(products.c.code, deadlines.c.rule, deadlines.c.due_on, units.c.name.label("unit"))
        .join(deadlines, deadlines.c.id == reminder.deadline_id)
        .outerjoin(products, products.c.id == deadlines.c.product_id)
        .where(*_within(reminder.unit_id, roots))
        .order_by(*(column.desc() for column in order))
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(*order) < after)
    return read_all(ListedReminder, tx.execute(statement))


def newest_letters(
    tx: Connection,
    actor: Actor,
    limit: int,
    *,
    state: LetterState | None = None,
    kind: LetterKind | None = None,
    unit_id: int | None = None,
    before: int | None = None,
) -> list[LetterRecord]:
    """Return the letters that an actor may read, newest first.

    Args:
        tx: a transaction.
        actor: who reads.
        limit: at most so many.
        state: only in this state.
        kind: only of this kind.
        unit_id: only to this unit and those under it.
        before: only those with a lower number.
    """
    asked = [
        *readable(actor),
        *([] if unit_id is None else [units.c.id.in_(reach({unit_id}))]),
        *([] if kind is None else [outbox.c.kind == kind]),
    ]
    statement = letter_records(*asked, state=state, before=before).limit(limit)
    return read_all(LetterRecord, tx.execute(statement))


def letters_about(tx: Connection, actor: Actor, product_id: int, limit: int) -> list[LetterRecord]:
    """Return the letters that an actor may read and that speak of a product, newest first.

    Digests that remind of its deadlines, notices of its steps, corrections of its dates.
    """
    due = deadlines.c.product_id == product_id
    reminded = select(outbox.c.id).select_from(reminding.letters_of_deadlines()).where(due)
    told = (
        select(notice_steps.c.outbox_id)
        .join(transitions, transitions.c.id == notice_steps.c.transition_id)
        .where(transitions.c.product_id == product_id)
    )
    corrected = (
        select(corrections.c.outbox_id)
        .join(deadlines, deadlines.c.id == corrections.c.deadline_id)
        .where(due)
    )
    about = outbox.c.id.in_(union(reminded, told, corrected))
    return read_all(LetterRecord, tx.execute(letter_records(*readable(actor), about).limit(limit)))


def count_letters(tx: Connection, actor: Actor, state: LetterState) -> int:
    """Count the letters in a state that an actor may read."""
    found = letter_records(*readable(actor), state=state).order_by(None).subquery()
    return int(tx.scalar(select(func.count()).select_from(found)) or 0)


def newest_sweeps(tx: Connection, limit: int, before: int | None = None) -> list[Row[Any]]:
    """Return the records of sweeps, newest first; `before`: only those with a lower number."""
    statement = select(sweeps).order_by(sweeps.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(sweeps.c.id < before)
    return list(tx.execute(statement))


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many products of a unit are in a state, and how many of them are late."""

    unit: str
    unit_name: str
    state: State
    products: int
    overdue: int


def progress(tx: Connection, roots: Roots, today: date, plan_id: int | None = None) -> list[StateCount]:
    """Count the products in reach by unit and state, in Vietnamese order of the units."""
    is_late = exists().where(
        deadlines.c.product_id == products.c.id, deadlines.c.closed_on.is_(None), deadlines.c.due_on < today
    )
    statement = (
        select(
            units.c.slug.label("unit"),
            units.c.name.label("unit_name"),
            products.c.state,
            func.count().label("products"),
            func.sum(case((is_late, 1), else_=0)).cast(Integer).label("overdue"),
        )
        .join(units, units.c.id == products.c.unit_id)
        .where(*_within(products.c.unit_id, roots))
        .group_by(units.c.id, units.c.slug, units.c.name, units.c.sort_key, products.c.state)
        .order_by(units.c.sort_key, units.c.id, products.c.state)
    )
    if plan_id is not None:
        statement = statement.where(products.c.plan_id == plan_id)
    return read_all(StateCount, tx.execute(statement))


@dataclass(frozen=True, slots=True)
class Hit:
    """A product that the words of a search have found; `by`: whose maker they name; empty: itself."""

    code: str
    name: str
    unit: str
    by: str


def search_products(tx: Connection, roots: Roots, words: str, limit: int) -> list[Hit]:
    """Return products in reach whose code, name, producer or certificate's number holds these words.

    `words`: as they were typed; marks and case do not count, but in numbers of decisions.
    """
    named = is_named(words)
    statement = (
        select(
            products.c.code,
            products.c.name,
            units.c.name.label("unit"),
            case((named, ""), else_=func.coalesce(producers.c.name, "")).label("by"),
        )
        .join(units, units.c.id == products.c.unit_id)
        .outerjoin(producers, producers.c.id == products.c.producer_id)
        .where(
            or_(named, is_known_by(words)),
            *_within(products.c.unit_id, roots),
        )
        .order_by(products.c.sort_key, products.c.code)
        .limit(limit)
    )
    return read_all(Hit, tx.execute(statement))
