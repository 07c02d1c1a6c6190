"""Bearer tokens: made once and shown once, kept only as a checksum, limited in reach and in time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from ocop_workflow.access import Actor, Permission, Scope
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.errors import Conflict, NotFound, NotPermitted, NotSignedIn, WrongUse
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people import staff_queries as staffing
from ocop_workflow.people.officers import find_officer, find_unit, managing, permitted
from ocop_workflow.people.staff import refuse_out_of_reach
from ocop_workflow.store.installation import keep_uid
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.access import Warrant
    from ocop_workflow.people.officer_queries import OfficerRecord, TokenRecord
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.store import Connection

#: a day's worth of minutes between two notes of a token's use would be too coarse, each request too many
USE_NOTED_EVERY = timedelta(minutes=1)

#: a token lives at most so many days
LONGEST = 366

_SECRET_BYTES = 32  # 256 random bits: no slow hash is needed to keep them
#: characters of what is shown of a token
PREFIX = 12  # "ocop_" and seven characters, shown in lists


@dataclass(frozen=True, slots=True)
class TokenOrder:
    """What token is asked for.

    Attributes:
        login: the officer's.
        scope: how far it reaches, within what the officer's roles allow.
        days: for how many days.
        label: what it is for.
        unit: of a feed: whose calendar it reads.
    """

    login: str
    scope: Scope
    days: int
    label: str = ""
    unit: str | None = None


def create_token(tx: Connection, by: Actor, order: TokenOrder, *, now: datetime) -> str:
    """Make a token for an officer and return it; nobody can see it again.

    An officer may make its own; for others, whoever manages officers where they have their roles.

    Raises:
        NotFound: no such officer within the actor's reach, or no such unit.
        WrongUse: more days than a year, or a feed without a unit (or the other way round).
        Conflict: the officer is disabled.
        NotPermitted: the actor may not.
    """
    _refuse_nonsense(order)
    refuse_out_of_reach(tx, by, order.login)
    officer = find_officer(tx, order.login)
    if officer.disabled_at is not None:
        raise Conflict(f"Cán bộ {order.login} đã bị vô hiệu hóa.", f"The officer {order.login} is disabled.")
    warrant = _making(tx, by, officer, order.scope)
    place = _readable_unit(tx, order, officer) if order.unit else None
    if order.scope is Scope.FEED:
        keep_uid(tx, str(uuid4()))  # by which the feed's entries are named, for good
    token = f"ocop_{secrets.token_urlsafe(_SECRET_BYTES)}"
    expires_at = now + timedelta(days=order.days)
    officers.insert_token(
        tx,
        {
            "officer_id": officer.id,
            "label": clean(order.label)[:100],
            "prefix": token[:PREFIX],
            "sha256": _checksum(token),
            "scope": order.scope,
            "unit_id": place.id if place else None,
            "created_at": now,
            "created_by": by.login,
            "expires_at": expires_at,
        },
    )
    after = {"officer": order.login, "scope": order.scope, "unit": order.unit, "expires_at": expires_at}
    record(tx, by, Deed("token.create", f"token:{token[:PREFIX]}", after=after), now, warrant)
    return token


def _refuse_nonsense(order: TokenOrder) -> None:
    if not 1 <= order.days <= LONGEST:
        raise WrongUse(f"Số ngày phải từ 1 đến {LONGEST}.", f"The days have to be from 1 to {LONGEST}.")
    if (order.scope is Scope.FEED) != (order.unit is not None):
        raise WrongUse(
            "Mã đọc lịch (feed) cần đúng một địa phương; mã khác thì không.",
            "A feed's token needs a unit; no other does.",
        )


def _making(tx: Connection, by: Actor, officer: OfficerRecord, scope: Scope) -> Warrant | None:
    """Return in whose name the token is made; none: in the officer's own, and no wider than its own."""
    if by.officer_id != officer.id:
        return managing(tx, by, officer)
    if not by.scope.covers(Scope.READ if scope is Scope.FEED else scope):
        raise NotPermitted(
            f"Không thể tạo mã rộng hơn mã đang dùng ({by.scope.label}).",
            f"No token can be wider than the one that makes it ({by.scope.value}).",
        )
    return None


