"""What the doctor reads of products, deadlines and letters: one snapshot, batch by batch, nothing written.

A damaged row must not stop the examination. So words are read as they are stored, whether or not the
service knows them, and rows that lead nowhere fall out of the joins: the check of foreign keys names them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select, type_coerce
from sqlalchemy.types import String

from ocop_workflow.calendar import ReminderStatus
from ocop_workflow.notifications import LetterKind, LetterState
from ocop_workflow.store.batching import batches, one_by_one
from ocop_workflow.store.tables import (
    certificates,
    contacts,
    corrections,
    deadlines,
    digests,
    flags,
    notice_steps,
    outbox,
    plans,
    products,
    reminders,
    transitions,
    units,
)
from ocop_workflow.store.tables.imports import imported_rows, imports
from ocop_workflow.store.tables.sweeps import sweeps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from sqlalchemy import Column, ColumnElement, Connection, Row, Select

#: letters weigh some thousand times as much as other rows
LETTER_BATCH = 200


def raw(column: Column[Any]) -> ColumnElement[str]:
    """Read a column as it stands, whatever words it may hold."""
    return type_coerce(column, String).label(column.name)


# -- products and their history --------------------------------------------------------------------


def product_batches(tx: Connection) -> Iterator[list[Row[Any]]]:
    """Yield the products, some at once."""
    statement = select(
        products.c.id,
        products.c.code,
        products.c.plan_id,
        raw(products.c.state),
        raw(products.c.dossier),
        products.c.entered_on,
        products.c.received_on,
        products.c.producer_id,
        products.c.product_group,
        contacts.c.address,
        raw(products.c.score_level),
        products.c.score_mean,
        products.c.gates_met,
    ).outerjoin(contacts, contacts.c.id == products.c.address_id)
    return batches(tx, statement, products.c.id)


def history_between(tx: Connection, first: int, last: int) -> list[Row[Any]]:
    """Return the history of the products from number `first` to number `last`."""
    statement = _steps().where(transitions.c.product_id.between(first, last))
    return list(tx.execute(statement.order_by(transitions.c.product_id, transitions.c.seq)))


def _steps() -> Select[Any]:
    return select(
        transitions.c.id,
        transitions.c.product_id,
        transitions.c.seq,
        raw(transitions.c.event),
        raw(transitions.c.source),
        raw(transitions.c.target),
        transitions.c.on_day,
        transitions.c.at,
        transitions.c.data,
        transitions.c.plan_id,
        transitions.c.undoes,
        transitions.c.replaced,
        transitions.c.by_paper,
        contacts.c.address,
    ).outerjoin(contacts, contacts.c.id == transitions.c.address_id)


def certificates_between(tx: Connection, first: int, last: int) -> list[Row[Any]]:
    """Return the certificates of the products from number `first` to number `last`, oldest first."""
    statement = select(certificates).where(certificates.c.product_id.between(first, last))
    return list(tx.execute(statement.order_by(certificates.c.product_id, certificates.c.id)))


def open_deadlines_between(tx: Connection, first: int, last: int) -> list[Row[Any]]:
    """Return the open deadlines of the products from number `first` to number `last`."""
    return list(tx.execute(_deadlines().where(deadlines.c.product_id.between(first, last), _is_open())))


def deadlines_without_product(tx: Connection) -> list[Row[Any]]:
    """Return the deadlines of all plans' activities, and of communes (`unit_id`), closed ones too."""
    return list(tx.execute(_deadlines().where(deadlines.c.product_id.is_(None))))


def _deadlines() -> Select[Any]:
    return select(
        deadlines.c.id,
        deadlines.c.product_id,
        deadlines.c.unit_id,
        deadlines.c.plan_id,
        raw(deadlines.c.kind),
        deadlines.c.rule,
        deadlines.c.due_on,
        deadlines.c.opened_on,
        deadlines.c.closed_on,
    )


def _is_open() -> ColumnElement[bool]:
    return deadlines.c.closed_on.is_(None)


