"""`/products`: finding them, looking at one, entering and correcting one, moving one on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ocop_workflow.deadlines.views import PastDeadlineView
from ocop_workflow.overview.products import (
    WantedProducts,
    all_deadlines,
    list_products,
    product_history,
    product_in_full,
)
from ocop_workflow.products import registering
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.going_over.law import LawTodayView, law_today
from ocop_workflow.products.registering import NewProduct, Particulars
from ocop_workflow.products.step_views import AdvancedView, UndoneView
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.products.views import HistoryEntryView, ProductInFullView, ProductView
from ocop_workflow.states.facts import Line
from ocop_workflow.views import etag
from ocop_workflow.web.contract import examples, product_examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import ProductCode
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.conditions import tags_seen
from ocop_workflow.web.exchange.pages import Page, Paging, as_it_is, items, no_cursor, page
from ocop_workflow.web.exchange.schemas import (
    UPDATED_SINCE,
    Instant,
    NewEvent,
    ProductChange,
    ProductIn,
    Slug,
    UndoIn,
    Word,
)
from ocop_workflow.web.exchange.visits import Visit, Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["products"], route_class=Gated)


class ProductQuery(Paging):
    """Which products are asked for."""

    state: Word | None = Field(default=None, description="Trạng thái, hoặc escalated. / A state.")
    unit: Slug | None = Field(default=None, description="Mã địa phương. / A unit's id.")
    plan: Slug | None = Field(default=None, description="Mã kế hoạch. / A plan's id.")
    overdue: bool = Field(default=False, description="Chỉ sản phẩm quá hạn. / Only late ones.")
    updated_since: Instant | None = Field(default=None, description=UPDATED_SINCE)
    q: Line | None = Field(
        default=None,
        description="Tên, mã, chủ thể, số quyết định; có dấu hay không. "
        "/ A name, code, producer or decision; marks or not.",
    )


@router.get(
    "/products",
    **operation("listProducts", Page[ProductView], examples.page(product_examples.PRODUCT)),
)
def list_all(visit: Visiting, asked: Annotated[ProductQuery, Query()]) -> Response:
    """Sản phẩm trong phạm vi của cán bộ. / The products that the officer may see."""
    if asked.cursor is not None and "_" in asked.cursor:
        raise no_cursor()
    wanted = WantedProducts(
        asked.state,
        asked.unit,
        asked.plan,
        overdue=asked.overdue,
        words=asked.q or "",
        updated_since=asked.updated_since,
        after_code=asked.cursor or "",
        limit=asked.and_one,
    )

    def work(tx: Connection, actor: Actor) -> Answer:
        found = list_products(tx, visit.today, wanted, actor, visit.language)
        return page(visit, asked, found, as_it_is, lambda view: view.code)

    return visit.answer(work)


@router.post(
    "/products",
    **operation(
        "createProduct",
        ProductInFullView,
        product_examples.PRODUCT_IN_FULL,
        status=201,
        changes=True,
        carries=("ETag", "Location"),
    ),
)
def create_product(visit: Visiting, order: ProductIn) -> Response:
    """Đưa một sản phẩm mới vào kế hoạch. / Enter a new product into a plan."""
    particulars = Particulars(**order.model_dump(exclude={"plan", "unit", "name"}))
    entered = NewProduct(order.plan, order.unit, order.name, particulars)

    def work(tx: Connection, actor: Actor) -> Answer:
        code = registering.create_product(tx, entered, actor=actor, today=visit.today, now=visit.now)
        product = product_in_full(tx, code, visit.today, actor, visit.language)
        return answer(product, 201, Location=f"{visit.request.url.path}/{code}", ETag=product.etag)

    return visit.change(work)


@router.get(
    "/products/{code}",
    **operation("showProduct", ProductInFullView, product_examples.PRODUCT_IN_FULL, carries=("ETag",)),
)
def show_product(visit: Visiting, code: ProductCode) -> Response:
    """Một sản phẩm: trạng thái, thời hạn, việc làm được và điều còn thiếu. / One product as it stands."""

    def work(tx: Connection, actor: Actor) -> Answer:
        product = product_in_full(tx, code, visit.today, actor, visit.language)
        return answer(product, ETag=product.etag)

    return visit.answer(work)


@router.patch(
    "/products/{code}",
    **operation(
        "changeProduct", ProductInFullView, product_examples.PRODUCT_IN_FULL, changes=True, guarded=True
    ),
)
def change_product(visit: Visiting, code: ProductCode, change: ProductChange) -> Response:
    """Sửa thông tin khi sản phẩm chưa được cấp xã đánh giá. / Correct a young product's data."""
    given, tags = Particulars(**change.model_dump()), tags_seen(visit.request)

    def work(tx: Connection, actor: Actor) -> Answer:
        registering.edit_product(tx, code, given, actor=actor, tags=tags, today=visit.today, now=visit.now)
        product = product_in_full(tx, code, visit.today, actor, visit.language)
        return answer(product, ETag=product.etag)

    return guarded(visit, code, work)


