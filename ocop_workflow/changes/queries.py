"""Queries behind a change of plan or an extension: bulk reads, and writes by set.

A change locks out, in this order, the writers of digests, whoever moves a product of the plan, and the
deliverers of letters that have not gone out; on SQLite there is only one writer anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, and_, case, exists, func, insert, literal, or_, select, update

from ocop_workflow.calendar.subjects import DONE
from ocop_workflow.deadlines.queries import is_activity
from ocop_workflow.dossiers.queries import is_current, score_from
from ocop_workflow.letters import reminder_queries as reminding
from ocop_workflow.letters.digest_queries import UNSENT, perhaps_sent, take_turns
from ocop_workflow.notifications.outbox import LetterState
from ocop_workflow.products.queries import certificate_from
from ocop_workflow.states import Issued, Position, reached_by
from ocop_workflow.store.dialect import in_parts, insert_all
from ocop_workflow.store.records import read_all, reader
from ocop_workflow.store.tables import (
    certificates,
    contacts,
    corrections,
    deadlines,
    desks,
    flags,
    outbox,
    plans,
    producers,
    products,
    transitions,
    units,
)
from ocop_workflow.store.tables.dossiers import dossiers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from ocop_workflow.calendar import DeadlineKind
    from ocop_workflow.states import Dossier, Event, State


class Key(NamedTuple):
    """What tells a deadline from others, whatever its dates.

    It is a product's, a commune's that has none (`unit_id`), or, with neither, an activity of the plan.
    """

    product_id: int | None
    unit_id: int | None
    kind: DeadlineKind
    rule: str


def hold_everybody(tx: Connection, plan_id: int) -> None:
    """Keep everybody who reads or writes what a change of this plan changes waiting until it has ended."""
    take_turns(tx)
    tx.execute(select(plans.c.id).where(plans.c.id == plan_id).with_for_update())
    tx.execute(select(outbox.c.id).where(UNSENT).order_by(outbox.c.id).with_for_update())


# -- where the plan's products stand ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standee:
    """A product of the plan, as far as its deadlines and the letters about them depend on it."""

    id: int
    code: str
    name: str
    unit_id: int
    unit_name: str
    producer: str | None
    position: Position

    @property
    def state(self) -> State:
        """Its state."""
        return self.position.state

    @property
    def dossier(self) -> Dossier:
        """The kind of its current dossier."""
        return self.position.dossier


def standees(tx: Connection, plan_id: int) -> list[Standee]:
    """Return the products whose dossier is in a plan, in the order of their codes."""
    statement = (
        select(
            products.c.id,
            products.c.code,
            products.c.name,
            products.c.unit_id,
            units.c.name.label("unit_name"),
            producers.c.name.label("producer"),
            products.c.state,
            dossiers.c.kind.label("dossier"),
            products.c.entered_on,
            products.c.concluded_on,
            products.c.not_renewing_on,
            dossiers.c.received_on,
            dossiers.c.complete_on,
            dossiers.c.regulation,
            dossiers.c.score_level,
            dossiers.c.score_mean,
            dossiers.c.gates_met,
            certificates.c.star,
            certificates.c.number,
            certificates.c.decided_on,
            certificates.c.valid_until,
        )
        .join(dossiers, is_current())
        .join(units, units.c.id == products.c.unit_id)
        .outerjoin(producers, producers.c.id == products.c.producer_id)
        .outerjoin(
            certificates, and_(certificates.c.product_id == products.c.id, certificates.c.ended_on.is_(None))
        )
        .where(products.c.plan_id == plan_id)
        .order_by(products.c.code)
    )
    found = []
    for row in tx.execute(statement):
        score = score_from(row.score_level, row.score_mean, row.gates_met)
        certificate = certificate_from(row.star, row.number, row.decided_on, row.valid_until)
        position = Position(
            row.state,
            plan_id,
            row.dossier,
            row.entered_on,
            row.received_on,
            score,
            (Issued(certificate),) if certificate else (),
            regulation=row.regulation,
            concluded_on=row.concluded_on,
            not_renewing_on=row.not_renewing_on,
            complete_on=row.complete_on,
        )
        found.append(Standee(row.id, row.code, row.name, row.unit_id, row.unit_name, row.producer, position))
    return found


def reached_in_plan(tx: Connection, plan_id: int) -> dict[int, dict[State, date]]:
    """Return the states that a plan's products have reached in their dossiers, by product."""
    undoing = transitions.alias()
    undone = exists().where(
        undoing.c.product_id == transitions.c.product_id, undoing.c.undoes == transitions.c.seq
    )
    rows = tx.execute(
        select(transitions.c.product_id, transitions.c.event, transitions.c.target, transitions.c.on_day)
        .join(products, products.c.id == transitions.c.product_id)
        .where(products.c.plan_id == plan_id, transitions.c.undoes.is_(None), ~undone)
        .order_by(transitions.c.product_id, transitions.c.seq)
    )
    found: dict[int, list[tuple[Event, State, date]]] = {}
    for product_id, event, target, on in rows:
        found.setdefault(product_id, []).append((event, target, on))
    return {product_id: reached_by(steps) for product_id, steps in found.items()}


