"""The OpenAPI document as a whole: what holds for every operation is added to what each route says of itself.

FastAPI writes down the routes; here follow the rules of the contract, how one signs in, the headers, the
refusals (each told once), the data of each event. `rules` and `headers` hold the words.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from fastapi.routing import APIRoute

from ocop_workflow.regulations import Level
from ocop_workflow.states import ACTS, Asked, Event, form_of, schema_of
from ocop_workflow.states.lifecycle import lifecycle_of
from ocop_workflow.web.contract import headers, rules
from ocop_workflow.web.exchange.problems import MEDIA_TYPE, Problem
from ocop_workflow.web.guard.gate import PERMISSION, SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fastapi import APIRouter, FastAPI

    from ocop_workflow.states import Field

_SCHEMAS = "#/components/schemas/"
_SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "Mã truy cập: `ocop token create`, hoặc `POST /tokens`. / A token, made by either.",
    },
    "feed": {
        "type": "apiKey",
        "in": "query",
        "name": "token",
        "description": "Mã phạm vi `feed`, trong địa chỉ lịch. / A token of scope `feed`, in the address.",
    },
}


def complete(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Let the application's document say what its routes do not say of themselves.

    Args:
        app: the application.
        routers: those whose routes stand in the document.
    """
    make, told = app.openapi, list(routers)
    app.summary, app.description = rules.SUMMARY, rules.RULES
    app.license_info = {"name": "MIT", "identifier": "MIT"}
    app.contact = {"name": "Nơi vận hành dịch vụ / Whoever runs this service"}
    app.servers = [{"url": "/", "description": "Dịch vụ này / This service"}]
    app.openapi_tags = [{"name": name, "description": words} for name, words in sorted(rules.TAGS.items())]
    document: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not document:
            document.update(_completed(make(), told))
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the place that FastAPI names for it


def _completed(document: dict[str, Any], routers: Iterable[APIRouter]) -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    document["components"]["schemas"].update({**schema.pop("$defs"), "Problem": schema})
    document = _named_by_noun(document)
    parts = document["components"]
    schemas = parts["schemas"]
    _tell_events_apart(schemas)
    parts["securitySchemes"] = _SECURITY
    parts["parameters"] = {"Accept-Language": headers.ACCEPT_LANGUAGE}
    parts["headers"] = dict(headers.HEADERS)
    parts["responses"] = {}
    for operation in _operations(document):
        operation["summary"] = operation["description"].splitlines()[0].replace(". / ", " / ").rstrip(".")
        if {"bearer": []} in operation["security"]:
            operation["description"] += f"\n\n{_needed(operation)}"
            accepted = {"$ref": "#/components/parameters/Accept-Language"}
            operation["parameters"] = [*operation.get("parameters", []), accepted]
        for status, answer in operation["responses"].items():
            if MEDIA_TYPE in answer.get("content", {}):
                operation["responses"][status] = _told_once(parts["responses"], status, answer)
            else:
                carried = headers.of_answer(operation, answer.get("content", ()))
                answer["headers"] = {**answer.get("headers", {}), **headers.referred(carried)}
    _restore_examples(document, routers)
    _open_what_is_answered(document)
    return document


def _named_by_noun(document: dict[str, Any]) -> dict[str, Any]:
    """Name the schemas of views by their nouns alone: `ProductView` is `Product` to others."""
    text = json.dumps(document, ensure_ascii=False)
    named: dict[str, Any] = json.loads(re.sub(r'(?<=["/_])([A-Z][A-Za-z]*)View(?=["_])', r"\1", text))
    for name, schema in named.get("components", {}).get("schemas", {}).items():
        if name.startswith("Page_"):  # makers of clients name a class by its title: no two may share one
            schema["title"] = f"Page[{name.removeprefix('Page_').rstrip('_')}]"
    return named


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from item.values()


def _needed(operation: dict[str, Any]) -> str:
    """Say what whoever asks needs."""
    right = operation.get(PERMISSION)
    may = f"; quyền / right: `{right}`" if right else ""
    return f"Mã phạm vi / token's scope: `{operation[SCOPE]}`{may}."


