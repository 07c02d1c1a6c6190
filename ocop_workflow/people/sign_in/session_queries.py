"""Queries on who is signed in, on recovery codes, and on links by which a password is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from ocop_workflow.people.bearer_queries import Bearers
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables.access import officers, recovery_codes, sessions, sign_in_links

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from ocop_workflow.access import Grant, SessionStage


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session with its officer; what the browser holds is kept nowhere."""

    id: int
    officer_id: int
    login: str
    name: str
    disabled_at: datetime | None
    stage: SessionStage
    opened_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    origin: str
    agent: str


_SESSIONS = select(
    sessions.c.id,
    sessions.c.officer_id,
    officers.c.login,
    officers.c.name,
    officers.c.disabled_at,
    sessions.c.stage,
    sessions.c.opened_at,
    sessions.c.seen_at,
    sessions.c.ended_at,
    sessions.c.origin,
    sessions.c.agent,
).join(officers, officers.c.id == sessions.c.officer_id)
#: a session and what its officer may do, in one question: every page asks it
_BEARERS = Bearers(SessionRecord, _SESSIONS, sessions.c.sha256)


def bearer(tx: Connection, sha256: str) -> tuple[SessionRecord, tuple[Grant, ...]] | None:
    """Return the session whose checksum this is, with its officer's current roles, oldest first."""
    return _BEARERS.find(tx, sha256)


def insert_session(tx: Connection, values: dict[str, Any]) -> int:
    """Store a session; returns its number."""
    return int(tx.execute(insert(sessions).values(**values).returning(sessions.c.id)).scalar_one())


def change_session(tx: Connection, session_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
    """Give a session's columns new values."""
    tx.execute(update(sessions).where(sessions.c.id == session_id).values(**values))


def open_sessions(tx: Connection, officer_id: int) -> list[SessionRecord]:
    """Return an officer's sessions that nobody has ended, the newest first."""
    of_officer = (sessions.c.officer_id == officer_id, sessions.c.ended_at.is_(None))
    found = tx.execute(_SESSIONS.where(*of_officer).order_by(sessions.c.id.desc()))
    return read_all(SessionRecord, found)


def end_sessions(tx: Connection, officer_id: int, at: datetime, but: int | None = None) -> int:
    """End an officer's sessions, all but one. Returns how many."""
    statement = update(sessions).where(
        sessions.c.officer_id == officer_id, sessions.c.ended_at.is_(None), sessions.c.id != (but or 0)
    )
    return tx.execute(statement.values(ended_at=at)).rowcount


# -- one-time codes ------------------------------------------------------------------------------------


def code_of(tx: Connection, officer_id: int) -> tuple[str | None, int]:
    """Return an officer's secret for one-time codes, and the newest step whose code was given (0: none)."""
    row = tx.execute(
        select(officers.c.code_secret, func.coalesce(officers.c.code_step, 0)).where(
            officers.c.id == officer_id
        )
    ).one()
    return row[0], row[1]


def replace_recovery_codes(tx: Connection, officer_id: int, checksums: list[str]) -> None:
    """Let these be an officer's recovery codes, and no others."""
    tx.execute(delete(recovery_codes).where(recovery_codes.c.officer_id == officer_id))
    if checksums:
        tx.execute(insert(recovery_codes), [{"officer_id": officer_id, "sha256": one} for one in checksums])


def use_recovery_code(tx: Connection, officer_id: int, checksum: str, at: datetime) -> bool:
    """Use a recovery code up. False: it is none, or was used."""
    statement = update(recovery_codes).where(
        recovery_codes.c.officer_id == officer_id,
        recovery_codes.c.sha256 == checksum,
        recovery_codes.c.used_at.is_(None),
    )
    return tx.execute(statement.values(used_at=at)).rowcount == 1


def recovery_codes_left(tx: Connection, officer_id: int) -> int:
    """Return how many recovery codes an officer has left."""
    statement = select(func.count()).where(
        recovery_codes.c.officer_id == officer_id, recovery_codes.c.used_at.is_(None)
    )
    return int(tx.scalar(statement.select_from(recovery_codes)) or 0)


# -- links ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A link by which an officer sets a password, with whose it is."""

    id: int
    officer_id: int
    login: str
    name: str
    disabled_at: datetime | None
    made_at: datetime
    made_by: str
    until: datetime
    used_at: datetime | None


_LINKS = select(
    sign_in_links.c.id,
    sign_in_links.c.officer_id,
    officers.c.login,
    officers.c.name,
    officers.c.disabled_at,
    sign_in_links.c.made_at,
    sign_in_links.c.made_by,
    sign_in_links.c.until,
    sign_in_links.c.used_at,
).join(officers, officers.c.id == sign_in_links.c.officer_id)


def insert_link(tx: Connection, values: dict[str, Any]) -> None:
    """Store a link's checksum; those that the officer had before are good for nothing any more."""
    of_officer = sign_in_links.c.officer_id == values["officer_id"]
    earlier = update(sign_in_links).where(of_officer, sign_in_links.c.used_at.is_(None))
    tx.execute(earlier.values(until=values["made_at"]))
    tx.execute(insert(sign_in_links).values(**values))


def link_by_checksum(tx: Connection, sha256: str) -> LinkRecord | None:
    """Return the link whose checksum this is."""
    return read_one(LinkRecord, tx.execute(_LINKS.where(sign_in_links.c.sha256 == sha256)))


def use_link(tx: Connection, link_id: int, at: datetime) -> bool:
    """Use a link up. False: somebody else was first."""
    statement = update(sign_in_links).where(sign_in_links.c.id == link_id, sign_in_links.c.used_at.is_(None))
    return tx.execute(statement.values(used_at=at)).rowcount == 1


def newest_links(tx: Connection, officer_id: int, limit: int) -> list[LinkRecord]:
    """Return the links that were made for an officer, the newest first."""
    of_officer = _LINKS.where(sign_in_links.c.officer_id == officer_id)
    return read_all(LinkRecord, tx.execute(of_officer.order_by(sign_in_links.c.id.desc()).limit(limit)))
