"""One event for many products over HTTP: a verdict each, a token, then all or nothing."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING

from ocop_workflow.web.app import API
from tests.factories import act, rows

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast

ORDER = {"event": "register", "data": {"group": "food"}}


def ask(client: TestClient, headers: dict[str, str], codes: list[str], **more: bool | str) -> Response:
    body = {**ORDER, "codes": codes, **more}
    return client.post(f"{API}/products/events", json=body, headers=headers)


def test_a_preview_gives_a_verdict_for_each_and_the_commit_does_the_allowed(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-003", "register")
    codes = ["DP24-002", "DP24-003", "DP24-004", "DP24-007"]
    lan = cast.as_("lan")
    seen = ask(client, lan, codes, dry_run=True).json()
    assert [(one["code"], one["allowed"], one.get("error")) for one in seen["verdicts"]] == [
        ("DP24-002", True, None),
        ("DP24-003", False, "event_refused"),
        ("DP24-004", True, None),
        ("DP24-007", False, "not_found"),
    ]
    assert rows(seeded, "SELECT count(*) FROM transitions") == [(1,)]
    done = ask(client, lan, codes, token=seen["token"]).json()
    assert [(one["code"], one["version"]) for one in done["advanced"]] == [("DP24-002", 1), ("DP24-004", 1)]


def test_codes_in_small_letters_are_the_same_codes(client: TestClient, cast: Cast) -> None:
    lan = cast.as_("lan")
    seen = ask(client, lan, ["dp24-002"], dry_run=True).json()
    assert [one["code"] for one in seen["verdicts"]] == ["DP24-002"]
    done = ask(client, lan, ["DP24-002"], token=seen["token"]).json()
    assert [one["code"] for one in done["advanced"]] == ["DP24-002"]
    assert ask(client, lan, ["DP24-003", "dp24-003"], dry_run=True).status_code == 422


def test_drift_since_the_preview_names_the_rows_and_writes_nothing(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock
) -> None:
    codes = ["DP24-002", "DP24-004"]
    token = ask(client, cast.as_("lan"), codes, dry_run=True).json()["token"]
    act(seeded, clock, "DP24-004", "withdraw")
    refused = ask(client, cast.as_("lan"), codes, token=token)
    assert (refused.status_code, refused.json()["error"]) == (409, "drifted")
    assert [fault["place"] for fault in refused.json()["faults"]] == ["DP24-004"]
    assert rows(seeded, "SELECT count(*) FROM transitions") == [(1,)]


def test_the_commit_needs_the_token_of_this_very_order(client: TestClient, cast: Cast) -> None:
    lan = cast.as_("lan")
    token = ask(client, lan, ["DP24-002"], dry_run=True).json()["token"]
    assert ask(client, lan, ["DP24-002"]).status_code == 422
    assert ask(client, lan, ["DP24-002"], dry_run=True, token=token).status_code == 422
    assert ask(client, lan, ["DP24-003"], token=token).status_code == 422
    made_up = base64.urlsafe_b64encode(b"not a token").decode()
    assert ask(client, lan, ["DP24-002"], token=made_up).status_code == 422
    assert ask(client, cast.as_("minh"), ["DP24-002"], token=token).status_code == 422


def test_an_order_has_its_limits(client: TestClient, cast: Cast) -> None:
    many = [f"DP24-{number:04}" for number in range(1001)]
    assert ask(client, cast.as_("lan"), many, dry_run=True).status_code == 422
    assert ask(client, cast.as_("lan"), [], dry_run=True).status_code == 422
    assert ask(client, cast.as_("lan"), ["DP24-002", "DP24-002"], dry_run=True).status_code == 422


def test_days_that_contradict_what_one_product_has_on_record_refuse_that_one_alone(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock
) -> None:
    clock.wait(timedelta(days=2))
    act(seeded, clock, "DP24-002", "register", on=clock.today())
    act(seeded, clock, "DP24-003", "register", on=clock.today() - timedelta(days=1))
    order = {"event": "select", "data": {}, "on": (clock.today() - timedelta(days=1)).isoformat()}
    seen = client.post(
        f"{API}/products/events",
        json={**order, "codes": ["DP24-002", "DP24-003"], "dry_run": True},
        headers={**cast.as_("minh"), "Accept-Language": "en"},
    ).json()
    assert seen["verdicts"] == [
        {
            "code": "DP24-002",
            "allowed": False,
            "error": "dates_disagree",
            "detail": "The day of the event is at fault.",
            "faults": [{"place": "on", "detail": "2024-04-24 lies before the last event (2024-04-25)"}],
        },
        {"code": "DP24-003", "allowed": True},
    ]
