"""Products entered and corrected by hand: new ones in a plan, their data while they are young."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar import Standing
from ocop_workflow.deadlines.alignment import Holder, align_deadlines
from ocop_workflow.deadlines.communes import align_communes
from ocop_workflow.dossiers import queries as dossiers
from ocop_workflow.errors import Conflict, InvalidInput, fault
from ocop_workflow.people import producer_queries, producers
from ocop_workflow.people.officers import permitted
from ocop_workflow.places import contact_queries as contacts
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import hold_calendar, plans_of
from ocop_workflow.products import queries as products
from ocop_workflow.products.checks import find_product, place_of, refuse_unseen, regulation_behind
from ocop_workflow.products.effects import written_columns
from ocop_workflow.products.replaced import dossier_part, product_part
from ocop_workflow.states import Dossier, State
from ocop_workflow.vietnamese import search_key, sort_key

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.errors import Fault
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.store import Connection

#: what the audit says of a change
_SHOWN = ("name", "producer_id", "producer", "group", "address", "official_code")
#: until the commune has evaluated it: its report rests on what stands in the record
YOUNG = frozenset({State.IDEA, State.REGISTERED, State.SELECTED, State.CONSULTING})


@dataclass(frozen=True, slots=True)
class Particulars:
    """What people write about a product; none: not said, or to be left as it is.

    `producer_id` is one that is there. `producer` names the product's own, or a new one, for which
    `representative` stands before the law (none: itself); `new_producer`: a new one, whoever bears the name.
    `registration`: the number of its business; one that is there under it is that one.
    """

    name: str | None = None
    producer: str | None = None
    group: str | None = None
    address: str | None = None
    official_code: str | None = None
    representative: str | None = None
    producer_id: int | None = None
    new_producer: bool = False
    registration: str | None = None


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product that is to enter a plan as an idea."""

    plan: str
    unit: str
    name: str
    particulars: Particulars


def create_product(tx: Connection, order: NewProduct, *, actor: Actor, today: date, now: datetime) -> str:
    """Enter a product into a plan; its first deadline opens today. Returns its code.

    Raises:
        InvalidInput: the plan, the unit, the producer or the group is not known, or the unit lies outside the
            plan.
        NotPermitted: the actor does not enter products there.
        ProducerLikely: a producer of this name is there, and it is not said whether that one is meant.
    """
    _refuse_unwritable(order.particulars, order.name)
    plan, unit, warrant = _place(tx, order, actor, today)
    plans.hold_serial(tx, plan.id)
    calendar = hold_calendar(tx, plan.id, plan.sha256)
    code = f"{plan.code}-{products.last_serial(tx, plan.code) + 1:03}"
    values = {
        **_values(tx, order.particulars, calendar.regulation, unit.id, actor),
        **_named(order.name),
        "code": code,
        "unit_id": unit.id,
        "plan_id": plan.id,
        "state": State.IDEA,
        "version": 0,
        "updated_at": now,
    }
    product_id = products.insert_product(tx, values)
    holder = Holder(product_id, unit.id, plan.id, plan.unit_id)
    align_deadlines(tx, holder, calendar, Standing(State.IDEA, Dossier.FIRST, today), "entered")
    align_communes(tx, [plan.id], today)
    after = {"plan": plan.slug, "unit": unit.slug, "name": order.name}
    if "producer_id" in values:
        after["producer_id"] = values["producer_id"]
    audit.record(tx, actor, Deed("product.create", f"product:{code}", after=after), now, warrant)
    return code


def _place(
    tx: Connection, order: NewProduct, actor: Actor, today: date
) -> tuple[PlanRecord, UnitRecord, Warrant]:
    """Find the plan and the commune, and in whose name; one that was merged stands for its heir."""
    unit = units.unit_by_slug(tx, order.unit)
    unit = units.heir_of(tx, unit, today) if unit else None
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, unit.id) if unit else None
    plan = next((plan for plan in plans_of(tx, actor) if plan.slug == order.plan), None)
    faults = []
    if plan is None:
        faults.append(fault("plan", f"chưa nạp kế hoạch {order.plan}", f"no plan {order.plan} is loaded"))
    if unit is None:
        faults.append(fault("unit", f"không có địa phương {order.unit}", f"no unit is called {order.unit}"))
    if plan and unit and unit.id not in {home.id for home in units.units_below(tx, plan.unit_id)}:
        faults.append(
            fault(
                "unit",
                f"{unit.name} không phải xã, phường thuộc {plan.unit_name}",
                f"{unit.slug} is no commune under {plan.unit_name}",
            )
        )
    if plan is None or unit is None or warrant is None or faults:
        raise _at_fault(faults)
    return plan, unit, warrant


