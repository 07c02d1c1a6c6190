"""Refusals go on record: in the audit, in a transaction of their own."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.access import Actor
from ocop_workflow.audit.chain import Deed, record
from ocop_workflow.errors import NotPermitted, NotSignedIn, OcopError
from ocop_workflow.logs import masked
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.web.guard.identity import origin_of
from ocop_workflow.web.guard.limits import Rate

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fastapi import Request

    from ocop_workflow.bootstrap import Application

_log = logging.getLogger("ocop_workflow.web")


#: an address that nobody signs in from is recorded so often, whatever it asks: who floods does not write
STRANGERS_EVERY = timedelta(minutes=1)

#: refusals of one officer, and of all strangers together, that are recorded at once, and then one each minute
AT_ONCE = 60


class RecordedRefusals:
    """Remembers what this process has put on record, so that nobody fills the audit by being refused.

    What is left out is counted, and the next entry of the same officer says how much it was.
    """

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        self._strangers: dict[str, datetime] = {}
        self._measure = Rate(AT_ONCE, tick, every=60)
        self._left_out: Counter[str] = Counter()
        self._lock = threading.Lock()

    def is_new(self, origin: str, now: datetime) -> bool:
        """Tell whether an address is to be recorded (again)."""
        with self._lock:
            recent = {who: at for who, at in self._strangers.items() if abs(now - at) < STRANGERS_EVERY}
            self._strangers = {**recent, origin: recent.get(origin, now)}
            return origin not in recent

    def may_write(self, login: str) -> int | None:
        """Return how many refusals of an officer were left out before this one; none: it is left out too."""
        wait = self._measure.take(login)
        with self._lock:
            if wait:
                self._left_out[login] += 1
                return None
            return self._left_out.pop(login, 0)


def put_on_record(request: Request, error: OcopError) -> None:
    """Record that somebody was refused; an answer never waits for a record that cannot be written."""
    if not isinstance(error, NotPermitted | NotSignedIn | EventRefused):
        return
    recorded: RecordedRefusals = request.app.state.recorded
    application: Application = request.app.state.application
    now = application.clock.now()
    if isinstance(error, NotSignedIn) and not recorded.is_new(origin_of(request), now):
        return
    actor = getattr(request.state, "actor", None) or Actor("anonymous", origin_of(request))
    left_out = recorded.may_write(actor.login)
    if left_out is None:
        return
    more = {"left_out_before": left_out} if left_out else {}
    subject = f"{request.method} {masked(request.url.path)}"
    deed = Deed(f"refused.{error.name}", subject, after={"because": error.text.en, **more})
    try:
        with application.database.write() as tx:
            record(tx, actor, deed, now)
    except OcopError as failed:
        _log.warning("a refusal could not be recorded: %s", failed.text.en)
