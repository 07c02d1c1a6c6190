"""How each operation stands in the OpenAPI document: its name, its answer with an example, its refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission, Scope
from ocop_workflow.web.contract.headers import IDEMPOTENCY_KEY, IF_MATCH, referred
from ocop_workflow.web.exchange.problems import MEDIA_TYPE
from ocop_workflow.web.guard.gate import PERMISSION, SCOPE

if TYPE_CHECKING:
    from ocop_workflow.views import View

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
    429: "Quá nhiều yêu cầu; hãy thử lại sau Retry-After giây. / Too many requests; try again later.",
    503: "Tạm thời không dùng được; hãy thử lại sau Retry-After giây. / Try again later.",
}
_ALWAYS = (401, 403, 404, 422, 429, 503)


def operation(  # noqa: PLR0913 - the columns of a table, all but three by name
    name: str,
    answer: Any,  # noqa: ANN401 - a view, or a page of one: a type at run time
    example: Any,  # noqa: ANN401 - any JSON
    *,
    status: int = 200,
    also: dict[int, type[View]] | None = None,
    changes: bool = False,
    guarded: bool = False,
    secret: bool = False,
    needs: Permission | Scope | None = None,
    carries: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return what a route's decorator is told.

    Args:
        name: the operationId.
        answer: the model of the answer, for the document only.
        example: an answer.
        status: of the answer.
        also: further answers by status.
        changes: whether it changes something (`Idempotency-Key`, 409).
        guarded: whether it needs `If-Match` (412, 428); then its answer has an `ETag`, too.
        secret: whether the request or the answer holds a secret: then it takes no `Idempotency-Key`.
        needs: what whoever asks has to be allowed on some unit before anything of the request is read; or
            how far the token has to reach (to act for what changes something, else to read).
        carries: further headers of the answer.
    """
    statuses = [*_ALWAYS, *((408, 409, 413) if changes else ()), *((412, 428) if guarded else ())]
    headers = [*([IF_MATCH] if guarded else []), *([IDEMPOTENCY_KEY] if changes and not secret else [])]
    carried = [*(["ETag"] if guarded else []), *carries]
    responses: dict[int | str, dict[str, Any]] = {
        status: {
            "model": answer,
            "content": {"application/json": {"example": example}},
            "description": "OK",
            "headers": referred(carried),
        }
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
