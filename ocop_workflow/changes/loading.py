"""Loading a plan: its units if they ship with the service, the plan, and what it asks without a product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.calendar import Calendar, read_plan
from ocop_workflow.changes.mergers.units import save_units
from ocop_workflow.changes.views import LoadedView
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.communes import open_to_communes
from ocop_workflow.errors import Conflict, NotFound
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_from, checksum, find_plan, is_loaded
from ocop_workflow.regulations.units import shipped_units_of
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """What loading a plan did; `units`: how many units it brought that were not known."""

    plan: PlanRecord
    is_new: bool
    milestones: int
    activities: int
    units: int

    @property
    def view(self) -> LoadedView:
        """What is shown of it."""
        return LoadedView(self.plan.slug, self.is_new, self.milestones, self.activities)


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
    rows = [deadlines.opening(activity, plan_id, today) for activity in calendar.activities(today)]
    deadlines.open_deadlines(tx, rows)
