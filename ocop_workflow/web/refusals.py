"""Refusals go on record: in the audit, in a transaction of their own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ocop_workflow.access import Actor
from ocop_workflow.errors import NotPermitted, NotSignedIn, OcopError
from ocop_workflow.services.audit import Deed, record
from ocop_workflow.services.products import EventRefused
from ocop_workflow.web.identity import origin_of

if TYPE_CHECKING:
    from fastapi import Request

    from ocop_workflow.bootstrap import Application

_log = logging.getLogger("ocop_workflow.web")


def put_on_record(request: Request, error: OcopError) -> None:
    """Record that somebody was refused; an answer never waits for a record that cannot be written."""
    if not isinstance(error, NotPermitted | NotSignedIn | EventRefused):
        return
    application: Application = request.app.state.application
    actor = getattr(request.state, "actor", None) or Actor("anonymous", origin_of(request))
    subject = f"{request.method} {request.url.path}"
    deed = Deed(f"refused.{error.name}", subject, after={"because": error.text.en})
    try:
        with application.database.write() as tx:
            record(tx, actor, deed, application.clock.now())
    except OcopError as failed:
        _log.warning("a refusal could not be recorded: %s", failed.text.en)
