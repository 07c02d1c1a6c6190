"""The OpenAPI document: every operation has a name, words, an example that is true to its own schema."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from ocop_workflow.states import ACTS
from ocop_workflow.web import api
from ocop_workflow.web.app import API
from ocop_workflow.web.exchange.problems import Problem
from tests.web.cast import api_document

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.web.cast import Cast


def operations() -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in api_document()["paths"].items()
        for method, operation in item.items()
    }


def test_every_operation_has_a_name_of_its_own_and_words_in_two_languages() -> None:
    found = operations()
    assert len({operation["operationId"] for operation in found.values()}) == len(found) > 25
    for name, operation in found.items():
        assert " / " in operation["description"].splitlines()[0], name
        assert operation["operationId"].isidentifier(), name


ROUTERS = [
    import_module(module.name).router
    for module in walk_packages(api.__path__, f"{api.__name__}.")
    if not module.ispkg
]


def test_every_example_is_true_to_its_schema() -> None:
    checked = 0
    for route in (route for router in ROUTERS for route in router.routes):
        assert isinstance(route, APIRoute)
        for answered in route.responses.values():
            for content in answered.get("content", {}).values():
                if "example" in content and "model" in answered:
                    TypeAdapter(answered["model"]).validate_python(content["example"])
                    checked += 1
        if route.body_field is not None:
            model: Any = route.body_field.field_info.annotation
            for example in TypeAdapter(model).json_schema()["examples"]:
                TypeAdapter(model).validate_python(example)
                checked += 1
    assert checked > 35


@pytest.mark.parametrize("name", ["NewEvent", "BulkEvents"])
def test_the_document_says_which_data_each_event_takes(name: str) -> None:
    for document in (api_document(), api_document()):  # made once or twice, it is the same
        schemas = document["components"]["schemas"]
        asked = schemas[name]
        assert asked["discriminator"]["mapping"] == {
            event.value: f"#/components/schemas/{name}.{event.value}" for event in ACTS
        }
        assert len(asked["oneOf"]) == len(ACTS)
        certify = schemas[f"{name}.certify"]
        assert certify["properties"]["event"] == {"type": "string", "const": "certify"}
        assert "data" in certify["required"]
        assert schemas["Data.score_province"]["oneOf"] == [
            {"$ref": "#/components/schemas/Data.score_province.mean"},
            {"$ref": "#/components/schemas/Data.score_province.sheets"},
        ]
        data = schemas["Data.certify"]
        assert data["required"] == ["decision_number", "decision_date", "signer", "published_on"]
        assert data["additionalProperties"] is False
        assert data["properties"]["decision_date"] == {
            "type": "string",
            "format": "date",
            "description": "ngày quyết định / date of the decision (required)",
            "examples": ["2024-11-25"],
        }
        assert "data" not in schemas[f"{name}.register"]["required"]


def test_every_operation_shows_its_refusals_as_problems() -> None:
    parts = api_document()["components"]
    for name, operation in operations().items():
        refusals = {status: what for status, what in operation["responses"].items() if status >= "400"}
        assert {"401", "403", "404", "422", "503"} <= set(refusals), name
        assert refusals == {
            status: {"$ref": f"#/components/responses/Refused.{status}"} for status in refusals
        }
    for status, what in parts["responses"].items():
        assert list(what["content"]) == ["application/problem+json"], status
        assert what["content"]["application/problem+json"]["schema"] == {
            "$ref": "#/components/schemas/Problem"
        }
    assert parts["schemas"]["Problem"]["title"] == "Problem"


def test_changes_of_a_product_need_its_version_in_the_document_too() -> None:
    guarded = {
        name
        for name, operation in operations().items()
        for parameter in operation.get("parameters", [])
        if parameter.get("name") == "If-Match" and parameter["required"]
    }
    assert guarded == {
        f"PATCH {API}/products/{{code}}",
        f"PATCH {API}/products/{{code}}/forms/{{form}}",
        f"POST {API}/products/{{code}}/events",
        f"POST {API}/products/{{code}}/undo",
        f"POST {API}/products/{{code}}/occurrences",
        f"POST {API}/products/{{code}}/occurrences/undo",
        f"POST {API}/certificates/{{number}}/confirmation",
        f"POST {API}/certificates/{{number}}/corrections",
        f"POST {API}/certificates/{{number}}/undo",
        f"POST {API}/officers/{{login}}/disable",
        f"POST {API}/officers/{{login}}/roles",
        f"POST {API}/officers/{{login}}/roles/revocation",
    }


def test_a_refusal_has_the_shape_that_the_document_promises(client: TestClient, cast: Cast) -> None:
    for path in ("products/DP24-999", "products?limit=0", "nothing"):
        Problem.model_validate(client.get(f"{API}/{path}", headers=cast.as_("lan")).json())
