"""`/plans`: what is loaded, loading and changing one, extensions by a numbered decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from ocop_workflow.access import Permission
from ocop_workflow.calendar import is_template, read_plan, text_for_year
from ocop_workflow.changes import ExtensionOrder, ImpactView, plan_extensions, plan_versions
from ocop_workflow.changes import entry as plan_entry
from ocop_workflow.changes.loading import LoadedPlan
from ocop_workflow.changes.views import ChangedView, LoadedView, RemovedView
from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.fence.texts import within_bounds
from ocop_workflow.overview.plan_views import PlanView
from ocop_workflow.overview.plans import plan_overview
from ocop_workflow.plans.loaded import find_plan, plans_of
from ocop_workflow.plans.views import ExtensionView, PlanNameView, VersionView
from ocop_workflow.web.contract import examples
from ocop_workflow.web.contract.operations import operation
from ocop_workflow.web.exchange.addresses import Number, PlanId
from ocop_workflow.web.exchange.answers import answer
from ocop_workflow.web.exchange.pages import Page, items
from ocop_workflow.web.exchange.schemas import ConfirmQuery, ExtensionIn, PlanIn, RevocationIn
from ocop_workflow.web.exchange.visits import Visiting
from ocop_workflow.web.guard.gate import Gated

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection
    from ocop_workflow.web.exchange.answers import Answer

router = APIRouter(tags=["plans"], route_class=Gated)


@router.get(
    "/plans",
    **operation("listPlans", Page[PlanNameView], examples.page(examples.PLAN_NAME)),
)
def list_plans(visit: Visiting) -> Response:
    """Kế hoạch mà đơn vị của cán bộ thuộc về hoặc chủ trì. / The plans that concern the officer's units."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return items([PlanNameView.of(plan) for plan in plans_of(tx, actor)])

    return visit.answer(work)


@router.post(
    "/plans",
    **operation(
        "enterPlan",
        ChangedView,
        examples.IMPACT,
        also={201: LoadedView},
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
        if isinstance(done, LoadedPlan):
            return answer(done.view, 201 if done.is_new else 200)
        return answer(ChangedView(isinstance(done, ImpactView) and given.confirm is not None, done))

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


@router.get("/plans/{plan}", **operation("showPlan", PlanView, examples.PLAN))
def show_plan(visit: Visiting, plan: PlanId) -> Response:
    """Một kế hoạch: mốc, thời hạn, sản phẩm đang ở đâu. / One plan with its dates."""

    def work(tx: Connection, actor: Actor) -> Answer:
        return answer(plan_overview(tx, plan, visit.today, actor, visit.language))

    return visit.answer(work)


@router.delete(
    "/plans/{plan}",
    **operation(
        "removePlan",
        RemovedView,
        examples.REMOVAL,
        changes=True,
        needs=Permission.CHANGE_PLANS,
    ),
)
def remove_plan(visit: Visiting, plan: PlanId, asked: Annotated[ConfirmQuery, Query()]) -> Response:
    """Lấy ra kế hoạch nạp nhầm khi chưa gửi thư nào: xem trước, rồi xác nhận. / Take a plan out again."""

    def work(tx: Connection, actor: Actor) -> Answer:
        removal = plan_entry.take_out(tx, plan, asked.confirm, actor=actor, now=visit.now)
        return answer(RemovedView(asked.confirm is not None, removal))

    return visit.change(work)


@router.get(
    "/plans/{plan}/versions",
    **operation("listPlanVersions", Page[VersionView], examples.page(examples.VERSION)),
)
def list_versions(visit: Visiting, plan: PlanId) -> Response:
    """Các phiên bản của một kế hoạch. / A plan's versions."""

    def work(tx: Connection, actor: Actor) -> Answer:
        find_plan(tx, plan, actor)
        return items(plan_versions(tx, plan))

    return visit.answer(work)


@router.get(
    "/plans/{plan}/extensions",
    **operation("listExtensions", Page[ExtensionView], examples.page(examples.EXTENSION)),
)
def list_extensions(visit: Visiting, plan: PlanId) -> Response:
    """Các gia hạn của một kế hoạch. / A plan's extensions."""

    def work(tx: Connection, actor: Actor) -> Answer:
        find_plan(tx, plan, actor)
        return items([ExtensionView.of(row, codes) for row, codes in plan_extensions(tx, plan)])

    return visit.answer(work)


@router.post(
    "/plans/{plan}/extensions",
    **operation(
        "grantExtension",
        ChangedView,
        examples.IMPACT,
        also={201: ChangedView},
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
        return answer(ChangedView(number is not None, impact, number), 201 if number else 200)

    return visit.change(work)


@router.post(
    "/extensions/{number}/revocation",
    **operation(
        "revokeExtension",
        ChangedView,
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
        return answer(ChangedView(given.confirm is not None, impact, number))

    return visit.change(work)
