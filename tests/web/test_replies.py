"""`Idempotency-Key`: a lost answer is asked for again, and nothing happens twice."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

from ocop_workflow.web.app import API
from tests.factories import SEED, rows

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from ocop_workflow.store import Database
    from tests.web.cast import Cast

NEW = {"plan": SEED, "unit": "pho-an", "name": "Mắm nêm"}


def create(client: TestClient, headers: dict[str, str], body: dict[str, Any] = NEW) -> Response:
    return client.post(f"{API}/products", json=body, headers=headers)


def count(database: Database) -> int:
    ((found,),) = rows(database, "SELECT count(*) FROM products")
    return int(found)


def test_the_same_request_gets_the_same_answer_and_one_effect(
    client: TestClient, cast: Cast, seeded: Database
) -> None:
    lan = cast.as_("lan", Idempotency_Key="k-1")
    first, again = create(client, lan), create(client, lan)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["Location"] == again.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count(seeded) == 15


def test_another_body_under_the_same_key_is_refused(client: TestClient, cast: Cast, seeded: Database) -> None:
    lan = cast.as_("lan", Idempotency_Key="k-1")
    create(client, lan)
    refused = create(client, lan, {**NEW, "name": "Nước mắm"})
    assert (refused.status_code, refused.json()["faults"][0]["place"]) == (422, "Idempotency-Key")
    assert count(seeded) == 15


def test_a_key_is_its_officers_own(client: TestClient, cast: Cast, seeded: Database) -> None:
    create(client, cast.as_("lan", Idempotency_Key="k-1"))
    assert create(client, cast.as_("minh", Idempotency_Key="k-1")).json()["code"] == "DP24-016"
    assert count(seeded) == 16


def test_a_refusal_is_not_kept(client: TestClient, cast: Cast, seeded: Database) -> None:
    lan = cast.as_("lan", Idempotency_Key="k-1")
    assert create(client, lan, {**NEW, "plan": "not-yet"}).status_code == 422
    assert create(client, lan).status_code == 201
    assert count(seeded) == 15


def test_after_a_day_a_key_is_forgotten(client: TestClient, cast: Cast, seeded: Database) -> None:
    lan = cast.as_("lan", Idempotency_Key="k-1")
    create(client, lan)
    cast.clock.wait(timedelta(hours=24))
    assert create(client, lan, {**NEW, "name": "Nước mắm"}).status_code == 201
    assert rows(seeded, "SELECT count(*) FROM replies") == [(1,)]


def test_what_cannot_be_a_key_is_refused(client: TestClient, cast: Cast) -> None:
    for key in ("", " ", "a b", "k" * 201):
        assert create(client, cast.as_("lan", Idempotency_Key=key)).status_code == 422, key


def test_a_double_click_has_one_effect(client: TestClient, cast: Cast, seeded: Database) -> None:
    for turn in range(10):
        headers, both = cast.as_("lan", Idempotency_Key=f"click-{turn}"), Barrier(2)
        found: list[Response] = []

        def click(
            headers: dict[str, str] = headers, both: Barrier = both, found: list[Response] = found
        ) -> None:
            both.wait()
            found.append(create(client, headers))

        threads = [Thread(target=click) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [answer.status_code for answer in found] == [201, 201]
        assert found[0].content == found[1].content
        assert count(seeded) == 15 + turn


def test_a_sweep_that_is_asked_for_again_is_answered_as_it_was_and_not_run(
    client: TestClient, cast: Cast, seeded: Database
) -> None:
    minh = cast.as_("minh", Idempotency_Key="sweep-1")
    first, again = (client.post(f"{API}/sweeps", json={}, headers=minh) for _ in range(2))
    assert (first.status_code, first.json()["letters"] > 0) == (200, True)
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert rows(seeded, "SELECT count(*) FROM sweeps") == [(1,)]
    other = client.post(f"{API}/sweeps", json={"dry_run": True}, headers=minh)
    assert (other.status_code, other.json()["faults"][0]["place"]) == (422, "Idempotency-Key")


def test_a_sweep_that_is_refused_keeps_no_answer(client: TestClient, cast: Cast, seeded: Database) -> None:
    for _ in range(2):
        refused = client.post(f"{API}/sweeps", json={}, headers=cast.as_("xem", Idempotency_Key="k-1"))
        assert refused.status_code == 403
    assert rows(seeded, "SELECT count(*) FROM replies") == [(0,)]


def test_two_sweeps_under_one_key_at_once_are_answered_alike(
    client: TestClient, cast: Cast, seeded: Database
) -> None:
    minh, both, found = cast.as_("minh", Idempotency_Key="sweep-1"), Barrier(2), list[bytes]()

    def press() -> None:
        both.wait()
        found.append(client.post(f"{API}/sweeps", json={}, headers=minh).content)

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert rows(seeded, "SELECT count(*) FROM outbox") == [(7,)]
