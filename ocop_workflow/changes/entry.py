"""An officer brings a plan file: a new plan is loaded, a changed one shows its impact or is confirmed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar import DeadlineKind, Standing
from ocop_workflow.changes import (
    ExtensionOrder,
    ImpactView,
    RemovalView,
    change_plan,
    find_extension,
    grant_extension,
    is_change,
    preview_change,
    preview_extension,
    preview_removal,
    preview_revocation,
    remove_plan,
    revoke_extension,
)
from ocop_workflow.changes.loading import LoadedPlan, load_plan
from ocop_workflow.changes.views import LateView, PassedView
from ocop_workflow.errors import Conflict
from ocop_workflow.people.officers import permitted
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_from, checksum, find_plan, plans_of
from ocop_workflow.plans.parents import refuse_unnested
from ocop_workflow.states import Dossier, State

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Plan
    from ocop_workflow.notifications import Sender
    from ocop_workflow.store import Connection


def enter_plan(
    tx: Connection,
    text: str,
    confirm: str | None,
    *,
    actor: Actor,
    sender: Sender,
    today: date,
    now: datetime,
) -> LoadedPlan | ImpactView | LateView:
    """Load a plan that is new, or change one that is loaded if its impact is confirmed by its hash.

    Without the hash the impact of a change, or what of a new plan lies behind, is returned and nothing is
    written.

    Raises:
        InvalidInput: the file is at fault; every fault at once.
        NotPermitted: the actor does not change plans of this unit.
        Conflict: see `changes.change_plan`, `plans.load_plan` and `confirmed_late`.
        NotFound: the plan's unit is not known.
    """
    _refuse_others(tx, actor, calendar_from(text).plan)
    if not is_change(tx, text):
        late = what_lies_behind(tx, text, today)
        if late is not None and confirm is None:
            return late
        confirmed_late(late, confirm)
        return load_new(tx, text, actor=actor, today=today, now=now)
    if confirm is not None:
        return change_plan(tx, text, confirm, actor=actor, sender=sender, today=today, now=now)
    return preview_change(tx, text, today)


def _refuse_others(tx: Connection, actor: Actor, plan: Plan) -> None:
    """Say nothing of what is loaded to whoever may change neither the plan of this id nor its unit's plans.

    Raises:
        NotPermitted: the actor does not change plans of the unit that the file names, or of the plan's own.
        Conflict: the id is taken by a plan that the actor may not look at.
    """
    unit = units.unit_by_slug(tx, plan.unit)
    if unit is not None:
        permitted(tx, actor, Permission.CHANGE_PLANS, unit.id)
    stored = plans.plan_by_slug(tx, plan.id)
    if stored is None:
        return
    if stored not in plans_of(tx, actor):
        raise Conflict(
            f"Mã kế hoạch {plan.id} không dùng được; hãy đổi mục id trong tệp.",
            f"The id {plan.id} cannot be used; change `id` in the file.",
        )
    permitted(tx, actor, Permission.CHANGE_PLANS, stored.unit_id)


def what_lies_behind(tx: Connection, text: str, today: date) -> LateView | None:
    """Return what of a new plan lies behind on a local day; none: nothing does, or the plan is loaded.

    Raises:
        InvalidInput: the file is at fault; every fault at once.
    """
    calendar = calendar_from(text)
    plan = calendar.plan
    if plans.plan_by_slug(tx, plan.id) is not None:
        return None
    nobody = Standing(State.IDEA, Dossier.FIRST, today)
    milestones = (
        (DeadlineKind.MILESTONE, entry.id, calendar.due(entry, nobody)) for entry in plan.milestones
    )
    activities = ((item.kind, item.rule, item.due_on) for item in calendar.activities(today))
    communes = () if plan.last_day < today else calendar.communes(today)
    to_all = ((item.kind, item.rule, item.due_on) for item in communes)
    behind = tuple(
        PassedView(kind, rule, calendar.wording(kind, rule).name, due)
        for kind, rule, due in (*milestones, *to_all, *activities)
        if due is not None and due < today
    )
    ended_on = plan.last_day if plan.last_day < today else None
    if ended_on is None and not behind:
        return None
    content = (plan.id, checksum(text), ended_on, behind)
    flags = sum(item.kind is DeadlineKind.ACTIVITY for item in behind)
    return LateView(plan.id, hashlib.sha256(repr(content).encode()).hexdigest(), ended_on, behind, flags)


def confirmed_late(late: LateView | None, confirm: str | None) -> None:
    """Refuse a plan that begins late unless the hash that was given stands for what lies behind.

    Raises:
        Conflict: it does not.
    """
    if late is not None and late.hash != confirm:
        raise Conflict(
            "Những gì đã qua hạn khác lúc xem trước; hãy xem lại rồi xác nhận. Chưa nạp gì.",
            "What lies behind is not what was looked at; look again and confirm. Nothing was loaded.",
        )


def load_new(tx: Connection, text: str, *, actor: Actor, today: date, now: datetime) -> LoadedPlan:
    """Load a plan that is new; one entry of the audit tells of it and of the units that it brought.

    Raises:
        NotPermitted: the actor does not change plans of this unit.
        OcopError: see `plans.load_plan`.
    """
    loaded = load_plan(tx, text, actor=actor.login, today=today, now=now)
    warrant = permitted(tx, actor, Permission.CHANGE_PLANS, loaded.plan.unit_id)
    if loaded.is_new:
        refuse_unnested(tx, calendar_from(text))
        after = {"sha256": loaded.plan.sha256, "units": loaded.units}
        deed = Deed("plan.load", f"plan:{loaded.plan.slug}", after=after)
        audit.record(tx, actor, deed, now, warrant)
    return loaded


def extend(
    tx: Connection,
    order: ExtensionOrder,
    confirm: str | None,
    *,
    actor: Actor,
    sender: Sender,
    today: date,
    now: datetime,
) -> tuple[int | None, ImpactView]:
    """Return what an extension would do, or grant it if that is confirmed: then with its number.

    Raises:
        OcopError: see `changes.grant_extension`.
    """
    permitted(tx, actor, Permission.CHANGE_PLANS, find_plan(tx, order.plan, actor).unit_id)
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
) -> ImpactView:
    """Return what revoking an extension would do, or revoke it if that is confirmed.

    Raises:
        OcopError: see `changes.revoke_extension`.
    """
    plan_id = find_extension(tx, extension_id, actor).plan_slug
    permitted(tx, actor, Permission.CHANGE_PLANS, find_plan(tx, plan_id, actor).unit_id)
    if confirm is not None:
        return revoke_extension(tx, extension_id, confirm, actor=actor, sender=sender, today=today, now=now)
    return preview_revocation(tx, extension_id, today)


def take_out(tx: Connection, slug: str, confirm: str | None, *, actor: Actor, now: datetime) -> RemovalView:
    """Return what would go with a plan, or take it out if that is confirmed.

    Raises:
        OcopError: see `changes.remove_plan`.
    """
    permitted(tx, actor, Permission.CHANGE_PLANS, find_plan(tx, slug, actor).unit_id)
    if confirm is None:
        return preview_removal(tx, slug)
    return remove_plan(tx, slug, confirm, actor=actor, now=now)
