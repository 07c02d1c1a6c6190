"""Queries on people: representatives, officers, units' addresses; what is kept of each, and emptying it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, func, literal, or_, select, update

from ocop_workflow.notifications.outbox import LetterState, copy_number
from ocop_workflow.privacy.answer_queries import forget_replies, producers_saying, said_in_forms
from ocop_workflow.store.dialect import AT_ONCE
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import desks, outbox, producers, products, transitions, units
from ocop_workflow.store.tables.access import (
    attempts,
    audit,
    grants,
    officers,
    recovery_codes,
    replies,
    sessions,
    sign_in_links,
    tokens,
)
from ocop_workflow.store.tables.contacts import contacts
from ocop_workflow.store.tables.forms import form_answers, form_values
from ocop_workflow.store.tables.imports import staged_lists
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from ocop_workflow.access import ContactKind

#: letters that are still on their way
UNDERWAY = (LetterState.PENDING, LetterState.SENDING, LetterState.HELD)


@dataclass(frozen=True, slots=True)
class HeldValue:
    """A contact value of somebody: what it is, and whether it is still there.

    `form`, `field`: of an answer in a form of a dossier, where it stands.
    """

    id: int
    kind: ContactKind
    address: str
    mark: str
    is_there: bool
    form: str | None
    field: str | None


_PLACE = (
    select(
        contacts.c.id,
        contacts.c.kind,
        contacts.c.address,
        contacts.c.mark,
        contacts.c.erased_at.is_(None).label("is_there"),
        form_answers.c.form,
        form_values.c.field,
    )
    .outerjoin(form_values, form_values.c.contact_id == contacts.c.id)
    .outerjoin(form_answers, form_answers.c.id == form_values.c.sheet_id)
)


def representatives(tx: Connection, words: str = "", producer_id: int | None = None) -> list[Row[Any]]:
    """Return producers whose name or representative holds these words, or the one of this number."""
    statement = (
        select(
            producers.c.id,
            producers.c.name,
            producers.c.representative,
            producers.c.unit_id,
            units.c.name.label("unit"),
        )
        .join(units, units.c.id == producers.c.unit_id)
        .order_by(producers.c.search_key, producers.c.id)
    )
    if producer_id is not None:
        return list(tx.execute(statement.where(producers.c.id == producer_id)))
    holding = _values_holding(tx, words)
    living_there = select(products.c.producer_id).where(products.c.address_id.in_(holding))
    found = or_(
        producers.c.search_key.contains(search_key(words), autoescape=True),
        producers.c.id.in_(living_there),
        producers.c.id.in_(producers_saying(holding)),
    )
    return list(tx.execute(statement.where(found)))


def unit_contacts(tx: Connection, words: str = "", contact_id: int | None = None) -> list[Row[Any]]:
    """Return units' addresses that hold these words, or the one of this number."""
    statement = (
        select(
            contacts.c.id,
            contacts.c.address,
            desks.c.unit_id,
            units.c.name.label("unit"),
            contacts.c.valid_from,
            contacts.c.valid_to,
            contacts.c.erased_at,
        )
        .join(desks, desks.c.id == contacts.c.desk_id)
        .join(units, units.c.id == desks.c.unit_id)
        .order_by(contacts.c.address, contacts.c.id)
    )
    if contact_id is not None:
        return list(tx.execute(statement.where(contacts.c.id == contact_id)))
    return list(tx.execute(statement.where(contacts.c.id.in_(_values_holding(tx, words)))))


def _values_holding(tx: Connection, words: str) -> list[int]:
    """Return the numbers of the values that hold these words, without marks and case."""
    wanted = search_key(words)
    rows = tx.execute(select(contacts.c.id, contacts.c.address).where(contacts.c.erased_at.is_(None)))
    return [number for number, address in rows if wanted in search_key(address)]


