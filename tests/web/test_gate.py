"""Before every route: who asks, then whether they may, then what they say. Held against the router itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import ValidationError

from ocop_workflow.access import Permission, Scope
from ocop_workflow.people.tokens import revoke_token
from ocop_workflow.states.facts import EventData
from ocop_workflow.web.app import API
from ocop_workflow.web.console.frame.paged import Paged
from ocop_workflow.web.guard.bodies import LARGEST
from ocop_workflow.web.guard.gate import Gated, needs_of
from tests.factories import SEED, rows
from tests.stories.cast import HOST
from tests.web.cast import api_document
from tests.web.test_access import TABLE, WITHOUT_TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from ocop_workflow.store import Database
    from ocop_workflow.web.guard.identity import Needs
    from tests.web.cast import Cast


@pytest.fixture
def app(client: TestClient) -> FastAPI:
    """Return the application that the client talks to."""
    found: FastAPI = client.app  # type: ignore[assignment]  # as it was made
    return found


@dataclass(frozen=True)
class Way:
    """One route of the application, as the router knows it."""

    method: str
    path: str
    route: APIRoute

    @property
    def needs(self) -> Needs:
        return needs_of(self.route)


def routes(app: FastAPI) -> list[Way]:
    """Return every route of ours, not the document's."""
    found = []
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            (method,) = context.methods or {""}
            found.append(Way(method, context.path or "", context.original_route))
    assert len(found) > 30
    return found


def gated(app: FastAPI) -> list[Way]:
    return [way for way in routes(app) if isinstance(way.route, Gated)]


