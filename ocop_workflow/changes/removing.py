"""A plan that was loaded by mistake is taken out, with all that hangs on it, while nobody was told of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.changes import queries as changing
from ocop_workflow.changes import removal_queries as removing
from ocop_workflow.changes.views import RemovalView
from ocop_workflow.errors import Conflict
from ocop_workflow.people.officers import permitted
from ocop_workflow.plans.loaded import find_plan

if TYPE_CHECKING:
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection


def preview_removal(tx: Connection, slug: str) -> RemovalView:
    """Return what would go with a plan; nothing is written.

    Raises:
        NotFound: no plan of this id is loaded.
        Conflict: letters about it have gone out, or steps were recorded under it.
    """
    return _foresee(tx, find_plan(tx, slug))


def remove_plan(tx: Connection, slug: str, confirm: str, *, actor: Actor, now: datetime) -> RemovalView:
    """Take a plan out with its products, deadlines, reminders and letters: all of it, or nothing.

    The audit keeps what was done, that it was loaded and that it was taken out.

    Args:
        tx: a writing transaction.
        slug: the plan's id.
        confirm: the hash of what was looked at.
        actor: who takes it out.
        now: this instant.

    Raises:
        NotFound: see `preview_removal`.
        NotPermitted: the actor does not change plans there.
        Conflict: see `preview_removal`; or what would go is not what was looked at any more.
    """
    plan = find_plan(tx, slug)
    warrant = permitted(tx, actor, Permission.CHANGE_PLANS, plan.unit_id)
    changing.hold_everybody(tx, plan.id)
    found = _foresee(tx, plan)
    if found.hash != confirm:
        raise Conflict(
            "Những gì sẽ mất đã khác lúc xem trước; hãy xem lại rồi xác nhận. Không có gì thay đổi.",
            "What would go is not what was looked at any more; look again and confirm. Nothing was changed.",
        )
    removing.take_out(tx, plan.id)
    before = {"version": plan.version, "sha256": plan.sha256}
    after = {"products": len(found.products), "deadlines": found.deadlines, "letters": found.letters}
    audit.record(tx, actor, Deed("plan.remove", f"plan:{plan.slug}", before, after), now, warrant)
    return found


def _foresee(tx: Connection, plan: PlanRecord) -> RemovalView:
    gone, unsent = removing.letters_about(tx, plan.id)
    if gone:
        raise Conflict(
            f"Đã có {gone} thư nói về kế hoạch {plan.slug} được gửi đi, nên không lấy ra được nữa. "
            "Hãy sửa tệp rồi nạp lại: ai đã nhận hạn sai sẽ nhận thư đính chính.",
            f"{gone} letters about the plan {plan.slug} have gone out, so it cannot be taken out any more. "
            "Mend its file and load it again: whoever was told a wrong date gets a correction.",
        )
    steps = removing.steps_under(tx, plan.id)
    if steps:
        raise Conflict(
            f"Đã có {steps} thao tác được ghi trong kế hoạch {plan.slug}; lịch sử không xóa được, "
            "nên kế hoạch không lấy ra được nữa.",
            f"{steps} steps were recorded under the plan {plan.slug}; history is never deleted, so the plan "
            "cannot be taken out any more.",
        )
    counts = removing.counts(tx, plan.id)
    codes = tuple(removing.codes(tx, plan.id))
    kinds = ("deadlines", "reminders", "flags", "extensions", "questions")
    content = (plan.slug, plan.version, plan.sha256, codes, sorted(counts.items()), unsent)
    return RemovalView(
        plan=plan.slug,
        hash=hashlib.sha256(repr(content).encode()).hexdigest(),
        products=codes,
        **{kind: counts[kind] for kind in kinds},
        letters=unsent,
    )
