"""A plan that changes in mid-year: another version of its file takes the place of the one in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar import read_plan
from ocop_workflow.changes import queries as changing
from ocop_workflow.changes.applying import carry_out
from ocop_workflow.changes.corrections import Reason
from ocop_workflow.changes.impact import Request, confirmed, foresee
from ocop_workflow.changes.realigning import DateSource
from ocop_workflow.errors import Conflict, InvalidInput, Text, fault
from ocop_workflow.people.officers import permitted
from ocop_workflow.places import queries as units
from ocop_workflow.plans import extension_queries as extensions
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_from, calendar_of, checksum, find_plan
from ocop_workflow.plans.parents import refuse_unnested
from ocop_workflow.plans.views import VersionView
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar
    from ocop_workflow.changes.views import ImpactView
    from ocop_workflow.errors import Fault
    from ocop_workflow.notifications import Sender
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


def is_change(tx: Connection, text: str) -> bool:
    """Tell whether a plan file says other than the version of this plan that is loaded.

    Raises:
        InvalidInput: the file is at fault; every fault at once.
    """
    stored = plans.plan_by_slug(tx, calendar_from(text).plan.id)
    return stored is not None and stored.sha256 != checksum(text)


def preview_change(tx: Connection, text: str, today: date) -> ImpactView:
    """Return what another version of a loaded plan would do on a local day; nothing is written.

    Raises:
        InvalidInput: the file is at fault, or changes what may not change; every fault at once.
        NotFound: the plan is not loaded.
        Conflict: this very content is in force.
    """
    return foresee(tx, _request(tx, text), today).impact


def change_plan(
    tx: Connection, text: str, confirm: str, *, actor: Actor, sender: Sender, today: date, now: datetime
) -> ImpactView:
    """Let another version of a plan take the place of the one in force: all of it, or nothing.

    The earlier version is kept. Deadlines that move are closed and opened anew, and whoever was told an old
    date gets one correction; see `applying.carry_out`.

    Args:
        tx: a writing transaction.
        text: the content of the new file.
        confirm: the hash of the impact that was looked at.
        actor: who changes the plan.
        sender: in whose name corrections go out.
        today: the local day from which the new version holds.
        now: this instant.

    Raises:
        InvalidInput, NotFound: see `preview_change`.
        Conflict: this content is in force, or the impact is not what was looked at any more.
        NotPermitted: the actor does not change plans there.
    """
    plan = find_plan(tx, calendar_from(text).plan.id)
    warrant = permitted(tx, actor, Permission.CHANGE_PLANS, plan.unit_id)
    changing.hold_everybody(tx, plan.id)
    foreseen = confirmed(foresee(tx, _request(tx, text), today), confirm)
    plan, calendar = foreseen.request.plan, foreseen.request.after.calendar
    values = {
        "title": calendar.plan.title,
        "sha256": checksum(text),
        "text": text,
        "loaded_at": now,
        "loaded_by": clean(actor.login)[:100],
    }
    plans.replace_version(tx, plan, values, today)
    written = carry_out(tx, foreseen, _reason(plan, calendar, today), sender, today, now)
    deed = Deed(
        "plan.change",
        f"plan:{plan.slug}",
        {"version": plan.version, "sha256": plan.sha256},
        {
            "version": plan.version + 1,
            "sha256": values["sha256"],
            "deadlines": len(foreseen.impact.moves),
            "corrections": written,
        },
    )
    audit.record(tx, actor, deed, now, warrant)
    return foreseen.impact


def _reason(plan: PlanRecord, calendar: Calendar, today: date) -> Reason:
    return Reason(
        f"plan:{plan.slug}:{plan.version + 1}",
        Text(f"{calendar.title} đã được thay đổi", f"the plan {plan.slug} was changed"),
        today,
    )


def _request(tx: Connection, text: str) -> Request:
    after = calendar_from(text)
    plan = find_plan(tx, after.plan.id)
    before = calendar_of(tx, plan.id, plan.sha256)
    faults = list(_unchangeable(tx, plan, after))
    if faults:
        raise InvalidInput(
            f"Không thể thay kế hoạch {plan.slug} như vậy.", f"The plan {plan.slug} cannot change so.", faults
        )
    read_plan(text)
    refuse_unnested(tx, after)
    if plan.sha256 == checksum(text):
        raise Conflict(
            f"Kế hoạch {plan.slug} đang có hiệu lực đúng nội dung này; không có gì để thay đổi.",
            f"This very content of the plan {plan.slug} is in force; there is nothing to change.",
        )
    return Request(plan, before, DateSource(after, in_force(tx, plan.id)), ("plan", checksum(text)))


def in_force(tx: Connection, plan_id: int, *, but: int | None = None) -> dict[int, Mapping[str, date]]:
    """Return the extensions in force under a plan by product; `but` one of them."""
    return {
        product: dict(pair for number, pair in given.items() if number != but)
        for product, given in extensions.extended_in(tx, plan_id).items()
    }


def _unchangeable(tx: Connection, plan: PlanRecord, after: Calendar) -> Iterator[Fault]:
    """Yield a fault for each thing by which a plan is known and its products are bound."""
    unit = units.units_by_id(tx, [plan.unit_id])[plan.unit_id].slug
    new = after.plan
    for place, vi, was, becomes in (
        ("unit", "đơn vị chủ trì", unit, new.unit),
        ("year", "năm", plan.year, new.year),
        ("regulation", "quy định", plan.regulation, new.regulation),
        ("code", "tiền tố mã sản phẩm", plan.code, new.code),
    ):
        if was != becomes:
            yield fault(
                place,
                f"{vi} không thay được trong năm: đang là {was}, tệp ghi {becomes}; hãy nạp một kế hoạch mới",
                f"the {place} cannot change: it is {was}, the file says {becomes}; load a new plan instead",
            )


def plan_versions(tx: Connection, slug: str) -> list[VersionView]:
    """Return every version of a plan, oldest first; the last one is in force.

    Raises:
        NotFound: no plan of this id is loaded.
    """
    plan = find_plan(tx, slug)
    earlier = [VersionView.alike(kept) for kept in plans.earlier_versions(tx, plan.id)]
    at, by = plans.loaded(tx, plan.id)
    return [*earlier, VersionView(plan.version, plan.sha256, at, by, None, None)]
