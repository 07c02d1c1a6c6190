"""`/healthz` and `/metrics`: for those who keep the service running."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from ocop_workflow import __version__
from ocop_workflow.access import Scope
from ocop_workflow.clock import SimulatedClock, utc_text
from ocop_workflow.errors import OcopError
from ocop_workflow.upkeep.health import health
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.guard.identity import Needs, actor_of

if TYPE_CHECKING:
    from ocop_workflow.bootstrap import Application
    from ocop_workflow.errors import Text
    from ocop_workflow.web.metrics import Metrics

router = APIRouter(include_in_schema=False)

#: what a proxy adds: then the neighbour on this machine speaks for somebody else
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@router.get("/healthz")
def show_health(request: Request) -> Response:
    """Say whether the service does its daily work: 200, or 503 with what is wrong."""
    application: Application = request.app.state.application
    try:
        with application.database.read() as tx:
            found = health(tx, application.clock, application.caution)
    except OcopError as error:
        return _health(application, healthy=False, sentences=[error.text], database=False)
    return _health(
        application,
        healthy=found.ok and not found.dead,
        sentences=found.sentences,
        database=True,
        last_sweep_on=str(found.last_sweep_on) if found.last_sweep_on else None,
        sweep_age_seconds=int(found.sweep_age.total_seconds()) if found.sweep_age is not None else None,
        sweep_held=bool(found.sweep_held),
        letters_dead=found.dead,
        letters_held=found.held,
        letters_stale=found.stale_leases,
        clock_behind_seconds=int(found.clock_behind.total_seconds()),
    )


def _health(
    application: Application, *, healthy: bool, sentences: tuple[Text, ...] | list[Text], **facts: object
) -> Response:
    clock = application.clock
    content = {
        "status": "ok" if healthy else "failing",
        "sentences": [{"vi": text.vi, "en": text.en} for text in sentences],
        "clock": utc_text(clock.now()),
        "clock_simulated": isinstance(clock, SimulatedClock),
        "version": __version__,
        **facts,
    }
    return answer(content, 200 if healthy else 503).response()


@router.get("/metrics")
def show_metrics(request: Request) -> Response:
    """Give Prometheus its figures: to this machine itself, or to a token of scope `administer`.

    Whatever has passed a proxy comes from somebody else, even if the proxy stands on this machine.
    """
    application: Application = request.app.state.application
    if not _is_from_here(request):
        with application.database.read() as tx:
            actor_of(tx, request, Needs(Scope.ADMINISTER), application.clock.now())
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _is_from_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