def finished_activities(tx: Connection, plan_id: int) -> set[str]:
    """Return the activities of a plan that are done."""
    return set(
        tx.scalars(
            select(deadlines.c.rule).where(
                deadlines.c.plan_id == plan_id,
                is_activity(),
                deadlines.c.closed_because.in_(DONE),
            )
        )
    )


def open_numbers(tx: Connection, plan_id: int) -> dict[Key, int]:
    """Return the numbers of a plan's open deadlines."""
    found = tx.execute(
        select(*_spoken_of()).where(deadlines.c.plan_id == plan_id, deadlines.c.closed_on.is_(None))
    )
    key_of = reader(Key, found.keys(), under="key_")
    return {key_of(row): row.deadline_id for row in found}


# -- who has been told what ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What an address of a unit was told about a deadline; `due_on` none: that it holds no longer."""

    key: Key
    deadline_id: int
    due_on: date | None
    unit_id: int
    address: str
    letter_id: int


def told(tx: Connection, plan_id: int | None, rules: Collection[str]) -> list[Told]:
    """Return everything that letters have said, or may have said, about deadlines of these rules of a plan.

    One row for each deadline and address: the last letter that spoke of it.
    """
    about = (deadlines.c.plan_id == plan_id, deadlines.c.rule.in_(rules), perhaps_sent())
    by_digests = (
        select(*_spoken_of(), deadlines.c.due_on, *_to_whom())
        .select_from(reminding.letters_of_deadlines().join(desks, desks.c.id == outbox.c.desk_id))
        .where(*about)
        .group_by(*_spoken_of(), deadlines.c.due_on, desks.c.unit_id, outbox.c.address)
    )
    by_corrections = (
        select(
            *_spoken_of(),
            case((corrections.c.falls_away, None), else_=deadlines.c.due_on).label("due_on"),
            *_to_whom(),
        )
        .join(corrections, corrections.c.deadline_id == deadlines.c.id)
        .join(outbox, outbox.c.id == corrections.c.outbox_id)
        .join(desks, desks.c.id == outbox.c.desk_id)
        .where(*about)
        .group_by(
            *_spoken_of(),
            deadlines.c.due_on,
            corrections.c.falls_away,
            desks.c.unit_id,
            outbox.c.address,
        )
    )
    return [
        one
        for statement in (by_digests, by_corrections)
        for one in read_all(Told, tx.execute(statement), parts={"key": Key})
    ]


def _spoken_of() -> tuple[ColumnElement[Any], ...]:
    key = [deadlines.c[name].label(f"key_{name}") for name in Key._fields]
    return (*key, deadlines.c.id.label("deadline_id"))


