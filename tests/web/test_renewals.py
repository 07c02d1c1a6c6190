"""`GET /renewals`: each certificate once, by its last day, until when it is saved, for whoever sees it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.stories.journeys import walk_to

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast

PATH = "/api/v1/renewals"
#: the first by the town, later the second: their last days are 25/11/2027
CODES = ["DP24-002", "DP24-001"]


@pytest.fixture
def watched(seeded: Database, clock: FixedClock) -> Database:
    """Two certificates of 25/11/2024; today is 1/6/2027, in their window."""
    for code in CODES:
        walk_to(seeded, clock, code, "begin_monitoring")
    clock.move_to(date(2027, 6, 1))
    return seeded


@pytest.mark.usefixtures("watched")
def test_pages_hold_each_once_and_say_until_when_it_is_saved(client: TestClient, cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {cast.tokens['minh']}"}
    first = client.get(PATH, params={"limit": 1}, headers=headers)
    assert first.status_code == 200, first.text
    second = client.get(first.links["next"]["url"], headers=headers)
    assert "next" not in second.links
    both = first.json()["items"] + second.json()["items"]
    assert [one["product"] for one in both] == CODES
    assert both[0]["save_by"] == {
        "kind": "window",
        "round": None,
        "date": "2027-07-28",
        "opens_on": "2027-05-29",
        "provisional": False,
    }
    assert {one["status"] for one in both} == {"window_open"}


@pytest.mark.usefixtures("watched")
def test_a_day_and_a_number_of_days_are_asked_for(client: TestClient, cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {cast.tokens['minh']}"}

    def count(**asked: object) -> int:
        found = client.get(PATH, params={key: str(value) for key, value in asked.items()}, headers=headers)
        return len(found.json()["items"])

    assert [count(within=56), count(within=57), count(unit="pho-an")] == [0, 2, 1]
    assert [count(on="2024-01-01"), count(on="2028-11-24"), count(on="2028-11-26")] == [0, 2, 0]
    wrong = client.get(PATH, params={"cursor": "x"}, headers=headers)
    assert wrong.status_code == 422
