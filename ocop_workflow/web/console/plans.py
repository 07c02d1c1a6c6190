"""`/plans`: what is loaded, with the source's words; a file brought in or changed, seen before it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response

from ocop_workflow.access import Permission
from ocop_workflow.calendar import is_template, read_plan, text_for_year
from ocop_workflow.changes import ExtensionOrder, ImpactView, plan_extensions, plan_versions
from ocop_workflow.changes import entry as plan_entry
from ocop_workflow.changes.loading import LoadedPlan
from ocop_workflow.errors import InvalidInput, OcopError, fault
from ocop_workflow.fence.texts import within_bounds
from ocop_workflow.overview.plans import plan_overview
from ocop_workflow.plans.loaded import find_plan, plans_of
from ocop_workflow.plans.views import ExtensionView
from ocop_workflow.sweep.activities import finish_activity, list_activities, reopen_activity
from ocop_workflow.web.console.frame.call import Call, Calling, Screen, day_of
from ocop_workflow.web.console.frame.paged import Paged, needs
from ocop_workflow.web.console.frame.refusals import told
from ocop_workflow.web.exchange.addresses import Number, PlanId
from ocop_workflow.web.exchange.problems import kind_of

if TYPE_CHECKING:
    from ocop_workflow.access import Actor
    from ocop_workflow.people.sign_in.sessions import Session
    from ocop_workflow.store import Connection

router = APIRouter(route_class=Paged)

_CHANGE: Final = Permission.CHANGE_PLANS


@router.get("/plans", **needs())
def show_list(call: Calling) -> Response:
    """Show the plans that concern whoever looks."""

    def work(tx: Connection, actor: Actor) -> Screen:
        content = {
            "plans": plans_of(tx, actor),
            "may_change": actor.units_with(_CHANGE) != frozenset(),
        }
        return Screen("plans/list.html", content)

    return call.show(work)


@router.get("/plans/new", **needs(_CHANGE))
def ask_file(call: Calling) -> Response:
    """Ask for a plan file."""
    return call.show(lambda _tx, _actor: _file_form(call))


@router.post("/plans/new", **needs(_CHANGE))
def bring_in(call: Calling) -> Response:
    """Show what a plan file would do, or do it."""
    given = call.file("file")
    written = given.file.read().decode("utf-8-sig", "replace") if given else call.secret("text")
    text = written.replace("\r\n", "\n")  # forms send each line so, whatever it was in the file

    def work(tx: Connection, session: Session) -> Response:
        plan_text = _for_its_year(call, text)
        read_plan(plan_text, "text")
        done = plan_entry.enter_plan(
            tx,
            plan_text,
            call.given("confirm") or None,
            actor=session.actor,
            sender=call.application.sender,
            today=call.today,
            now=call.now,
        )
        if isinstance(done, LoadedPlan):
            return call.to(f"/plans/{done.plan.slug}", done="loaded")
        if isinstance(done, ImpactView) and call.given("confirm"):
            return call.to(f"/plans/{done.plan}", done="changed")
        sheet = Screen("plans/impact.html", {**_impact(done), "text": text, "year": call.given("year")})
        return call.write(sheet, call.around(tx, session))

    def again(_tx: Connection, _actor: Actor, refusal: OcopError) -> Screen:
        return _file_form(call, text, refusal)

    return call.change_or_show(work, again)


def _for_its_year(call: Call, text: str) -> str:
    """Return the text of a plan: of a yearly template, what it gives for the year that is named."""
    inside = within_bounds(text, "text")
    year = call.given("year")
    if is_template(inside):
        if not year.isdecimal():
            raise InvalidInput(
                "Kế hoạch có lỗi.",
                "The plan is at fault.",
                [fault("year", "đây là mẫu hằng năm: phải nêu năm", "it is a yearly template: name a year")],
            )
        return text_for_year(inside, int(year[:4]), "text")
    return inside


def _file_form(call: Call, text: str = "", refusal: OcopError | None = None) -> Screen:
    content = {
        "text": text,
        "year": call.given("year"),
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("plans/new.html", content, kind_of(refusal).status if refusal else 200)


def _impact(found: Any) -> dict[str, Any]:  # noqa: ANN401 - the impact of a change, or what lies behind
    return {"impact": found if isinstance(found, ImpactView) else None, "found": found}


@router.get("/plans/{plan}", **needs())
def show_plan(call: Calling, plan: PlanId) -> Response:
    """Show one plan: the words of the source beside each reading, its activities, extensions and versions."""
    done = call.request.query_params.get("done", "")

    def work(tx: Connection, actor: Actor) -> Screen:
        view = plan_overview(tx, plan, call.today, actor, call.language)
        activities = list_activities(tx, call.today, actor, plan=plan)
        return Screen(
            "plans/plan.html",
            {
                "plan": view,
                "activities": activities,
                "extensions": [ExtensionView.of(row, codes) for row, codes in plan_extensions(tx, plan)],
                "versions": plan_versions(tx, plan),
                "may_change": actor.units_with(_CHANGE) != frozenset(),
                "done": done,
            },
        )

    return call.show(work)


@router.post("/plans/{plan}/activities/{activity}", **needs(_CHANGE))
def note_activity(call: Calling, plan: PlanId, activity: str) -> Response:
    """Record that an activity is done, or take that back."""

    def work(tx: Connection, session: Session) -> None:
        if call.given("undo"):
            reason = call.given("reason")
            reopen_activity(tx, session.actor, activity, reason, plan=plan, now=call.now)
        else:
            on = day_of(call.given("on"), "on")
            finish_activity(tx, session.actor, activity, plan=plan, on=on, today=call.today, now=call.now)

    call.change(work)
    return call.to(f"/plans/{plan}", done="activity")


@router.get("/plans/{plan}/extend", **needs(_CHANGE))
def ask_extension(call: Calling, plan: PlanId) -> Response:
    """Ask for a decision that gives products more time."""
    return call.show(lambda tx, actor: _extension_form(tx, call, actor, plan))


@router.post("/plans/{plan}/extend", **needs(_CHANGE))
def extend(call: Calling, plan: PlanId) -> Response:
    """Show what an extension would do, or grant it."""

    def work(tx: Connection, session: Session) -> Response:
        order = _order(call, plan)
        number, impact = plan_entry.extend(
            tx,
            order,
            call.given("confirm") or None,
            actor=session.actor,
            sender=call.application.sender,
            today=call.today,
            now=call.now,
        )
        if number is not None:
            return call.to(f"/plans/{plan}", done="extended")
        sent = {name: value for name, value in call.sent.items() if name != "confirm"}
        sheet = Screen("plans/extension_impact.html", {"plan": plan, "impact": impact, "sent": sent})
        return call.write(sheet, call.around(tx, session))

    def again(tx: Connection, actor: Actor, refusal: OcopError) -> Screen:
        return _extension_form(tx, call, actor, plan, refusal)

    return call.change_or_show(work, again)


def _order(call: Call, plan: str) -> ExtensionOrder:
    due, decided = day_of(call.given("due_on"), "due_on"), day_of(call.given("decided_on"), "decided_on")
    missing = [
        fault(name, "bắt buộc", "is needed")
        for name, value in (
            ("due_on", due),
            ("decided_on", decided),
            ("decision_number", call.given("decision_number")),
            ("reason", call.given("reason")),
            ("codes", call.given("codes")),
        )
        if not value
    ]
    if missing or due is None or decided is None:
        raise InvalidInput("Gia hạn còn thiếu.", "The extension lacks something.", missing)
    codes = tuple(dict.fromkeys(call.given("codes").replace(",", " ").replace(";", " ").split()))
    return ExtensionOrder(
        plan,
        call.given("milestone"),
        codes,
        due,
        call.given("decision_number")[:300],
        decided,
        call.given("reason")[:300],
    )


def _extension_form(
    tx: Connection, call: Call, actor: Actor, plan: str, refusal: OcopError | None = None
) -> Screen:
    view = plan_overview(tx, find_plan(tx, plan, actor).slug, call.today, actor, call.language)
    content = {
        "plan": view,
        "sent": call.sent,
        "refusal": told(refusal, call.language) if refusal else None,
    }
    return Screen("plans/extend.html", content, kind_of(refusal).status if refusal else 200)


@router.post("/plans/{plan}/extensions/{number}/revoke", **needs(_CHANGE))
def revoke(call: Calling, plan: PlanId, number: Number) -> Response:
    """Show what revoking an extension would do, or revoke it."""

    def work(tx: Connection, session: Session) -> Response:
        impact = plan_entry.take_back(
            tx,
            number,
            call.given("confirm") or None,
            actor=session.actor,
            sender=call.application.sender,
            today=call.today,
            now=call.now,
        )
        if call.given("confirm"):
            return call.to(f"/plans/{plan}", done="revoked")
        sheet = Screen("plans/revocation_impact.html", {"plan": plan, "number": number, "impact": impact})
        return call.write(sheet, call.around(tx, session))

    done: Response = call.change(work)
    return done
