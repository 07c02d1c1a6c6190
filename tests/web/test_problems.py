"""Every refusal has one shape, in the language that is asked for; nothing of the inside shows."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from ocop_workflow.errors import TooManyAttempts, Unavailable
from ocop_workflow.web.app import API, create_app
from ocop_workflow.web.exchange.languages import language_of
from tests.factories import rows
from tests.web.cast import Cast, application_on

if TYPE_CHECKING:
    from httpx2 import Response

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

OWN = f"{API}/products/DP24-002"


def told(found: Response) -> dict[str, Any]:
    assert found.headers["Content-Type"] == "application/problem+json"
    assert found.headers["Vary"] == "Accept-Language"
    problem: dict[str, Any] = found.json()
    assert problem.pop("request_id") == found.headers["X-Request-ID"]
    return problem


def test_a_refused_event_says_what_is_possible_and_what_is_missing(client: TestClient, cast: Cast) -> None:
    body = {"event": "register", "data": {}}
    lan = cast.as_("lan", If_Match='"0"')
    assert told(client.post(f"{OWN}/events", json=body, headers=lan)) == {
        "type": "urn:ocop:problem:event-refused",
        "title": "Chưa thể thực hiện thao tác",
        "status": 409,
        "detail": "DP24-002 (Ý tưởng): chưa thể «Đăng ký ý tưởng», còn thiếu: "
        "ngành hàng (nhóm sản phẩm) (group; Bộ tiêu chí theo nhóm sản phẩm, QĐ 148/QĐ-TTg).",
        "error": "event_refused",
        "allowed": ["register", "withdraw"],
        "needs": {"register": ["group"], "withdraw": ["reason"]},
        "missing": [
            {
                "name": "group",
                "vi": "ngành hàng (nhóm sản phẩm)",
                "en": "the product group",
                "clause": "Bộ tiêu chí theo nhóm sản phẩm, QĐ 148/QĐ-TTg",
                "fields": ["group"],
            }
        ],
    }


def test_other_refusals_too(client: TestClient, cast: Cast) -> None:
    english = {"Accept-Language": "en"}
    assert told(client.get(OWN, headers=english)) == {
        "type": "urn:ocop:problem:not-signed-in",
        "title": "Not signed in",
        "status": 401,
        "detail": "A token is needed: Authorization: Bearer …",
        "error": "not_signed_in",
    }
    hands = client.post(
        f"{OWN}/events", json={"event": "withdraw"}, headers={**cast.as_("xem", If_Match='"0"'), **english}
    )
    assert told(hands)["error"] == "not_permitted"
    assert told(client.get(f"{API}/products/DP24-999", headers={**cast.as_("lan"), **english})) == {
        "type": "urn:ocop:problem:not-found",
        "title": "Not found",
        "status": 404,
        "detail": "No product has the code DP24-999; list them with `GET /api/v1/products`.",
        "error": "not_found",
    }
    assert told(client.get(f"{API}/nothing", headers=english)) == {
        "type": "urn:ocop:problem:not-found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no such address.",
        "error": "not_found",
    }
    wrong = client.delete(OWN, headers=cast.as_("lan"))
    assert told(wrong) == {
        "type": "urn:ocop:problem:method-not-allowed",
        "title": "Phương thức không được nhận",
        "status": 405,
        "detail": "Địa chỉ này không nhận phương thức đó.",
        "error": "method_not_allowed",
    }
    assert wrong.headers["Allow"] == "GET, HEAD, PATCH"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("products", "GET, HEAD, POST"),
        ("products/DP24-002/events", "POST"),
        ("sweeps", "GET, HEAD, POST"),
        ("audit", "GET, HEAD"),
    ],
)
def test_a_405_names_every_method_that_the_address_takes(
    client: TestClient, cast: Cast, path: str, methods: str
) -> None:
    for method in ("DELETE", "OPTIONS"):
        refused = client.request(method, f"{API}/{path}", headers=cast.as_("lan"))
        assert (refused.status_code, refused.headers["Allow"]) == (405, methods)


@pytest.mark.parametrize("path", [OWN, f"{API}/products", f"{API}/products/DP24-999", "/healthz"])
def test_head_is_answered_as_get_without_its_body(client: TestClient, cast: Cast, path: str) -> None:
    asked = cast.as_("lan")
    get, head = client.get(path, headers=asked), client.head(path, headers=asked)
    assert (head.status_code, head.content) == (get.status_code, b"")
    same = ("content-type", "content-length", "etag", "vary")
    assert [head.headers.get(name) for name in same] == [get.headers.get(name) for name in same]


def test_what_cannot_be_read_is_said_at_each_place(client: TestClient, cast: Cast) -> None:
    body = {"event": "to_certified", "state": "certified", "on": "31/4"}
    found = client.post(f"{OWN}/events", json=body, headers=cast.as_("lan", If_Match='"0"'))
    problem = told(found)
    assert (problem["status"], problem["error"]) == (422, "invalid_input")
    assert {fault["place"] for fault in problem["faults"]} == {"body.event", "body.state", "body.on"}
    assert all("phải" in fault["detail"] or "không" in fault["detail"] for fault in problem["faults"])


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "vi"),
        ("en", "en"),
        ("en-GB,en;q=0.9,vi;q=0.8", "en"),
        ("vi,en;q=0.9", "vi"),
        ("fr", "vi"),
        ("en;q=0", "vi"),
        ("en;q=x, vi;q=0.1", "vi"),
        ("*", "vi"),
    ],
)
def test_the_language_is_the_one_that_is_preferred(accepted: str | None, language: str) -> None:
    assert language_of(accepted) == language


def test_refusals_are_in_the_audit(client: TestClient, cast: Cast, seeded: Database) -> None:
    client.get(OWN)
    client.get(f"{API}/audit", headers=cast.as_("lan"))
    client.post(f"{OWN}/events", json={"event": "select"}, headers=cast.as_("minh", If_Match='"0"'))
    assert rows(seeded, "SELECT actor, action, subject FROM audit ORDER BY seq DESC LIMIT 3") == [
        ("minh", "refused.event_refused", "POST /api/v1/products/DP24-002/events"),
        ("lan", "refused.not_permitted", "GET /api/v1/audit"),
        ("anonymous", "refused.not_signed_in", "GET /api/v1/products/DP24-002"),
    ]


def test_a_flood_of_strangers_writes_one_entry_a_minute(
    client: TestClient, seeded: Database, cast: Cast
) -> None:
    def recorded() -> object:
        return rows(seeded, "SELECT count(*) FROM audit WHERE action = 'refused.not_signed_in'")

    for _ in range(20):
        assert client.get(OWN).status_code == 401
    assert recorded() == [(1,)]
    cast.clock.wait(timedelta(minutes=1))
    client.get(OWN)
    assert recorded() == [(2,)]


def test_too_many_attempts_and_a_database_that_is_away_say_when_to_come_back(
    client: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error, status, wait in (
        (TooManyAttempts("chậm lại", "slow down", 17), 429, "17"),
        (Unavailable("bận", "busy"), 503, "5"),
    ):

        def fail(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr("ocop_workflow.web.api.products.products.product_in_full", fail)
        found = client.get(OWN, headers=cast.as_("lan"))
        assert (found.status_code, found.headers["Retry-After"]) == (status, wait)


def test_an_unforeseen_error_tells_nothing_of_the_inside_and_is_logged(
    seeded: Database,
    clock: FixedClock,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret of the inside")

    monkeypatch.setattr("ocop_workflow.web.api.products.products.product_in_full", fail)
    with TestClient(create_app(application_on(seeded, clock))) as client, caplog.at_level(logging.ERROR):
        found = client.get(OWN, headers=cast.as_("lan"))
    assert found.status_code == 500
    assert "secret" not in found.text
    assert told(found)["error"] == "internal"
    assert "the secret of the inside" in caplog.text


def test_a_use_of_a_token_is_noted_once_a_minute(client: TestClient, cast: Cast, seeded: Database) -> None:
    def noted() -> object:
        return rows(
            seeded,
            "SELECT last_used_at FROM tokens t JOIN officers o ON o.id = t.officer_id WHERE login = 'lan'",
        )

    client.get(OWN, headers=cast.as_("lan"))
    first = noted()
    client.get(OWN, headers=cast.as_("lan"))
    assert noted() == first != [(None,)]
