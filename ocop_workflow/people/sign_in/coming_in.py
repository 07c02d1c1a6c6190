"""Signing in to the console: a password, then a one-time code where there is one; and the ways back.

A code is required of whoever administers a town or keeps a council's records, and offered to all. Whoever
has lost password or telephone gets a link, good once, by which a password is set and the code begins anew.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ocop_workflow.access import Actor, Role, Scope, SessionStage
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, NotSignedIn, fault
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.officers import find_officer, managing
from ocop_workflow.people.sign_in import codes
from ocop_workflow.people.sign_in import session_queries as kept
from ocop_workflow.people.sign_in.passwords import (
    forget_failures,
    note_failure,
    refuse_haste,
    set_password,
    sign_in,
)
from ocop_workflow.people.sign_in.sessions import checksum, open_session
from ocop_workflow.people.staff import refuse_out_of_reach

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ocop_workflow.access import Grant
    from ocop_workflow.people.sign_in.session_queries import LinkRecord
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection, Database

#: whose mistakes cost most: they sign in with a code, too
CODE_REQUIRED: Final = frozenset({Role.ADMINISTRATOR, Role.COUNCIL_SECRETARY})
#: for how long a link is good
LINK_LASTS: Final = timedelta(hours=24)
_LINK_OCTETS: Final = 32


@dataclass(frozen=True, slots=True)
class Knock:
    """From where somebody signs in: the address, what the browser calls itself, and when.

    `elsewhere`: this instant as a telephone has it.
    """

    origin: str
    agent: str
    now: datetime
    elsewhere: datetime


def requires_code(held: Iterable[Grant]) -> bool:
    """Tell whether somebody with these roles has to sign in with a code."""
    return any(grant.role in CODE_REQUIRED for grant in held)


def enter(database: Database, login: str, password: str, knock: Knock) -> str:
    """Sign in by a password; returns what the browser is to hold. A code may still be asked for.

    Raises:
        NotSignedIn: login and password do not go together.
        TooManyAttempts: it has failed too often, for this account or from this address.
    """
    actor = sign_in(database, login, password, knock.origin, now=knock.now)
    with database.write() as tx:
        return _open(tx, actor, knock)


def _open(tx: Connection, actor: Actor, knock: Knock) -> str:
    assert actor.officer_id is not None  # noqa: S101 - signed in a moment ago
    secret, _ = kept.code_of(tx, actor.officer_id)
    if secret is not None:
        stage = SessionStage.CODE
    else:
        stage = SessionStage.ENROL if requires_code(actor.grants) else SessionStage.FULL
    return open_session(tx, actor.officer_id, stage, origin=knock.origin, agent=knock.agent, now=knock.now)


def give_code(database: Database, session: Session, given: str, knock: Knock) -> str:
    """Complete a sign-in by a one-time code, or by a recovery code; returns what the browser is to hold now.

    Raises:
        NotSignedIn: the code is not right, or was used already.
        TooManyAttempts: it has failed too often.
    """
    keys = (f"code:{session.actor.login}",)
    with database.write() as tx:
        refuse_haste(tx, keys, knock.now)
        accepted = accepted_code(tx, session.officer_id, given, knock)
        if accepted is None:
            note_failure(tx, keys, knock.now)
            record(tx, session.actor, Deed("sign-in.code_refused", _subject(session)), knock.now)
        else:
            forget_failures(tx, keys, knock.now)
            record(tx, session.actor, Deed("sign-in.code", _subject(session), after=accepted), knock.now)
            token = _full(tx, session, knock)
    if accepted is None:
        raise NotSignedIn(
            "Mã không đúng hoặc đã dùng; hãy chờ mã mới trên điện thoại rồi nhập lại.",
            "The code is not right, or was used; wait for the next one on your telephone.",
        )
    return token


def accepted_code(tx: Connection, officer_id: int, given: str, knock: Knock) -> dict[str, str] | None:
    """Take a one-time or a recovery code, which is good for nothing more; none: it is not right."""
    secret, newest = kept.code_of(tx, officer_id)
    step = codes.step_of(secret, given, knock.elsewhere, newest) if secret else None
    if step is not None:
        officers.change_officer(tx, officer_id, code_step=step)
        return {"by": "code"}
    if kept.use_recovery_code(tx, officer_id, codes.recovery_checksum(given), knock.now):
        return {"by": "recovery code"}
    return None


def _full(tx: Connection, session: Session, knock: Knock) -> str:
    """Put a whole session in the place of one that waited: what was held before is good for nothing."""
    kept.change_session(tx, session.id, ended_at=knock.now)
    return open_session(
        tx,
        session.officer_id,
        SessionStage.FULL,
        origin=knock.origin,
        agent=knock.agent,
        now=knock.now,
    )


@dataclass(frozen=True, slots=True)
class Enrolled:
    """That codes are asked for from now on: what the browser is to hold; recovery codes, shown once."""

    token: str
    recovery: tuple[str, ...]


def enrol(tx: Connection, session: Session, secret: str, given: str, knock: Knock) -> Enrolled:
    """Ask for one-time codes from now on, or for those of another telephone; a first code proves it works.

    Raises:
        InvalidInput: the code is none of this secret's.
    """
    step = codes.step_of(secret, given, knock.elsewhere, 0) if codes.is_secret(secret) else None
    if step is None:
        raise InvalidInput(
            "Mã không đúng.",
            "The code is not right.",
            [
                fault(
                    "code",
                    "không khớp; hãy xem giờ trên điện thoại có đúng không rồi nhập mã mới",
                    "does not fit; see whether the telephone's clock is right, then give a new one",
                )
            ],
        )
    officers.change_officer(tx, session.officer_id, code_secret=secret, code_step=step)
    recovery = _new_recovery_codes(tx, session.officer_id)
    record(tx, session.actor, Deed("officer.code_on", _subject(session)), knock.now)
    kept.end_sessions(tx, session.officer_id, knock.now, but=session.id)
    return Enrolled(_full(tx, session, knock), recovery)


def set_up_code(tx: Connection, by: Actor, login: str, *, now: datetime) -> tuple[str, tuple[str, ...]]:
    """Give an officer a secret and recovery codes at once: for a demonstration, where nobody has a telephone.

    Raises:
        NotFound: nobody has this login.
        NotPermitted: the actor is not the host's operator.
    """
    if not by.is_operator:
        raise NotPermitted("Chỉ làm được trên máy chủ.", "Only the host can do this.")
    officer, secret = find_officer(tx, login), codes.new_secret()
    officers.change_officer(tx, officer.id, code_secret=secret, code_step=None)
    record(tx, by, Deed("officer.code_on", f"officer:{login}"), now)
    return secret, _new_recovery_codes(tx, officer.id)


def renew_recovery_codes(tx: Connection, session: Session, now: datetime) -> tuple[str, ...]:
    """Make new recovery codes, shown once; the ones before are good for nothing any more.

    Raises:
        Conflict: the officer signs in without a code.
    """
    _refuse_without_code(tx, session)
    record(tx, session.actor, Deed("officer.recovery_codes", _subject(session)), now)
    return _new_recovery_codes(tx, session.officer_id)


def _new_recovery_codes(tx: Connection, officer_id: int) -> tuple[str, ...]:
    made = codes.new_recovery_codes()
    kept.replace_recovery_codes(tx, officer_id, [codes.recovery_checksum(one) for one in made])
    return made


def drop_code(tx: Connection, session: Session, now: datetime) -> None:
    """Ask for no code any more.

    Raises:
        Conflict: the officer has none, or has to have one.
    """
    _refuse_without_code(tx, session)
    if requires_code(session.actor.grants):
        raise Conflict("Vai trò của bạn bắt buộc đăng nhập bằng mã.", "Your role has to sign in with a code.")
    _forget_code(tx, session.officer_id)
    record(tx, session.actor, Deed("officer.code_off", _subject(session)), now)


def _refuse_without_code(tx: Connection, session: Session) -> None:
    if kept.code_of(tx, session.officer_id)[0] is None:
        raise Conflict("Chưa bật mã đăng nhập.", "No code is asked for yet.")


def _forget_code(tx: Connection, officer_id: int) -> None:
    officers.change_officer(tx, officer_id, code_secret=None, code_step=None)
    kept.replace_recovery_codes(tx, officer_id, [])


def change_password(tx: Connection, session: Session, password: str, now: datetime) -> None:
    """Give oneself another password; whoever is signed in elsewhere is so no more.

    Raises:
        InvalidInput: it is too short, too long, or easily guessed.
    """
    set_password(tx, session.actor, session.actor.login, password, now=now, staying=session.id)


# -- links ---------------------------------------------------------------------------------------------


def make_link(tx: Connection, by: Actor, login: str, *, now: datetime) -> str:
    """Make a link by which an officer sets a password, once; returns what stands at its end.

    Raises:
        NotFound: nobody in the actor's reach has this login.
        NotPermitted: the actor does not manage the officer.
        Conflict: the officer is disabled.
    """
    if not by.is_operator:
        refuse_out_of_reach(tx, by, login)
    officer = find_officer(tx, login)
    warrant = managing(tx, by, officer)
    if officer.disabled_at is not None:
        raise Conflict(f"Cán bộ {login} đã bị vô hiệu hóa.", f"The officer {login} is disabled.")
    token = secrets.token_urlsafe(_LINK_OCTETS)
    values = {
        "officer_id": officer.id,
        "sha256": checksum(token),
        "made_at": now,
        "made_by": by.login,
        "until": now + LINK_LASTS,
    }
    kept.insert_link(tx, values)
    record(tx, by, Deed("officer.link", f"officer:{login}", after={"until": values["until"]}), now, warrant)
    return token


def find_link(tx: Connection, token: str, now: datetime) -> LinkRecord:
    """Return the link of this end, if it is still good.

    Raises:
        NotFound: there is none, or it was used, or its time is over.
    """
    link = kept.link_by_checksum(tx, checksum(token))
    if link is None or link.used_at is not None or now >= link.until or link.disabled_at is not None:
        raise NotFound(
            "Liên kết này không còn dùng được: đã dùng rồi hoặc quá 24 giờ. Hãy xin người quản trị liên kết "
            "khác.",
            "This link is good no more: it was used, or is older than 24 hours. Ask your administrator for "
            "another one.",
        )
    return link


def use_link(database: Database, token: str, password: str, knock: Knock) -> str:
    """Set a password by a link, once, and sign in; a code that was asked for before is set up anew.

    Returns what the browser is to hold.

    Raises:
        NotFound: see `find_link`.
        InvalidInput: the password is too short, too long, or easily guessed.
    """
    with database.write() as tx:
        link = find_link(tx, token, knock.now)
        held = officers.grants_of(tx, link.officer_id)
        actor = Actor(link.login, knock.origin, held, Scope.ADMINISTER, link.officer_id)
        set_password(tx, actor, link.login, password, now=knock.now)
        kept.use_link(tx, link.id, knock.now)
        _forget_code(tx, link.officer_id)
        forget_failures(tx, (f"account:{link.login}", f"code:{link.login}"), knock.now)
        record(tx, actor, Deed("officer.link_used", f"officer:{link.login}"), knock.now)
        return _open(tx, actor, knock)


def _subject(session: Session) -> str:
    return f"officer:{session.actor.login}"
