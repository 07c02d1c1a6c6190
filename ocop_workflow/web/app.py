"""`create_app`: the application over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from ocop_workflow import __version__
from ocop_workflow.web import problems
from ocop_workflow.web.api import products
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
    for router in (products.router,):
        app.include_router(router, prefix=API)
    problems.install(app)
    app.add_middleware(RequestNumbers)
    return app
