"""Which products a page shows: it stands in the address, so that list, board and files show the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ocop_workflow.access import Permission, WhoseTurn
from ocop_workflow.overview.product_queries import Due, ListOrder
from ocop_workflow.overview.products import STATE_SETS, WantedProducts
from ocop_workflow.places.queries import units_around
from ocop_workflow.plans.loaded import plans_of
from ocop_workflow.regulations import Level
from ocop_workflow.states import State
from ocop_workflow.states.facts import Line
from ocop_workflow.web.exchange.languages import say
from ocop_workflow.web.exchange.schemas import ProductCode, Slug, Word

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Language
    from ocop_workflow.store import Connection


class ProductsAsked(BaseModel):
    """What stands in the address; an empty field of the form asks for nothing."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    q: Line | None = None
    state: Word | None = None
    unit: Slug | None = None
    plan: Slug | None = None
    turn: WhoseTurn | None = None
    due: Due | None = None
    milestone: Slug | None = None
    sort: ListOrder | None = None
    after: ProductCode | None = Field(default=None)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_none(cls, given: Any) -> Any:  # noqa: ANN401 - what the address holds
        return {name: value for name, value in dict(given).items() if value != ""}

    @property
    def order(self) -> ListOrder:
        """The order of the list: by what is due, where that is asked for."""
        return self.sort or (ListOrder.DUE if self.due else ListOrder.CODE)

    def wanted(self, limit: int | None) -> WantedProducts:
        """Return what is asked of the service."""
        return WantedProducts(
            self.state,
            self.unit,
            self.plan,
            words=self.q or "",
            after_code=self.after or "",
            limit=limit,
            turn=self.turn,
            due=self.due,
            milestone=self.milestone,
        )

    def everything(self) -> WantedProducts:
        """Return what is asked of the service for all pages of the list together."""
        return replace(self.wanted(None), after_code="")

    def address(self, path: str, **other: str) -> str:
        """Return the address of the same with something other; without `after` it is the first page."""
        known = self.model_dump(mode="json", exclude_none=True, exclude={"after"})
        query = urlencode({name: value for name, value in {**known, **other}.items() if value})
        return f"{path}?{query}" if query else path


def choices(tx: Connection, actor: Actor, language: Language) -> dict[str, Any]:
    """Return what the fields of the filter offer: states, places, plans."""
    around = units_around(tx, actor.units_with(Permission.READ))
    return {
        "states": [
            *((word, say(text, language)) for word, text in STATE_SETS.items()),
            *((state.value, say(state.text, language)) for state in State),
        ],
        "units": [(unit.slug, unit.name) for unit in around if unit.level is Level.COMMUNE],
        "plans": [(plan.slug, plan.title) for plan in plans_of(tx, actor)],
    }


AskedFor = Annotated[ProductsAsked, Query()]
