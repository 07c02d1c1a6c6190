"""`/renewals`: which certificates are to be renewed, until when, and how each stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ocop_workflow.access import Permission
from ocop_workflow.places.queries import units_around
from ocop_workflow.renewals.forecast import forecast
from ocop_workflow.renewals.listing import WantedRenewals, count_renewals, list_renewals
from ocop_workflow.web.console.frame.call import Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.schemas import Slug

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_PAGE: Final = 50


class RenewalsAsked(BaseModel):
    """What stands in the address; an empty field of the form asks for nothing."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    unit: Slug | None = None
    within: int | None = Field(default=None, ge=0, le=40_000)
    after: (
        Annotated[str, Field(max_length=40, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9]{1,9}$")] | None
    ) = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, given: Any) -> Any:  # noqa: ANN401 - what the address holds
        return {name: value for name, value in dict(given).items() if value != ""}


@router.get("/renewals", **needs())
def show_renewals(call: Calling, asked: Annotated[RenewalsAsked, Query()]) -> Response:
    """Show the certificates to be renewed, first the one whose day comes first."""

    def work(tx: Connection, actor: Actor) -> Screen:
        place = _place(asked.after)
        wanted = WantedRenewals(asked.unit, asked.within, place, _PAGE + 1)
        found = list_renewals(tx, call.today, wanted, actor, call.language)
        around = units_around(tx, actor.units_with(Permission.READ))
        last = found[_PAGE - 1] if len(found) > _PAGE else None
        content = {
            "found": found[:_PAGE],
            "count": count_renewals(tx, call.today, wanted, actor),
            "next": f"{last.expires_on}.{last.certificate}" if last else None,
            "asked": asked,
            "units": [(unit.slug, unit.name) for unit in around],
        }
        return Screen("certificates/renewals.html", content)

    return call.show(work)


@router.get("/renewals/forecast", **needs())
def show_forecast(call: Calling, asked: Annotated[RenewalsAsked, Query()]) -> Response:
    """Show how many stars are saved, can be, are late or lost."""

    def work(tx: Connection, actor: Actor) -> Screen:
        content = {
            "found": forecast(tx, call.today, asked.unit, actor, call.language),
            "asked": asked,
            "units": [(unit.slug, unit.name) for unit in units_around(tx, actor.units_with(Permission.READ))],
        }
        return Screen("certificates/forecast.html", content)

    return call.show(work)


def _place(after: str | None) -> tuple[date, int] | None:
    """Return behind which certificate the page begins; none: at the first."""
    day, _, number = (after or "").partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
