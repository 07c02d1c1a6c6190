"""Queries of the proof: the bare facts, in batches. Nothing here knows what ought to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from ocop_workflow.deadlines.queries import is_activity
from ocop_workflow.notifications.outbox import LetterKind, LetterState, first_key
from ocop_workflow.states import Event, State
from ocop_workflow.store.tables import (
    deadlines,
    digests,
    flags,
    outbox,
    plans,
    products,
    reminders,
    transitions,
)
from ocop_workflow.store.tables.imports import imported_rows, imports, restarts
from ocop_workflow.store.tables.sweeps import sweeps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection

    from ocop_workflow.calendar import DeadlineKind, ReminderStatus

#: products of one batch, and rows fetched at a time
BATCH = 500


@dataclass(frozen=True, slots=True)
class SweepFact:
    """A sweep as it was recorded; without `finished_at` it did not come to its end.

    `taken_back`: its day had not come, and what had not left the house was taken back.
    """

    day: date
    started_at: datetime
    finished_at: datetime | None
    faults: list[str]
    taken_back: bool


@dataclass(frozen=True, slots=True)
class ProductFact:
    """A product and how it came in: by an import, or created on its own.

    `entry`: the number of the entry in the audit that tells of it, where it was looked up.
    """

    id: int
    code: str
    unit_id: int
    plan_id: int
    state: State
    imported_at: datetime | None
    imported_into: int | None
    import_id: int | None = None
    created_at: datetime | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class RestartFact:
    """That a corrected list put a product elsewhere before its first step; `before`: where it had stood.

    `entry`: the number of the import's entry in the audit, where it was looked up.
    """

    product_id: int
    at: datetime
    before: State
    import_id: int
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class StepFact:
    """One entry of a product's history; `id` grows from step to step over all products."""

    id: int
    product_id: int
    event: Event
    source: State
    target: State
    on: date
    at: datetime
    plan_id: int
    data: dict[str, Any]
    undoes: int | None
    refuses: bool


@dataclass(frozen=True, slots=True)
class DeadlineFact:
    """A deadline as it stands in its table."""

    id: int
    product_id: int | None
    unit_id: int | None
    plan_id: int
    kind: DeadlineKind
    rule: str
    due_on: date
    opened_on: date
    closed_on: date | None
    closed_because: str | None
    acknowledged_on: date | None


@dataclass(frozen=True, slots=True)
class ReminderFact:
    """A reminder as it stands in its table."""

    deadline_id: int
    stage: int
    unit_id: int
    day: date
    status: ReminderStatus
    reason: str | None
    digest_id: int | None


@dataclass(slots=True)
class DigestFact:
    """A digest: how many reminders it carries, and its letters as (address, state).

    `copies`: the states of what officers have sent once more.
    """

    unit_id: int
    day: date
    superseded_by: int | None
    items: int
    letters: list[tuple[str, LetterState]]
    copies: list[LetterState] = field(default_factory=list)

    @property
    def states(self) -> set[LetterState]:
        """The states of its letters and their copies."""
        return {*(state for _, state in self.letters), *self.copies}

    @property
    def is_live(self) -> bool:
        """Whether one of its letters stands: neither overtaken by a later digest nor taken back."""
        return bool(self.states - {LetterState.SUPERSEDED, LetterState.CANCELLED})


def all_sweeps(tx: Connection) -> list[SweepFact]:
    """Return every sweep in the order in which they began."""
    rows = tx.execute(
        select(
            sweeps.c.day,
            sweeps.c.started_at,
            sweeps.c.finished_at,
            sweeps.c.faults,
            sweeps.c.taken_back_at.is_not(None),
        ).order_by(sweeps.c.id)
    )
    return [SweepFact(*row) for row in rows]


def loaded_at(tx: Connection) -> dict[int, datetime]:
    """Return when the version in force of each plan was loaded, by the plan's number."""
    return {row.id: row.loaded_at for row in tx.execute(select(plans.c.id, plans.c.loaded_at))}


def all_digests(tx: Connection) -> dict[int, DigestFact]:
    """Return every digest with its letters, by its number."""
    counted = (
        select(reminders.c.digest_id, func.count().label("size"))
        .where(reminders.c.digest_id.is_not(None))
        .group_by(reminders.c.digest_id)
        .subquery()
    )
    rows = tx.execute(
        select(
            digests.c.id,
            digests.c.unit_id,
            digests.c.day,
            digests.c.superseded_by,
            func.coalesce(counted.c.size, 0),
        ).outerjoin(counted, counted.c.digest_id == digests.c.id),
        execution_options={"yield_per": BATCH},
    )
    found = {row[0]: DigestFact(row[1], row[2], row[3], int(row[4]), []) for row in rows}
    letters = tx.execute(
        select(outbox.c.digest_id, outbox.c.key, outbox.c.address, outbox.c.state)
        .where(outbox.c.digest_id.is_not(None))
        .order_by(outbox.c.id),
        execution_options={"yield_per": BATCH},
    )
    for digest, key, address, state in letters:
        if first_key(key) == key:
            found[digest].letters.append((address, state))
        else:
            found[digest].copies.append(state)
    return found


