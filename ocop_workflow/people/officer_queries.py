"""Queries on officers, their roles, their tokens, and failed sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, bindparam, delete, exists, insert, select, update

from ocop_workflow.access import OFFICE, Grant, Role, Scope
from ocop_workflow.people.bearer_queries import Bearers
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all, read_one, reader
from ocop_workflow.store.tables import contacts, desks, units
from ocop_workflow.store.tables.access import attempts, grants, officers, tokens
from ocop_workflow.store.types import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import Connection, Select

    from ocop_workflow.regulations import Level


@dataclass(frozen=True, slots=True)
class OfficerRecord:
    """An officer as stored; `password` is a hash."""

    id: int
    login: str
    name: str
    password: str | None
    created_at: datetime
    disabled_at: datetime | None


#: an officer as `OfficerRecord` takes it
OFFICERS = select(
    officers.c.id,
    officers.c.login,
    officers.c.name,
    officers.c.password,
    officers.c.created_at,
    officers.c.disabled_at,
)
_BY_LOGIN = OFFICERS.where(officers.c.login == bindparam("of_login"))
#: the roles that hold, as `Grant` takes them, each with whose it is
GRANTS = (
    select(grants.c.officer_id, grants.c.role, grants.c.unit_id, units.c.slug.label("unit"), units.c.level)
    .join(units, units.c.id == grants.c.unit_id)
    .where(grants.c.revoked_at.is_(None))
    .order_by(grants.c.id)
)
_STAFF = (
    select(units.c.id, units.c.level)
    .join(grants, grants.c.unit_id == units.c.id)
    .join(officers, officers.c.id == grants.c.officer_id)
    .where(grants.c.revoked_at.is_(None), officers.c.disabled_at.is_(None), grants.c.role.in_(OFFICE))
    .distinct()
)
_STAFFED_UNITS = Prepared(_STAFF)
_STAFFED = Prepared(
    _STAFF.with_only_columns(units.c.level).where(units.c.id.in_(bindparam("of_units", expanding=True))),
    "of_units",
)
_GRANTS_OF = Prepared(GRANTS.where(grants.c.officer_id == bindparam("of_officer")))


def any_officer(tx: Connection) -> bool:
    """Tell whether there is an officer at all, disabled or not."""
    return bool(tx.scalar(select(exists(select(officers.c.id)))))


def officer_by_login(tx: Connection, login: str) -> OfficerRecord | None:
    """Return the officer of this login."""
    return read_one(OfficerRecord, tx.execute(_BY_LOGIN, {"of_login": login}))


def all_officers(tx: Connection) -> list[tuple[OfficerRecord, tuple[Grant, ...]]]:
    """Return every officer with the current roles, in the order of their logins."""
    held = grants_by_officer(tx, GRANTS)
    found = read_all(OfficerRecord, tx.execute(OFFICERS.order_by(officers.c.login)))
    return [(officer, held.get(officer.id, ())) for officer in found]


def grants_by_officer(tx: Connection, statement: Select[Any]) -> dict[int, tuple[Grant, ...]]:
    """Return the roles that `GRANTS`, narrowed down, finds: each officer's, oldest first."""
    found = tx.execute(statement)
    grant_of = reader(Grant, found.keys(), apart=("officer_id",))
    held: dict[int, tuple[Grant, ...]] = {}
    for row in found:
        held[row.officer_id] = (*held.get(row.officer_id, ()), grant_of(row))
    return held


def insert_officer(tx: Connection, values: dict[str, Any]) -> int:
    """Store an officer; returns the number."""
    return int(tx.execute(insert(officers).values(**values).returning(officers.c.id)).scalar_one())