def products_of(tx: Connection, producer_id: int) -> list[Row[Any]]:
    """Return the products that are a producer's, or were before a step changed that."""
    once = select(transitions.c.product_id).where(
        transitions.c.replaced["columns"]["producer_id"].as_integer() == producer_id
    )
    statement = select(products.c.id, products.c.code, products.c.name, products.c.state).where(
        or_(products.c.producer_id == producer_id, products.c.id.in_(once))
    )
    return list(tx.execute(statement.order_by(products.c.code)))


def places_of(tx: Connection, product_ids: Collection[int]) -> list[HeldValue]:
    """Return every place that these products have or had, and what their forms say of a person.

    In the order in which they were kept.
    """
    found: set[int] = set()
    of = transitions.c.product_id.in_(product_ids)
    now = select(products.c.address_id).where(products.c.id.in_(product_ids))
    given = select(transitions.c.address_id).where(of)
    replaced = select(transitions.c.replaced).where(of)
    found |= {number for number in tx.scalars(now) if number is not None}
    found |= {number for number in tx.scalars(given) if number is not None}
    for step in tx.scalars(replaced):
        number = (step or {}).get("columns", {}).get("address_id")
        found |= {number} if number is not None else set()
    found |= set(tx.scalars(said_in_forms(product_ids)))
    return _held(tx, contacts.c.id.in_(found))


def _held(tx: Connection, which: ColumnElement[bool]) -> list[HeldValue]:
    return read_all(HeldValue, tx.execute(_PLACE.where(which).order_by(contacts.c.id)))


def places_like(tx: Connection, contact_id: int) -> list[HeldValue]:
    """Return a unit's address and every other row that holds the same one, for whichever unit."""
    same = select(func.lower(contacts.c.address)).where(contacts.c.id == contact_id).scalar_subquery()
    alike = (contacts.c.desk_id.is_not(None), func.lower(contacts.c.address) == same)
    both = or_(contacts.c.id == contact_id, (contacts.c.erased_at.is_(None)) & alike[0] & alike[1])
    return _held(tx, both)


def places_under(tx: Connection, marks: Collection[str]) -> list[HeldValue]:
    """Return the values of these marks that are still there."""
    listed = sorted(marks)
    found: list[HeldValue] = []
    for start in range(0, len(listed), AT_ONCE):
        some = contacts.c.mark.in_(listed[start : start + AT_ONCE]) & contacts.c.erased_at.is_(None)
        found += _held(tx, some)
    return found


def officers_like(tx: Connection, words: str = "", login: str | None = None) -> list[Row[Any]]:
    """Return officers whose login, name or address holds these words, or the one of this login."""
    statement = select(
        officers.c.id, officers.c.login, officers.c.name, officers.c.password, officers.c.disabled_at
    ).order_by(officers.c.login)
    if login is not None:
        return list(tx.execute(statement.where(officers.c.login == login)))
    wanted = search_key(words)
    reached = set(tx.scalars(_OF_OFFICERS.where(contacts.c.id.in_(_values_holding(tx, words)))))
    rows: list[Row[Any]] = list(tx.execute(statement))
    return [row for row in rows if row.id in reached or wanted in search_key(f"{row.login} {row.name}")]


_OF_OFFICERS = select(desks.c.officer_id).join(contacts, contacts.c.desk_id == desks.c.id)


def addresses_of(tx: Connection, logins: Collection[str]) -> list[HeldValue]:
    """Return every address that the letters of these officers go or went to."""
    theirs = select(desks.c.id).join(officers).where(officers.c.login.in_(logins))
    return _held(tx, contacts.c.desk_id.in_(theirs))


def units_of(tx: Connection, officer_id: int) -> list[tuple[int, str]]:
    """Return the units on which an officer has roles, or had them if none is left."""
    statement = (
        select(units.c.id, units.c.name, grants.c.revoked_at.is_(None))
        .join(grants, grants.c.unit_id == units.c.id)
        .where(grants.c.officer_id == officer_id)
        .order_by(grants.c.id)
    )
    held = [tuple(row) for row in tx.execute(statement)]
    current = [(unit, name) for unit, name, is_current in held if is_current]
    return current or [(unit, name) for unit, name, _ in held]