def miscounted_products(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the products whose version is not the number of their transitions, or whose history has a gap."""
    counted = (
        select(
            transitions.c.product_id,
            func.count().label("steps"),
            func.min(transitions.c.seq).label("first"),
            func.max(transitions.c.seq).label("last"),
        )
        .group_by(transitions.c.product_id)
        .subquery()
    )
    steps = func.coalesce(counted.c.steps, 0)
    statement = (
        select(products.c.id, products.c.code, products.c.version, steps.label("steps"))
        .outerjoin(counted, counted.c.product_id == products.c.id)
        .where(
            or_(
                products.c.version != steps,
                and_(counted.c.steps.is_not(None), or_(counted.c.first != 1, counted.c.last != steps)),
            )
        )
    )
    return one_by_one(tx, statement, products.c.id)


def transitions_under_another_regulation(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the transitions that name another regulation than their plan does."""
    statement = (
        select(transitions.c.id, transitions.c.regulation, plans.c.slug)
        .join(plans, plans.c.id == transitions.c.plan_id)
        .where(transitions.c.regulation != plans.c.regulation)
    )
    return one_by_one(tx, statement, transitions.c.id)


# -- deadlines and flags ---------------------------------------------------------------------------


def last_swept_days(tx: Connection) -> tuple[date | None, date | None]:
    """Return the last local day that a sweep has begun with, and the last that one has come to the end of."""
    finished = case((sweeps.c.finished_at.is_not(None), sweeps.c.day))
    standing = select(func.max(sweeps.c.day), func.max(finished)).where(sweeps.c.taken_back_at.is_(None))
    begun, done = tx.execute(standing).one()
    return begun, done


def deadlines_with_flags(tx: Connection) -> Iterator[Row[Any]]:
    """Yield every deadline with its flag, if it has one."""
    statement = select(
        deadlines.c.id,
        deadlines.c.due_on,
        deadlines.c.opened_on,
        deadlines.c.closed_on,
        deadlines.c.next_action_on,
        flags.c.raised_on,
        flags.c.cleared_on,
    ).outerjoin(flags, flags.c.deadline_id == deadlines.c.id)
    return one_by_one(tx, statement, deadlines.c.id)


# -- reminders, digests, letters -------------------------------------------------------------------


def misplaced_reminders(tx: Connection) -> Iterator[Row[Any]]:
    """Yield reminders that lie in a digest of another unit, of a superseded one, or are not `due`."""
    statement = (
        select(reminders.c.deadline_id, reminders.c.stage, reminders.c.unit_id, reminders.c.digest_id)
        .join(digests, digests.c.id == reminders.c.digest_id)
        .where(
            or_(
                digests.c.unit_id != reminders.c.unit_id,
                digests.c.superseded_by.is_not(None),
                raw(reminders.c.status) != ReminderStatus.DUE.value,
            )
        )
    )
    return iter(tx.execute(statement))


def digests_without_letters(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the digests that no letter carries."""
    statement = select(digests.c.id).where(~exists().where(outbox.c.digest_id == digests.c.id))
    return one_by_one(tx, statement, digests.c.id)


def digests_without_reminders(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the digests that say nothing although a letter of theirs is neither superseded nor cancelled."""
    statement = select(digests.c.id).where(
        digests.c.superseded_by.is_(None),
        ~exists().where(reminders.c.digest_id == digests.c.id),
        exists().where(
            outbox.c.digest_id == digests.c.id,
            raw(outbox.c.state).not_in([LetterState.SUPERSEDED.value, LetterState.CANCELLED.value]),
        ),
    )
    return one_by_one(tx, statement, digests.c.id)


def letters_of_nothing(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the letters that are not about exactly what their kind is about.

    A digest belongs to its own unit's digest, a notice to a transition, a correction to a transition or to
    deadlines, a warning to none of them.
    """
    digest_of_unit = exists().where(digests.c.id == outbox.c.digest_id, digests.c.unit_id != outbox.c.unit_id)
    kind, is_a_step = raw(outbox.c.kind), outbox.c.transition_id.is_not(None)
    of_dates = exists().where(corrections.c.outbox_id == outbox.c.id)
    of_steps = exists().where(notice_steps.c.outbox_id == outbox.c.id)
    correction = kind == LetterKind.CORRECTION.value
    statement = select(outbox.c.id, outbox.c.key).where(
        or_(
            (kind == LetterKind.DIGEST.value) != outbox.c.digest_id.is_not(None),
            and_(~correction, (kind == LetterKind.NOTICE.value) != is_a_step),
            and_(correction, is_a_step == of_dates),
            and_(~correction, of_dates),
            (kind == LetterKind.NOTICE.value) != of_steps,
            digest_of_unit,
        )
    )
    return one_by_one(tx, statement, outbox.c.id)


def letters_with_bytes(tx: Connection) -> Iterator[Row[Any]]:
    """Yield every letter whose bytes are kept, with them and what its key is made of."""
    statement = (
        select(
            outbox.c.id,
            outbox.c.key,
            raw(outbox.c.kind),
            outbox.c.address,
            outbox.c.message_id,
            outbox.c.mime,
            outbox.c.sha256,
            outbox.c.created_at,
            units.c.slug,
            digests.c.day,
            digests.c.generation,
            products.c.code,
            transitions.c.seq,
        )
        .join(units, units.c.id == outbox.c.unit_id)
        .outerjoin(digests, digests.c.id == outbox.c.digest_id)
        .outerjoin(transitions, transitions.c.id == outbox.c.transition_id)
        .outerjoin(products, products.c.id == transitions.c.product_id)
        .where(outbox.c.gone_at.is_(None))
    )
    return one_by_one(tx, statement, outbox.c.id, LETTER_BATCH)


def letters_miscounted(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the letters whose counts of attempts cannot be: every claim counts one and raises the fence."""
    tried = raw(outbox.c.state).in_([LetterState.SENDING.value, LetterState.SENT.value])
    statement = select(outbox.c.id, outbox.c.key, outbox.c.attempts).where(
        or_(
            outbox.c.attempts != outbox.c.fence,
            outbox.c.ambiguous > outbox.c.attempts,
            and_(tried, outbox.c.attempts == 0),
        )
    )
    return one_by_one(tx, statement, outbox.c.id)


def letters_put_off(tx: Connection, until: datetime, written_before: datetime) -> Iterator[Row[Any]]:
    """Yield the letters that wait beyond `until`, or still wait though written before `written_before`."""
    statement = select(outbox.c.id, outbox.c.key, outbox.c.next_at, outbox.c.created_at).where(
        raw(outbox.c.state) == LetterState.PENDING.value,
        or_(outbox.c.next_at > until, outbox.c.created_at < written_before),
    )
    return one_by_one(tx, statement, outbox.c.id)


def letters_in_no_state(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the letters whose other columns do not bear out their state."""
    state, other = raw(outbox.c.state), outbox.alias("other")
    statement = (
        select(outbox.c.id, outbox.c.key, state)
        .outerjoin(digests, digests.c.id == outbox.c.digest_id)
        .where(
            or_(
                state.not_in([item.value for item in LetterState]),
                (state == LetterState.SENT.value) != outbox.c.sent_at.is_not(None),
                (state == LetterState.SENDING.value) != outbox.c.lease_until.is_not(None),
                and_(state == LetterState.SENT.value, outbox.c.relay_reply.is_(None)),
                and_(state == LetterState.DEAD.value, outbox.c.last_error.is_(None)),
                and_(
                    state == LetterState.SUPERSEDED.value,
                    outbox.c.digest_id.is_(None),
                    raw(outbox.c.kind) != LetterKind.CORRECTION.value,
                    outbox.c.gone_at.is_(None),  # else nobody knows to whom it went
                    ~_told_later(),
                ),
                and_(
                    state == LetterState.SUPERSEDED.value,
                    digests.c.superseded_by.is_(None),
                    exists().where(reminders.c.digest_id == outbox.c.digest_id),
                    ~exists().where(
                        other.c.digest_id == outbox.c.digest_id,
                        raw(other.c.state) != LetterState.SUPERSEDED.value,
                    ),
                ),
                and_(state != LetterState.SUPERSEDED.value, digests.c.superseded_by.is_not(None)),
            )
        )
    )
    return one_by_one(tx, statement, outbox.c.id)


def _told_later() -> ColumnElement[bool]:
    """Match a notice of whose steps a later letter to the same address tells."""
    other, same, mine = outbox.alias("told_in"), notice_steps.alias("same"), notice_steps.alias("mine")
    return exists().where(
        mine.c.outbox_id == outbox.c.id,
        same.c.transition_id == mine.c.transition_id,
        other.c.id == same.c.outbox_id,
        other.c.id > outbox.c.id,
        func.lower(other.c.address) == func.lower(outbox.c.address),
    )


def digests_superseded_backwards(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the digests superseded by themselves or an older one: only forwards can there be no circle."""
    statement = select(digests.c.id).where(digests.c.superseded_by <= digests.c.id)
    return one_by_one(tx, statement, digests.c.id)


# -- imports ---------------------------------------------------------------------------------------


def miscounted_imports(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the imports that say another number of products than they have rows."""
    found = (
        select(func.count())
        .where(imported_rows.c.import_id == imports.c.id)
        .correlate(imports)
        .scalar_subquery()
    )
    statement = select(imports.c.id, imports.c.file_name, imports.c.products, found.label("found")).where(
        imports.c.products != found
    )
    return one_by_one(tx, statement, imports.c.id)


def rows_of_another_plan(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the imported rows that belong to another plan than their import."""
    statement = (
        select(imported_rows.c.import_id, imported_rows.c.row)
        .join(imports, imports.c.id == imported_rows.c.import_id)
        .where(imports.c.plan_id != imported_rows.c.plan_id)
    )
    return iter(tx.execute(statement))
