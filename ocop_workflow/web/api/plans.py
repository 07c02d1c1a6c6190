"""`/plans`: what is loaded, loading and changing one, extensions by a numbered decision."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response

from ocop_workflow.access import Permission
from ocop_workflow.calendar import is_template, read_plan, text_for_year
from ocop_workflow.changes import ExtensionOrder, Impact, plan_extensions, plan_versions
from ocop_workflow.changes import entry as plan_entry
from ocop_workflow.clock import utc_text
from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.fence.texts import within_bounds
from ocop_workflow.overview.plans import plan_overview
from ocop_workflow.plans.loaded import find_plan, plans_of
from ocop_workflow.web import documents, plan_documents
from ocop_workflow.web.addresses import Number, PlanId
from ocop_workflow.web.answers import answer
from ocop_workflow.web.api import examples
from ocop_workflow.web.gate import Gated
from ocop_workflow.web.operations import operation
from ocop_workflow.web.pages import Page
from ocop_workflow.web.schemas import ConfirmQuery, ExtensionIn, PlanIn, RevocationIn, day_of
from ocop_workflow.web.visits import Visiting

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.changes.loading import LoadedPlan
    from ocop_workflow.store import Connection
    from ocop_workflow.web.answers import Answer

router = APIRouter(tags=["plans"], route_class=Gated)


@router.get(
    "/plans",
    **operation("listPlans", Page[documents.PlanName], examples.page(examples.PLAN_NAME)),
)
def list_plans(visit: Visiting) -> Response:
    """Kế hoạch mà đơn vị của cán bộ thuộc về hoặc chủ trì. / The plans that concern the officer's units."""

    def work(tx: Connection, actor: Actor) -> Answer:
        found = plans_of(tx, actor)
        return answer(
            {
                "items": [
                    {
                        "id": plan.slug,
                        "title": plan.title,
                        "year": plan.year,
                        "unit": plan.unit_name,
                        "regulation": plan.regulation,
                    }
                    for plan in found
                ]
            }
        )

    return visit.answer(work)


@router.post(
    "/plans",
    **operation(
        "enterPlan",
        documents.Changed,
        examples.IMPACT,
        also={201: documents.Loaded},
        changes=True,
        needs=Permission.CHANGE_PLANS,
    ),
)
def enter_plan(visit: Visiting, given: PlanIn) -> Response:
    """Nạp kế hoạch mới; đã sửa hoặc đã qua hạn thì xem trước, rồi xác nhận. / Load a plan, or change one."""
    text = _for_its_year(given)
    read_plan(text, "text")  # before any transaction: it may take its time

    def work(tx: Connection, actor: Actor) -> Answer:
        sender, today, now = visit.application.sender, visit.today, visit.now
        done = plan_entry.enter_plan(
            tx, text, given.confirm, actor=actor, sender=sender, today=today, now=now
        )
        if isinstance(done, plan_entry.Late):
            return answer({"done": False, "impact": _plain(done.as_json())})
        if isinstance(done, Impact):
            return answer(_changed(done, done_now=given.confirm is not None))
        return answer(_loaded(done), 201 if done.is_new else 200)

    return visit.change(work)


def _for_its_year(given: PlanIn) -> str:
    """Return the text of a plan: of a yearly template, what it gives for the year that is named.

    Raises:
        InvalidInput: it is a template and no year is named, or it is none and one is.
    """
    text = within_bounds(given.text, "text")
    if given.year is not None:
        return text_for_year(text, given.year, "text")
    if is_template(text):
        raise InvalidInput(
            "Kế hoạch có lỗi.",
            "The plan is at fault.",
            [fault("year", "đây là mẫu hằng năm: phải nêu năm", "it is a yearly template: name a year")],
        )
    return text


