"""Queries on digests and letters: one snapshot, batch by batch; words are read as they are stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, literal, or_, select

from ocop_workflow.notifications import LetterKind, LetterState, first_key, token_key
from ocop_workflow.people.tokens import PREFIX
from ocop_workflow.places.desk_queries import desk_of
from ocop_workflow.store.batching import one_by_one
from ocop_workflow.store.tables import (
    contacts,
    corrections,
    desks,
    digests,
    notice_steps,
    outbox,
    products,
    transitions,
    units,
)
from ocop_workflow.store.tables.access import officers, tokens
from ocop_workflow.upkeep.examination.deadline_queries import is_said_by, sizes_of_digests
from ocop_workflow.upkeep.examination.product_queries import raw

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row

#: letters weigh some thousand times as much as other rows
LETTER_BATCH = 200


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


# -- digests ---------------------------------------------------------------------------------------


def all_digests(tx: Connection) -> dict[int, DigestFact]:
    """Return every digest with its letters, by its number."""
    sizes = sizes_of_digests()
    statement = select(
        digests.c.id,
        func.coalesce(desks.c.unit_id, 0).label("unit_id"),
        digests.c.day,
        digests.c.superseded_by,
        func.coalesce(sizes.c.size, 0).label("items"),
    ).select_from(
        digests.outerjoin(desks, desks.c.id == digests.c.desk_id).outerjoin(
            sizes, sizes.c.digest_id == digests.c.id
        )
    )
    found = {
        row.id: DigestFact(row.unit_id, row.day, row.superseded_by, int(row.items), [])
        for row in one_by_one(tx, statement, digests.c.id)
    }
    letters = select(outbox.c.id, outbox.c.digest_id, outbox.c.key, outbox.c.address, outbox.c.state)
    for row in one_by_one(tx, letters.where(outbox.c.digest_id.is_not(None)), outbox.c.id):
        if first_key(row.key) == row.key:
            found[row.digest_id].letters.append((row.address, row.state))
        else:
            found[row.digest_id].copies.append(row.state)
    return found


def digests_without_letters(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the digests that no letter carries."""
    statement = select(digests.c.id).where(~exists().where(outbox.c.digest_id == digests.c.id))
    return one_by_one(tx, statement, digests.c.id)


