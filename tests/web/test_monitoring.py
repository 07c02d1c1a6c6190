"""`/inspections`, `/visits`, `/findings` over HTTP: pages hold each once, a visit goes its way."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.stories.journeys import walk_to

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast

API = "/api/v1"
CODES = ["DP24-001", "DP24-002"]
ASKED = {"criterion": "5.1", "result": "not_met", "follow_up": "In lại nhãn", "due_on": "2025-03-31"}
VISIT: dict[str, Any] = {
    "visited_on": "2025-03-07",
    "visitors": "UBND xã Phổ An",
    "conclusion": "Duy trì được tiêu chí.",
    "findings": [ASKED, {"what": "Có máy sấy", "result": "note"}, {**ASKED, "due_on": "2025-03-20"}],
}


@pytest.fixture
def watched(seeded: Database, clock: FixedClock) -> Database:
    """Two certificates of 25/11/2024; today is 10/3/2025."""
    for code in CODES:
        walk_to(seeded, clock, code, "begin_monitoring")
    clock.move_to(date(2025, 3, 10))
    return seeded


@pytest.mark.usefixtures("watched")
def test_pages_hold_each_product_once(client: TestClient, cast: Cast) -> None:
    headers = cast.as_("minh")
    first = client.get(f"{API}/inspections", params={"limit": 1}, headers=headers)
    assert first.status_code == 200, first.text
    second = client.get(first.links["next"]["url"], headers=headers)
    assert "next" not in second.links
    both = first.json()["items"] + second.json()["items"]
    assert sorted(one["product"] for one in both) == CODES
    assert {(one["status"], one["clause"], one["every_months"]) for one in both} == {
        ("not_due", "III.3", None)
    }
    late = client.get(f"{API}/inspections", params={"status": "late", "on": "2027-01-01"}, headers=headers)
    assert late.json()["items"] == []
    assert client.get(f"{API}/inspections", params={"cursor": "x"}, headers=headers).status_code == 422


@pytest.mark.usefixtures("watched")
def test_a_visit_is_recorded_and_its_follow_ups_are_done_one_after_the_other(
    client: TestClient, cast: Cast
) -> None:
    lan = cast.as_("lan")
    made = client.post(f"{API}/products/dp24-002/visits", json=VISIT, headers=lan)
    assert made.status_code == 201, made.text
    assert made.json()["acting"] == "Xã Phổ An"
    number = made.json()["id"]
    assert client.get(f"{API}/visits/{number}", headers=lan).json() == made.json()
    listed = client.get(f"{API}/products/DP24-002/visits", headers=cast.as_("minh")).json()
    assert listed == {"code": "DP24-002", "product": "Khô Bò", "visits": [made.json()]}
    first = client.get(f"{API}/findings", params={"limit": 1}, headers=lan)
    second = client.get(first.links["next"]["url"], headers=lan)
    due = [one["due_on"] for one in first.json()["items"] + second.json()["items"]]
    assert due == ["2025-03-20", "2025-03-31"]
    assert client.get(f"{API}/findings", params={"unit": "pho-khanh"}, headers=lan).json()["items"] == []
    finding = first.json()["items"][0]["id"]
    done = client.post(f"{API}/findings/{finding}/done", json={"note": "đã in"}, headers=lan)
    assert (done.json()["done_on"], done.json()["done_note"]) == ("2025-03-10", "đã in")
    assert client.post(f"{API}/findings/{finding}/done", json={}, headers=lan).status_code == 409
    again = client.post(f"{API}/findings/{finding}/reopening", json={"reason": "nhầm"}, headers=lan)
    assert again.json()["done_on"] is None
    gone = client.post(f"{API}/visits/{number}/withdrawal", json={"reason": "nhầm"}, headers=lan)
    assert gone.json()["visits"] == []


@pytest.mark.usefixtures("watched")
def test_a_right_is_asked_for_before_the_body_is_read(client: TestClient, cast: Cast) -> None:
    path = f"{API}/products/DP24-002/visits"
    assert client.post(path, content=b"{", headers=cast.as_("xem")).status_code == 403
    assert client.post(path, json=VISIT, headers=cast.as_("ha")).status_code == 404
    wrong = client.post(path, json={**VISIT, "visited_on": "2024-11-24"}, headers=cast.as_("lan"))
    assert [fault["place"] for fault in wrong.json()["faults"]] == ["visited_on"]
