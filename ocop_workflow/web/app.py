"""`create_app`: the application over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from ocop_workflow import __version__
from ocop_workflow.web import upkeep
from ocop_workflow.web.api import (
    activities,
    audit,
    calendar,
    certificate_lists,
    certificates,
    deadlines,
    letters,
    monitoring,
    plans,
    renewals,
    rubrics,
    sweeps,
)
from ocop_workflow.web.api.councils import (
    councils,
    documents,
    ending,
    filing,
    issuing,
    outside,
    scoring,
    sessions,
)
from ocop_workflow.web.api.people import officers, tokens
from ocop_workflow.web.api.places import contacts, units
from ocop_workflow.web.api.products import (
    bulk,
    difference,
    files,
    forms,
    handing,
    occurrences,
    papers,
    products,
    questions,
    uploads,
)
from ocop_workflow.web.console import pages
from ocop_workflow.web.contract import openapi
from ocop_workflow.web.exchange import problems
from ocop_workflow.web.exchange.requests import RequestNumbers
from ocop_workflow.web.guard.bodies import BodyLimit
from ocop_workflow.web.guard.identity import Uses
from ocop_workflow.web.guard.limits import RateLimits
from ocop_workflow.web.guard.methods import Heads
from ocop_workflow.web.guard.refusals import RecordedRefusals
from ocop_workflow.web.guard.request_log import RequestLog
from ocop_workflow.web.metrics import Metrics

if TYPE_CHECKING:
    from ocop_workflow.bootstrap import Application

API = "/api/v1"

#: what stands in the document
ROUTERS = tuple(
    module.router
    for module in (
        products,
        occurrences,
        papers,
        forms,
        difference,
        uploads,
        files,
        handing,
        bulk,
        ending,
        certificate_lists,
        certificates,
        renewals,
        monitoring,
        rubrics,
        councils,
        sessions,
        scoring,
        documents,
        issuing,
        outside,
        filing,
        questions,
        activities,
        deadlines,
        letters,
        plans,
        sweeps,
        units,
        contacts,
        officers,
        tokens,
        audit,
        calendar,
    )
)


def create_app(application: Application) -> FastAPI:
    """Put the application behind HTTP. What it opens the caller closes."""
    app = FastAPI(
        title="OCOP workflow",
        version=__version__,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # `/metrics` and our own log say it
    )
    put_behind(app, application)
    for router in ROUTERS:
        app.include_router(router, prefix=API)
    app.include_router(upkeep.router)
    openapi.complete(app, ROUTERS)
    problems.install(app)
    pages.install(app, problems.of_the_router)
    # the last one added is the first that a request meets
    app.add_middleware(Heads)
    app.add_middleware(BodyLimit, largest_upload=application.files.largest)
    app.add_middleware(RequestLog)
    app.add_middleware(RequestNumbers)
    return app


def put_behind(app: FastAPI, application: Application) -> None:
    """Let the routes work on an application; nothing of the one before is remembered."""
    app.state.application = application
    app.state.uses = Uses(application)
    app.state.recorded = RecordedRefusals()
    app.state.limits = RateLimits(application.settings.token_rate, application.settings.officer_rate)
    app.state.metrics = Metrics(application)
