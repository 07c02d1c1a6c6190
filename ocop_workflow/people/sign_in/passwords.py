"""Passwords: argon2id over the NFC form; guessable ones are refused; failing slows down.

Failures are counted by account and by address, for accounts that do not exist too, and the answer and
its time are the same: nobody learns here which accounts there are. Nothing is ever locked out for good.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ocop_workflow.access import Actor, Scope
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.errors import InvalidInput, NotSignedIn, TooManyAttempts, fault
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.officers import find_officer, managing
from ocop_workflow.people.sign_in.session_queries import end_sessions

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.store import Connection, Database

SHORTEST, LONGEST = 8, 256

#: zxcvbn's score, 0 to 4, from which a password is no longer easily guessed
_GUESSES_LEAST = 2

#: failures in a row that cost nothing; each one more doubles the wait, up to the longest
FREE = 3
#: likewise for one address: a council behind one router shares it
FREE_OF_ADDRESS = 30
LONGEST_WAIT = timedelta(minutes=15)

#: failures are forgotten after a day
MEMORY = timedelta(days=1)

#: OWASP's smallest advice for argon2id: 19 MiB, two rounds, one lane
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def set_password(
    tx: Connection, by: Actor, login: str, password: str, *, now: datetime, staying: int | None = None
) -> None:
    """Give an officer a password; whoever is signed in by the one before is so no more.

    `staying`: the number of the one session that goes on.

    Raises:
        NotFound: nobody has this login.
        NotPermitted: it is another officer's, whom the actor does not manage.
        InvalidInput: the password is too short, too long, or easily guessed.
    """
    officer = find_officer(tx, login)
    warrant = managing(tx, by, officer) if by.officer_id != officer.id else None
    given = _normal(password)
    _refuse_guessable(given, login, officer.name)
    officers.change_officer(tx, officer.id, password=HASHER.hash(given))
    end_sessions(tx, officer.id, now, but=staying)
    record(tx, by, Deed("officer.password", f"officer:{login}"), now, warrant)


def _refuse_guessable(password: str, login: str, name: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        vi = f"phải dài từ {SHORTEST} đến {LONGEST} ký tự"
        en = f"has to have {SHORTEST} to {LONGEST} characters"
    elif _is_guessable(password, login, name):
        vi = "dễ đoán; hãy dùng vài từ không liên quan nhau"
        en = "is easily guessed; use several words that have nothing to do with each other"
    else:
        return
    raise InvalidInput(
        "Mật khẩu không dùng được.", "The password cannot be used.", [fault("password", vi, en)]
    )


def _is_guessable(password: str, login: str, name: str) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists take long to read

    known = ["ocop", "moi xa mot san pham", login, *name.split()]
    return int(zxcvbn(password[:72], user_inputs=known)["score"]) < _GUESSES_LEAST


def sign_in(database: Database, login: str, password: str, origin: str, *, now: datetime) -> Actor:
    """Check a password and return who acts from now on.

    Raises:
        NotSignedIn: login and password do not go together.
        TooManyAttempts: it has failed too often, for this account or from this address.
    """
    keys = (f"account:{login[:60]}", f"address:{origin[:60]}")
    with database.write() as tx:
        refuse_haste(tx, keys, now)
        officer = officers.officer_by_login(tx, login)
        known = officer.password if officer and officer.disabled_at is None else None
    matches = is_right(known or _nobodys(), password) and known is not None  # the database waits for no hash
    actor = Actor(login[:60], origin, scope=Scope.READ)
    with database.write() as tx:
        if officer is None or not matches:
            note_failure(tx, keys, now)
            record(tx, actor, Deed("sign-in.refused", f"officer:{login[:60]}"), now)
        else:
            forget_failures(tx, keys, now)
            held = officers.grants_of(tx, officer.id)
            actor = Actor(officer.login, origin, held, Scope.ADMINISTER, officer.id)
            record(tx, actor, Deed("sign-in", f"officer:{login}"), now)
    if not matches:
        raise NotSignedIn(
            "Tên đăng nhập hoặc mật khẩu không đúng.", "The login or the password is not right."
        )
    return actor


def note_failure(tx: Connection, keys: tuple[str, ...], now: datetime) -> None:
    """Count a failure under each of these keys."""
    for key in keys:
        officers.count_failure(tx, key, now)


def forget_failures(tx: Connection, keys: tuple[str, ...], now: datetime) -> None:
    """Forget the failures under these keys, and whatever is a day old."""
    officers.forget_failures(tx, keys, now - MEMORY)


def refuse_haste(tx: Connection, keys: tuple[str, ...], now: datetime) -> None:
    """Let nobody go on who has failed too often of late under one of these keys.

    Raises:
        TooManyAttempts: so it is.
    """
    waits = [
        last_at + wait_after(count, FREE_OF_ADDRESS if key.startswith("address:") else FREE) - now
        for key, (count, last_at) in officers.failures(tx, keys).items()
    ]
    longest = max(waits, default=timedelta())
    if longest > timedelta():
        seconds = min(int(longest.total_seconds()) + 1, int(LONGEST_WAIT.total_seconds()))
        raise TooManyAttempts(
            f"Đã sai nhiều lần; hãy thử lại sau {seconds} giây.",
            f"Too many attempts have failed; try again in {seconds} seconds.",
            seconds,
        )


def wait_after(failures: int, free: int = FREE) -> timedelta:
    """Return how long one has to wait after so many failures in a row, of which some cost nothing."""
    if failures < free:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - free, 20)), LONGEST_WAIT)


def is_right(known: str, password: str) -> bool:
    """Tell whether a password is the one whose hash is known; it takes its time."""
    try:
        return HASHER.verify(known, _normal(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """Return a hash that no password has: checking it takes as long as checking a real one."""
    return HASHER.hash("nobody's")


def _normal(password: str) -> str:
    """Return the one form of a password, however the keyboard composed its letters."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode()
