"""A sweep that is held, over HTTP: a problem that says what to send; `/healthz` is red until then."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.sweep.daily import sweep
from ocop_workflow.web.app import API
from tests.factories import SENDER, rows

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast


def test_a_held_sweep_is_a_conflict_that_the_very_day_resolves(
    client: TestClient, seeded: Database, clock: FixedClock, cast: Cast
) -> None:
    sweep(seeded, clock, SENDER)
    clock.move_to(date(2024, 5, 15))

    held = client.post(f"{API}/sweeps", json={}, headers=cast.as_("minh")).json()
    rehearsed = client.post(f"{API}/sweeps", json={"dry_run": True}, headers=cast.as_("minh")).json()
    red = client.get("/healthz")
    other = client.post(f"{API}/sweeps", json={"confirm": "2024-05-14"}, headers=cast.as_("minh"))

    assert {
        key: held[key] for key in ("status", "type", "error", "day", "last_day", "letters", "confirm")
    } == {
        "status": 409,
        "type": "urn:ocop:problem:sweep-held",
        "error": "sweep_held",
        "day": "2024-05-15",
        "last_day": "2024-04-23",
        "letters": 8,
        "confirm": '{"confirm": "2024-05-15"}',
    }
    assert rehearsed["held"]["confirm"] == '{"confirm": "2024-05-15"}'
    assert (red.status_code, red.json()["sweep_held"]) == (503, True)
    assert (other.status_code, other.json()["type"]) == (422, "urn:ocop:problem:wrong-use")
    assert rows(seeded, "SELECT COUNT(*) FROM sweeps") == [(1,)]

    done = client.post(f"{API}/sweeps", json={"confirm": "2024-05-15"}, headers=cast.as_("minh"))

    assert (done.status_code, done.json()["letters"]) == (200, 8)
    assert client.get("/healthz").status_code == 200
    assert rows(seeded, "SELECT actor FROM audit WHERE action = 'sweep.confirm'") == [("minh",)]
