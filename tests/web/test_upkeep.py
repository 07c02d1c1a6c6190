"""What operators ask: is it well, how much of what; and what no request may do to the service."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from icalendar import Calendar
from prometheus_client.parser import text_string_to_metric_families

from ocop_workflow.access import Scope
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import PermanentDeliveryError, RelayError, RetryPolicy
from ocop_workflow.people import tokens
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.web.app import create_app
from ocop_workflow.web.exchange import problems
from ocop_workflow.web.exchange.requests import RequestNumbers
from ocop_workflow.web.guard.bodies import LARGEST, BodyLimit
from tests.factories import SENDER, rows
from tests.fakes import RecordingMailer
from tests.stories.cast import HOST
from tests.web.cast import application_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast


@pytest.fixture
def near(seeded: Database, clock: FixedClock, cast: Cast) -> Iterator[TestClient]:  # noqa: ARG001 - hired first
    """Somebody on this machine itself."""
    with TestClient(create_app(application_on(seeded, clock)), client=("127.0.0.1", 5000)) as client:
        yield client


# -- health ------------------------------------------------------------------------------------------


def test_a_service_that_does_its_work_is_well(client: TestClient) -> None:
    found = client.get("/healthz")
    assert (found.status_code, found.json()["status"], found.json()["sentences"]) == (200, "ok", [])
    assert found.json()["clock_simulated"] is False


def test_an_old_sweep_turns_it_red(client: TestClient, seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    deliver_pending(seeded, RecordingMailer(), RetryPolicy(), clock, SENDER)
    clock.wait(timedelta(hours=26))
    assert client.get("/healthz").status_code == 200
    clock.wait(timedelta(minutes=1))
    found = client.get("/healthz")
    assert (found.status_code, found.json()["sweep_age_seconds"]) == (503, 26 * 3600 + 60)
    assert "26 giờ" in found.json()["sentences"][0]["vi"]


def test_a_dead_letter_turns_it_red(client: TestClient, seeded: Database, clock: FixedClock) -> None:
    sweep(seeded, clock, SENDER)
    mailer = RecordingMailer([PermanentDeliveryError("550 no such user")])
    deliver_pending(seeded, mailer, RetryPolicy(), clock, SENDER)
    found = client.get("/healthz")
    assert (found.status_code, found.json()["letters_dead"]) == (503, 1)
    assert "@" not in found.text


def test_a_relay_that_takes_nothing_for_hours_turns_it_red_and_names_no_address(
    client: TestClient, seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    mailer = RecordingMailer([RelayError("535 5.7.8 ocop@duc-pho.example: password expired")])
    deliver_pending(seeded, mailer, RetryPolicy(), clock, SENDER)
    assert client.get("/healthz").status_code == 200
    clock.wait(timedelta(hours=4, minutes=1))
    found = client.get("/healthz")
    assert found.status_code == 503
    (said,) = found.json()["sentences"]
    assert said["vi"] == (
        "Chưa thư nào đi được; 7 thư đang chờ, thư lâu nhất viết lúc 06:00 ngày 23/04/2024. Máy chủ thư báo: "
        "535 5.7.8 o***@duc-pho.example: password expired"
    )


def test_a_clock_behind_the_data_turns_it_red(
    client: TestClient, seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    clock.wait(timedelta(minutes=-3))
    found = client.get("/healthz")
    assert (found.status_code, found.json()["clock_behind_seconds"]) == (503, 180)


# -- metrics -----------------------------------------------------------------------------------------


def figures(page: str) -> dict[tuple[str, ...], float]:
    """Read a page as Prometheus does."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_prometheus_reads_products_letters_flags_and_requests(
    near: TestClient, seeded: Database, clock: FixedClock, cast: Cast
) -> None:
    clock.move_to(date(2024, 5, 2))
    sweep(seeded, clock, SENDER)
    clock.wait(timedelta(minutes=1))
    near.get("/api/v1/products/DP24-001", headers=cast.as_("minh"))
    near.get("/api/v1/products/DP24-001")
    near.get("/wherever")
    found = figures(near.get("/metrics").text)
    assert found["ocop_products", "idea"] == 14
    assert found["ocop_products", "revoked"] == 0
    assert found["ocop_letters", "pending"] == rows(seeded, "SELECT count(*) FROM outbox")[0][0] > 0
    assert found["ocop_overdue_flags_open",] == 14
    assert found["ocop_sweep_age_seconds",] == 60
    assert found["ocop_database_up",] == 1
    route = "/products/{code}"
    assert found["ocop_http_requests_total", "GET", route, "200"] == 1
    assert found["ocop_http_requests_total", "GET", route, "401"] == 1
    assert found["ocop_http_requests_total", "GET", "(none)", "404"] == 1
    assert found["ocop_http_request_seconds_count", "GET", route] == 2


def test_metrics_are_for_this_machine_or_a_token_that_administers(
    near: TestClient, client: TestClient, cast: Cast
) -> None:
    assert near.get("/metrics").status_code == 200
    for header in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"):
        assert near.get("/metrics", headers={header: "203.0.113.7"}).status_code == 401
    assert client.get("/metrics").status_code == 401
    weak = {"Authorization": f"Bearer {cast.token('quan', Scope.ACT)}"}
    assert client.get("/metrics", headers=weak).status_code == 403
    assert client.get("/metrics", headers=cast.as_("quan")).status_code == 200


# -- the calendar feed -------------------------------------------------------------------------------


def feed(client: TestClient, token: str, **headers: str) -> tuple[int, bytes, str]:
    found = client.get("/api/v1/calendar.ics", params={"token": token}, headers=headers)
    return found.status_code, found.content, found.headers.get("etag", "")


