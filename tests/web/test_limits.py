"""How much may be asked, and how much of what is refused goes on record: bursts pass, floods do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from ocop_workflow.access import Scope
from ocop_workflow.web.app import API, create_app
from ocop_workflow.web.guard.limits import Rate, RateLimits
from ocop_workflow.web.guard.refusals import AT_ONCE, RecordedRefusals
from tests.factories import rows
from tests.web.cast import application_on

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast


class Seconds:
    """A clock of seconds that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_measure_lets_a_burst_pass_and_fills_again() -> None:
    seconds = Seconds()
    measure = Rate(6, seconds)
    assert [measure.take("lan") for _ in range(8)] == [0] * 6 + [10, 10]
    assert measure.take("ha") == 0
    seconds.now = 10
    assert (measure.take("lan"), measure.take("lan")) == (0, 10)
    seconds.now = 10_000
    assert [measure.take("lan") for _ in range(7)] == [0] * 6 + [10]


def test_no_measure_is_without_end() -> None:
    measure = Rate(0)
    assert {measure.take("lan") for _ in range(1000)} == {0}


def test_names_without_end_take_no_memory_without_end() -> None:
    seconds = Seconds()
    measure = Rate(5, seconds)
    for number in range(25_000):
        seconds.now += 0.001
        measure.take(number)
    assert len(measure._left) <= 10_000
    assert [measure.take(24_999) for _ in range(5)][-1] > 0
    seconds.now += 120
    for number in range(10_001):
        measure.take(-number)
    assert 24_999 not in measure._left


@pytest.fixture
def few(seeded: Database, clock: FixedClock, cast: Cast) -> tuple[TestClient, FastAPI]:
    """A service where a token may ask five times a minute, and an officer eight."""
    assert cast
    app = create_app(application_on(seeded, clock, token_rate=5, officer_rate=8))
    return TestClient(app), app


def test_a_token_that_asks_too_often_waits_and_is_told_how_long(
    few: tuple[TestClient, FastAPI], cast: Cast
) -> None:
    client, _ = few
    lan = cast.as_("lan", Accept_Language="en")
    assert [client.get(f"{API}/units", headers=lan).status_code for _ in range(5)] == [200] * 5
    refused = client.get(f"{API}/units", headers=lan)
    assert (refused.status_code, refused.json()["error"]) == (429, "too_many_requests")
    wait = int(refused.headers["Retry-After"])
    assert 1 <= wait <= 12
    assert refused.json()["detail"] == f"Too many requests; try again in {wait} seconds."
    assert client.get(f"{API}/units", headers=cast.as_("ha")).status_code == 200


def test_an_officer_with_many_tokens_waits_too(few: tuple[TestClient, FastAPI], cast: Cast) -> None:
    client, _ = few
    tokens = [cast.token("lan", Scope.READ) for _ in range(3)]
    statuses = [
        client.get(f"{API}/units", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in tokens * 4
    ]
    assert statuses == [200] * 8 + [429] * 4


def test_a_change_counts_once_though_who_asks_is_looked_up_twice(
    few: tuple[TestClient, FastAPI], cast: Cast
) -> None:
    client, app = few
    app.state.limits = RateLimits(0, 3)
    body = {"event": "withdraw", "data": {"reason": "x"}}
    path, lan = f"{API}/products/DP24-002/events", cast.as_("lan", If_Match='"9"')
    assert [client.post(path, json=body, headers=lan).status_code for _ in range(4)] == [412, 412, 412, 429]


def test_a_feed_is_counted_as_well(few: tuple[TestClient, FastAPI], cast: Cast) -> None:
    client, _ = few
    feed = cast.token("lan", Scope.FEED, "pho-an")
    statuses = [client.get(f"{API}/calendar.ics", params={"token": feed}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_refusals_do_not_fill_the_audit(client: TestClient, cast: Cast, seeded: Database) -> None:
    seconds = Seconds()
    client.app.state.recorded = RecordedRefusals(seconds)  # type: ignore[attr-defined]  # as it was made
    before = rows(seeded, "SELECT count(*) FROM audit")[0][0]

    def written() -> int:
        return int(rows(seeded, "SELECT count(*) FROM audit")[0][0]) - int(before)

    for _ in range(AT_ONCE + 40):
        assert client.get(f"{API}/audit", headers=cast.as_("lan")).status_code == 403
    assert written() == AT_ONCE
    assert client.get(f"{API}/audit", headers=cast.as_("ha")).status_code == 403
    assert written() == AT_ONCE + 1
    seconds.now += 60
    for _ in range(3):
        client.get(f"{API}/audit", headers=cast.as_("lan"))
    assert written() == AT_ONCE + 2
    newest = client.get(f"{API}/audit?limit=1", headers=cast.as_("chu")).json()["items"][0]
    assert (newest["actor"], newest["after"]["left_out_before"]) == ("lan", 40)


def test_strangers_from_many_addresses_do_not_either(seeded: Database, clock: FixedClock, cast: Cast) -> None:
    assert cast
    app = create_app(application_on(seeded, clock))
    before = rows(seeded, "SELECT count(*) FROM audit")[0][0]
    for number in range(AT_ONCE + 40):
        stranger = TestClient(app, client=(f"203.0.{number // 250}.{number % 250}", 1))
        assert stranger.get(f"{API}/units").status_code == 401
    assert rows(seeded, "SELECT count(*) FROM audit")[0][0] - before == AT_ONCE
