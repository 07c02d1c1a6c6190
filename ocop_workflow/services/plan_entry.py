"""An officer brings a plan file: a new plan is loaded, a changed one shows its impact or is confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.errors import NotFound
from ocop_workflow.services import audit
from ocop_workflow.services.audit import Deed
from ocop_workflow.services.changes import (
    Extension,
    Impact,
    Removal,
    change_plan,
    grant_extension,
    is_change,
    preview_change,
    preview_extension,
    preview_removal,
    preview_revocation,
    remove_plan,
    revoke_extension,
)
from ocop_workflow.services.officers import permitted
from ocop_workflow.services.plans import LoadedPlan, calendar_from, find_plan, load_plan
from ocop_workflow.storage import plans, units

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.notifications import Sender
    from ocop_workflow.storage import Connection
    from ocop_workflow.storage.plans import PlanRecord


def enter_plan(
    tx: Connection,
    text: str,
    confirm: str | None,
    *,
    actor: Actor,
    sender: Sender,
    today: date,
    now: datetime,
) -> LoadedPlan | Impact:
    """Load a plan that is new, or change one that is loaded if its impact is confirmed by its hash.

    Without the hash the impact of a change is returned and nothing is written.

    Raises:
        InvalidInput: the file is at fault; every fault at once.
        NotPermitted: the actor does not change plans of this unit.
        Conflict: see `changes.change_plan` and `plans.load_plan`.
        NotFound: the plan's unit is not known.
    """
    if not is_change(tx, text):
        return load_new(tx, text, actor=actor, today=today, now=now)
    if confirm is not None:
        return change_plan(tx, text, confirm, actor=actor, sender=sender, today=today, now=now)
    plan = find_plan(tx, calendar_from(text).plan.id)
    permitted(tx, actor, Permission.CHANGE_PLANS, plan.unit_id)
    return preview_change(tx, text, today)


def load_new(tx: Connection, text: str, *, actor: Actor, today: date, now: datetime) -> LoadedPlan:
    """Load a plan that is new; one entry of the audit tells of it and of the units that it brought.

    Raises:
        NotPermitted: the actor does not change plans of this unit.
        OcopError: see `plans.load_plan`.
    """
    loaded = load_plan(tx, text, actor=actor.login, today=today, now=now)
    warrant = permitted(tx, actor, Permission.CHANGE_PLANS, loaded.plan.unit_id)
    if loaded.is_new:
        after = {"sha256": loaded.plan.sha256, "units": loaded.units}
        deed = Deed("plan.load", f"plan:{loaded.plan.slug}", after=after)
        audit.record(tx, actor, deed, now, warrant)
    return loaded


def extend(
    tx: Connection,
    order: Extension,
    confirm: str | None,
    *,
    actor: Actor,
    sender: Sender,
    today: date,
    now: datetime,
) -> tuple[int | None, Impact]:
    """Return what an extension would do, or grant it if that is confirmed: then with its number.

    Raises:
        OcopError: see `changes.grant_extension`.
    """
    permitted(tx, actor, Permission.CHANGE_PLANS, refuse_unseen(tx, actor, order.plan).unit_id)
    if confirm is None:
        return None, preview_extension(tx, order, today)
    done = grant_extension(tx, order, confirm, actor=actor, sender=sender, today=today, now=now)
    return done.id, done.impact


def take_back(
    tx: Connection,
    extension_id: int,
    confirm: str | None,
    *,
    actor: Actor,
    sender: Sender,
    today: date,
    now: datetime,
) -> Impact:
    """Return what revoking an extension would do, or revoke it if that is confirmed.

    Raises:
        OcopError: see `changes.revoke_extension`.
    """
    if confirm is not None:
        return revoke_extension(tx, extension_id, confirm, actor=actor, sender=sender, today=today, now=now)
    impact = preview_revocation(tx, extension_id, today)
    permitted(tx, actor, Permission.CHANGE_PLANS, find_plan(tx, impact.plan).unit_id)
    return impact


def take_out(tx: Connection, slug: str, confirm: str | None, *, actor: Actor, now: datetime) -> Removal:
    """Return what would go with a plan, or take it out if that is confirmed.

    Raises:
        OcopError: see `changes.remove_plan`.
    """
    permitted(tx, actor, Permission.CHANGE_PLANS, refuse_unseen(tx, actor, slug).unit_id)
    if confirm is None:
        return preview_removal(tx, slug)
    return remove_plan(tx, slug, confirm, actor=actor, now=now)


def plans_of(tx: Connection, actor: Actor) -> list[PlanRecord]:
    """Return the plans of the units that an actor reaches, and of those that lie above."""
    roots = actor.units_with(Permission.READ)
    found = plans.all_plans(tx)
    if roots is None:
        return found
    around = {unit.id for unit in units.units_around(tx, roots)}
    return [plan for plan in found if plan.unit_id in around]


def refuse_unseen(tx: Connection, actor: Actor, slug: str) -> PlanRecord:
    """Return a plan that an actor may look at.

    Raises:
        NotFound: there is none of this id among them.
    """
    for plan in plans_of(tx, actor):
        if plan.slug == slug:
            return plan
    raise NotFound(f"Không có kế hoạch {slug}.", f"There is no plan {slug}.")
