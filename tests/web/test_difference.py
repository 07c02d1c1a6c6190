"""`/products/{code}/difference`: what an upgrade says otherwise, over HTTP."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.stories.journeys import step, walk_to

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast

DIFFERENCE = "/api/v1/products/DP24-002/difference"


def test_a_change_is_said_taken_out_and_refused_where_it_cannot_be(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, "DP24-002", "begin_monitoring")
    step(seeded, clock, "DP24-002", "open_re_rating", date(2024, 12, 3), kind="upgrade", plan="duc-pho-2024")
    lan = cast.as_("lan")
    said = client.post(DIFFERENCE, json={"heading": "bao bì", "change": "hũ"}, headers=lan).json()
    assert (said["undeclared"], said["unproven"], said["recognised"]["star"]) == (8, 1, 3)
    gone = client.post(DIFFERENCE, json={"heading": "bao bì", "said": False}, headers=lan).json()
    assert gone == client.get(DIFFERENCE, headers=lan).json()
    assert (gone["undeclared"], gone["unproven"]) == (9, 0)
    wrong = client.post(DIFFERENCE, json={"heading": "màu", "papers": [1]}, headers=lan)
    assert (wrong.status_code, [item["place"] for item in wrong.json()["faults"]]) == (
        422,
        ["heading", "change", "papers"],
    )
