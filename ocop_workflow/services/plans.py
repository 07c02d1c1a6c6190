"""Plans: checking a file, loading it with its units, and the calendar that a loaded plan gives."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.calendar import (
    Calendar,
    DeadlineKind,
    load_work_calendar,
    read_loaded_plan,
    read_plan,
    shipped_plan_ids,
)
from ocop_workflow.errors import Conflict, NotFound, Stale
from ocop_workflow.notifications import check_address
from ocop_workflow.regulations import load_regulation
from ocop_workflow.regulations.units import shipped_units_of
from ocop_workflow.services.officers import HOST
from ocop_workflow.states import build_lifecycle
from ocop_workflow.storage import deadlines, plans, units
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.regulations.units import Unit
    from ocop_workflow.storage import Connection
    from ocop_workflow.storage.deadlines import DeadlineRecord
    from ocop_workflow.storage.plans import PlanRecord


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """What loading a plan did; `units`: how many units it brought that were not known."""

    plan: PlanRecord
    is_new: bool
    milestones: int
    activities: int
    units: int


def load_plan(tx: Connection, text: str, *, actor: str, today: date, now: datetime) -> LoadedPlan:
    """Load a plan: its units if they ship with the service, the plan, and what it asks without a product.

    Loading the same file again changes nothing.

    Args:
        tx: a writing transaction.
        text: the content of the plan file.
        actor: who loads it.
        today: the local day; the deadlines of activities and of communes open on it.
        now: this instant.

    Raises:
        InvalidInput: the file is at fault; every fault at once.
        Conflict: another version of this plan is loaded, or its product prefix is taken.
        NotFound: the plan's unit is not known.
    """
    if not is_loaded(tx, text):
        read_plan(text)
    calendar = calendar_from(text)
    plan = calendar.plan
    sha256 = checksum(text)
    stored = plans.plan_by_slug(tx, plan.id)
    brought = 0
    if stored is None:
        _refuse_taken_code(tx, plan.code)
        brought = _bring_units(tx, plan.unit, today)
        plan_id = _insert(tx, calendar, text, sha256, actor=actor, today=today, now=now)
        _open_activities(tx, calendar, plan_id, today)
        open_to_communes(tx, find_plan(tx, plan.id), calendar, today)
    elif stored.sha256 != sha256:
        raise Conflict(
            f"Kế hoạch {plan.id} đã nạp với nội dung khác: đây là thay đổi kế hoạch, phải xem trước ảnh "
            "hưởng rồi xác nhận. Không có gì thay đổi.",
            f"The plan {plan.id} is loaded with another content: this is a change of plan, whose impact has "
            "to be seen and confirmed first. Nothing was changed.",
        )
    record = find_plan(tx, plan.id)
    return LoadedPlan(record, stored is None, len(plan.milestones), len(plan.activities), brought)


def is_loaded(tx: Connection, text: str) -> bool:
    """Tell whether this very content is a plan in force: what was taken once stays readable."""
    return plans.is_in_force(tx, checksum(text))


def checksum(text: str) -> str:
    """Return the checksum by which a plan file is known."""
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_taken_code(tx: Connection, code: str) -> None:
    if plans.code_taken(tx, code):
        raise Conflict(
            f"Tiền tố mã sản phẩm {code} đã thuộc về một kế hoạch khác; hãy đổi mục code trong tệp.",
            f"The product prefix {code} belongs to another plan; change `code` in the file.",
        )


def _bring_units(tx: Connection, authority: str, today: date) -> int:
    """Store the units that ship with an authority which is not known yet. Returns how many.

    Of those an office has stored by itself nothing is changed.
    """
    if units.unit_by_slug(tx, authority) is not None:
        return 0
    known = {unit.slug for unit in units.all_units(tx)}
    return save_units(tx, [unit for unit in shipped_units_of(authority) if unit.id not in known], today)


def _insert(
    tx: Connection, calendar: Calendar, text: str, sha256: str, *, actor: str, today: date, now: datetime
) -> int:
    plan = calendar.plan
    authority = units.unit_by_slug(tx, plan.unit)
    if authority is None:
        raise NotFound(f"Không có đơn vị {plan.unit}.", f"There is no unit {plan.unit}.")
    return plans.insert_plan(
        tx,
        {
            "slug": plan.id,
            "code": plan.code,
            "title": plan.title,
            "year": plan.year,
            "unit_id": units.heir_of(tx, authority, today).id,
            "regulation": plan.regulation,
            "sha256": sha256,
            "text": text,
            "loaded_at": now,
            "loaded_by": clean(actor)[:100],
            "version": 1,
        },
    )


def _open_activities(tx: Connection, calendar: Calendar, plan_id: int, today: date) -> None:
    deadlines.open_deadlines(
        tx,
        [
            {
                "product_id": None,
                "unit_id": None,
                "plan_id": plan_id,
                "kind": DeadlineKind.ACTIVITY,
                "rule": activity.rule,
                "due_on": activity.due_on,
                "opened_on": today,
            }
            for activity in calendar.activities(today)
        ],
    )


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
            {
                "product_id": None,
                "unit_id": unit_id,
                "plan_id": plan.id,
                "kind": deadline.kind,
                "rule": deadline.rule,
                "due_on": deadline.due_on,
                "opened_on": today,
            }
            for unit_id in sorted(silent)
            for deadline in wanted
            if (unit_id, deadline.rule) not in told
        ],
    )


def begins(plan: PlanRecord, calendar: Calendar, today: date) -> bool:
    """Tell whether a plan is told anew to communes without a product on a local day."""
    return plan.unit_slug == calendar.plan.unit and today <= calendar.plan.last_day


def save_units(tx: Connection, given: Iterable[Unit], today: date) -> int:
    """Store units; addresses that are given are theirs from `today`. Returns how many changed.

    Raises:
        InvalidInput: an address cannot be used.
    """
    changed = 0
    for unit in given:
        for address in unit.emails or ():
            check_address(address)
        changed += units.save_unit(tx, unit, today)
    return changed


def plans_of(tx: Connection, actor: Actor) -> list[PlanRecord]:
    """Return the plans of the units that an actor reaches, and of those that lie above."""
    roots = actor.units_with(Permission.READ)
    found = plans.all_plans(tx)
    if roots is None:
        return found
    around = {unit.id for unit in units.units_around(tx, roots)}
    return [plan for plan in found if plan.unit_id in around]


def find_plan(tx: Connection, slug: str, actor: Actor = HOST) -> PlanRecord:
    """Return a loaded plan, if the actor may look at it; nobody hears of others.

    Raises:
        NotFound: no plan of this id is loaded, as far as the actor may know.
    """
    record = plans.plan_by_slug(tx, slug)
    seen = [] if record and actor.is_operator else plans_of(tx, actor)
    if record is None or not (actor.is_operator or record in seen):
        loaded = ", ".join(plan.slug for plan in seen) or "—"
        ships = actor.is_operator and slug in shipped_plan_ids()
        command = f"ocop plan load {slug}" if ships else "ocop plan list"
        known = f"The plan {slug} is not loaded; loaded: {loaded}."
        raise NotFound(
            f"Chưa nạp kế hoạch {slug}; đã nạp: {loaded}. {'Nạp' if ships else 'Xem'} bằng `{command}`.",
            f"{known} {'Load it with' if ships else 'See'} `{command}`.",
        )
    return record


def calendar_of(tx: Connection, plan_id: int, sha256: str) -> Calendar:
    """Return the calendar of a loaded plan; the text is read from the database once a process.

    Raises:
        InvalidInput: the stored plan cannot be read by this version of the service.
    """
    known = _CALENDARS.get(sha256)
    if known is None:
        known = _CALENDARS[sha256] = calendar_from(plans.plan_text(tx, plan_id))
    return known


_CALENDARS: dict[str, Calendar] = {}


def hold_calendar(tx: Connection, plan_id: int, sha256: str) -> Calendar:
    """Return the calendar of a loaded plan, which stays in force until this writing transaction has ended.

    Whoever opens or closes deadlines by it asks here, so that no product is left under an older version
    than the others.

    Raises:
        Stale: the plan was changed since its checksum was read.
        InvalidInput: see `calendar_of`.
    """
    if not plans.is_held(tx, plan_id, sha256):
        raise Stale(
            "Kế hoạch vừa được thay đổi; hãy xem lại rồi làm lại.",
            "The plan was changed just now; look again and repeat.",
        )
    return calendar_of(tx, plan_id, sha256)


def calendar_behind(tx: Connection, row: DeadlineRecord) -> Calendar:
    """Return the calendar from which a deadline has its date: its plan's current version, or an earlier one.

    Of the versions that know its rule the newest that gives this very date is meant; a date that depends on
    the product (or on an extension) is explained by the newest of them.

    Raises:
        NotFound: no version of the plan knows the rule.
        InvalidInput: see `calendar_of`.
    """
    record = plans.plans_by_id(tx, [row.plan_id])[row.plan_id]
    newest = calendar_of(tx, record.id, record.sha256)
    if row.closed_on is None:
        return newest
    earlier = [calendar_from(kept.text) for kept in plans.earlier_versions(tx, record.id)]
    known = [calendar for calendar in (newest, *reversed(earlier)) if calendar.knows(row.kind, row.rule)]
    giving = (item for item in known if item.plain_due(row.kind, row.rule, row.opened_on) == row.due_on)
    return next(giving, known[0] if known else newest)


def remember_calendar(sha256: str, calendar: Calendar) -> None:
    """Let a checksum stand for a calendar that no file gives, as a simulation needs it."""
    _CALENDARS[sha256] = calendar


@lru_cache(maxsize=64)
def calendar_from(text: str) -> Calendar:
    """Return the calendar that the text of a plan gives; whoever brings a new file lets `read_plan` see it.

    Raises:
        InvalidInput: every fault of the file at once.
    """
    plan = read_loaded_plan(text)
    regulation = load_regulation(plan.regulation)
    return Calendar(plan, regulation, build_lifecycle(regulation), load_work_calendar())
