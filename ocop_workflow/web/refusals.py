"""Refusals go on record: in the audit, in a transaction of their own."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.access import Actor
from ocop_workflow.errors import NotPermitted, NotSignedIn, OcopError
from ocop_workflow.services.audit import Deed, record
from ocop_workflow.services.products import EventRefused
from ocop_workflow.web.identity import origin_of

if TYPE_CHECKING:
    from datetime import datetime

    from fastapi import Request

    from ocop_workflow.bootstrap import Application

_log = logging.getLogger("ocop_workflow.web")


#: an address that nobody signs in from is recorded so often, whatever it asks: who floods does not write
STRANGERS_EVERY = timedelta(minutes=1)


class Strangers:
    """Remembers from where this process was asked without a right to ask, and when that was recorded."""

    def __init__(self) -> None:
        self._recorded: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def is_new(self, origin: str, now: datetime) -> bool:
        """Tell whether an address is to be recorded (again)."""
        with self._lock:
            recent = {who: at for who, at in self._recorded.items() if abs(now - at) < STRANGERS_EVERY}
            self._recorded = {**recent, origin: recent.get(origin, now)}
            return origin not in recent


def put_on_record(request: Request, error: OcopError) -> None:
    """Record that somebody was refused; an answer never waits for a record that cannot be written."""
    if not isinstance(error, NotPermitted | NotSignedIn | EventRefused):
        return
    strangers: Strangers = request.app.state.strangers
    now = request.app.state.application.clock.now()
    if isinstance(error, NotSignedIn) and not strangers.is_new(origin_of(request), now):
        return
    application: Application = request.app.state.application
    actor = getattr(request.state, "actor", None) or Actor("anonymous", origin_of(request))
    subject = f"{request.method} {request.url.path}"
    deed = Deed(f"refused.{error.name}", subject, after={"because": error.text.en})
    try:
        with application.database.write() as tx:
            record(tx, actor, deed, now)
    except OcopError as failed:
        _log.warning("a refusal could not be recorded: %s", failed.text.en)