def _readable_unit(tx: Connection, order: TokenOrder, officer: OfficerRecord) -> UnitRecord:
    place = find_unit(tx, order.unit or "")
    reader = Actor(order.login, "", officers.grants_of(tx, officer.id), Scope.READ, officer.id)
    permitted(tx, reader, Permission.READ, place.id)
    return place


def revoke_token(tx: Connection, by: Actor, prefix: str, *, now: datetime) -> TokenRecord:
    """Revoke a token by what it begins with; it stops working at once. Returns it as it is then.

    Raises:
        NotFound: none that the actor may know of begins like this.
        NotPermitted: it is another officer's, whom the actor does not manage everywhere.
    """
    token = officers.token_by_prefix(tx, prefix[:PREFIX])
    if token is None:
        raise _no_token(prefix)
    warrant = None
    if by.officer_id != token.officer_id:
        try:
            refuse_out_of_reach(tx, by, token.login)
        except NotFound:
            raise _no_token(prefix) from None
        warrant = managing(tx, by, find_officer(tx, token.login))
    if token.revoked_at is not None:
        return token
    officers.change_token(tx, token.id, revoked_at=now)
    record(tx, by, Deed("token.revoke", f"token:{token.prefix}"), now, warrant)
    return replace(token, revoked_at=now)


def _no_token(prefix: str) -> NotFound:
    return NotFound(
        f"Không có mã truy cập nào bắt đầu bằng {prefix[:PREFIX]}; xem bằng `ocop token list`.",
        f"No token begins with {prefix[:PREFIX]}; see `ocop token list`.",
    )


def list_tokens(
    tx: Connection, actor: Actor, login: str, limit: int, before: int | None = None
) -> list[TokenRecord]:
    """Return an officer's tokens, newest first: one's own, or of whom the actor manages everywhere.

    Raises:
        NotFound: nobody in reach has this login.
        NotPermitted: the officer has a role where the actor does not manage officers.
    """
    refuse_out_of_reach(tx, actor, login)
    officer = find_officer(tx, login)
    if officer.id != actor.officer_id:
        managing(tx, actor, officer)
    return staffing.tokens_of(tx, officer.id, limit, before)


def token_in_use(tx: Connection, token: str) -> TokenRecord:
    """Return what is kept of a token that was found valid in this transaction.

    Raises:
        NotFound: it is not kept.
    """
    found = officers.bearer(tx, _checksum(token))
    if found is None:
        raise _no_token(token)
    return found[0]


def authenticate(tx: Connection, token: str, origin: str, now: datetime) -> Actor:
    """Return who acts with a token.

    The answer is the same whatever is wrong with it.

    Raises:
        NotSignedIn: it is unknown, revoked or over, or its officer is disabled.
    """
    found, held = officers.bearer(tx, _checksum(token)) or (None, ())
    if (
        found is None
        or found.revoked_at is not None
        or found.disabled_at is not None
        or found.expires_at <= now
    ):
        raise NotSignedIn(
            "Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi.",
            "The token is unknown, has expired or was revoked.",
        )
    return Actor(found.login, origin, held, found.scope, found.officer_id, unit_id=found.unit_id)


def note_use(tx: Connection, token: str, now: datetime) -> bool:
    """Note that a token was used, at most once a minute. True: it was noted now."""
    found, _ = officers.bearer(tx, _checksum(token)) or (None, ())
    if found is None or (found.last_used_at and now - found.last_used_at < USE_NOTED_EVERY):
        return False
    officers.change_token(tx, found.id, last_used_at=now)
    return True


def _checksum(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