def change_officer(tx: Connection, officer_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
    """Give an officer's columns new values."""
    tx.execute(update(officers).where(officers.c.id == officer_id).values(**values))


def grants_of(tx: Connection, officer_id: int) -> tuple[Grant, ...]:
    """Return an officer's current roles, oldest first."""
    grant_of = reader(Grant, _GRANTS_OF.columns, apart=("officer_id",))
    return tuple(grant_of(row) for row in _GRANTS_OF.rows(tx, of_officer=officer_id))


def staffed_levels(tx: Connection, unit_ids: Collection[int]) -> frozenset[Level]:
    """Return the levels at which one of these units has an active officer who acts in its name."""
    return frozenset(level for (level,) in _STAFFED.rows(tx, of_units=unit_ids))


def staffed_units(tx: Connection) -> dict[int, Level]:
    """Return every unit that has an active officer who acts in its name, with its level."""
    return dict(_STAFFED_UNITS.rows(tx))


def insert_grant(
    tx: Connection, officer_id: int, unit_id: int, role: Role, at: datetime, granted_by: str
) -> None:
    """Give an officer a role on a unit."""
    tx.execute(
        insert(grants).values(
            officer_id=officer_id, unit_id=unit_id, role=role, granted_at=at, granted_by=granted_by
        )
    )


def revoke_grant(tx: Connection, officer_id: int, unit_id: int, role: Role, at: datetime) -> bool:
    """Take a role back. False: the officer does not have it."""
    done = tx.execute(
        update(grants)
        .where(
            grants.c.officer_id == officer_id,
            grants.c.unit_id == unit_id,
            grants.c.role == role,
            grants.c.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    return done.rowcount == 1


# -- tokens ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token as stored, with its officer; the token itself is kept nowhere."""

    id: int
    officer_id: int
    login: str
    disabled_at: datetime | None
    label: str
    prefix: str
    scope: Scope
    unit_id: int | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


#: a token as `TokenRecord` takes it
TOKENS = select(
    tokens.c.id,
    tokens.c.officer_id,
    officers.c.login,
    officers.c.disabled_at,
    tokens.c.label,
    tokens.c.prefix,
    tokens.c.scope,
    tokens.c.unit_id,
    tokens.c.created_at,
    tokens.c.expires_at,
    tokens.c.revoked_at,
    tokens.c.last_used_at,
).join(officers, officers.c.id == tokens.c.officer_id)
#: a token and what its officer may do, in one question: every request asks it
_BEARERS = Bearers(TokenRecord, TOKENS, tokens.c.sha256)


def bearer(tx: Connection, sha256: str) -> tuple[TokenRecord, tuple[Grant, ...]] | None:
    """Return the token whose checksum this is, with its officer's current roles, oldest first."""
    return _BEARERS.find(tx, sha256)


def token_by_prefix(tx: Connection, prefix: str) -> TokenRecord | None:
    """Return the token that begins like this."""
    return read_one(TokenRecord, tx.execute(TOKENS.where(tokens.c.prefix == prefix)))


def all_tokens(tx: Connection) -> list[TokenRecord]:
    """Return every token, newest first."""
    return read_all(TokenRecord, tx.execute(TOKENS.order_by(tokens.c.id.desc())))


@dataclass(frozen=True, slots=True)
class EndingToken:
    """A token that ends, with its officer's name, desk and address. `unit`: whose calendar a feed reads."""

    login: str
    name: str
    officer_id: int
    label: str
    prefix: str
    scope: Scope
    unit: str | None
    created_at: datetime
    expires_at: datetime
    desk_id: int
    address: str


_ENDING = Prepared(
    select(
        officers.c.login,
        officers.c.name,
        tokens.c.officer_id,
        tokens.c.label,
        tokens.c.prefix,
        tokens.c.scope,
        units.c.slug.label("unit"),
        tokens.c.created_at,
        tokens.c.expires_at,
        desks.c.id.label("desk_id"),
        contacts.c.address,
    )
    .join(officers, officers.c.id == tokens.c.officer_id)
    .join(desks, desks.c.officer_id == officers.c.id)
    .join(contacts, contacts.c.desk_id == desks.c.id)
    .outerjoin(units, units.c.id == tokens.c.unit_id)
    .where(
        tokens.c.expires_at > bindparam("now", type_=UtcDateTime()),
        tokens.c.expires_at < bindparam("until", type_=UtcDateTime()),
        tokens.c.revoked_at.is_(None),
        officers.c.disabled_at.is_(None),
        contacts.c.valid_from <= bindparam("day", type_=Date()),
        contacts.c.valid_to.is_(None),
    )
    .order_by(tokens.c.id)
)


def tokens_ending(tx: Connection, now: datetime, until: datetime, day: date) -> list[EndingToken]:
    """Return the tokens that end between two instants, of officers at work with an address on a local day."""
    return _ENDING.records(EndingToken, tx, now=now, until=until, day=day)


def insert_token(tx: Connection, values: dict[str, Any]) -> None:
    """Store a token's checksum and what it is for."""
    tx.execute(insert(tokens).values(**values))


def change_token(tx: Connection, token_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
    """Give a token's columns new values."""
    tx.execute(update(tokens).where(tokens.c.id == token_id).values(**values))


# -- failed sign-ins -----------------------------------------------------------------------------------


def failures(tx: Connection, keys: Collection[str]) -> dict[str, tuple[int, datetime]]:
    """Return how often signing in has failed in a row under these keys, and when last."""
    rows = tx.execute(
        select(attempts.c.key, attempts.c.failures, attempts.c.last_at).where(attempts.c.key.in_(keys))
    )
    return {key: (count, last_at) for key, count, last_at in rows}


def count_failure(tx: Connection, key: str, at: datetime) -> None:
    """Count one more failure under a key."""
    values = {"failures": attempts.c.failures + 1, "last_at": at}
    if tx.execute(update(attempts).where(attempts.c.key == key).values(**values)).rowcount == 0:
        tx.execute(insert(attempts).values(key=key, failures=1, last_at=at))


def forget_failures(tx: Connection, keys: Collection[str], before: datetime) -> None:
    """Forget the failures under these keys, and whatever is older than `before`."""
    tx.execute(delete(attempts).where(attempts.c.key.in_(keys) | (attempts.c.last_at < before)))