@router.post(
    "/products/{code}/events",
    **operation("addEvent", AdvancedView, product_examples.ADVANCED, changes=True, guarded=True),
)
def add_event(visit: Visiting, code: ProductCode, given: NewEvent) -> Response:
    """Ghi nhận một thao tác; trả lại trạng thái mới. / Move a product on by one event."""
    tags = tags_seen(visit.request)

    def work(tx: Connection, actor: Actor) -> Answer:
        order = Order(code, given.event.value, actor, given.data, given.on, given.note, tags=tags)
        sender = visit.application.sender
        done = advance(tx, order, sender=sender, today=visit.today, now=visit.now)
        return answer(AdvancedView.of(done, visit.language), ETag=etag(str(done.version)))

    return guarded(visit, code, work)


@router.post(
    "/products/{code}/undo",
    **operation("undoEvent", UndoneView, product_examples.UNDONE, changes=True, guarded=True),
)
def undo_event(visit: Visiting, code: ProductCode, given: UndoIn) -> Response:
    """Hoàn tác thao tác cuối; ai đã được báo thì được báo lại. / Take the last step back."""
    tags = tags_seen(visit.request)

    def work(tx: Connection, actor: Actor) -> Answer:
        order = UndoOrder(code, actor, given.reason, tags=tags)
        sender = visit.application.sender
        done = undo(tx, order, sender=sender, today=visit.today, now=visit.now)
        return answer(UndoneView.of_undoing(done, visit.language), ETag=etag(str(done.version)))

    return guarded(visit, code, work)


@router.get("/products/{code}/law", **operation("showLaw", LawTodayView, product_examples.LAW))
def show_law(visit: Visiting, code: ProductCode) -> Response:
    """Hồ sơ hôm nay theo luật nào, đến bao giờ. / By which law a dossier is decided today, and until when."""
    return visit.answer(lambda tx, actor: answer(law_today(tx, code, visit.today, actor, visit.language)))


@router.get(
    "/products/{code}/history",
    **operation("showHistory", Page[HistoryEntryView], examples.page(product_examples.HISTORY)),
)
def show_history(visit: Visiting, code: ProductCode) -> Response:
    """Mọi thao tác đã ghi nhận, từ đầu. / Every step of a product, oldest first."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return items(product_history(tx, code, visit.today, actor, visit.language))

    return visit.answer(work)


@router.get(
    "/products/{code}/deadlines",
    **operation(
        "showProductDeadlines",
        Page[PastDeadlineView],
        examples.page(examples.PAST_DEADLINE),
    ),
)
def show_deadlines(visit: Visiting, code: ProductCode) -> Response:
    """Mọi thời hạn, cả đã đóng. / Every deadline that a product has or had."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return items(all_deadlines(tx, code, actor))

    return visit.answer(work)


def guarded(visit: Visit, code: str, work: Callable[[Connection, Actor], Answer]) -> Response:
    """Change a product that was seen; if it is another by now, say what stands."""

    def look(tx: Connection, actor: Actor) -> ProductInFullView:
        return product_in_full(tx, code, visit.today, actor, visit.language)

    return visit.change_seen(work, look)
