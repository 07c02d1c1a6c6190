"""How each operation stands in the OpenAPI document: its name, its answer with an example, its refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission, Scope
from ocop_workflow.regulations import Level
from ocop_workflow.states import Asked, Event, form_of, schema_of
from ocop_workflow.states.lifecycle import lifecycle_of
from ocop_workflow.web.documents import Problem
from ocop_workflow.web.gate import PERMISSION, SCOPE
from ocop_workflow.web.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from fastapi import FastAPI
    from pydantic import BaseModel

    from ocop_workflow.states import Field

_REFUSALS = {
    401: "Chưa đăng nhập. / Not signed in.",
    403: "Không có quyền. / Not permitted.",
    404: "Không tìm thấy, hoặc không thuộc địa phương của cán bộ. / Not found in the officer's units.",
    408: "Nội dung gửi lên quá chậm. / The body came too slowly.",
    409: "Trái với dữ liệu đang có. / In conflict with what is stored.",
    412: "Đã thay đổi từ lúc xem; `current` là bản hiện tại. / Changed since it was seen.",
    413: "Nội dung gửi lên quá lớn. / The body is too large.",
    422: "Dữ liệu gửi lên có lỗi; `faults` nêu từng chỗ. / What was sent is at fault.",
    428: "Thiếu If-Match. / If-Match is needed.",
    503: "Tạm thời không dùng được; hãy thử lại sau Retry-After giây. / Try again later.",
}
_ALWAYS = (401, 403, 404, 422, 503)

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "examples": ['"0"']},
    "description": "ETag của bản đã xem. / The ETag of what was seen.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200, "pattern": "^[!-~]{1,200}$"},
    "description": "Gửi lại cùng khóa thì nhận lại đúng câu trả lời cũ trong 24 giờ. / Repeats safely.",
}


def operation(  # noqa: PLR0913 - the columns of a table, all but three by name
    name: str,
    answer: type[BaseModel] | Any,  # noqa: ANN401 - a page of a model is one to pydantic, not to mypy
    example: Any,  # noqa: ANN401 - any JSON
    *,
    status: int = 200,
    also: dict[int, type[BaseModel]] | None = None,
    changes: bool = False,
    guarded: bool = False,
    needs: Permission | Scope | None = None,
) -> dict[str, Any]:
    """Return what a route's decorator is told.

    Args:
        name: the operationId.
        answer: the model of the answer, for the document only.
        example: an answer.
        status: of the answer.
        also: further answers by status.
        changes: whether it changes something (`Idempotency-Key`, 409).
        guarded: whether it needs `If-Match` (412, 428).
        needs: what whoever asks has to be allowed on some unit before anything of the request is read; or
            how far the token has to reach (to act for what changes something, else to read).
    """
    statuses = [*_ALWAYS, *((408, 409, 413) if changes else ()), *((412, 428) if guarded else ())]
    headers = [*([IF_MATCH] if guarded else []), *([IDEMPOTENCY_KEY] if changes else [])]
    responses: dict[int | str, dict[str, Any]] = {
        status: {"model": answer, "content": {"application/json": {"example": example}}, "description": "OK"}
    }
    for other, model in (also or {}).items():
        responses[other] = {"model": model, "description": "OK"}
    responses |= refusals(*sorted(statuses))
    extra: dict[str, Any] = {"security": [{"bearer": []}]}
    if isinstance(needs, Permission):
        extra |= {SCOPE: needs.scope.value, PERMISSION: needs.value}
    else:
        extra[SCOPE] = (needs or (Scope.ACT if changes else Scope.READ)).value
    if headers:
        extra["parameters"] = headers
    return {
        "operation_id": name,
        "status_code": status,
        "responses": responses,
        "response_model": None,
        "openapi_extra": extra,
    }


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how these refusals stand in the document."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": _REFUSALS[status], "content": {MEDIA_TYPE: schema}} for status in statuses
    }


def complete(app: FastAPI) -> None:
    """Add to the document what its operations refer to: the bearer token, the shape of a problem."""
    make = app.openapi

    def openapi() -> dict[str, Any]:
        document = make()
        parts = document.setdefault("components", {})
        parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        defined = schema.pop("$defs", {})
        schemas = parts.setdefault("schemas", {})
        schemas.update({**defined, "Problem": schema})
        _tell_events_apart(schemas)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the place that FastAPI names for it


def _tell_events_apart(schemas: dict[str, Any]) -> None:
    """Let the document say which data each event takes, for one product and for many."""
    lifecycle = lifecycle_of(tuple(Level))  # the ladder of all levels knows every event
    forms = {event: form_of(event, lifecycle) for event in Event}
    schemas.update({f"Data.{event.value}": schema_of(form) for event, form in forms.items()})
    for name in ("NewEvent", "BulkEvents"):
        asked = schemas.get(name, {})
        if "properties" not in asked:
            continue  # told apart already
        of_event = {event.value: f"{name}.{event.value}" for event in Event}
        schemas.update({of_event[event.value]: _asked(asked, event, form) for event, form in forms.items()})
        places = {event: f"#/components/schemas/{place}" for event, place in of_event.items()}
        schemas[name] = {
            "title": asked["title"],
            "description": asked["description"],
            "oneOf": [{"$ref": place} for place in places.values()],
            "discriminator": {"propertyName": "event", "mapping": places},
            "examples": asked["examples"],
        }


def _asked(asked: dict[str, Any], event: Event, form: tuple[Field, ...]) -> dict[str, Any]:
    """Return what a request says that is about one event."""
    data = {"$ref": f"#/components/schemas/Data.{event.value}"}
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
