"""What Prometheus reads: requests as this process has answered them, and a census of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily

from ocop_workflow.errors import OcopError
from ocop_workflow.notifications import LetterState
from ocop_workflow.states import State
from ocop_workflow.upkeep.health.census import census

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ocop_workflow.bootstrap import Application

#: the upper edges of the classes of duration, in seconds; the last ones catch a locked database
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """This process's own figures, in a registry of their own."""

    def __init__(self, application: Application) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "ocop_http_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "ocop_http_request_seconds",
            "How long answering took.",
            ("route", "method"),
            registry=self._registry,
            buckets=BUCKETS,
        )
        self._registry.register(_Census(application))

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request. `route` is its pattern below `/api/v1`: addresses know no end."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)

    def page(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return generate_latest(self._registry)


class _Census:
    """Counts in the database whenever it is asked; without a database it says only that there is none."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def describe(self) -> list[GaugeMetricFamily]:
        """Tell the registry nothing beforehand: it would ask the database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges."""
        up = GaugeMetricFamily("ocop_database_up", "Whether the database answers.")
        try:
            with self._application.database.read() as tx:
                found = census(tx, self._application.clock)
        except OcopError:
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        yield _by_state("ocop_products", "Products by state.", State, found.products)
        yield _by_state("ocop_letters", "Letters by state.", LetterState, found.letters)
        yield GaugeMetricFamily("ocop_overdue_flags_open", "Overdue flags that are up.", found.open_flags)
        if found.health.sweep_age is not None:
            age = found.health.sweep_age.total_seconds()
            yield GaugeMetricFamily("ocop_sweep_age_seconds", "How long ago the last sweep ended.", age)


def _by_state(
    name: str, help_text: str, states: Iterable[str], counts: Mapping[Any, int]
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, help_text, labels=("state",))
    for state in states:
        gauge.add_metric((str(state),), counts.get(state, 0))
    return gauge