def labels_of(tx: Connection, officer_id: int) -> list[str]:
    """Return the labels that an officer gave to tokens."""
    named = tokens.c.label != ""
    return list(tx.scalars(select(tokens.c.label).where(tokens.c.officer_id == officer_id, named)))


def steps_by(tx: Connection, login: str) -> list[Row[Any]]:
    """Return the steps that somebody made: product, event, day."""
    statement = (
        select(products.c.code, transitions.c.seq, transitions.c.event, transitions.c.on_day)
        .join(products, products.c.id == transitions.c.product_id)
        .where(transitions.c.actor == login)
    )
    return list(tx.execute(statement.order_by(products.c.code, transitions.c.seq)))


def audit_by(tx: Connection, login: str) -> int:
    """Count the audit's entries of what somebody did."""
    return tx.scalar(select(func.count()).where(audit.c.actor == login)) or 0


def letters_to(tx: Connection, addresses: Collection[str]) -> list[Row[Any]]:
    """Return the letters to these addresses whose bytes are kept: number, when, subject, state."""
    lowered = {address.lower() for address in addresses}
    statement = select(
        outbox.c.id, outbox.c.created_at, outbox.c.subject, outbox.c.state, outbox.c.digest_id, outbox.c.key
    ).where(outbox.c.gone_at.is_(None), func.lower(outbox.c.address).in_(lowered))
    return list(tx.execute(statement.order_by(outbox.c.id)))


def old_letters(tx: Connection, before: datetime, at_most: int) -> list[Row[Any]]:
    """Return letters that have come to an end and were written before an instant, oldest first."""
    statement = (
        select(outbox.c.id, outbox.c.key)
        .where(outbox.c.gone_at.is_(None), outbox.c.created_at < before, outbox.c.state.not_in(UNDERWAY))
        .order_by(outbox.c.id)
        .limit(at_most)
    )
    return list(tx.execute(statement))


def count_old_letters(tx: Connection, before: datetime) -> int:
    """Count what `old_letters` would return in the end."""
    which = (outbox.c.gone_at.is_(None), outbox.c.created_at < before, outbox.c.state.not_in(UNDERWAY))
    return tx.scalar(select(func.count()).where(*which)) or 0


def empty_letters(tx: Connection, letters: Sequence[Row[Any]], said: str, at: datetime) -> int:
    """Take bytes, address and the relay's words out of letters; that they were sent, and when, stays.

    Nothing of them is left in the file either.

    Args:
        tx: a writing transaction.
        letters: their numbers and keys.
        said: what stands where the address stood.
        at: this instant.
    """
    _wipe(tx)
    for letter in letters:
        number = copy_number(letter.key)
        key = f"gone:{letter.id}" + (f"#{number}" if number > 1 else "")
        replied = {
            column.name: case((column.is_not(None), said))
            for column in (outbox.c.relay_reply, outbox.c.last_error)
        }
        tx.execute(
            update(outbox)
            .where(outbox.c.id == letter.id)
            .values(key=key, address=said, domain="", mime=b"", gone_at=at, **replied)
        )
    return len(letters)


def _wipe(tx: Connection) -> None:
    """Let SQLite write zeros over what is deleted; PostgreSQL's vacuum gives the room to others in time."""
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql("PRAGMA secure_delete=ON")


def cancel(tx: Connection, letter_ids: Collection[int]) -> None:
    """Let waiting letters not go out any more."""
    tx.execute(
        update(outbox)
        .where(outbox.c.id.in_(letter_ids))
        .values(state=LetterState.CANCELLED, lease_until=None)
    )


def alone_in(tx: Connection, digest_ids: Collection[int], letter_ids: Collection[int]) -> set[int]:
    """Return those digests that no letter but these carries."""
    others = select(outbox.c.digest_id).where(
        outbox.c.digest_id.in_(digest_ids),
        outbox.c.id.not_in(letter_ids),
        outbox.c.state.not_in((LetterState.CANCELLED, LetterState.SUPERSEDED)),
    )
    return set(digest_ids) - set(tx.scalars(others))


