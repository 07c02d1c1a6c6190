"""`create_app`: the application over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from ocop_workflow import __version__
from ocop_workflow.web import openapi, problems, upkeep
from ocop_workflow.web.api import (
    activities,
    audit,
    bulk,
    calendar,
    certificates,
    contacts,
    deadlines,
    letters,
    occurrences,
    officers,
    plans,
    products,
    questions,
    sweeps,
    tokens,
    units,
)
from ocop_workflow.web.bodies import BodyLimit
from ocop_workflow.web.identity import Uses
from ocop_workflow.web.limits import RateLimits
from ocop_workflow.web.methods import Heads
from ocop_workflow.web.metrics import Metrics
from ocop_workflow.web.refusals import RecordedRefusals
from ocop_workflow.web.requests import RequestNumbers
from ocop_workflow.web.watch import RequestLog

if TYPE_CHECKING:
    from ocop_workflow.bootstrap import Application

API = "/api/v1"

#: what stands in the document
ROUTERS = tuple(
    module.router
    for module in (
        products,
        occurrences,
        bulk,
        certificates,
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
    app.state.application = application
    app.state.uses = Uses(application)
    app.state.recorded = RecordedRefusals()
    app.state.limits = RateLimits(application.settings.token_rate, application.settings.officer_rate)
    app.state.metrics = Metrics(application)
    for router in ROUTERS:
        app.include_router(router, prefix=API)
    app.include_router(upkeep.router)
    openapi.complete(app, ROUTERS)
    problems.install(app)
    # the last one added is the first that a request meets
    app.add_middleware(Heads)
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestLog, metrics=app.state.metrics)
    app.add_middleware(RequestNumbers)
    return app
