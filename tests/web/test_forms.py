"""The forms of a dossier over HTTP: seen with a version, saved in part, refused as a whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ocop_workflow.web.app import API

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.web.cast import Cast

PRODUCT = f"{API}/products/DP24-002"
FORM = f"{PRODUCT}/forms/mau-02"


def test_a_form_is_saved_in_part_by_whoever_has_seen_it(client: TestClient, cast: Cast) -> None:
    seen = client.get(FORM, headers=cast.as_("lan"))
    assert (seen.headers["etag"], seen.json()["version"], len(seen.json()["missing"])) == ('"0"', 0, 20)
    answers = {"answers": {"s1_6_3": "Hrê", "s1_15": "năm người"}}
    done = client.patch(FORM, json=answers, headers=cast.as_("lan", If_Match='"0"'))
    assert (done.status_code, done.headers["etag"], len(done.json()["missing"])) == (200, '"1"', 18)
    late = client.patch(FORM, json=answers, headers=cast.as_("minh", If_Match='"0"'))
    assert (late.status_code, late.json()["current"]["version"]) == (412, 1)


def test_every_fault_is_told_at_its_field(client: TestClient, cast: Cast) -> None:
    answers = {"answers": {"s1_7": "mai", "s1_6_2": ["nữ"], "s1_1": "\udc00", "z": 10**90}}
    sent = json.dumps(answers).encode()  # escaped, as a client may write it
    headers = cast.as_("lan", If_Match='"0"', Content_Type="application/json")
    refused = client.patch(FORM, content=sent, headers=headers)
    assert (refused.status_code, [item["place"] for item in refused.json()["faults"]]) == (
        422,
        ["s1_7", "s1_6_2", "s1_1", "z"],
    )


def test_revenue_is_recorded_replaced_and_removed(client: TestClient, cast: Cast) -> None:
    lan = cast.as_("lan")
    given = {"year": 2023, "revenue": 1_250_000_000, "profit": -5}
    assert client.post(f"{PRODUCT}/revenues", json=given, headers=lan).status_code == 200
    assert client.get(f"{PRODUCT}/revenues", headers=lan).json()["years"] == [
        {**given, "source": None, "saved_by": "lan"}
    ]
    gone = client.post(f"{PRODUCT}/revenues/2023/removal", json={"reason": "ghi nhầm"}, headers=lan)
    assert gone.json()["years"] == []
    wrong = client.post(f"{PRODUCT}/revenues", json={"year": 2030, "revenue": 1}, headers=lan)
    assert [item["place"] for item in wrong.json()["faults"]] == ["year"]
