"""Who asks: the bearer token of a request, its officer, and how far it reaches."""

from __future__ import annotations

import hashlib
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask

from ocop_workflow.errors import NotPermitted, NotSignedIn, OcopError
from ocop_workflow.people import tokens

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from fastapi import Request

    from ocop_workflow.access import Actor, Permission, Scope
    from ocop_workflow.bootstrap import Application
    from ocop_workflow.store import Connection
    from ocop_workflow.web.guard.limits import RateLimits

_log = logging.getLogger("ocop_workflow.web")


def origin_of(request: Request) -> str:
    """Return the address that a request comes from."""
    return request.client.host if request.client else "unknown"


def token_of(request: Request) -> str:
    """Return a request's bearer token.

    Raises:
        NotSignedIn: it has none.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn(
            "Cần mã truy cập: Authorization: Bearer …", "A token is needed: Authorization: Bearer …"
        )
    return token.strip()


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route asks of whoever comes: how far the token reaches, and a right on some unit, if one."""

    scope: Scope
    permission: Permission | None = None


def actor_of(tx: Connection, request: Request, needs: Needs, now: datetime) -> Actor:
    """Return who asks, as it holds in this transaction.

    Raises:
        NotSignedIn: no token, or one that is unknown, over or revoked.
        NotPermitted: the token reaches less far than is needed here, or the officer has not the right.
    """
    actor = tokens.authenticate(tx, token_of(request), origin_of(request), now)
    met(request, actor)
    if not actor.scope.covers(needs.scope):
        raise NotPermitted(
            f"Mã truy cập này chỉ để {actor.scope.label}; cần mã để {needs.scope.label}.",
            f"This token's scope is {actor.scope.value}; {needs.scope.value} is needed.",
        )
    if needs.permission and actor.units_with(needs.permission) == frozenset():
        raise NotPermitted(
            f"{actor.login} không có quyền {needs.permission.label} ở địa phương nào.",
            f"{actor.login} may not {needs.permission.value.replace('_', ' ')} in any unit.",
        )
    return actor


def met(request: Request, actor: Actor) -> None:
    """Note who asks, and count the request; one that is looked up twice is counted once.

    Raises:
        TooManyRequests: this officer has asked too much of late.
    """
    known = getattr(request.state, "actor", None) is not None
    request.state.actor = actor
    if not known:
        limits: RateLimits = request.app.state.limits
        limits.count_officer(actor.login)


class Uses:
    """Remembers which tokens this process has seen in use, so that a use is noted at most once a minute.

    Noting is done after the answer, in a short transaction of its own; if that fails, nobody waits for it.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._noted: dict[bytes, datetime] = {}
        self._lock = threading.Lock()

    def _knows(self, token: str) -> bool:
        noted = self._noted.get(digest(token))
        return noted is not None and self._age(noted) < tokens.USE_NOTED_EVERY

    def task(self, request: Request) -> BackgroundTask | None:
        """Return what is to be done after a request that was signed in; none: it was noted already."""
        if getattr(request.state, "actor", None) is None:
            return None
        return self.task_for(token_of(request))

    def task_for(self, token: str) -> BackgroundTask | None:
        """Return what is to be done after a request that was signed in by this token."""
        if self._knows(token):
            return None
        now = self._application.clock.now()
        with self._lock:
            self._noted = {key: at for key, at in self._noted.items() if self._is_recent(at)}
            self._noted[digest(token)] = now
        return BackgroundTask(self._note, token, now)

    def _is_recent(self, noted: datetime) -> bool:
        return self._age(noted) < tokens.USE_NOTED_EVERY

    def _age(self, noted: datetime) -> timedelta:
        return abs(self._application.clock.now() - noted)

    def _note(self, token: str, now: datetime) -> None:
        try:
            with self._application.database.write() as tx:
                tokens.note_use(tx, token, now)
        except OcopError as error:
            _log.warning("the use of a token could not be noted: %s", error.text.en)


def digest(token: str) -> bytes:
    """Return what stands for a token in memory."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