def letters_of_nothing(tx: Connection) -> list[tuple[int, datetime]]:
    """Return (unit, instant at which it was written) of digest letters that belong to no digest."""
    rows = tx.execute(
        select(outbox.c.unit_id, outbox.c.created_at).where(
            outbox.c.kind == LetterKind.DIGEST, outbox.c.digest_id.is_(None)
        )
    )
    return [(row[0], row[1]) for row in rows]


def product_batches(tx: Connection) -> Iterator[list[ProductFact]]:
    """Yield every product, some hundred at a time."""
    statement = (
        select(
            products.c.id,
            products.c.code,
            products.c.unit_id,
            products.c.plan_id,
            products.c.state,
            imports.c.at,
            imported_rows.c.plan_id,
            imports.c.id,
        )
        .outerjoin(imported_rows, imported_rows.c.product_id == products.c.id)
        .outerjoin(imports, imports.c.id == imported_rows.c.import_id)
        .order_by(products.c.id)
        .limit(BATCH)
    )
    batch = [ProductFact(*row) for row in tx.execute(statement)]
    while batch:
        yield batch
        behind = statement.where(products.c.id > batch[-1].id)
        batch = [ProductFact(*row) for row in tx.execute(behind)]


def restarts_of(tx: Connection, product_ids: Collection[int]) -> dict[int, list[RestartFact]]:
    """Return when corrected lists put these products elsewhere, oldest first."""
    rows = tx.execute(
        select(restarts.c.product_id, imports.c.at, restarts.c.state, imports.c.id)
        .join(imports, imports.c.id == restarts.c.import_id)
        .where(restarts.c.product_id.in_(product_ids))
        .order_by(imports.c.id)
    )
    found: dict[int, list[RestartFact]] = {}
    for product_id, at, state, import_id in rows:
        found.setdefault(product_id, []).append(RestartFact(product_id, at, State(state), import_id))
    return found


def steps_of(tx: Connection, product_ids: Collection[int]) -> dict[int, list[StepFact]]:
    """Return the history of these products, oldest first."""
    rows = tx.execute(
        select(
            transitions.c.id,
            transitions.c.product_id,
            transitions.c.event,
            transitions.c.source,
            transitions.c.target,
            transitions.c.on_day,
            transitions.c.at,
            transitions.c.plan_id,
            transitions.c.data,
            transitions.c.undoes,
            (transitions.c.event == Event.WITHDRAW)
            & transitions.c.replaced["refused"].as_integer().is_not(None),
        )
        .where(transitions.c.product_id.in_(product_ids))
        .order_by(transitions.c.product_id, transitions.c.seq)
    )
    found: dict[int, list[StepFact]] = {}
    for row in rows:
        found.setdefault(row.product_id, []).append(StepFact(*tuple(row)))
    return found


def deadlines_of(tx: Connection, product_ids: Collection[int]) -> dict[int, list[DeadlineFact]]:
    """Return the deadlines of these products, oldest first."""
    found: dict[int, list[DeadlineFact]] = {}
    for row in _deadlines(tx, deadlines.c.product_id.in_(product_ids)):
        found.setdefault(row.product_id or 0, []).append(row)
    return found


def activity_deadlines(tx: Connection, plan_id: int) -> list[DeadlineFact]:
    """Return the deadlines of a plan's activities."""
    return _deadlines(tx, is_activity() & (deadlines.c.plan_id == plan_id))


def commune_deadlines(tx: Connection, plan_id: int) -> dict[int, list[DeadlineFact]]:
    """Return the deadlines of communes without a product in a plan, by commune, oldest first."""
    found: dict[int, list[DeadlineFact]] = {}
    for row in _deadlines(tx, deadlines.c.unit_id.is_not(None) & (deadlines.c.plan_id == plan_id)):
        found.setdefault(row.unit_id or 0, []).append(row)
    return found


def _deadlines(tx: Connection, which: ColumnElement[bool]) -> list[DeadlineFact]:
    rows = tx.execute(
        select(
            deadlines.c.id,
            deadlines.c.product_id,
            deadlines.c.unit_id,
            deadlines.c.plan_id,
            deadlines.c.kind,
            deadlines.c.rule,
            deadlines.c.due_on,
            deadlines.c.opened_on,
            deadlines.c.closed_on,
            deadlines.c.closed_because,
            flags.c.acknowledged_on,
        )
        .outerjoin(flags, flags.c.deadline_id == deadlines.c.id)
        .where(which)
        .order_by(deadlines.c.id)
    )
    return [DeadlineFact(*tuple(row)) for row in rows]


def reminders_of(tx: Connection, deadline_ids: Collection[int]) -> dict[int, list[ReminderFact]]:
    """Return the reminders of these deadlines, by deadline."""
    found: dict[int, list[ReminderFact]] = {}
    ids = sorted(deadline_ids)
    for start in range(0, len(ids), BATCH):
        rows = tx.execute(
            select(
                reminders.c.deadline_id,
                reminders.c.stage,
                reminders.c.unit_id,
                reminders.c.day,
                reminders.c.status,
                reminders.c.reason,
                reminders.c.digest_id,
            )
            .where(reminders.c.deadline_id.in_(ids[start : start + BATCH]))
            .order_by(reminders.c.deadline_id, reminders.c.stage, reminders.c.unit_id)
        )
        for row in rows:
            found.setdefault(row[0], []).append(ReminderFact(*row))
    return found