@router.get("/plans/{plan}", **operation("showPlan", documents.Plan, examples.PLAN))
def show_plan(visit: Visiting, plan: PlanId) -> Response:
    """Một kế hoạch: mốc, thời hạn, sản phẩm đang ở đâu. / One plan with its dates."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(plan_overview(tx, plan, visit.today, actor).as_json(visit.language))

    return visit.answer(work)


@router.delete(
    "/plans/{plan}",
    **operation(
        "removePlan",
        plan_documents.Removed,
        examples.REMOVAL,
        changes=True,
        needs=Permission.CHANGE_PLANS,
    ),
)
def remove_plan(visit: Visiting, plan: PlanId, asked: Annotated[ConfirmQuery, Query()]) -> Response:
    """Lấy ra kế hoạch nạp nhầm khi chưa gửi thư nào: xem trước, rồi xác nhận. / Take a plan out again."""

    def work(tx: Connection, actor: Actor) -> Answer:
        removal = plan_entry.take_out(tx, plan, asked.confirm, actor=actor, now=visit.now)
        return answer({"done": asked.confirm is not None, "removal": _plain(removal.as_json())})

    return visit.change(work)


@router.get(
    "/plans/{plan}/versions",
    **operation("listPlanVersions", Page[documents.Version], examples.page(examples.VERSION)),
)
def list_versions(visit: Visiting, plan: PlanId) -> Response:
    """Các phiên bản của một kế hoạch. / A plan's versions."""

    def work(tx: Connection, actor: Actor) -> Answer:
        find_plan(tx, plan, actor)
        items = [
            {
                "version": row.version,
                "sha256": row.sha256,
                "loaded_at": utc_text(row.loaded_at),
                "loaded_by": row.loaded_by,
                "replaced_on": day_of(row.replaced_on),
                "replaced_by": row.replaced_by,
            }
            for row in plan_versions(tx, plan)
        ]
        return answer({"items": items})

    return visit.answer(work)


@router.get(
    "/plans/{plan}/extensions",
    **operation("listExtensions", Page[documents.Extension], examples.page(examples.EXTENSION)),
)
def list_extensions(visit: Visiting, plan: PlanId) -> Response:
    """Các gia hạn của một kế hoạch. / A plan's extensions."""

    def work(tx: Connection, actor: Actor) -> Answer:
        find_plan(tx, plan, actor)
        items = [
            {
                "id": row.id,
                "milestone": row.rule,
                "due_on": row.due_on.isoformat(),
                "decision_number": row.decision_number,
                "decided_on": row.decided_on.isoformat(),
                "reason": row.reason,
                "products": list(codes),
                "revoked_on": day_of(row.revoked_on),
            }
            for row, codes in plan_extensions(tx, plan)
        ]
        return answer({"items": items})

    return visit.answer(work)


@router.post(
    "/plans/{plan}/extensions",
    **operation(
        "grantExtension",
        documents.Changed,
        examples.IMPACT,
        also={201: documents.Changed},
        changes=True,
        needs=Permission.CHANGE_PLANS,
    ),
)
def grant_extension(visit: Visiting, plan: PlanId, given: ExtensionIn) -> Response:
    """Gia hạn theo quyết định: xem tác động, rồi xác nhận. / Extend by a decision, seen before done."""
    order = ExtensionOrder(
        plan,
        given.milestone,
        tuple(given.codes),
        given.due_on,
        given.decision_number,
        given.decided_on,
        given.reason,
    )

    def work(tx: Connection, actor: Actor) -> Answer:
        sender, today, now = visit.application.sender, visit.today, visit.now
        number, impact = plan_entry.extend(
            tx, order, given.confirm, actor=actor, sender=sender, today=today, now=now
        )
        return answer(_changed(impact, number, done_now=number is not None), 201 if number else 200)

    return visit.change(work)


@router.post(
    "/extensions/{number}/revocation",
    **operation(
        "revokeExtension",
        documents.Changed,
        examples.IMPACT,
        changes=True,
        needs=Permission.CHANGE_PLANS,
    ),
)
def revoke_extension(visit: Visiting, number: Number, given: RevocationIn) -> Response:
    """Thu hồi một gia hạn: xem tác động, rồi xác nhận. / Revoke an extension, seen before done."""

    def work(tx: Connection, actor: Actor) -> Answer:
        sender, today, now = visit.application.sender, visit.today, visit.now
        impact = plan_entry.take_back(
            tx, number, given.confirm, actor=actor, sender=sender, today=today, now=now
        )
        return answer(_changed(impact, number, done_now=given.confirm is not None))

    return visit.change(work)


def _changed(impact: Impact, number: int | None = None, *, done_now: bool) -> dict[str, Any]:
    return {"done": done_now, "impact": _plain(impact.as_json()), **({"id": number} if number else {})}


def _plain(told: object) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(json.dumps(told, default=str))


def _loaded(done: LoadedPlan) -> dict[str, Any]:
    return {
        "id": done.plan.slug,
        "new": done.is_new,
        "milestones": done.milestones,
        "activities": done.activities,
    }
