"""`/products/new`, `/products/{code}/edit`: a product entered, and corrected while it is young."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.errors import OcopError
from ocop_workflow.overview.products import product_page
from ocop_workflow.people.producers import ProducerLikely
from ocop_workflow.places.queries import units_around
from ocop_workflow.plans.loaded import calendar_of, plans_of
from ocop_workflow.products.registering import NewProduct, Particulars, create_product, edit_product
from ocop_workflow.regulations import Level
from ocop_workflow.web.console.frame.call import Call, Calling, Screen
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import ProductCode
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_NEW = "new"


@router.get("/products/new", **needs(Permission.EDIT_PRODUCTS))
def ask_new(call: Calling) -> Response:
    """Ask for a new product."""
    return call.show(lambda tx, actor: _new_form(tx, call, actor))


@router.post("/products/new", **needs(Permission.EDIT_PRODUCTS))
def enter(call: Calling) -> Response:
    """Enter a product; the same form sent twice enters it once."""

    def work(tx: Connection, session: Session) -> Response:
        order = NewProduct(call.given("plan"), call.given("unit"), call.given("name"), _particulars(call))

        def make() -> str:
            return create_product(tx, order, actor=session.actor, today=call.today, now=call.now)

        code = call.once(tx, session, make)
        return call.to(f"/products/{code}", done="entered")

    return call.change_or_show(work, lambda tx, actor, refusal: _new_form(tx, call, actor, refusal))


def _particulars(call: Call) -> Particulars:
    producer = call.given("producer_id")
    is_new = producer == _NEW
    return Particulars(
        name=call.given("name") or None,
        producer=None if producer and not is_new else call.given("producer") or None,
        group=call.given("group") or None,
        address=call.given("address") or None,
        official_code=call.given("official_code") or None,
        representative=None if producer and not is_new else call.given("representative") or None,
        producer_id=int(producer) if producer.isdecimal() and len(producer) < 10 else None,  # noqa: PLR2004 - what fits a number of the database
        new_producer=is_new,
        registration=call.given("registration") or None,
    )


def _new_form(tx: Connection, call: Call, actor: Actor, refusal: OcopError | None = None) -> Screen:
    around = units_around(tx, actor.units_with(Permission.EDIT_PRODUCTS))
    plans = plans_of(tx, actor)
    groups = {
        key: name
        for plan in plans
        for key, name in calendar_of(tx, plan.id, plan.sha256).regulation.group_names.items()
    }
    content = {
        "units": [
            (unit.slug, unit.name)
            for unit in around
            if unit.level is Level.COMMUNE and unit.lives(call.today)
        ],
        "plans": [(plan.slug, plan.title) for plan in plans],
        "groups": list(groups.items()),
        "key": call.given("key") or call.new_key(),
        **_written(call, refusal),
    }
    return Screen("products/new.html", content, kind_of(refusal).status if refusal else 200)


def _written(call: Call, refusal: OcopError | None) -> dict[str, Any]:
    """Return what was written so far, what is wrong with it, and who may be meant as the producer."""
    likely = refusal.likely if isinstance(refusal, ProducerLikely) else ()
    asked = {name: call.request.query_params.get(name, "")[:100] for name in ("plan", "unit")}
    return {
        "sent": call.sent_over(asked),
        "likely": likely,
        "refusal": told(refusal, call.language) if refusal else None,
    }


@router.get("/products/{code}/edit", **needs(Permission.EDIT_PRODUCTS))
def ask_edit(call: Calling, code: ProductCode) -> Response:
    """Show what is on record of a product, to be corrected."""
    return call.show(lambda tx, actor: _edit_form(tx, call, actor, code))


@router.post("/products/{code}/edit", **needs(Permission.EDIT_PRODUCTS))
def edit(call: Calling, code: ProductCode) -> Response:
    """Correct a product; what was left as it is stays."""

    def work(tx: Connection, session: Session) -> Response:
        now_on_record = product_page(tx, code, call.today, session.actor, call.language).product
        given = _particulars(call)
        same = {
            name: None
            for name in ("name", "producer", "representative", "group", "address", "official_code")
            if getattr(given, name) == getattr(now_on_record, name)
        }
        changed = Particulars(**{**_as_dict(given), **same})
        tags = frozenset({call.given("seen")})
        edit_product(tx, code, changed, actor=session.actor, tags=tags, today=call.today, now=call.now)
        return call.to(f"/products/{code}", done="edited")

    return call.change_or_show(work, lambda tx, actor, refusal: _edit_form(tx, call, actor, code, refusal))


def _as_dict(given: Particulars) -> dict[str, Any]:
    return {name: getattr(given, name) for name in given.__dataclass_fields__}


def _edit_form(
    tx: Connection, call: Call, actor: Actor, code: str, refusal: OcopError | None = None
) -> Screen:
    product = product_page(tx, code, call.today, actor, call.language).product
    plan = next((plan for plan in plans_of(tx, actor) if plan.slug == product.plan), None)
    groups = calendar_of(tx, plan.id, plan.sha256).regulation.group_names if plan else {}
    known = {
        name: getattr(product, name) or ""
        for name in ("name", "producer", "representative", "group", "address", "official_code")
    }
    written = _written(call, refusal)
    content = {
        "product": product,
        "groups": list(groups.items()),
        "seen": product.etag.strip('"'),
        **written,
        "sent": call.sent_over(known),
    }
    return Screen("products/edit.html", content, kind_of(refusal).status if refusal else 200)
