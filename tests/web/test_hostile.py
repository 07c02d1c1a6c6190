"""Values that break one database or another, or a parser: refused with 4xx, the same on both, at once."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.web.app import API
from tests.factories import GOOD_DATA, SEED, rows

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from ocop_workflow.store import Database
    from tests.web.cast import Cast

EVENTS = f"{API}/products/DP24-002/events"
NEW = {"plan": SEED, "unit": "pho-an", "name": "Mắm nêm"}
REGISTER = {"event": "register", "data": GOOD_DATA["register"]}
HUGE = 2**70


def send(client: TestClient, cast: Cast, path: str, body: bytes, **headers: str) -> Response:
    named = {**cast.as_("lan", If_Match='"0"'), "Content-Type": "application/json", **headers}
    return client.post(path, content=body, headers=named)


def body(given: dict[str, Any], **more: Any) -> bytes:  # noqa: ANN401 - whatever JSON can say
    return json.dumps({**given, **more}).encode()


HOSTILE: dict[str, tuple[str, bytes]] = {
    "NUL in a name": (f"{API}/products", body(NEW, name="a\x00b")),
    "NUL in data": (EVENTS, body(REGISTER, data={"group": "food", "address": "a\x00"})),
    "NUL in a note": (EVENTS, body(REGISTER, note="\x00")),
    "NUL in a data's name": (EVENTS, body(REGISTER, data={"\x00": 1})),
    "NUL in an id": (f"{API}/products", body(NEW, unit="pho-an\x00")),
    "a lone surrogate": (f"{API}/products", body(NEW, name="\ud800")),
    "a lone surrogate in data": (EVENTS, body(REGISTER, data={"group": "food", "address": "\udfff"})),
    "a lone surrogate in a data's name": (EVENTS, body(REGISTER, data={"\ud800": 1})),
    "a huge integer": (EVENTS, body(REGISTER, data={"group": "food", "gates_met": HUGE})),
    "an integer of 5,000 digits": (EVENTS, b'{"event": "register", "data": {"group": ' + b"9" * 5000 + b"}}"),
    "a huge number of points": (EVENTS, body({"event": "score_district"}, data={"mean": "1e999999999"})),
    "no number": (EVENTS, b'{"event": "register", "data": {"group": "food", "gates_met": NaN}}'),
    "infinity": (EVENTS, b'{"event": "register", "data": {"group": "food", "gates_met": -Infinity}}'),
    "the year 10000": (EVENTS, body(REGISTER, on="10000-01-01")),
    "the year 9999": (EVENTS, body(REGISTER, data={"group": "food", "received_on": "9999-12-31"})),
    "the year 1": (EVENTS, body(REGISTER, on="0001-01-01")),
    "a day as a number": (EVENTS, body(REGISTER, on=1714000000)),
    "a string of a million letters": (f"{API}/products", body(NEW, name="x" * 1_000_000)),
    "a body of two million letters": (f"{API}/products", body(NEW, name="x" * 2_000_000)),
    "a name of a million letters": (EVENTS, body(REGISTER, data={"x" * 1_000_000: 1})),
    "10,000 deep": (EVENTS, b'{"event": "register", "data": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001),
    "100,000 deep lists": (EVENTS, b"[" * 100_000 + b"]" * 100_000),
    "100,000 names": (EVENTS, body(REGISTER, data={str(number): 1 for number in range(100_000)})),
    "what only the service sets": (EVENTS, body(REGISTER, state="certified", version=9)),
    "an event of the library": (EVENTS, body({"event": "to_certified"})),
    "a dunder": (EVENTS, body({"event": "__class__"})),
    "no JSON": (EVENTS, b"{"),
    "no UTF-8": (EVENTS, b'{"event": "\xff"}'),
    "nothing": (EVENTS, b""),
    "a list": (EVENTS, b"[]"),
    "null": (EVENTS, b"null"),
    "a string for data": (EVENTS, body(REGISTER, data="x")),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_body_is_refused(client: TestClient, cast: Cast, seeded: Database, case: str) -> None:
    path, sent = HOSTILE[case]
    before = rows(seeded, "SELECT count(*), max(code), sum(version) FROM products")
    begun = time.monotonic()
    found = send(client, cast, path, sent)
    assert 400 <= found.status_code < 500, found.text[:500]
    assert found.headers["Content-Type"] == "application/problem+json"
    assert len(found.content) < 20_000
    assert time.monotonic() - begun < 5
    assert rows(seeded, "SELECT count(*), max(code), sum(version) FROM products") == before


@pytest.mark.parametrize(
    "path",
    [
        "products/%00",
        "products/DP24-002%00",
        "products/%ED%A0%80",
        f"products/{'x' * 5000}",
        "products?q=%00",
        "products?unit=%00",
        "products?plan=pho%00an",
        "products?cursor=%00",
        "products?limit=99999999999999999999",
        "products?q=" + "x" * 5000,
        "letters/99999999999999999999",
        "letters/-1",
        "letters/1e3",
        "letters?cursor=9223372036854775808",
        "deadlines?cursor=10000-01-01.1",
        "reminders?cursor=2024-01-01.1.1.99999999999999999999",
        "plans/%00",
        "reports/progress?plan=%00",
    ],
)
def test_a_hostile_address_is_refused(client: TestClient, cast: Cast, path: str) -> None:
    found = client.get(f"{API}/{path}", headers=cast.as_("lan"))
    assert 400 <= found.status_code < 500, found.text


@pytest.mark.parametrize("token", ["x" * 10_000, "\x7f", "ocop_", "é", "a b c"])
def test_a_hostile_token_signs_nobody_in(client: TestClient, cast: Cast, token: str) -> None:
    assert cast.tokens
    headers = [(b"Authorization", f"Bearer {token}".encode())]
    assert client.get(f"{API}/products", headers=headers).status_code == 401


def test_a_hostile_tag_or_key_is_refused(client: TestClient, cast: Cast) -> None:
    for tag in ('"' * 5000, '"\x7f"', "W/" * 3000, '"0'):
        refused = send(client, cast, EVENTS, body(REGISTER), **{"If-Match": tag})
        assert refused.status_code == 412, tag
    for key in ("\x7f", "k" * 10_000, "a\tb"):
        refused = send(client, cast, EVENTS, body(REGISTER), **{"Idempotency-Key": key})
        assert refused.status_code == 422, key
