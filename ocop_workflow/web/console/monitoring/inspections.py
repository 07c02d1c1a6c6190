"""`/inspections`: who is to be seen on the spot, late ones first, and what is still to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ocop_workflow.access import Permission
from ocop_workflow.calendar.inspections import InspectionStatus
from ocop_workflow.monitoring.listing import (
    InspectionPlace,
    WantedFollowUps,
    WantedInspections,
    choose,
    count_by_status,
    count_follow_ups,
    list_follow_ups,
    list_inspections,
    place_of_inspection,
)
from ocop_workflow.places.queries import units_around
from ocop_workflow.web.console.frame.call import Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.schemas import Slug

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_PAGE: Final = 50
#: of the open follow-ups the most urgent
_FOLLOW_UPS: Final = 20


class InspectionsAsked(BaseModel):
    """What stands in the address; an empty field of the form asks for nothing."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    unit: Slug | None = None
    status: InspectionStatus | None = None
    after: Annotated[str, Field(max_length=40, pattern=r"^[0-9]\.[0-9]{1,7}\.[0-9]{1,9}$")] | None = None

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, given: Any) -> Any:  # noqa: ANN401 - what the address holds
        return {name: value for name, value in dict(given).items() if value != ""}


@router.get("/inspections", **needs())
def show_inspections(call: Calling, asked: Annotated[InspectionsAsked, Query()]) -> Response:
    """Show who is to be seen, and the follow-ups that are open."""

    def work(tx: Connection, actor: Actor) -> Screen:
        everything = list_inspections(tx, call.today, WantedInspections(asked.unit), actor, call.language)
        counts = count_by_status(everything)
        wanted = WantedInspections(None, asked.status, _place(asked.after), _PAGE + 1)
        found = choose(everything, wanted)
        around = units_around(tx, actor.units_with(Permission.READ))
        open_ones = WantedFollowUps(asked.unit, limit=_FOLLOW_UPS)
        last = found[_PAGE - 1] if len(found) > _PAGE else None
        content = {
            "found": found[:_PAGE],
            "count": counts[asked.status] if asked.status else sum(counts.values()),
            "statuses": [
                (status.value, say(status.text, call.language), number) for status, number in counts.items()
            ],
            "next": ".".join(map(str, place_of_inspection(last))) if last else None,
            "asked": asked,
            "units": [(unit.slug, unit.name) for unit in around],
            "follow_ups": list_follow_ups(tx, call.today, open_ones, actor),
            "to_do": count_follow_ups(tx, open_ones, actor),
        }
        return Screen("monitoring/inspections.html", content)

    return call.show(work)


def _place(after: str | None) -> InspectionPlace | None:
    """Return behind which product the page begins; none: at the first."""
    if after is None:
        return None
    rank, day, certificate = map(int, after.split("."))
    return rank, day, certificate
