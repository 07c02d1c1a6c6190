"""One product over HTTP: as it stands, for whoever may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.web.cast import Cast

OWN = "/api/v1/products/DP24-002"


def test_a_product_comes_with_its_version_as_its_tag(client: TestClient, cast: Cast) -> None:
    found = client.get(OWN, headers=cast.as_("lan"))
    assert found.status_code == 200, found.text
    assert found.headers["ETag"] == '"0"'
    assert found.json()["state"] == "idea"


def test_without_a_token_nothing_is_told(client: TestClient) -> None:
    found = client.get(OWN)
    assert found.status_code == 401
    assert found.headers["WWW-Authenticate"].startswith("Bearer")
    assert found.headers["Content-Type"] == "application/problem+json"


def test_anothers_product_is_as_if_it_did_not_exist(client: TestClient, cast: Cast) -> None:
    other = client.get(OWN, headers=cast.as_("ha"))
    nowhere = client.get("/api/v1/products/DP24-999", headers=cast.as_("ha"))
    assert other.status_code == nowhere.status_code == 404