def _told_once(responses: dict[str, Any], status: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Put a refusal among the document's parts, with headers and example; returns what refers to it."""
    name = f"Refused.{status}"
    content = {MEDIA_TYPE: {**answer["content"][MEDIA_TYPE], "example": rules.refused(int(status))}}
    carried = headers.referred(headers.of_refusal(int(status)))
    responses[name] = {**answer, "headers": carried, "content": content}
    return {"$ref": f"#/components/responses/{name}"}


def _restore_examples(document: dict[str, Any], routers: Iterable[APIRouter]) -> None:
    """Give the examples as the routes have them: FastAPI drops every null, which a schema may require."""
    by_name = {operation["operationId"]: operation for operation in _operations(document)}
    routes = (route for router in routers for route in router.routes if isinstance(route, APIRoute))
    for route in routes:
        shown = by_name[str(route.operation_id)]["responses"]
        for status, answer in route.responses.items():
            for media_type, content in answer.get("content", {}).items():
                if "example" in content:
                    shown[str(status)]["content"][media_type]["example"] = content["example"]


def _open_what_is_answered(document: dict[str, Any]) -> None:
    """Let answers gain members (the rule of evolution says so); what is sent stays closed."""
    schemas = document["components"]["schemas"]
    sent: set[str] = set()
    for operation in _operations(document):
        if "requestBody" in operation:
            sent |= _referred(operation["requestBody"], schemas)
    for name, schema in schemas.items():
        if name not in sent and schema.get("additionalProperties") is False:
            del schema["additionalProperties"]


def _referred(part: object, schemas: dict[str, Any], seen: frozenset[str] = frozenset()) -> set[str]:
    """Return the names of the schemas that a part of the document leads to."""
    if isinstance(part, list):
        return {name for item in part for name in _referred(item, schemas, seen)}
    if not isinstance(part, dict):
        return set()
    found = {name for value in part.values() for name in _referred(value, schemas, seen)}
    name = str(part.get("$ref", "")).removeprefix(_SCHEMAS)
    if name in schemas and name not in seen:
        found |= {name} | _referred(schemas[name], schemas, seen | {name})
    return found


def _tell_events_apart(schemas: dict[str, Any]) -> None:
    """Let the document say which data each event takes, for one product and for many."""
    lifecycle = lifecycle_of(tuple(Level))  # the ladder of all levels knows every event
    forms = {event: form_of(event, lifecycle) for event in ACTS}
    for event, form in forms.items():
        schemas.update(_data_of(f"Data.{event.value}", schema_of(form)))
    for name in ("NewEvent", "BulkEvents"):
        asked = schemas[name]
        of_event = {event.value: f"{name}.{event.value}" for event in ACTS}
        schemas.update({of_event[event.value]: _asked(asked, event, form) for event, form in forms.items()})
        places = {event: f"{_SCHEMAS}{place}" for event, place in of_event.items()}
        schemas[name] = {
            "title": asked["title"],
            "description": asked["description"],
            "oneOf": [{"$ref": place} for place in places.values()],
            "discriminator": {"propertyName": "event", "mapping": places},
            "examples": asked["examples"],
        }


def _data_of(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas of an event's data by name: its own, and one for each way of giving them."""
    ways = {
        f"{name}.{way['title']}": {**way, "title": f"{name}.{way['title']}"}
        for way in schema.get("oneOf", ())
    }
    told = {**schema, "oneOf": [{"$ref": _SCHEMAS + way} for way in ways]} if ways else schema
    return {**ways, name: {"title": name, **told}}


def _asked(asked: dict[str, Any], event: Event, form: tuple[Field, ...]) -> dict[str, Any]:
    """Return what a request says that is about one event."""
    data = {"$ref": f"{_SCHEMAS}Data.{event.value}"}
    has_to_say = any(field.asked in (Asked.ALWAYS, Asked.ONE_OF) for field in form)
    return {
        "type": "object",
        "title": f"{asked['title']}: {event.value}",
        "description": f"{event.text.vi}. / {event.text.en}.",
        "additionalProperties": False,
        "properties": {
            **asked["properties"],
            "event": {"type": "string", "const": event.value},
            "data": data,
        },
        "required": [*asked["required"], *(["data"] if has_to_say else [])],
    }
