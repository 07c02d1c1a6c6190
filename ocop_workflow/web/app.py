"""`create_app`: the application over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from ocop_workflow import __version__
from ocop_workflow.web import operations, problems
from ocop_workflow.web.api import audit, bulk, deadlines, letters, plans, products, sweeps, units
from ocop_workflow.web.identity import Uses
from ocop_workflow.web.requests import RequestNumbers

if TYPE_CHECKING:
    from ocop_workflow.bootstrap import Application

API = "/api/v1"


def create_app(application: Application) -> FastAPI:
    """Put the application behind HTTP. What it opens the caller closes."""
    app = FastAPI(
        title="OCOP workflow",
        version=__version__,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.application = application
    app.state.uses = Uses(application)
    for module in (bulk, products, deadlines, letters, plans, sweeps, units, audit):
        app.include_router(module.router, prefix=API)
    operations.complete(app)
    problems.install(app)
    app.add_middleware(RequestNumbers)
    return app