def _to_whom() -> tuple[ColumnElement[Any], ...]:
    return desks.c.unit_id, outbox.c.address, func.max(outbox.c.id).label("letter_id")


def mailboxes_in_use(tx: Connection, on: date) -> set[str]:
    """Return every mailbox to which units' letters go on a local day."""
    of_units = select(func.lower(contacts.c.address)).join(desks, desks.c.id == contacts.c.desk_id)
    statement = of_units.where(
        desks.c.unit_id.is_not(None),
        contacts.c.valid_from <= on,
        or_(contacts.c.valid_to.is_(None), contacts.c.valid_to > on),
    )
    return set(tx.scalars(statement))


# -- letters that have not gone out ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unsent:
    """That a letter which certainly has not gone out speaks of a deadline; no digest: it is a correction."""

    letter_id: int
    digest_id: int | None
    deadline_id: int
    key: Key


def unsent_about(tx: Connection, plan_id: int | None) -> list[Unsent]:
    """Return which letters that have not gone out speak of which deadlines of a plan."""
    spoken = _spoken_of()
    statements: tuple[Select[Any], ...] = (
        select(outbox.c.id.label("letter_id"), outbox.c.digest_id, *spoken)
        .select_from(reminding.letters_of_deadlines())
        .where(UNSENT, deadlines.c.plan_id == plan_id),
        select(outbox.c.id.label("letter_id"), literal(None).label("digest_id"), *spoken)
        .join(corrections, corrections.c.outbox_id == outbox.c.id)
        .join(deadlines, deadlines.c.id == corrections.c.deadline_id)
        .where(UNSENT, deadlines.c.plan_id == plan_id),
    )
    return [
        one for statement in statements for one in read_all(Unsent, tx.execute(statement), parts={"key": Key})
    ]


def digests_under_way(tx: Connection, digest_ids: Collection[int], taken_back: Collection[int]) -> set[int]:
    """Return the digests of which a letter stands that is not taken back."""
    statement = select(outbox.c.digest_id).where(
        outbox.c.digest_id.in_(digest_ids),
        outbox.c.id.not_in(taken_back),
        outbox.c.state != LetterState.SUPERSEDED,
    )
    return set(tx.scalars(statement))


# -- closing by set --------------------------------------------------------------------------------


def close_deadlines(tx: Connection, ids: Collection[int], on: date, because: str) -> None:
    """Close deadlines: their unsaid reminders are cancelled, their flags cleared; all stay on record."""
    later = case((flags.c.raised_on > on, flags.c.raised_on), else_=on)
    for part in in_parts(ids):
        tx.execute(
            update(deadlines)
            .where(deadlines.c.id.in_(part))
            .values(closed_on=on, closed_because=because, next_action_on=None)
        )
        tx.execute(
            update(flags)
            .where(flags.c.deadline_id.in_(part), flags.c.cleared_on.is_(None))
            .values(cleared_on=later)
        )
        reminding.cancel_unsaid_of(tx, part)


def look_at_again(tx: Connection, ids: Collection[int], on: date) -> None:
    """Let the next sweep look at these open deadlines as from a local day."""
    for part in in_parts(ids):
        tx.execute(update(deadlines).where(deadlines.c.id.in_(part)).values(next_action_on=on))


def record_corrections(tx: Connection, spoken: Mapping[str, Mapping[int, bool]]) -> None:
    """Record of which deadlines corrections speak: by letter's key, deadline, whether it falls away."""
    if not spoken:
        return
    numbers = dict(
        tuple(row) for row in tx.execute(select(outbox.c.key, outbox.c.id).where(outbox.c.key.in_(spoken)))
    )
    insert_all(
        tx,
        insert(corrections),
        [
            {"outbox_id": numbers[key], "deadline_id": deadline_id, "falls_away": falls_away}
            for key, about in spoken.items()
            for deadline_id, falls_away in about.items()
        ],
    )
