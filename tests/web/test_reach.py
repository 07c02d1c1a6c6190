"""What a refusal, a preview or a count gives away: nothing of units that are not one's own.

Everything is asked twice: about what exists elsewhere, and about what exists nowhere. The answers are equal.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from ocop_workflow import bounds
from ocop_workflow.access import Role
from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.changes.loading import load_plan
from ocop_workflow.changes.mergers.units import save_units
from ocop_workflow.fence import texts
from ocop_workflow.regulations import reading
from ocop_workflow.regulations.units import shipped_units_of
from ocop_workflow.web.app import API
from tests.factories import SEED, act, rows
from tests.stories.cast import appoint

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast

DEEP = {"text": "a" + ".a" * 10_000 + "=1"}
#: in another province than the seed's, with units and officers of its own
ELSEWHERE = {"xa": (Role.COMMUNE_OFFICER, "an-binh"), "tay": (Role.AUTHORITY_OFFICER, "vi-du")}
THEIRS = "example-2026"
DECISION = {
    "milestone": "registration",
    "codes": ["DP24-002"],
    "due_on": "2024-06-20",
    "decision_number": "15/QĐ",
    "decided_on": "2024-04-22",
    "reason": "bão",
}


@pytest.fixture
def abroad(seeded: Database, clock: FixedClock, cast: Cast) -> Cast:
    """Let another province have its units and officers, beside those of the seed's."""
    with seeded.write() as tx:
        save_units(tx, shipped_units_of("vi-du"), clock.today())
    appoint(seeded, clock, ELSEWHERE)
    for login in ELSEWHERE:
        cast.tokens[login] = cast.token(login)
    return cast


def told(found: Response, *named: str) -> tuple[int, dict[str, Any]]:
    """Return an answer without what the request itself has named."""
    body = found.json()
    body.pop("request_id", None)
    for name in named:
        body = json.loads(json.dumps(body, ensure_ascii=False).replace(f" {name}", " …"))
    return found.status_code, body


def test_who_may_is_told_of_a_hostile_plan_at_once(client: TestClient, cast: Cast) -> None:
    begun = time.monotonic()
    found = client.post(f"{API}/plans", json=DEEP, headers=cast.as_("minh", Accept_Language="en"))
    assert time.monotonic() - begun < 2
    assert found.status_code == 422
    (fault,) = found.json()["faults"]
    assert fault["detail"] == "line 1: a name has more than 16 parts"


def test_who_may_not_is_refused_without_a_look_at_it(
    client: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> NoReturn:
        raise AssertionError("it was read")

    for module in (bounds, texts, reading):
        monkeypatch.setattr(module, "out_of_bounds", read)
    for login in ("xem", "lan", "thu", "quan"):
        assert client.post(f"{API}/plans", json=DEEP, headers=cast.as_(login)).status_code == 403, login


def test_a_plan_is_read_before_any_transaction(
    client: TestClient, cast: Cast, seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy: list[int] = []
    pool = seeded.engine.pool
    monkeypatch.setattr(
        "ocop_workflow.web.api.plans.read_plan",
        lambda *_: busy.append(pool.checkedout()),  # type: ignore[attr-defined]  # of a pool that counts
    )
    client.post(f"{API}/plans", json={"text": "a = 1"}, headers=cast.as_("minh"))
    assert busy == [0]


def test_a_plan_of_another_unit_is_as_if_it_were_not(client: TestClient, abroad: Cast) -> None:
    tay, nothing = abroad.as_("tay"), "no-such-plan"
    for method, path, body in (
        ("GET", "/plans/{plan}", None),
        ("GET", "/plans/{plan}/versions", None),
        ("GET", "/plans/{plan}/extensions", None),
        ("POST", "/plans/{plan}/extensions", DECISION),
        ("DELETE", "/plans/{plan}", None),
        ("GET", "/products?plan={plan}", None),
        ("GET", "/activities?plan={plan}", None),
        ("GET", "/questions?plan={plan}", None),
        ("GET", "/reports/progress?plan={plan}", None),
        ("POST", "/products", {"plan": "{plan}", "unit": "an-binh", "name": "Chè"}),
        ("POST", "/products", {"plan": "{plan}", "unit": "nowhere", "name": "Chè"}),
    ):
        theirs, none = (
            told(
                client.request(
                    method,
                    f"{API}{path.replace('{plan}', plan)}",
                    json=json.loads(json.dumps(body).replace("{plan}", plan)) if body else None,
                    headers=tay,
                ),
                plan,
            )
            for plan in (SEED, nothing)
        )
        assert theirs == none, (method, path)
        assert "duc-pho" not in str(theirs), (method, path)


def test_a_plan_can_neither_be_changed_nor_taken_over_from_outside(
    client: TestClient, abroad: Cast, seeded: Database
) -> None:
    tay, text = abroad.as_("tay", Accept_Language="en"), shipped_plan_text(SEED)
    loaded = client.post(f"{API}/plans", json={"text": text}, headers=tay)
    changed = client.post(f"{API}/plans", json={"text": text + "\n# khác"}, headers=tay)
    assert (loaded.status_code, changed.status_code) == (403, 403)
    assert told(loaded) == told(changed)
    their_own = shipped_plan_text(THEIRS)
    taken = client.post(f"{API}/plans", json={"text": their_own.replace(THEIRS, SEED)}, headers=tay)
    assert (taken.status_code, taken.json()["detail"]) == (
        409,
        f"The id {SEED} cannot be used; change `id` in the file.",
    )
    assert rows(seeded, "SELECT count(*) FROM plans") == [(1,)]


def test_an_extension_of_another_unit_is_as_if_it_were_not(client: TestClient, abroad: Cast) -> None:
    minh, tay = abroad.as_("minh"), abroad.as_("tay")
    path = f"{API}/plans/{SEED}/extensions"
    seen = client.post(path, json=DECISION, headers=minh).json()
    granted = client.post(path, json={**DECISION, "confirm": seen["impact"]["hash"]}, headers=minh)
    number = str(granted.json()["id"])
    for body in ({}, {"confirm": "0" * 64}):
        theirs = told(client.post(f"{API}/extensions/{number}/revocation", json=body, headers=tay), number)
        none = told(client.post(f"{API}/extensions/999/revocation", json=body, headers=tay), "999")
        assert theirs == none
        assert theirs[0] == 404
    assert client.post(f"{API}/extensions/{number}/revocation", json={}, headers=minh).status_code == 200


def test_a_commune_counts_its_own_products_of_the_towns_plan(client: TestClient, cast: Cast) -> None:
    counted = {
        login: sum(client.get(f"{API}/plans/{SEED}", headers=cast.as_(login)).json()["products"].values())
        for login in ("lan", "ha", "minh", "chu")
    }
    assert counted == {"lan": 5, "ha": 4, "minh": 14, "chu": 14}


def test_a_step_into_a_plan_of_another_unit_is_refused_like_one_into_none(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock, abroad: Cast
) -> None:
    assert abroad
    with seeded.write() as tx:
        load_plan(tx, shipped_plan_text(THEIRS), actor="tay", today=clock.today(), now=clock.now())
    act(seeded, clock, "DP24-002", "withdraw")
    theirs, none = (
        told(
            client.post(
                f"{API}/products/DP24-002/events",
                json={"event": "resubmit", "data": {"plan": plan}},
                headers=cast.as_("lan", If_Match='"1"'),
            ),
            plan,
        )
        for plan in (THEIRS, "no-such-plan")
    )
    assert theirs == none
    assert theirs[0] == 404
