"""Plans over HTTP: what is seen before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_workflow.web.app import API
from tests.calendar.test_yearless import TEMPLATE
from tests.changes.amending import change
from tests.factories import SEED, rows
from tests.upkeep.examination.test_random_histories import OWN_EVENTS

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from ocop_workflow.store import Database
    from tests.web.cast import Cast


def test_a_plan_loaded_by_mistake_is_taken_out_once_that_is_confirmed(
    client: TestClient, cast: Cast, seeded: Database
) -> None:
    minh = cast.as_("minh")
    seen = client.delete(f"{API}/plans/{SEED}", headers=minh).json()
    assert (seen["done"], len(seen["removal"]["products"]), seen["removal"]["letters"]) == (False, 14, 0)
    wrong = client.delete(f"{API}/plans/{SEED}?confirm={'0' * 64}", headers=minh)
    assert wrong.status_code == 409
    assert rows(seeded, "SELECT COUNT(*) FROM plans") == [(1,)]
    done = client.delete(f"{API}/plans/{SEED}?confirm={seen['removal']['hash']}", headers=minh)
    assert done.json() == {"done": True, "removal": seen["removal"]}
    assert client.get(f"{API}/plans/{SEED}", headers=minh).status_code == 404
    assert client.get(f"{API}/products", headers=minh).json()["items"] == []


@pytest.mark.usefixtures("seeded")
def test_an_activity_that_was_recorded_as_done_by_mistake_is_to_be_done_again(
    client: TestClient, cast: Cast
) -> None:
    minh, place = cast.as_("minh"), f"{API}/activities/training"
    assert client.post(f"{place}/done", json={}, headers=minh).status_code == 200
    assert client.post(f"{place}/undo", json={}, headers=minh).status_code == 422
    undone = client.post(f"{place}/undo", json={"reason": "lớp đã hoãn", "plan": SEED}, headers=minh)
    assert undone.json() == {
        "activity": "training",
        "plan": SEED,
        "due_on": "2024-06-30",
        "done_on": "2024-04-23",
    }
    (listed,) = [
        item
        for item in client.get(f"{API}/activities", headers=minh).json()["items"]
        if item["activity"] == "training"
    ]
    assert (listed["done_on"], listed["days_left"]) == (None, 68)


@pytest.mark.usefixtures("seeded")
def test_an_event_of_a_products_own_opens_what_counts_from_it_and_is_taken_back(
    client: TestClient, cast: Cast
) -> None:
    change(cast.database, cast.clock, OWN_EVENTS)
    lan, place = cast.as_("lan", If_Match='"0"'), f"{API}/products/DP24-002/occurrences"
    recorded = client.post(place, json={"event": "approved", "on": "2024-04-22"}, headers=lan)
    assert (recorded.status_code, recorded.headers["ETag"]) == (200, '"0.1"')
    assert recorded.json() == {
        "code": "DP24-002",
        "event": "approved",
        "name": "Kế hoạch được duyệt",
        "on": "2024-04-22",
        "by": "lan",
        "undone": None,
        "deadlines": [{"milestone": "registration", "due_on": "2024-04-30"}],
    }
    assert client.post(place, json={"event": "approved"}, headers=lan).status_code == 412
    shown = client.get(f"{API}/products/DP24-002", headers=lan).json()
    told = {"event": "approved", "name": "Kế hoạch được duyệt", "on": "2024-04-22"}
    assert shown["own_events"] == [{**told, "by": "lan", "undone": None}]
    again = cast.as_("lan", If_Match='"0.1"')
    twice = client.post(place, json={"event": "approved"}, headers=again)
    assert (twice.status_code, twice.json()["error"]) == (409, "conflict")
    undone = client.post(f"{place}/undo", json={"event": "approved", "reason": "nhầm"}, headers=again)
    assert (undone.status_code, undone.json()["on"]) == (200, None)


@pytest.mark.usefixtures("seeded")
def test_a_yearly_template_is_loaded_for_the_year_that_is_named(client: TestClient, cast: Cast) -> None:
    minh = cast.as_("minh")
    without = client.post(f"{API}/plans", json={"text": TEMPLATE}, headers=minh)
    assert (without.status_code, without.json()["faults"][0]["place"]) == (422, "year")
    loaded = client.post(f"{API}/plans", json={"text": TEMPLATE, "year": 2025}, headers=minh)
    assert (loaded.status_code, loaded.json()["new"]) == (201, True), loaded.text
    twice = client.post(f"{API}/plans", json={"text": OWN_EVENTS, "year": 2025}, headers=minh)
    assert (twice.status_code, twice.json()["faults"][0]["place"]) == (422, "year")
