"""Lists come in pages: every row once, in order, whatever the size of a page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.sweep.daily import sweep
from ocop_workflow.web.app import API
from tests.factories import SENDER, act

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.cast import Cast


@pytest.fixture
def lived(seeded: Database, clock: FixedClock) -> None:
    for day in (date(2024, 4, 23), date(2024, 4, 26), date(2024, 5, 2)):
        clock.move_to(day)
        sweep(seeded, clock, SENDER)


def walk(client: TestClient, headers: dict[str, str], path: str) -> list[list[dict[str, Any]]]:
    """Follow the links to the end."""
    pages: list[list[dict[str, Any]]] = []
    while path:
        found = client.get(path, headers=headers)
        assert found.status_code == 200, found.text
        pages.append(found.json()["items"])
        path = found.links["next"]["url"] if "next" in found.links else ""
    return pages


@pytest.mark.parametrize(
    "path", ["products", "deadlines", "overdue", "reminders", "letters", "sweeps", "audit"]
)
@pytest.mark.usefixtures("lived")
def test_pages_hold_every_row_once_and_in_order(client: TestClient, cast: Cast, path: str) -> None:
    chu = cast.as_("chu")
    (whole,) = walk(client, chu, f"{API}/{path}?limit=200")
    assert len(whole) >= 3
    for limit in (1, 2, 5, len(whole)):
        pages = walk(client, chu, f"{API}/{path}?limit={limit}")
        assert [row for page in pages for row in page] == whole
        assert {len(page) for page in pages[:-1]} <= {limit}


def test_a_filter_holds_on_every_page(
    client: TestClient, cast: Cast, seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-003", "register")
    minh = cast.as_("minh")
    pages = walk(client, minh, f"{API}/products?limit=2&unit=pho-an&state=idea")
    assert [[row["code"] for row in page] for page in pages] == [
        ["DP24-002", "DP24-004"],
        ["DP24-005", "DP24-006"],
    ]


def test_products_are_found_by_name_without_marks(client: TestClient, cast: Cast) -> None:
    for words, codes in (
        ("khô bò", ["DP24-002", "DP24-006"]),
        ("kho bo", ["DP24-002", "DP24-006"]),
        ("%", []),
    ):
        found = client.get(f"{API}/products", params={"q": words}, headers=cast.as_("minh")).json()
        assert [row["code"] for row in found["items"]] == codes, words


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("products?limit=0", "query.limit"),
        ("products?limit=201", "query.limit"),
        ("products?limit=x", "query.limit"),
        ("products?colour=red", "query.colour"),
        ("products?state=to_certified", ""),
        ("products?unit=nowhere", ""),
        ("products?plan=none", ""),
        ("deadlines?cursor=abc", "query.cursor"),
        ("deadlines?cursor=2024-13-01.1", "query.cursor"),
        ("reminders?cursor=2024-04-23.1", "query.cursor"),
        ("letters?cursor=99999999999999999999", "query.cursor"),
        ("letters?state=lost", "query.state"),
        ("audit?cursor=x", "query.cursor"),
        ("reports/progress?plan=x", ""),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(
    client: TestClient, cast: Cast, path: str, place: str
) -> None:
    refused = client.get(f"{API}/{path}", headers=cast.as_("chu"))
    assert refused.status_code in (404, 422), refused.text
    assert [fault["place"] for fault in refused.json().get("faults", [])] == ([place] if place else [])
