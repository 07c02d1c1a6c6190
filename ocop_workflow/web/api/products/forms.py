"""`/products/{code}/forms`, `/products/{code}/revenues`: the forms of a dossier, and revenue by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from ocop_workflow.dossiers.form_views import FormsView, FormView, RevenuesView
from ocop_workflow.products.forms.keeping import discard_form, save_form
from ocop_workflow.products.forms.revenues import (
    MOST,
    YearRevenue,
    list_revenues,
    remove_revenue,
    save_revenue,
)
from ocop_workflow.products.forms.showing import list_forms, show_form
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import FormId, ProductCode, Year
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.conditions import tags_seen
from ocop_workflow.web.exchange.schemas import Data, Name, Said, UndoIn
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["products"], route_class=Gated)

_FIELD: dict[str, Any] = {
    "name": "s2_1",
    "within": None,
    "label": "Tên đơn vị",
    "type": "text",
    "note": None,
    "pattern": None,
    "ref": None,
    "required": True,
    "personal": False,
    "choices": [],
    "value": "Hợp tác xã Phổ An",
    "answered": True,
    "erased": False,
    "hidden": False,
    "proposed": "HTX Phổ An",
    "proposed_from": "hồ sơ đã ghi",
}
_FORM: dict[str, Any] = {
    "code": "DP24-002",
    "dossier": 1,
    "form": "mau-01",
    "number": "Mẫu 01",
    "title": "Phiếu đăng ký đánh giá, phân hạng sản phẩm OCOP",
    "by": "chủ thể OCOP",
    "decision": "26/2026/QĐ-TTg",
    "applies": False,
    "set": 17,
    "version": 1,
    "etag": '"1"',
    "saved_at": "2024-04-23T02:00:00Z",
    "saved_by": "lan",
    "missing": [{"name": "s2_3", "label": "Chức vụ"}],
    "sections": [
        {
            "title": "1. Thông tin về đơn vị đăng ký",
            "office": False,
            "added": False,
            "fields": [_FIELD],
            "evidence": [],
            "only_for_renewal": [],
        }
    ],
    "scores": [],
    "total": None,
    "opinions": [],
}
_FORMS: dict[str, Any] = {
    "code": "DP24-002",
    "dossier": 1,
    "decision": "26/2026/QĐ-TTg",
    "applies": False,
    "forms": [
        {
            "form": "mau-01",
            "number": "Mẫu 01",
            "title": "Phiếu đăng ký đánh giá, phân hạng sản phẩm OCOP",
            "by": "chủ thể OCOP",
            "version": 1,
            "saved_at": "2024-04-23T02:00:00Z",
            "saved_by": "lan",
            "missing": 11,
        }
    ],
}
_REVENUES: dict[str, Any] = {
    "code": "DP24-002",
    "years": [
        {
            "year": 2023,
            "revenue": 1_250_000_000,
            "profit": 90_000_000,
            "source": "báo cáo tài chính",
            "saved_by": "lan",
        }
    ],
}


class FormAnswers(Said):
    """Answers by the names of fields; what is not named stays, null empties."""

    answers: Data

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"answers": {"s2_1": "Hợp tác xã Phổ An", "s4_1": "II.2.b"}}]}
    )


class RevenueIn(Said):
    """Revenue and profit of a year, in đồng; a profit below zero is a loss."""

    year: Annotated[int, Field(ge=2000, le=2099)]
    revenue: Annotated[int, Field(ge=0, le=MOST)]
    profit: Annotated[int, Field(ge=-MOST, le=MOST)] | None = None
    source: Name | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"year": 2023, "revenue": 1_250_000_000, "profit": 90_000_000}]}
    )


@router.get("/products/{code}/forms", **operation("listForms", FormsView, _FORMS))
def list_all(visit: Visiting, code: ProductCode) -> Response:
    """Mẫu 01, 02, 03 của hồ sơ, còn thiếu mấy mục. / The forms of the dossier, and what each lacks."""
    return visit.answer(lambda tx, actor: answer(list_forms(tx, code, actor, visit.today, visit.language)))


@router.get("/products/{code}/forms/{form}", **operation("showForm", FormView, _FORM, carries=("ETag",)))
def show(visit: Visiting, code: ProductCode, form: FormId) -> Response:
    """Một mẫu: đã ghi gì, đề xuất gì, còn thiếu gì. / A form: what was saved, proposed, what lacks."""

    def work(tx: Connection, actor: Actor) -> Answer:
        found = show_form(tx, code, form, actor, visit.today, visit.language)
        return answer(found, ETag=found.etag)

    return visit.answer(work)


@router.patch(
    "/products/{code}/forms/{form}", **operation("saveForm", FormView, _FORM, changes=True, guarded=True)
)
def save(visit: Visiting, code: ProductCode, form: FormId, given: FormAnswers) -> Response:
    """Ghi một phần hay cả mẫu. / Save some fields of a form, or all."""
    tags = tags_seen(visit.request)

    def work(tx: Connection, actor: Actor) -> Answer:
        today, now = visit.today, visit.now
        save_form(tx, code, form, given.answers, tags=tags, actor=actor, today=today, now=now)
        found = show_form(tx, code, form, actor, visit.today, visit.language)
        return answer(found, ETag=found.etag)

    return visit.change_seen(
        work, lambda tx, actor: show_form(tx, code, form, actor, visit.today, visit.language)
    )


@router.post(
    "/products/{code}/forms/{form}/discarding", **operation("discardForm", FormsView, _FORMS, changes=True)
)
def discard(visit: Visiting, code: ProductCode, form: FormId, given: UndoIn) -> Response:
    """Xoá mọi điều đã ghi trong một mẫu, có lý do. / Take out all that was saved in a form."""

    def work(tx: Connection, actor: Actor) -> Answer:
        discard_form(tx, code, form, given.reason, actor=actor, now=visit.now)
        return answer(list_forms(tx, code, actor, visit.today, visit.language))

    return visit.change(work)


@router.get("/products/{code}/revenues", **operation("listRevenues", RevenuesView, _REVENUES))
def list_years(visit: Visiting, code: ProductCode) -> Response:
    """Doanh thu, lợi nhuận theo năm, bằng đồng. / Revenue and profit by year, in đồng."""
    return visit.answer(lambda tx, actor: answer(list_revenues(tx, code, actor)))


@router.post("/products/{code}/revenues", **operation("saveRevenue", RevenuesView, _REVENUES, changes=True))
def save_year(visit: Visiting, code: ProductCode, given: RevenueIn) -> Response:
    """Ghi doanh thu của một năm, thay điều đã ghi của năm ấy. / Record a year's revenue."""

    def work(tx: Connection, actor: Actor) -> Answer:
        year = YearRevenue(**given.model_dump())
        return answer(save_revenue(tx, code, year, actor=actor, today=visit.today, now=visit.now))

    return visit.change(work)


@router.post(
    "/products/{code}/revenues/{year}/removal",
    **operation("removeRevenue", RevenuesView, _REVENUES, changes=True),
)
def remove_year(visit: Visiting, code: ProductCode, year: Year, given: UndoIn) -> Response:
    """Bỏ doanh thu đã ghi nhầm của một năm, có lý do. / Take a year's revenue out."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(remove_revenue(tx, code, year, given.reason, actor=actor, now=visit.now))

    return visit.change(work)