#: what is wrong with a request, whatever its route: each is a fault of its own
BAD: dict[str, dict[str, Any]] = {
    "an unknown name in the address": {"params": {"no-such-name": "1"}},
    "a broken cursor": {"params": {"cursor": "x y", "limit": "0"}},
    "no JSON": {"content": b"{"},
    "no body": {},
    "a hundred thousand brackets": {"content": b"[" * 100_000},
    "another type": {"content": b"a=1", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    "too much": {"content": b" " * (LARGEST + 1)},
    "a key that is none": {"content": b"{}", "headers": {"Idempotency-Key": "a b"}},
    "a tag that is none": {"content": b"{}", "headers": {"If-Match": "0"}},
    "two faults at once": {"content": b'{"dry_run": 0}', "params": {"confirm": "x"}},
}


def ask(client: TestClient, way: Way, bad: dict[str, Any], token: str | None) -> Response:
    """Ask a route badly: what its path names is no word of its own either."""
    path = way.path.replace("{", "").replace("}", "_NO")
    headers = {"Content-Type": "application/json", **bad.get("headers", {})}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return client.request(
        way.method, path, params=bad.get("params"), content=bad.get("content"), headers=headers
    )


def test_every_route_stands_behind_the_gate(app: FastAPI) -> None:
    ways = [way for way in routes(app) if not isinstance(way.route, Gated | Paged)]
    assert {(way.method, way.path) for way in ways} == WITHOUT_TOKEN | {
        ("GET", "/static/{which}/{path:path}")
    }


def test_no_page_of_the_console_lies_under_the_api(app: FastAPI) -> None:
    pages = [way.path for way in routes(app) if isinstance(way.route, Paged)]
    assert len(pages) > 60
    assert not [path for path in pages if path.startswith(API)]


def test_each_route_needs_what_the_table_of_rights_says(app: FastAPI) -> None:
    told = {(way.method, way.path): way.needs.scope for way in gated(app)}
    named = [row for row in TABLE.values() if (row.method, row.path) in told]
    assert {(row.method, row.path): row.needs for row in named} == {
        (row.method, row.path): told[row.method, row.path] for row in named
    }
    assert len(named) > 20


@pytest.mark.ordeal
def test_nobody_learns_what_is_wrong_before_they_have_said_who_they_are(
    client: TestClient, app: FastAPI, cast: Cast
) -> None:
    with cast.database.write() as tx:
        revoke_token(tx, HOST, cast.tokens["thu"], now=cast.clock.now())
    strangers = {"no token": None, "no token of ours": "ocop_nothing", "a revoked one": cast.tokens["thu"]}
    for way, (what, bad), (who, token) in product(gated(app), BAD.items(), strangers.items()):
        found = ask(client, way, bad, token)
        assert found.status_code == 401, (way, what, who, found.text)
    assert client.get(f"{API}/calendar.ics?token={'x' * 5000}&more=1").status_code == 401


@pytest.mark.ordeal
def test_whoever_may_not_is_told_so_before_a_word_of_theirs_is_read(
    client: TestClient, app: FastAPI, cast: Cast
) -> None:
    reader = cast.token("minh", Scope.READ)
    for way, (what, bad) in product(gated(app), BAD.items()):
        if way.needs.scope is not Scope.READ:
            found = ask(client, way, bad, reader)
            assert found.status_code == 403, (way, what, found.text)
        if way.needs.permission is not None:
            for who in WITHOUT.get(way.needs.permission, ("xem", "lan")):
                found = ask(client, way, bad, cast.tokens[who])
                assert found.status_code == 403, (way, what, who, found.text)


def test_whoever_may_is_told_what_is_wrong(client: TestClient, app: FastAPI, cast: Cast) -> None:
    for way, (what, bad) in product(gated(app), BAD.items()):
        takes_a_body = way.route.body_field is not None
        login = WHOSE.get(way.needs.permission, "minh")
        assert isinstance(way.route, Gated)
        if what == "too much" and way.method != "GET" and way.route.reads_body and way.path != LISTS:
            found = ask(client, way, bad, cast.tokens[login])
            assert found.status_code == 413, (way, what, found.text)
        elif what in ("no JSON", "a hundred thousand brackets", "another type") and takes_a_body:
            found = ask(client, way, bad, cast.tokens[login])
            assert found.status_code == 422, (way, what, found.text)


#: what looks like a value to a parser that means well, by the type that is asked for
LOOKALIKES: dict[str, list[Any]] = {
    "boolean": [0, 1, "true", "false", "yes", "on", 1.0, None, []],
    "integer": [True, "3", 3.0, "0x3", None],
    "string": [1, True, 2.5, None, [], {}],
}


#: the route whose body is a file, with a bound of its own: see test_certificate_lists
LISTS = f"{API}/certificate-lists"

#: who lacks a right that a ward's officer has
WITHOUT: dict[Permission, tuple[str, ...]] = {Permission.EDIT_PRODUCTS: ("xem", "thu")}

#: who may what an officer of the authority may not
WHOSE: dict[Permission | None, str] = {
    Permission.MANAGE_UNITS: "chu",
    Permission.MANAGE_OFFICERS: "chu",
    Permission.SCORE: "thu",
}


def whose(item: dict[str, Any]) -> str:
    return next(
        (WHOSE[told["x-permission"]] for told in item.values() if told.get("x-permission") in WHOSE), "minh"
    )


def typed(schema: dict[str, Any], parts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the properties of a body that are of one plain type, with it."""
    for name, told in schema.get("properties", {}).items():
        known = parts[told["$ref"].rpartition("/")[2]] if "$ref" in told else told
        if known.get("type") in LOOKALIKES:
            yield name, known["type"]


def test_nothing_is_taken_for_what_it_is_not(client: TestClient, cast: Cast) -> None:
    document = api_document()
    parts = document["components"]["schemas"]
    tried = set()
    for path, item in document["paths"].items():
        body = item.get("post", item.get("patch", {})).get("requestBody")
        if body is None or "application/json" not in body["content"]:
            continue
        schema = parts[body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]
        for one in [parts[of["$ref"].rpartition("/")[2]] for of in schema.get("oneOf", [])][:1] or [schema]:
            for name, kind in typed(one, parts):
                for value in LOOKALIKES[kind]:
                    found = client.request(
                        "post" if "post" in item else "patch",
                        path.replace("{code}", "DP24-002").replace("{plan}", SEED).replace("{unit}", "pho-an")
                        .replace("{number}", "1").replace("{activity}", "training").replace("{login}", "lan"),
                        json={name: value},
                        headers=cast.as_(whose(item), If_Match='"0"'),
                    )  # fmt: skip
                    assert found.status_code == 422, (path, name, value, found.text)
                    places = [fault["place"] for fault in found.json()["faults"]]
                    assert f"body.{name}" in places, (path, name, value, places)
                tried.add((path, name))
    assert (f"{API}/sweeps", "dry_run") in tried
    assert (f"{API}/products/events", "dry_run") in tried
    assert len(tried) > 10


@pytest.mark.parametrize(
    "data",
    [
        {"mean": True},
        {"sheets": [70, False]},
        {"gates_met": "5"},
        {"gates_met": 5.0},
        {"gates_met": True},
        {
            "certificate": {
                "star": "3",
                "number": "1",
                "decided_on": "2024-01-02",
                "valid_until": "2027-01-02",
            }
        },
        {"group": 1},
    ],
    ids=str,
)
def test_data_of_an_event_are_not_guessed_either(data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EventData.model_validate(data)


def test_days_are_still_written_as_text(client: TestClient, cast: Cast) -> None:
    sent = {"event": "withdraw", "data": {"reason": "thôi"}, "on": "2024-04-23"}
    found = client.post(f"{API}/products/DP24-002/events", json=sent, headers=cast.as_("lan", If_Match='"0"'))
    assert found.status_code == 200, found.text


def test_a_number_for_false_sweeps_nothing(client: TestClient, cast: Cast, seeded: Database) -> None:
    before = rows(seeded, "SELECT count(*) FROM sweeps")
    found = client.post(f"{API}/sweeps", json={"dry_run": 0}, headers=cast.as_("minh", Accept_Language="en"))
    assert found.status_code == 422
    assert found.json()["faults"] == [{"place": "body.dry_run", "detail": "must be true or false"}]
    assert rows(seeded, "SELECT count(*) FROM sweeps") == before


def test_a_body_in_parts_is_read_up_to_its_limit_and_told_what_is_wrong(
    client: TestClient, cast: Cast
) -> None:
    def parts(size: int) -> Iterator[bytes]:
        yield json.dumps({"text": "x" * (size - 100_000)})[:-2].encode()
        yield b"x" * 100_000
        yield b'"}'

    def post(size: int) -> Response:
        headers = cast.as_("minh", Accept_Language="en", Content_Type="application/json")
        return client.post(f"{API}/plans", content=parts(size), headers=headers)

    read = post(700_000)
    assert read.status_code == 422
    assert read.json()["faults"] == [{"place": "body.text", "detail": "longer than 200000 letters"}]
    too_large = post(LARGEST + 1)
    assert (too_large.status_code, too_large.json()["error"]) == (413, "too_large")