def edit_product(
    tx: Connection,
    code: str,
    given: Particulars,
    *,
    actor: Actor,
    tags: frozenset[str],
    today: date,
    now: datetime,
) -> str:
    """Change a young product's data. Returns its new tag.

    Raises:
        NotFound: the actor sees no product of this code.
        NotPermitted: the actor does not enter products there.
        Stale: the product is none of those that were seen, or was changed meanwhile.
        Conflict: it has been evaluated already.
        InvalidInput: the producer or the group is not known, or nothing is given.
        ProducerLikely: a producer of this name is there, and it is not said whether that one is meant.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    refuse_unseen(record, None, tags)
    if record.state not in YOUNG:
        raise _grown(record)
    _refuse_unwritable(given, given.name)
    regulation = regulation_behind(tx, record, today)
    values = _values(tx, given, regulation, record.unit_id, actor, record) | (
        _named(given.name) if given.name else {}
    )
    if not values:
        raise _at_fault([fault("", "không có gì để sửa", "there is nothing to change")])
    tag = products.edit(tx, record, product_part(values), now)
    dossiers.write_to(tx, record.id, record.dossier_no, dossier_part(values))
    given = replace(given, producer_id=values.get("producer_id"))
    names = [name for name in _SHOWN if getattr(given, name) is not None]
    deed = Deed(
        "product.edit",
        f"product:{record.code}",
        _audited(tx, {name: getattr(record, name) for name in names}, record.address_id),
        _audited(tx, {name: getattr(given, name) for name in names}, values.get("address_id")),
    )
    audit.record(tx, actor, deed, now, warrant)
    return tag


def _audited(tx: Connection, told: dict[str, Any], address_id: int | None) -> dict[str, Any]:
    """Return what the audit may hold: of an address only its salted hash."""
    if "address" in told and address_id is not None:
        told["address"] = audit.hashed(contacts.kept(tx, address_id))
    return told


def _values(
    tx: Connection,
    given: Particulars,
    regulation: Regulation,
    unit_id: int,
    actor: Actor,
    held: ProductRecord | None = None,
) -> dict[str, Any]:
    if given.group is not None:
        _refuse_unknown_group(regulation, given.group)
    values = written_columns(
        tx,
        producer_id=_producer(tx, given, unit_id, actor, held),
        group=given.group,
        address=given.address,
        held=held,
    )
    if given.official_code is not None:
        values["official_code"] = given.official_code
    return values


def _producer(
    tx: Connection, given: Particulars, unit_id: int, actor: Actor, held: ProductRecord | None
) -> int | None:
    """Return who makes the product: one that is there, its own, or a new one; none: not said."""
    if given.producer_id is not None:
        roots = actor.units_with(Permission.EDIT_PRODUCTS)
        if producer_queries.producer_within(tx, given.producer_id, roots) is None:
            number = given.producer_id
            vi, en = f"không có chủ thể số {number}", f"there is no producer {number}"
            raise _at_fault([fault("producer_id", vi, en)])
        if registration := producers.registered(given.registration):
            producer_queries.register_number(tx, given.producer_id, registration)
        return given.producer_id
    registration = producers.registered(given.registration)
    same = producers.registered_as(tx, registration, actor.units_with(Permission.EDIT_PRODUCTS))
    if same is not None or (given.producer is None and registration is None):
        return same
    if given.producer is None:
        vi, en = "nêu tên chủ thể của số đăng ký này", "say who has this registration number"
        raise _at_fault([fault("producer", vi, en)])
    named = producers.Named(unit_id, given.producer, given.representative, registration=registration)
    if given.new_producer:
        return producers.add(tx, named)
    if held and held.producer_id and producers.is_called(given.producer, held.producer or ""):
        return held.producer_id
    return producers.add_unless_likely(tx, named)


#: how long what people write about a product may be
_LONGEST = {
    "name": 200,
    "producer": 300,
    "representative": 300,
    "address": 300,
    "official_code": 60,
    "registration": producers.LONGEST_REGISTRATION,
}


def _refuse_unwritable(given: Particulars, name: str | None) -> None:
    """Take no empty name, and nothing that is longer than it may be; every fault at once."""
    written = {**{key: getattr(given, key) for key in _LONGEST}, "name": name}
    faults = [
        fault(key, f"dài quá {longest} ký tự", f"is longer than {longest} letters")
        for key, longest in _LONGEST.items()
        if len(written[key] or "") > longest
    ]
    if name is not None and not name.strip():
        faults.insert(0, fault("name", "cần tên sản phẩm", "the product's name is needed"))
    if faults:
        raise _at_fault(faults)


def _named(name: str) -> dict[str, Any]:
    return {"name": name, "search_key": search_key(name)[:200], "sort_key": sort_key(name)}


def _refuse_unknown_group(regulation: Regulation, group: str) -> None:
    known = ", ".join(item.id for item in regulation.groups)
    if group not in {item.id for item in regulation.groups}:
        raise _at_fault(
            [
                fault(
                    "group",
                    f"không có ngành hàng {group}; có: {known}",
                    f"no group {group}; there are: {known}",
                )
            ]
        )


def _at_fault(faults: list[Fault]) -> InvalidInput:
    return InvalidInput("Sản phẩm: dữ liệu có lỗi.", "The product's data are at fault.", faults)


def _grown(record: ProductRecord) -> Conflict:
    return Conflict(
        f"{record.code} đang ở «{record.state.label}»: chỉ sửa được khi chưa được cấp xã đánh giá.",
        f"{record.code} is {record.state.value}: its data change only until the commune has evaluated it.",
    )
