"""`/products`: finding products, looking at one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Response

from ocop_workflow.services.overview import product_view
from ocop_workflow.web.answers import answer
from ocop_workflow.web.visits import Visiting

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.storage import Connection
    from ocop_workflow.web.answers import Answer

router = APIRouter(tags=["products"])

Code = Annotated[str, Path(min_length=1, max_length=40)]


@router.get("/products/{code}", operation_id="showProduct")
def show_product(visit: Visiting, code: Code) -> Response:
    """Một sản phẩm: trạng thái, thời hạn, việc làm được và điều còn thiếu. / One product as it stands."""

    def show(tx: Connection, actor: Actor) -> Answer:
        view = product_view(tx, code, visit.today, actor)
        return answer(view.as_json(), ETag=f'"{view.record.version}"')

    return visit.answer(show)
