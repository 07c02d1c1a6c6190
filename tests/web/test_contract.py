"""The document keeps the recommended rules of redocly and spectral, and its examples their own schemas.

The linters themselves are programs for node: `make lint-api` runs them. Here stand the rules that matter,
so that nobody needs node to keep them; what the linters pass and these tests refuse is ours besides.
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from ocop_workflow.sweep.daily import sweep
from ocop_workflow.web.app import API
from ocop_workflow.web.contract.rules import RULES
from tests.factories import SENDER
from tests.web.cast import api_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient

    from tests.fakes import FixedClock
    from tests.web.cast import Cast

DOCS = Path(__file__).parents[2] / "docs"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document() -> dict[str, Any]:
    return api_document()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        assert set(item) <= METHODS, path
        yield from ((f"{method.upper()} {path}", operation) for method, operation in item.items())


def found(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the document, or what it refers to."""
    if "$ref" not in part:
        return part
    place: Any = document
    for step in part["$ref"].removeprefix("#/").split("/"):
        place = place[step]
    return dict(place)


def references(part: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a document
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_it_says_what_it_is_who_runs_it_and_under_which_licence(document: dict[str, Any]) -> None:
    info = document["info"]
    assert document["openapi"].startswith("3.1")
    assert info["license"] == {"name": "MIT", "identifier": "MIT"}
    assert info["contact"]["name"]
    assert info["summary"].count(" / ") == 1
    assert document["servers"] == [{"url": "/", "description": "Dịch vụ này / This service"}]


def test_the_limits_and_the_rule_of_evolution_stand_in_it_as_in_the_page(document: dict[str, Any]) -> None:
    assert document["info"]["description"] == RULES
    assert RULES in (DOCS / "api.md").read_text("utf-8")
    for figure in ("1 MiB", "10 giây", "50 dòng", "tối đa 200", "1000 mã", "24 giờ", "366 ngày"):
        assert figure in RULES


def test_every_tag_is_described_once_in_order_and_used(document: dict[str, Any]) -> None:
    told = [tag["name"] for tag in document["tags"]]
    used = {tag for _, operation in operations(document) for tag in operation["tags"]}
    assert told == sorted(used)
    assert all(" / " in tag["description"] for tag in document["tags"])


def test_every_operation_has_a_summary_and_every_parameter_its_words(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert len(operation["tags"]) == 1, name
        assert " / " in operation["summary"], name
        assert not operation["summary"].endswith("."), name
        given = [found(document, parameter) for parameter in operation.get("parameters", [])]
        assert len({(parameter["name"], parameter["in"]) for parameter in given}) == len(given), name
        for parameter in given:
            assert parameter.get("description"), (name, parameter["name"])
        path = set(re.findall(r"{(\w+)}", name))
        assert path == {parameter["name"] for parameter in given if parameter["in"] == "path"}, name


def test_every_operation_says_how_one_signs_in(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    for name, operation in operations(document):
        (way,) = operation["security"]
        assert set(way) <= set(schemes), name
        assert set(way) == ({"feed"} if "calendar.ics" in name else {"bearer"}), name


def test_no_two_addresses_can_be_meant_by_one(document: dict[str, Any]) -> None:
    shapes = [re.sub(r"{\w+}", "{}", path) for path in document["paths"]]
    assert len(set(shapes)) == len(shapes)
    assert [path for path in document["paths"] if path.endswith("/") or "?" in path] == []


def test_nothing_is_described_that_nobody_refers_to(document: dict[str, Any]) -> None:
    used = set(references(document))
    used |= {place for part in _mappings(document) for place in part.values()}
    for kind, parts in document["components"].items():
        if kind != "securitySchemes":
            assert {f"#/components/{kind}/{name}" for name in parts} - used == set(), kind


def _mappings(part: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401 - any part of a document
    if isinstance(part, dict):
        if "discriminator" in part:
            yield part["discriminator"]["mapping"]
        for value in part.values():
            yield from _mappings(value)


@cache
def validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """Read a schema with all the document behind it: hundreds of headers share one."""
    whole = {**json.loads(schema), "components": api_document()["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def validate(schema: dict[str, Any], example: Any, where: object) -> None:  # noqa: ANN401 - any JSON
    """Hold an example against its schema, as a reader of the document would."""
    assert [error.message for error in validator(json.dumps(schema)).iter_errors(example)] == [], where


def test_every_example_of_the_document_is_true_to_the_schema_beside_it(document: dict[str, Any]) -> None:
    checked = 0
    for name, operation in operations(document):
        answers = [found(document, answer) for answer in operation["responses"].values()]
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for content in (part for body in (*answers, *bodies) for part in body.get("content", {}).values()):
            if "example" in content:
                validate(content["schema"], content["example"], name)
                checked += 1
        for answer in answers:
            for header in (found(document, header) for header in answer.get("headers", {}).values()):
                validate(header["schema"], header["example"], name)
                checked += 1
        ok = [answer for status, answer in operation["responses"].items() if status in ("200", "201")]
        assert any("example" in part for answer in ok for part in answer["content"].values()), name
    for name, schema in document["components"]["schemas"].items():
        for example in schema.get("examples", []):
            validate({"$ref": f"#/components/schemas/{name}"}, example, name)
            checked += 1
    assert checked > 300


def test_an_example_that_is_not_true_would_be_noticed(document: dict[str, Any]) -> None:
    product = found(document, document["components"]["schemas"]["Product"])
    with pytest.raises(AssertionError):
        validate(product, {"code": "DP24-002"}, "without its state")


def test_a_client_may_not_refuse_a_member_that_an_answer_gains(document: dict[str, Any]) -> None:
    """So says the rule of evolution; what is sent stays closed, so that a slip of the pen is noticed."""
    schemas = document["components"]["schemas"]
    assert "additionalProperties" not in schemas["Product"]
    assert "additionalProperties" not in schemas["Problem"]
    for name in ("ProductIn", "NewEvent.register", "Data.register", "Data.score_district.sheets"):
        assert schemas[name]["additionalProperties"] is False, name


def test_the_headers_of_an_answer_are_the_documents(client: TestClient, cast: Cast) -> None:
    document = client.get(f"{API}/openapi.json").json()
    told = {
        operation["operationId"]: set(operation["responses"][status]["headers"])
        for _, operation in operations(document)
        for status in ("200", "201")
        if status in operation["responses"]
    }
    always = {"Content-Language", "X-Request-ID"}
    assert told["showProduct"] == {*always, "ETag"}
    assert told["listProducts"] == {*always, "Link"}
    assert told["createProduct"] == {*always, "ETag", "Location", "Idempotency-Replayed"}
    assert told["addEvent"] == {*always, "ETag", "Idempotency-Replayed"}
    assert told["readCalendar"] == {"ETag", "X-Request-ID"}
    made = client.post(
        f"{API}/products",
        json={"plan": "duc-pho-2024", "unit": "pho-an", "name": "Mắm nêm"},
        headers=cast.as_("lan", Idempotency_Key="1"),
    )
    assert told["createProduct"] - {name for name in told["createProduct"] if name in made.headers} == {
        "Idempotency-Replayed"
    }
    assert (
        client.get(made.headers["Location"], headers=cast.as_("lan")).headers["ETag"] == made.headers["ETag"]
    )


def test_the_example_of_each_refusal_is_what_the_service_says(
    client: TestClient, cast: Cast, document: dict[str, Any]
) -> None:
    lan, events = cast.as_("lan"), f"{API}/products/DP24-002/events"
    register = {"event": "register", "data": {"group": "food"}}
    asked = {
        401: client.get(f"{API}/products"),
        403: client.get(f"{API}/audit", headers=lan),
        404: client.get(f"{API}/products/DP24-999", headers=lan),
        409: client.post(events, json={"event": "register"}, headers={**lan, "If-Match": '"0"'}),
        412: client.post(events, json=register, headers={**lan, "If-Match": '"7"'}),
        413: client.patch(
            f"{API}/products/DP24-002",
            content=b" " * (2**20 + 1),
            headers={**lan, "If-Match": '"0"', "Content-Type": "application/json"},
        ),
        422: client.get(f"{API}/products?limit=0", headers=lan),
        428: client.post(events, json=register, headers=lan),
    }
    for status, answered in asked.items():
        part = document["components"]["responses"][f"Refused.{status}"]
        shown = part["content"]["application/problem+json"]["example"]
        told = answered.json()
        assert answered.status_code == status
        assert {**told, "request_id": "", "current": None} == {**shown, "request_id": "", "current": None}
        assert set(told) == set(shown)
        required = {name for name in part["headers"] if found(document, part["headers"][name])["required"]}
        assert required <= {name for name in part["headers"] if name in answered.headers}, status


def test_what_is_answered_is_true_to_the_document(
    client: TestClient, cast: Cast, clock: FixedClock, document: dict[str, Any]
) -> None:
    """A view's type makes its JSON and its schema: the one is held against the other."""
    clock.move_to(date(2024, 5, 2))
    sweep(cast.database, clock, SENDER)

    def ask(login: str, method: str, path: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 - any JSON
        place = path.replace("{code}", "DP24-002")
        found = client.request(method, f"{API}/{place}", json=body, headers=cast.as_(login, **headers))
        operation = document["paths"][f"{API}/{path}"][method.lower()]
        assert found.status_code == 200, found.text
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        validate(schema, found.json(), (method, path))
        return found.json()

    register = {"event": "register", "data": {"group": "food"}}
    assert ask("lan", "POST", "products/{code}/events", register, If_Match='"0"')["deadlines"]
    select = {"event": "select", "codes": ["DP24-001", "DP24-002", "DP24-099"], "dry_run": True}
    verdicts = ask("minh", "POST", "products/events", select)["verdicts"]
    assert [verdict["allowed"] for verdict in verdicts] == [False, True, False]
    assert ask("lan", "POST", "products/{code}/undo", {"reason": "nhầm"}, If_Match='"1"')["undoes"] == 1
    for path in ("products", "products/{code}/history", "products/{code}/deadlines", "deadlines", "overdue"):
        assert ask("minh", "GET", path)["items"], path
    assert ask("minh", "GET", "products/{code}")["allowed"]
    assert ask("minh", "GET", "reminders")["items"]
    assert ask("minh", "GET", "reports/progress")["counts"]
