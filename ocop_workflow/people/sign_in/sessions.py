"""Being signed in to the console: kept here, not in the browser, so that it can be ended from anywhere."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ocop_workflow.access import Actor, Scope, SessionStage
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.errors import NotFound, NotSignedIn
from ocop_workflow.people.sign_in import session_queries as kept
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.people.sign_in.session_queries import SessionRecord
    from ocop_workflow.store import Connection

#: that somebody is there is noted at most so often
SEEN_NOTED_EVERY: Final = timedelta(minutes=1)
_SECRET_OCTETS: Final = 32


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """How long a session lasts: unless something is asked in between, and at most."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in, and who acts thereby.

    `name`: the officer's. `seen_at`: when something was last asked, to the minute.
    """

    id: int
    officer_id: int
    name: str
    stage: SessionStage
    seen_at: datetime
    actor: Actor


def open_session(
    tx: Connection, officer_id: int, stage: SessionStage, *, origin: str, agent: str, now: datetime
) -> str:
    """Open a session; returns what the browser is to hold, which nobody can see again."""
    token = secrets.token_urlsafe(_SECRET_OCTETS)
    kept.insert_session(
        tx,
        {
            "officer_id": officer_id,
            "sha256": checksum(token),
            "stage": stage,
            "opened_at": now,
            "seen_at": now,
            "origin": origin[:100],
            "agent": clean(agent)[:200],
        },
    )
    return token


def authenticate(
    tx: Connection,
    token: str,
    origin: str,
    now: datetime,
    terms: SessionTerms,
    stage: SessionStage = SessionStage.FULL,
) -> Session:
    """Return who is signed in by what a browser holds; without the whole sign-in nobody may do anything.

    `stage`: how far the sign-in has to have come, exactly.

    Raises:
        NotSignedIn: nobody is, or no more, or not so far.
    """
    found = kept.bearer(tx, checksum(token)) if token else None
    if found is None or not _lasts(found[0], now, terms) or found[0].stage is not stage:
        raise NotSignedIn("Cần đăng nhập.", "Sign in first.")
    session, held = found
    if stage is not SessionStage.FULL:
        held = ()
    actor = Actor(session.login, origin, held, Scope.ADMINISTER, session.officer_id)
    return Session(session.id, session.officer_id, session.name, session.stage, session.seen_at, actor)


def _lasts(session: SessionRecord, now: datetime, terms: SessionTerms) -> bool:
    return (
        session.ended_at is None
        and session.disabled_at is None
        and now < session.seen_at + terms.idle
        and now < session.opened_at + terms.longest
    )


def note_seen(tx: Connection, session_id: int, now: datetime) -> None:
    """Note that somebody who is signed in has asked for something."""
    kept.change_session(tx, session_id, seen_at=now)


def list_sessions(tx: Connection, officer_id: int, now: datetime, terms: SessionTerms) -> list[SessionRecord]:
    """Return an officer's sessions that last, the newest first."""
    return [session for session in kept.open_sessions(tx, officer_id) if _lasts(session, now, terms)]


def sign_out(tx: Connection, session: Session, now: datetime) -> None:
    """End the session of whoever asks."""
    kept.change_session(tx, session.id, ended_at=now)
    record(tx, session.actor, Deed("sign-out", f"officer:{session.actor.login}"), now)


def end_session(tx: Connection, by: Session, session_id: int, now: datetime) -> None:
    """End one of one's own sessions, at whatever machine it is.

    Raises:
        NotFound: one has none of this number.
    """
    if all(one.id != session_id for one in kept.open_sessions(tx, by.officer_id)):
        raise NotFound(
            f"Không có phiên đăng nhập số {session_id}.", f"There is no session of the number {session_id}."
        )
    kept.change_session(tx, session_id, ended_at=now)
    record(tx, by.actor, Deed("session.end", f"officer:{by.actor.login}"), now)


def checksum(token: str) -> str:
    """Return what is kept of something that only its holder may know."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
