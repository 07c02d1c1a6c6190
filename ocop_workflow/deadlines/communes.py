"""Deadlines of communes that have no product in a plan yet: the registration is said to them, too.

A commune has one while nothing of its own stands in the plan; its first product takes it up with a deadline
of its own. What ought to be open is compared with what is, whatever has changed: products, plans or units.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ocop_workflow.calendar.subjects import TAKEN_UP
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.alignment import Holder, catch_up, settle
from ocop_workflow.errors import InvalidInput
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of, hold_calendar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


def open_to_communes(
    tx: Connection,
    plan: PlanRecord,
    calendar: Calendar,
    today: date,
    told: Collection[tuple[int | None, str]] = (),
) -> None:
    """Open the deadlines of the communes that have no product in a plan on a local day.

    Once the plan's year is over none is opened. Where its authority stands for another one, more communes lie
    under it than the plan was made for: those that were told go on, no other one begins.

    Args:
        tx: a writing transaction.
        plan: the plan.
        calendar: its calendar.
        today: the local day.
        told: the communes that have one already, each with its milestone.
    """
    wanted = calendar.communes(today) if begins(plan, calendar, today) else ()
    silent = units.communes_without_product(tx, plan.id, plan.unit_id, today) if wanted else ()
    deadlines.open_many(
        tx,
        [
            deadlines.opening(deadline, plan.id, today, unit_id=unit_id)
            for unit_id in sorted(silent)
            for deadline in wanted
            if (unit_id, deadline.rule) not in told
        ],
    )


def begins(plan: PlanRecord, calendar: Calendar, today: date) -> bool:
    """Tell whether a plan is told anew to communes without a product on a local day."""
    return plan.unit_slug == calendar.plan.unit and today <= calendar.plan.last_day


def align_communes(tx: Connection, plan_ids: Iterable[int | None], today: date) -> None:
    """Open and close the deadlines of communes after products have come into a plan, or left it.

    Args:
        tx: a writing transaction that holds these plans.
        plan_ids: the plans' numbers; none: a product stood outside every plan.
        today: the local day; see `open_to_communes`.

    Raises:
        InvalidInput: a plan's data are at fault.
    """
    for plan in plans.plans_by_id(tx, {number for number in plan_ids if number is not None}).values():
        _align(tx, plan, today)


def align_all_communes(tx: Connection, today: date) -> None:
    """Open and close the deadlines of communes after units have come, ended or moved.

    A plan whose data are at fault is left as it is: the sweep reports it.
    """
    for plan in plans.all_plans(tx):
        is_held = plans.is_held(tx, plan.id, plan.sha256)  # nobody changes it from here on
        with suppress(InvalidInput):
            _align(tx, plan if is_held else plans.plans_by_id(tx, [plan.id])[plan.id], today)


def _align(tx: Connection, plan: PlanRecord, today: date) -> None:
    calendar = hold_calendar(tx, plan.id, plan.sha256)
    is_open = deadlines.open_of_communes(tx, plan.id)
    for row in _no_longer_silent(tx, plan, is_open, today):
        _close(tx, plan, row, today)
    open_to_communes(tx, plan, calendar, today, {(row.unit_id, row.rule) for row in is_open})


def _no_longer_silent(
    tx: Connection, plan: PlanRecord, is_open: list[DeadlineRecord], today: date
) -> list[DeadlineRecord]:
    if not is_open:
        return []
    silent = units.communes_without_product(tx, plan.id, plan.unit_id, today)
    silent |= units.waiting_to_hand_over(tx, plan.id, today)
    return [row for row in is_open if row.unit_id not in silent]


def _close(tx: Connection, plan: PlanRecord, row: DeadlineRecord, on: date) -> None:
    holder = Holder(None, row.unit_id, plan.id, plan.unit_id)
    with suppress(InvalidInput):  # of a plan at fault no sweep has recorded anything, either
        catch_up(tx, holder, calendar_of(tx, plan.id, plan.sha256), row, on)
    settle(tx, row, on, TAKEN_UP)


def hand_over(tx: Connection, unit_id: int, heir_id: int, today: date) -> int:
    """Let the heir of a commune that ends hear what that one would have; returns how many deadlines.

    What the heir hears anyway it hears once: the deadline of the commune that ends is closed.
    """
    rows = deadlines.open_of_unit(tx, unit_id)
    known = {(row.plan_id, row.rule) for row in deadlines.open_of_unit(tx, heir_id)}
    records = plans.plans_by_id(tx, {row.plan_id for row in rows if row.plan_id is not None})
    for row in rows:
        if (row.plan_id, row.rule) in known and row.plan_id is not None:
            _close(tx, records[row.plan_id], row, today)
    deadlines.give_to_unit(tx, unit_id, heir_id)
    return len(rows)
