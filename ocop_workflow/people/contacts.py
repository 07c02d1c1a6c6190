"""The addresses of the units' letters: several at once, each for its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault
from ocop_workflow.notifications import check_address
from ocop_workflow.people.officers import find_unit, permitted
from ocop_workflow.places import queries as units

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.store import Connection


def add_contact(
    tx: Connection, by: Actor, unit: str, address: str, first: date | None, *, today: date, now: datetime
) -> UnitRecord:
    """Send a unit's letters to one more address, from a local day on (none: today).

    Raises:
        NotFound: there is no such unit.
        NotPermitted: the actor does not manage it.
        InvalidInput: the address cannot be used, or the day is over.
        Conflict: the unit has the address already, or will have ended by then.
    """
    record = find_unit(tx, unit)
    warrant = permitted(tx, by, Permission.MANAGE_UNITS, record.id)
    check_address(address)
    day = _checked_day("from", first, today)
    if record.valid_to is not None and record.valid_to <= day:
        raise Conflict(
            f"{record.name} kết thúc hoạt động từ {record.valid_to:%d/%m/%Y}; thêm địa chỉ cho nơi kế thừa.",
            f"{record.slug} ends on {record.valid_to}; add the address to its heir.",
        )
    if units.lasting_contacts(tx, record.id, address, day):
        raise Conflict(
            f"{record.name} đã có địa chỉ {address}.", f"{record.slug} has the address {address} already."
        )
    units.insert_contact(tx, record.id, address, day)
    deed = Deed("unit.contact_add", f"unit:{record.slug}", after={"from": day})
    audit.record(tx, by, deed, now, warrant)
    return record


def end_contact(
    tx: Connection, by: Actor, unit: str, address: str, on: date | None, *, today: date, now: datetime
) -> UnitRecord:
    """Send nothing more to an address of a unit, from a local day on (none: today).

    Raises:
        NotFound: there is no such unit, or it does not have the address.
        NotPermitted: the actor does not manage it.
        InvalidInput: the day is over.
    """
    record = find_unit(tx, unit)
    warrant = permitted(tx, by, Permission.MANAGE_UNITS, record.id)
    day = _checked_day("on", on, today)
    spellings = units.lasting_contacts(tx, record.id, address, day)
    if not spellings:
        raise NotFound(
            f"{record.name} không có địa chỉ {address}; xem bằng `ocop units list`.",
            f"{record.slug} does not have the address {address}; see `ocop units list`.",
        )
    units.end_contacts(tx, spellings, day)
    audit.record(tx, by, Deed("unit.contact_end", f"unit:{record.slug}", after={"on": day}), now, warrant)
    return record


def _checked_day(name: str, given: date | None, today: date) -> date:
    """Where letters went before today cannot be changed any more."""
    day = given or today
    if day < today:
        raise InvalidInput(
            "Ngày có lỗi.",
            "The day is at fault.",
            [fault(name, f"{day:%d/%m/%Y} đã qua", f"{day} is over")],
        )
    return day
