"""All pages of the console, and what stands in the place of one that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from ocop_workflow.web.console import (
    account,
    audit,
    imports,
    letters,
    officers,
    plans,
    rubrics,
    search,
    sign_in,
    today,
    units,
    year,
)
from ocop_workflow.web.console.certificates import correcting, public, register, renewals
from ocop_workflow.web.console.certificates import documents as certificates_documents
from ocop_workflow.web.console.certificates import ending as certificates_ending
from ocop_workflow.web.console.certificates import importing as certificates_importing
from ocop_workflow.web.console.councils import councils, documents, scoring, sessions
from ocop_workflow.web.console.dossiers import attachments, difference, forms, handing, papers, producer
from ocop_workflow.web.console.frame import assets
from ocop_workflow.web.console.frame.refusals import missing_page
from ocop_workflow.web.console.monitoring import inspections, visits
from ocop_workflow.web.console.products import bulk, entering, events, listing, page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI, Request, Response

#: the first that fits answers: `/products/new` before `/products/{code}`
ROUTERS = (
    assets.router,
    sign_in.router,
    today.router,
    listing.router,
    entering.router,
    bulk.router,
    events.router,
    papers.router,
    forms.router,
    difference.router,
    attachments.router,
    handing.router,
    producer.router,
    public.router,
    certificates_importing.router,
    certificates_ending.router,
    correcting.router,
    register.router,
    certificates_documents.router,
    renewals.router,
    inspections.router,
    visits.router,
    page.router,
    year.router,
    plans.router,
    imports.router,
    councils.router,
    sessions.router,
    scoring.router,
    documents.router,
    rubrics.router,
    letters.router,
    units.router,
    officers.router,
    account.router,
    audit.router,
    search.router,
)

#: what belongs to programs stays theirs
_OF_PROGRAMS = ("/api/", "/healthz", "/metrics", "/static/")


def install(app: FastAPI, otherwise: Callable[[Request, Exception], Response]) -> None:
    """Put the pages behind HTTP. `otherwise`: what answers a program that asks for what is not there."""
    for router in ROUTERS:
        app.include_router(router)

    async def missing(request: Request, error: Exception) -> Response:
        is_missing = isinstance(error, HTTPException) and error.status_code == 404  # noqa: PLR2004 - the one status
        if is_missing and not request.url.path.startswith(_OF_PROGRAMS) and _is_browser(request):
            return await run_in_threadpool(missing_page, request)
        return otherwise(request, error)

    handler: Callable[[Request, Exception], Awaitable[Response]] = missing
    app.add_exception_handler(HTTPException, handler)


def _is_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