def test_a_calendar_program_reads_the_feed_and_is_told_when_nothing_has_changed(
    client: TestClient, seeded: Database, clock: FixedClock, cast: Cast
) -> None:
    token = cast.token("lan", Scope.FEED, "pho-an")
    found = client.get("/api/v1/calendar.ics", params={"token": token})
    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(found.content).walk("VEVENT")) == 5
    tag = found.headers["etag"]
    assert feed(client, token, **{"If-None-Match": f'"x", W/{tag}'}) == (304, b"", tag)
    assert feed(client, token, **{"If-None-Match": '"x"'})[0] == 200
    clock.move_to(date(2024, 5, 1))
    changed = feed(client, token, **{"If-None-Match": tag})
    assert (changed[0], changed[2] != tag) == (200, True)
    prefix = token[:12]
    (used,) = rows(seeded, "SELECT last_used_at FROM tokens WHERE prefix = :prefix", prefix=prefix)
    assert used[0] is not None


def test_head_asks_what_the_feed_would_be(client: TestClient, cast: Cast) -> None:
    asked = {"token": cast.token("lan", Scope.FEED, "pho-an")}
    head, got = (client.request(method, "/api/v1/calendar.ics", params=asked) for method in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == got.headers[name]


def test_an_entry_is_the_same_one_before_and_after_a_public_address_is_set(
    client: TestClient, seeded: Database, clock: FixedClock, cast: Cast
) -> None:
    token = cast.token("lan", Scope.FEED, "pho-an")
    app = application_on(seeded, clock)
    settings = app.settings.model_copy(update={"public_url": "https://ocop.duc-pho.example"})
    with TestClient(create_app(dataclasses.replace(app, settings=settings))) as other:
        assert feed(other, token) == feed(client, token)


def test_the_feeds_token_reads_nothing_else_and_nothing_else_reads_the_feed(
    client: TestClient, seeded: Database, clock: FixedClock, cast: Cast
) -> None:
    token = cast.token("lan", Scope.FEED, "pho-an")
    asked = client.get("/api/v1/products/DP24-001", headers={"Authorization": f"Bearer {token}"})
    assert asked.status_code == 403
    assert feed(client, cast.tokens["lan"])[0] == 403
    assert feed(client, "ocop_unknown")[0] == 401
    assert client.get("/api/v1/calendar.ics").status_code == 401
    with seeded.write() as tx:
        tokens.revoke_token(tx, HOST, token[:12], now=clock.now())
    assert feed(client, token)[0] == 401
    audited = json.dumps(rows(seeded, "SELECT subject, after FROM audit"), default=str)
    assert "GET /api/v1/calendar.ics" in audited
    assert token[13:] not in audited


# -- headers and bodies ------------------------------------------------------------------------------


def test_every_answer_carries_the_headers_that_protect_it(client: TestClient, cast: Cast) -> None:
    for path, status in (("/healthz", 200), ("/api/v1/products/DP24-001", 200), ("/nowhere", 404)):
        found = client.get(path, headers=cast.as_("minh"))
        assert found.status_code == status
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert found.headers["referrer-policy"] == "no-referrer"
        assert found.headers["x-frame-options"] == "DENY"
        assert found.headers["cache-control"] == "no-store"


@pytest.fixture
def echo() -> Iterator[TestClient]:
    """An application of one route that counts its body, behind the same door-keepers."""
    app = FastAPI()

    @app.post("/")
    async def count(request: Request) -> int:
        return len(await request.body())

    problems.install(app)
    app.add_middleware(BodyLimit, patience=0.2)
    app.add_middleware(RequestNumbers)
    with TestClient(app) as client:
        yield client


async def _parts(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 65536


def test_a_body_of_one_mebibyte_passes_and_one_octet_more_does_not(echo: TestClient) -> None:
    assert echo.post("/", content=b"x" * LARGEST).json() == LARGEST
    refused = echo.post("/", content=b"x" * (LARGEST + 1))
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:ocop:problem:too-large")
    assert refused.headers["content-type"] == "application/problem+json"


def test_the_limit_holds_where_nothing_was_announced_or_something_false() -> None:
    taken = _run_through([b"x" * 65536] * 17)
    assert taken == 413
    assert _run_through([b"x" * 65536] * 16) == 200
    assert _run_through([b"x" * (LARGEST + 1)], announced=b"5") == 413
    assert _run_through([b"x"], announced=b"-5") == 200


def test_a_body_that_comes_too_slowly_is_given_up() -> None:
    assert _run_through([b"x", b"x"], pause=0.05) == 200
    assert _run_through([b"x", b"x", b"x"], pause=0.15) == 408


def _run_through(parts: list[bytes], announced: bytes | None = None, pause: float = 0.0) -> int:
    """Send a body in parts, as a server hands it on. Returns the status."""
    app = FastAPI()

    @app.post("/")
    async def count(request: Request) -> int:
        return len(await request.body())

    problems.install(app)
    app.add_middleware(BodyLimit, patience=0.25)
    app.add_middleware(RequestNumbers)
    headers = [(b"host", b"x.example")] + (
        [(b"content-length", announced)] if announced else [(b"transfer-encoding", b"chunked")]
    )
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/",
        "raw_path": b"/", "query_string": b"", "root_path": "", "scheme": "http", "headers": headers,
        "client": ("203.0.113.7", 1), "server": ("x.example", 80),
    }  # fmt: skip
    left, status = list(parts), 0

    async def receive() -> dict[str, object]:
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: dict[str, object]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = int(str(message["status"]))

    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]  # plain ASGI
    return status
