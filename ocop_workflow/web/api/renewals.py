"""`GET /renewals`: how and until when each certificate is to be saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from ocop_workflow.renewals.forecast import ForecastView, forecast
from ocop_workflow.renewals.listing import RenewalView, WantedRenewals, list_renewals
from ocop_workflow.web.contract import examples, product_examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, Paging, as_it_is, day_and_numbers, page
from ocop_workflow.web.exchange.schemas import AddressQuery, OnDay, Slug
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["certificates"], route_class=Gated)


class RenewalQuery(Paging):
    """Which renewals are asked for."""

    on: OnDay | None = Field(default=None, description="Tính vào ngày nào. / As of which day.")
    unit: Slug | None = Field(default=None, description="Mã địa phương. / A unit's id.")
    within: int | None = Field(
        default=None,
        ge=0,
        le=40_000,
        description="Phải nộp trong bao nhiêu ngày. / Days left to file.",
    )


@router.get(
    "/renewals",
    **operation("listRenewals", Page[RenewalView], examples.page(product_examples.RENEWAL)),
)
def list_all(visit: Visiting, asked: Annotated[RenewalQuery, Query()]) -> Response:
    """Giấy nào phải làm lại, nộp khi nào. / Which certificates to renew, and until when."""
    after = None
    if asked.cursor:
        day, (number,) = day_and_numbers(asked.cursor, 1)
        after = day, number

    def work(tx: Connection, actor: Actor) -> Answer:
        wanted = WantedRenewals(asked.unit, asked.within, after, asked.and_one)
        found = list_renewals(tx, asked.on or visit.today, wanted, actor, visit.language)
        return page(visit, asked, found, as_it_is, lambda one: f"{one.expires_on}.{one.certificate}")

    return visit.answer(work)


class ForecastQuery(AddressQuery):
    """Of what a forecast is asked for."""

    on: OnDay | None = Field(default=None, description="Tính vào ngày nào. / As of which day.")
    unit: Slug | None = Field(default=None, description="Mã địa phương. / A unit's id.")


@router.get(
    "/renewals/forecast",
    **operation("forecastRenewals", ForecastView, product_examples.FORECAST),
)
def foresee(visit: Visiting, asked: Annotated[ForecastQuery, Query()]) -> Response:
    """Bao nhiêu sao giữ được, có thể mất, theo đợt, xã, hạng sao. / How many stars are saved or lost."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(forecast(tx, asked.on or visit.today, asked.unit, actor, visit.language))

    return visit.answer(work)