def empty_values(tx: Connection, ids: Collection[int], said: str, at: datetime, today: date) -> None:
    """Take values out, and their salts with them; a unit's address gets no letter from today on.

    What was answered over HTTP and repeats one of them is forgotten, too.
    """
    _wipe(tx)
    forget_replies(tx, ids)
    begun = case((contacts.c.valid_from > today, contacts.c.valid_from), else_=literal(today))
    lasts = contacts.c.desk_id.is_not(None) & (contacts.c.valid_to.is_(None) | (contacts.c.valid_to > today))
    tx.execute(
        update(contacts)
        .where(contacts.c.id.in_(ids))
        .values(
            address=said, salt=None, erased_at=at, valid_to=case((lasts, begun), else_=contacts.c.valid_to)
        )
    )


def ended_contacts(tx: Connection, before: date) -> list[int]:
    """Return units' addresses to which no letter has gone since before a local day, still there."""
    return list(
        tx.scalars(
            select(contacts.c.id).where(
                contacts.c.desk_id.is_not(None),
                contacts.c.erased_at.is_(None),
                contacts.c.valid_to < before,
            )
        )
    )


def _credentials() -> ColumnElement[bool]:
    named = select(tokens.c.officer_id).where(tokens.c.label != "")
    reached = _OF_OFFICERS.where(desks.c.officer_id.is_not(None), contacts.c.erased_at.is_(None))
    seen = select(sessions.c.officer_id)
    return or_(
        officers.c.password.is_not(None),
        officers.c.id.in_(named),
        officers.c.id.in_(reached),
        officers.c.id.in_(seen),
    )


def officers_kept(tx: Connection, before: datetime | None = None) -> list[str]:
    """Return the logins of disabled officers of whom a password, labels or addresses are kept.

    `before`: only of those who were disabled before this instant.
    """
    since = officers.c.disabled_at.is_not(None) if before is None else officers.c.disabled_at < before
    which = select(officers.c.login).where(since, _credentials())
    return list(tx.scalars(which.order_by(officers.c.login)))


def empty_officers(tx: Connection, logins: Collection[str]) -> None:
    """Take out passwords, codes, sign-ins, waiting lists and the labels of tokens of disabled officers."""
    gone = officers.c.login.in_(logins) & officers.c.disabled_at.is_not(None)
    numbers = list(tx.scalars(select(officers.c.id).where(gone)))
    tx.execute(update(officers).where(gone).values(password=None, code_secret=None, code_step=None))
    for table in (sessions, recovery_codes, sign_in_links, staged_lists):
        tx.execute(delete(table).where(table.c.officer_id.in_(numbers)))
    tx.execute(update(tokens).where(tokens.c.officer_id.in_(numbers)).values(label=""))
    keys = [f"{kind}:{login[:60]}" for login in logins for kind in ("account", "code")]
    tx.execute(delete(attempts).where(attempts.c.key.in_(keys)))


def old_sign_ins(tx: Connection, before: datetime) -> int:
    """Count the failed sign-ins of before an instant, and the sessions that were last seen before it."""
    failed = tx.scalar(select(func.count()).where(attempts.c.last_at < before)) or 0
    return failed + (tx.scalar(select(func.count()).where(sessions.c.seen_at < before)) or 0)


def old_replies(tx: Connection, before: datetime) -> int:
    """Count the answers kept for repeated requests of before an instant."""
    return tx.scalar(select(func.count()).where(replies.c.at < before)) or 0


def forget(tx: Connection, sign_ins: datetime, answers: datetime) -> None:
    """Delete failed sign-ins and kept answers of before these instants."""
    tx.execute(delete(attempts).where(attempts.c.last_at < sign_ins))
    tx.execute(delete(replies).where(replies.c.at < answers))
    tx.execute(delete(sessions).where(sessions.c.seen_at < sign_ins))
    tx.execute(delete(sign_in_links).where(sign_in_links.c.until < sign_ins))
