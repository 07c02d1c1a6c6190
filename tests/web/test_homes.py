"""Where a household lives: whoever works with the product sees it, a viewer no more than the commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_workflow.web.app import API

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.web.cast import Cast

#: of a household, and of a cooperative
HOME, WORKS = "DP24-002", "DP24-011"


def test_a_viewer_sees_the_commune_in_the_place_of_a_home(client: TestClient, cast: Cast) -> None:
    home = client.get(f"{API}/products/{HOME}", headers=cast.as_("lan")).json()["address"]
    seen = client.get(f"{API}/products/{HOME}", headers=cast.as_("xem"))
    assert seen.json()["address"] == "Xã Phổ An"
    assert home != "Xã Phổ An"
    assert home not in seen.text


def test_lists_and_histories_hide_it_too(client: TestClient, cast: Cast) -> None:
    moved = client.post(
        f"{API}/products/{HOME}/events",
        json={"event": "register", "data": {"group": "food", "address": "Số nhà 7"}},
        headers={**cast.as_("lan"), "If-Match": '"0"'},
    )
    assert moved.status_code == 200
    for path in ("products", f"products/{HOME}", f"products/{HOME}/history"):
        assert "Số nhà 7" not in client.get(f"{API}/{path}", headers=cast.as_("xem")).text
        assert "Số nhà 7" in client.get(f"{API}/{path}", headers=cast.as_("minh")).text
    (step,) = client.get(f"{API}/products/{HOME}/history", headers=cast.as_("xem")).json()["items"]
    assert step["data"]["address"] == "Xã Phổ An"


def test_a_home_that_was_taken_back_stays_hidden_in_the_history(client: TestClient, cast: Cast) -> None:
    """The product shows no address any more; the step that had given one still stands in its history."""
    lan, home = cast.as_("lan"), {"event": "register", "data": {"group": "food", "address": "Số nhà 7"}}
    new = {"plan": "duc-pho-2024", "unit": "pho-an", "name": "Mắm nêm", "producer": "Bà Năm"}
    place = client.post(f"{API}/products", json=new, headers=lan).headers["Location"]
    client.post(f"{place}/events", json=home, headers={**lan, "If-Match": '"0"'})
    client.post(f"{place}/undo", json={"reason": "nhầm"}, headers={**lan, "If-Match": '"1"'})
    assert client.get(place, headers=lan).json()["address"] is None
    assert "Số nhà 7" in client.get(f"{place}/history", headers=lan).text
    assert "Số nhà 7" not in client.get(f"{place}/history", headers=cast.as_("xem")).text


@pytest.mark.parametrize("login", ["xem", "minh"])
def test_where_a_cooperative_works_everybody_sees(client: TestClient, cast: Cast, login: str) -> None:
    seen = client.get(f"{API}/products/{WORKS}", headers=cast.as_(login)).json()
    assert seen["address"].startswith("Thôn Diên Trường")