def digests_without_reminders(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the digests that say nothing although a letter of theirs is neither superseded nor cancelled."""
    statement = select(digests.c.id).where(
        digests.c.superseded_by.is_(None),
        ~is_said_by(digests.c.id),
        exists().where(
            outbox.c.digest_id == digests.c.id,
            raw(outbox.c.state).not_in([LetterState.SUPERSEDED.value, LetterState.CANCELLED.value]),
        ),
    )
    return one_by_one(tx, statement, digests.c.id)


def digests_superseded_backwards(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the digests superseded by themselves or an older one: only forwards can there be no circle."""
    statement = select(digests.c.id).where(digests.c.superseded_by <= digests.c.id)
    return one_by_one(tx, statement, digests.c.id)


def digests_of_officers(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the digests of a desk that is no unit's."""
    statement = select(digests.c.id).join(desks, desks.c.id == digests.c.desk_id)
    return one_by_one(tx, statement.where(desks.c.unit_id.is_(None)), digests.c.id)


# -- letters ---------------------------------------------------------------------------------------


def letters_without_digest(tx: Connection) -> list[tuple[int, datetime]]:
    """Return (unit, instant at which it was written) of digest letters that belong to no digest."""
    rows = tx.execute(
        select(desks.c.unit_id, outbox.c.created_at)
        .join(desks, desks.c.id == outbox.c.desk_id)
        .where(outbox.c.kind == LetterKind.DIGEST, outbox.c.digest_id.is_(None))
    )
    return [(row.unit_id, row.created_at) for row in rows]


def letters_of_nothing(tx: Connection) -> Iterator[Row[Any]]:
    """Yield the letters that are not about exactly what their kind is about.

    A digest belongs to its own desk's digest, a notice to a transition, a correction to a transition or to
    deadlines, a warning to none of them; of a token's end an officer hears, of all else a unit.
    """
    of_another = exists().where(digests.c.id == outbox.c.digest_id, digests.c.desk_id != outbox.c.desk_id)
    kind, is_a_step = raw(outbox.c.kind), outbox.c.transition_id.is_not(None)
    of_dates = exists().where(corrections.c.outbox_id == outbox.c.id)
    of_steps = exists().where(notice_steps.c.outbox_id == outbox.c.id)
    correction = kind == LetterKind.CORRECTION.value
    of_officer = desks.c.officer_id.is_not(None)
    letters = select(outbox.c.id, outbox.c.key).join(desks, desks.c.id == outbox.c.desk_id)
    statement = letters.where(
        or_(
            (kind == LetterKind.TOKEN.value) != of_officer,
            (kind == LetterKind.DIGEST.value) != outbox.c.digest_id.is_not(None),
            and_(~correction, (kind == LetterKind.NOTICE.value) != is_a_step),
            and_(correction, is_a_step == of_dates),
            and_(~correction, of_dates),
            (kind == LetterKind.NOTICE.value) != of_steps,
            of_another,
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
            tokens.c.prefix,
            digests.c.day,
            digests.c.generation,
            products.c.code,
            transitions.c.seq,
        )
        .join(desks, desks.c.id == outbox.c.desk_id)
        .outerjoin(units, units.c.id == desks.c.unit_id)
        .outerjoin(
            tokens,
            (tokens.c.officer_id == desks.c.officer_id)
            & (tokens.c.prefix == func.substr(outbox.c.key, len(token_key("")) + 1, PREFIX)),
        )
        .outerjoin(digests, digests.c.id == outbox.c.digest_id)
        .outerjoin(transitions, transitions.c.id == outbox.c.transition_id)
        .outerjoin(products, products.c.id == transitions.c.product_id)
        .where(outbox.c.gone_at.is_(None))
    )
    return one_by_one(tx, statement, outbox.c.id, LETTER_BATCH)


def tokens_untold(tx: Connection, day: date, after: datetime, until: datetime) -> list[Row[Any]]:
    """Return the tokens of whose end no letter tells though one was due on a local day, with their officers.

    Args:
        tx: a reading transaction.
        day: that day; whoever had an address before.
        after: what ended by then was not told any more.
        until: what ends later is told another day.
    """
    told = exists().where(outbox.c.key == literal(token_key("")) + tokens.c.prefix)
    reached = exists().where(
        desks.c.officer_id == officers.c.id,
        contacts.c.desk_id == desks.c.id,
        contacts.c.valid_from < day,
        contacts.c.valid_to.is_(None),
    )
    statement = (
        select(tokens.c.prefix, officers.c.login, tokens.c.created_at, tokens.c.expires_at)
        .join(officers, officers.c.id == tokens.c.officer_id)
        .where(
            tokens.c.expires_at > after,
            tokens.c.expires_at < until,
            tokens.c.created_at < after,
            tokens.c.revoked_at.is_(None),
            officers.c.disabled_at.is_(None),
            reached,
            ~told,
        )
        .order_by(tokens.c.id)
    )
    return list(tx.execute(statement))


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
                    is_said_by(outbox.c.digest_id),
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


def steps_without_notice(tx: Connection, events: Collection[str]) -> Iterator[Row[Any]]:
    """Yield the steps of these events of which no letter tells, though the commune had an address then."""
    address = exists().where(
        contacts.c.desk_id == desk_of(products.c.unit_id),
        # the local day of the step begins before the UTC day does
        contacts.c.valid_from <= func.date(transitions.c.at),
        contacts.c.valid_to.is_(None),
    )
    statement = (
        select(transitions.c.id, products.c.code, transitions.c.seq, raw(transitions.c.event))
        .join(products, products.c.id == transitions.c.product_id)
        .join(units, units.c.id == products.c.unit_id)
        .where(
            raw(transitions.c.event).in_(events),
            transitions.c.undoes.is_(None),
            transitions.c.unit == units.c.name,  # a merged unit's heir need not have been told
            ~exists().where(notice_steps.c.transition_id == transitions.c.id),
            address,
        )
    )
    return one_by_one(tx, statement, transitions.c.id)
