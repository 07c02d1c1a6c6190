"""Units that end and are merged into others: on the day, what is theirs follows; history keeps the names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.changes.mergers import letter_queries as holding_back
from ocop_workflow.changes.mergers import merger_queries as succeeding
from ocop_workflow.changes.mergers.merger_queries import Succession
from ocop_workflow.changes.mergers.units import load_units
from ocop_workflow.deadlines.communes import align_all_communes, hand_over
from ocop_workflow.errors import Conflict, NotFound, WrongUse
from ocop_workflow.people.officers import find_unit, permitted
from ocop_workflow.places import queries as units
from ocop_workflow.regulations.units import shipped_units_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.store import Connection


def merge(
    tx: Connection, by: Actor, unit: str, heir: str, on: date, *, today: date, now: datetime
) -> Succession:
    """Record that a unit ends on a day and is merged into another; carried out at once if the day has come.

    Until the day has come it can be recorded anew, with another day or another heir.

    Args:
        tx: a writing transaction.
        by: who records it.
        unit: the id of the unit that ends.
        heir: the id of the one that takes over: stored already, or in a file of units that is shipped.
        on: the first local day on which the unit is no more.
        today: the local day.
        now: this instant.

    Raises:
        NotFound: there is no such unit, or no such heir.
        NotPermitted: the actor does not manage both units.
        WrongUse: a unit cannot take itself over.
        Conflict: the merger has come already; it would close a circle; or it would lead into the past, to an
            heir that has ended by then, or from a unit that is to join only later.
    """
    old = find_unit(tx, unit)
    warrant = permitted(tx, by, Permission.MANAGE_UNITS, old.id)
    new = _find_heir(tx, by, heir, today, now)
    permitted(tx, by, Permission.MANAGE_UNITS, new.id)
    recorded = succeeding.successions(tx)
    _check(old, new, on, recorded, today)
    succeeding.record_succession(tx, old.id, new.id, on)
    before = next((item for item in recorded if item.unit_id == old.id), None)
    deed = Deed(
        "unit.merge",
        f"unit:{old.slug}",
        {"heir": before.heir, "on": before.on} if before else None,
        {"heir": new.slug, "on": on},
    )
    audit.record(tx, by, deed, now, warrant)
    carry_out(tx, by, today, now)
    return Succession(old.id, old.slug, old.name, new.id, new.slug, new.name, on)


def _find_heir(tx: Connection, by: Actor, slug: str, today: date, now: datetime) -> UnitRecord:
    if units.unit_by_slug(tx, slug) is None:
        try:
            load_units(tx, by, shipped_units_of(slug), today=today, now=now)
        except NotFound:
            raise NotFound(
                f"Chưa có địa phương {slug} để sáp nhập vào; nạp trước bằng `ocop units load TỆP`.",
                f"There is no unit {slug} to merge into; load it first with `ocop units load FILE`.",
            ) from None
    return find_unit(tx, slug)


def _check(old: UnitRecord, new: UnitRecord, on: date, recorded: list[Succession], today: date) -> None:
    if old.id == new.id:
        raise WrongUse(
            f"{old.name} không thể sáp nhập vào chính mình.", f"{old.slug} cannot be merged into itself."
        )
    by_unit = {item.unit_id: item for item in recorded}
    before = by_unit.get(old.id)
    if before is not None and before.on <= today:
        raise Conflict(
            f"{old.name} đã kết thúc hoạt động ngày {before.on:%d/%m/%Y}, sáp nhập vào {before.heir_name}.",
            f"{old.slug} ended on {before.on} and was merged into {before.heir}.",
        )
    if old.id in _heirs_of(new.id, by_unit):
        raise Conflict(
            f"Không thể sáp nhập vòng tròn: {new.name} đã được ghi là sáp nhập vào {old.name}.",
            f"This would close a circle: {new.slug} is to be merged into {old.slug}.",
        )
    _refuse_the_past(old, new, on, recorded)


def _heirs_of(unit_id: int, by_unit: dict[int, Succession]) -> set[int]:
    found: set[int] = set()
    while unit_id in by_unit and unit_id not in found:
        found.add(unit_id)
        unit_id = by_unit[unit_id].heir_id
    return found | {unit_id}


def _refuse_the_past(old: UnitRecord, new: UnitRecord, on: date, recorded: list[Succession]) -> None:
    """Whoever takes over has to live on that day; and nobody may be promised to a unit that is gone."""
    for item in recorded:
        if item.unit_id == new.id and item.on <= on:
            raise Conflict(
                f"{new.name} kết thúc hoạt động từ {item.on:%d/%m/%Y}; hãy sáp nhập vào {item.heir_name}.",
                f"{new.slug} ends on {item.on}; merge into {item.heir} instead.",
            )
        if item.heir_id == old.id and item.unit_id != old.id and item.on >= on:
            raise Conflict(
                f"{item.name} còn phải sáp nhập vào {old.name} ngày {item.on:%d/%m/%Y}; hãy ghi lại việc ấy.",
                f"{item.unit} is to be merged into {old.slug} on {item.on}; record that one anew first.",
            )


def carry_out(tx: Connection, by: Actor, today: date, now: datetime, *, at_most: int | None = None) -> int:
    """Let everything follow that belongs to units whose day has come. Done twice, it does nothing.

    Products, producers, plans, units below, addresses, roles, feeds, and reminders that nobody has heard go
    to the heir. What was said, done and decided stays under the old name.

    Args:
        tx: a writing transaction.
        by: who does it: the daily check, or who has recorded the merger.
        today: the local day.
        now: this instant.
        at_most: for how many mergers, so that no other writer waits long; none: for all.

    Returns:
        for how many mergers there was something to do; 0: nothing is left.
    """
    if not succeeding.any_has_come(tx, today):
        return 0
    deeds: list[Deed] = []
    # an heir may have ended itself; since there is no circle, this comes to an end
    while found := succeeding.due_successions(tx, today, None if at_most is None else at_most - len(deeds)):
        deeds += [_carry(tx, item, by.login, today, now) for item in found]
    if deeds:
        align_all_communes(tx, today)
    audit.record_all(tx, by, deeds, now)
    return len(deeds)


def _carry(tx: Connection, item: Succession, login: str, today: date, now: datetime) -> Deed:
    old, new = item.unit_id, item.heir_id
    moved = {
        "products": succeeding.move_products(tx, old, new, now),
        "plans": succeeding.move_plans(tx, old, new),
        "units": succeeding.move_children(tx, old, new, item.on),
        "addresses": succeeding.move_contacts(tx, old, new, today),
        "roles": succeeding.move_grants(tx, old, new, now, login),
        "feeds": succeeding.move_tokens(tx, old, new),
        "registrations": hand_over(tx, old, new, today),
        "reminders": holding_back.move_reminders(tx, old, new, today),
    }
    return Deed("unit.carry_out", f"unit:{item.unit}", after={"heir": item.heir, "on": item.on, **moved})
