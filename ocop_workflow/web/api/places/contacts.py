"""`/units/{unit}/contacts`: where a unit's letters go, each address for its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from ocop_workflow.access import Permission
from ocop_workflow.people.address_book import find_contact, list_contacts
from ocop_workflow.people.contacts import add_contact, end_contact
from ocop_workflow.people.views import ContactView
from ocop_workflow.web.contract import staff_examples
from ocop_workflow.web.contract.examples import page as one
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number, UnitId
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, items
from ocop_workflow.web.exchange.schemas import OnDay, Said
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["units"], route_class=Gated)


class ContactIn(Said):
    """One more address for a unit's letters. `from`: the first day, today if it is left out."""

    address: Annotated[str, Field(min_length=1, max_length=254)]
    first: OnDay | None = Field(default=None, alias="from")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"address": "ocop.pho-an@duc-pho.example", "from": "2024-05-01"}]}
    )


class EndIn(Said):
    """From which day on no letter goes there; today if it is left out."""

    on: OnDay | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"on": "2024-07-01"}, {}]})


@router.get(
    "/units/{unit}/contacts",
    **operation("listContacts", Page[ContactView], one(staff_examples.CONTACT)),
)
def list_all(visit: Visiting, unit: UnitId) -> Response:
    """Địa chỉ thư của một địa phương: đang dùng, sắp dùng, đã thôi. / A unit's addresses, oldest first."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return items([ContactView.of(row, unit) for row in list_contacts(tx, actor, unit)])

    return visit.answer(work)


@router.post(
    "/units/{unit}/contacts",
    **operation(
        "addContact",
        ContactView,
        staff_examples.CONTACT,
        status=201,
        changes=True,
        needs=Permission.MANAGE_UNITS,
    ),
)
def add(visit: Visiting, unit: UnitId, given: ContactIn) -> Response:
    """Thêm một địa chỉ nhận thư, từ một ngày. / Send a unit's letters to one more address."""

    def work(tx: Connection, actor: Actor) -> Answer:
        list_contacts(tx, actor, unit)
        add_contact(tx, actor, unit, given.address, given.first, today=visit.today, now=visit.now)
        return answer(ContactView.of(list_contacts(tx, actor, unit)[-1], unit), 201)

    return visit.change(work)


@router.post(
    "/units/{unit}/contacts/{number}/end",
    **operation(
        "endContact",
        ContactView,
        {**staff_examples.CONTACT, "valid_to": "2024-07-01"},
        changes=True,
        needs=Permission.MANAGE_UNITS,
    ),
)
def end(visit: Visiting, unit: UnitId, number: Number, given: EndIn) -> Response:
    """Thôi gửi thư đến một địa chỉ, từ một ngày. / Send nothing more to an address."""

    def work(tx: Connection, actor: Actor) -> Answer:
        known = find_contact(tx, actor, unit, number)
        end_contact(tx, actor, unit, known.address, given.on, today=visit.today, now=visit.now)
        return answer(ContactView.of(find_contact(tx, actor, unit, number), unit))

    return visit.change(work)
