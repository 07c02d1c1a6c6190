"""Letters over HTTP: what was given up is seen, then sent again; and no letter too often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Scope
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.web.app import API
from tests.factories import SENDER, rows
from tests.stories.days import give_up

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast


def test_what_was_given_up_is_seen_and_sent_again_by_its_hash(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    give_up(seeded, "550 5.7.1 Unable to relay")
    minh = cast.as_("minh")
    seen = client.post(f"{API}/letters/resend", json={"unit": "pho-an"}, headers=minh).json()
    assert [(one["unit"], one["state"], one["refusal"]) for one in seen["letters"]] == [
        ("Xã Phổ An", "dead", None)
    ]
    order = {"unit": "pho-an", "confirm": seen["confirm"]}
    reading = {"Authorization": f"Bearer {cast.token('minh', Scope.READ)}"}
    assert client.post(f"{API}/letters/resend", json=order, headers=reading).status_code == 403
    done = client.post(f"{API}/letters/resend", json=order, headers=minh)
    assert [key.rpartition("#")[2] for key in done.json()["keys"]] == ["2"]
    late = client.post(f"{API}/letters/resend", json=order, headers=minh)
    assert (late.status_code, late.json()["type"]) == (409, "urn:ocop:problem:conflict")
    assert client.post(f"{API}/letters/resend", json={}, headers=cast.as_("lan")).json()["letters"] == []


def test_a_letter_is_sent_again_once_while_its_copy_waits_and_three_times_a_day(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock
) -> None:
    sweep(seeded, clock, SENDER)
    give_up(seeded, "550 5.1.1 no such user")
    ((number,),) = rows(seeded, "SELECT min(id) FROM outbox")
    path, minh = f"{API}/letters/{number}/resend", cast.as_("minh")
    for _ in range(3):
        assert client.post(path, headers=minh).status_code == 201
        assert client.post(path, headers=minh).status_code == 409
        give_up(seeded, "550 5.1.1 no such user")
    refused = client.post(path, headers=minh)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(24 * 3600 + 1))
