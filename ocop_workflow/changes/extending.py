"""Extensions: a numbered decision gives some products more time for a milestone, and can be revoked.

An extension belongs to a product and a milestone as long as it is not revoked and the product's dossier is
in the plan. It never makes a day earlier and never takes lateness off the record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar import standing_of
from ocop_workflow.changes import queries as changing
from ocop_workflow.changes.applying import carry_out
from ocop_workflow.changes.corrections import Reason
from ocop_workflow.changes.impact import Request, confirmed, foresee
from ocop_workflow.changes.realigning import DateSource
from ocop_workflow.changes.replacing import in_force
from ocop_workflow.deadlines import occurrence_queries as occurrences
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, Text, fault
from ocop_workflow.notifications import vietnamese_date
from ocop_workflow.people.officers import HOST, permitted
from ocop_workflow.plans import extension_queries as extensions
from ocop_workflow.plans.loaded import calendar_of, find_plan, plans_of
from ocop_workflow.products.checks import canonical
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar, Milestone
    from ocop_workflow.changes.queries import Standee
    from ocop_workflow.changes.views import ImpactView
    from ocop_workflow.errors import Fault
    from ocop_workflow.notifications import Sender
    from ocop_workflow.plans.extension_queries import ExtensionRecord
    from ocop_workflow.plans.queries import PlanRecord
    from ocop_workflow.store import Connection

#: letters that fit into the column of a decision's number
_NUMBER = 300


@dataclass(frozen=True, slots=True)
class ExtensionOrder:
    """What a decision orders: more time for some products of a plan, until the end of a local day."""

    plan: str
    milestone: str
    codes: tuple[str, ...]
    due_on: date
    decision_number: str
    decided_on: date
    reason: str

    @property
    def cleaned(self) -> ExtensionOrder:
        """The same, as it is stored."""
        return ExtensionOrder(
            self.plan,
            self.milestone,
            tuple(dict.fromkeys(map(canonical, self.codes))),
            self.due_on,
            clean(self.decision_number),
            self.decided_on,
            clean(self.reason),
        )


@dataclass(frozen=True, slots=True)
class Granted:
    """An extension that was granted, and what it did."""

    id: int
    impact: ImpactView


def preview_extension(tx: Connection, order: ExtensionOrder, today: date) -> ImpactView:
    """Return what an extension would do on a local day; nothing is written.

    Raises:
        NotFound: the plan is not loaded.
        InvalidInput: the decision, the milestone, a product or the day cannot be; every fault at once.
    """
    return foresee(tx, _granting(tx, order.cleaned, today)[0], today).impact


def grant_extension(
    tx: Connection,
    order: ExtensionOrder,
    confirm: str,
    *,
    actor: Actor,
    sender: Sender,
    today: date,
    now: datetime,
) -> Granted:
    """Give products more time for a milestone, as a decision orders: all of it, or nothing.

    Args:
        tx: a writing transaction.
        order: what the decision orders.
        confirm: the hash of the impact that was looked at.
        actor: who enters it.
        sender: in whose name corrections go out.
        today: the local day from which it holds.
        now: this instant.

    Raises:
        NotFound, InvalidInput: see `preview_extension`.
        Conflict: the impact is not what was looked at any more.
        NotPermitted: the actor does not change plans there.
    """
    order = order.cleaned
    plan = find_plan(tx, order.plan)
    warrant = permitted(tx, actor, Permission.CHANGE_PLANS, plan.unit_id)
    changing.hold_everybody(tx, plan.id)
    request, product_ids = _granting(tx, order, today)
    foreseen = confirmed(foresee(tx, request, today), confirm)
    values = {
        "plan_id": plan.id,
        "rule": order.milestone,
        "due_on": order.due_on,
        "decision_number": order.decision_number,
        "decided_on": order.decided_on,
        "reason": order.reason,
        "granted_on": today,
        "granted_at": now,
        "granted_by": clean(actor.login)[:100],
    }
    number = extensions.insert_extension(tx, values, product_ids)
    why = _reason(f"extension:{number}:granted", order.decision_number, order.decided_on, today, "gia hạn")
    written = carry_out(tx, foreseen, why, sender, today, now)
    after = {
        "milestone": order.milestone,
        "due_on": order.due_on,
        "decision": order.decision_number,
        "products": order.codes,
        "corrections": written,
    }
    audit.record(tx, actor, Deed("extension.grant", f"extension:{number}", None, after), now, warrant)
    return Granted(number, foreseen.impact)


def preview_revocation(tx: Connection, extension_id: int, today: date) -> ImpactView:
    """Return what revoking an extension would do on a local day; nothing is written.

    Raises:
        NotFound: there is no such extension.
        Conflict: it is revoked already.
    """
    return foresee(tx, _revoking(tx, find_extension(tx, extension_id)), today).impact


def revoke_extension(
    tx: Connection,
    extension_id: int,
    confirm: str,
    *,
    actor: Actor,
    sender: Sender,
    today: date,
    now: datetime,
) -> ImpactView:
    """Let an extension hold no longer: the plan's own day (or an earlier extension's) holds again.

    Args: see `grant_extension`.

    Raises:
        NotFound, Conflict: see `preview_revocation`; or the impact is not what was looked at any more.
        NotPermitted: the actor does not change plans there.
    """
    record = find_extension(tx, extension_id)
    plan = find_plan(tx, record.plan_slug)
    warrant = permitted(tx, actor, Permission.CHANGE_PLANS, plan.unit_id)
    changing.hold_everybody(tx, plan.id)
    record = find_extension(tx, extension_id)
    foreseen = confirmed(foresee(tx, _revoking(tx, record), today), confirm)
    extensions.revoke(tx, record.id, today, now, clean(actor.login)[:100])
    why = _reason(
        f"extension:{record.id}:revoked", record.decision_number, record.decided_on, today, "thu hồi gia hạn"
    )
    written = carry_out(tx, foreseen, why, sender, today, now)
    before = {"milestone": record.rule, "due_on": record.due_on, "decision": record.decision_number}
    deed = Deed("extension.revoke", f"extension:{record.id}", before, {"corrections": written})
    audit.record(tx, actor, deed, now, warrant)
    return foreseen.impact


def find_extension(tx: Connection, extension_id: int, actor: Actor = HOST) -> ExtensionRecord:
    """Return an extension, if the actor may look at its plan.

    Raises:
        NotFound: there is none of this number, as far as the actor may know.
    """
    record = extensions.by_id(tx, extension_id)
    if record is None or record.plan_slug not in {plan.slug for plan in plans_of(tx, actor)}:
        raise NotFound(
            f"Không có quyết định gia hạn số {extension_id}; xem bằng `ocop plan extensions`.",
            f"There is no extension {extension_id}; see `ocop plan extensions`.",
        )
    return record


def _reason(subject: str, number: str, decided_on: date, today: date, what: str) -> Reason:
    english = "extension" if what == "gia hạn" else "extension revoked"
    return Reason(
        subject,
        Text(
            f"{what} theo quyết định số {number} ngày {vietnamese_date(decided_on)}",
            f"{english}, decision {number} of {decided_on.isoformat()}",
        ),
        today,
    )


def _revoking(tx: Connection, record: ExtensionRecord) -> Request:
    if record.revoked_on is not None:
        raise Conflict(
            f"Gia hạn số {record.id} đã bị thu hồi ngày {record.revoked_on:%d/%m/%Y}.",
            f"The extension {record.id} was revoked on {record.revoked_on}.",
        )
    plan = find_plan(tx, record.plan_slug)
    calendar = calendar_of(tx, plan.id, plan.sha256)
    after = DateSource(calendar, in_force(tx, plan.id, but=record.id))
    return Request(plan, calendar, after, ("revoke", record.id))


def _granting(tx: Connection, order: ExtensionOrder, today: date) -> tuple[Request, list[int]]:
    plan = find_plan(tx, order.plan)
    calendar = calendar_of(tx, plan.id, plan.sha256)
    extended = in_force(tx, plan.id)
    standees = {standee.code: standee for standee in changing.standees(tx, plan.id)}
    faults = [*_decision_faults(order, today)]
    milestone = next((item for item in calendar.plan.milestones if item.id == order.milestone), None)
    if milestone is None:
        known = ", ".join(item.id for item in calendar.plan.milestones)
        faults.append(
            fault("milestone", f"không có mốc {order.milestone}; có: {known}", f"there are: {known}")
        )
    else:
        faults += _product_faults(_Places(tx, plan, calendar, extended), order, milestone, standees, today)
    if faults:
        raise InvalidInput("Quyết định gia hạn có lỗi.", "The extension is at fault.", faults)
    numbers = [standees[code].id for code in order.codes]
    for number in numbers:
        extended[number] = {**extended.get(number, {}), order.milestone: order.due_on}
    asked = ("extend", order.milestone, order.codes, order.due_on, order.decision_number, order.decided_on)
    return Request(plan, calendar, DateSource(calendar, extended), (*asked, order.reason)), numbers


def _decision_faults(order: ExtensionOrder, today: date) -> Iterator[Fault]:
    if not 0 < len(order.decision_number) <= _NUMBER:
        yield fault("decision_number", "phải có, tối đa 300 chữ", "1 to 300 letters are needed")
    if not order.reason:
        yield fault("reason", "phải có lý do", "a reason is needed")
    if order.decided_on > today:
        yield fault("decided_on", f"{order.decided_on:%d/%m/%Y} còn ở tương lai", "it is in the future")
    if not order.codes:
        yield fault("codes", "phải có ít nhất một sản phẩm", "at least one product is needed")


@dataclass(frozen=True, slots=True)
class _Places:
    """Where to look up when a product's milestone is due."""

    tx: Connection
    plan: PlanRecord
    calendar: Calendar
    extended: Mapping[int, Mapping[str, date]]


def _product_faults(
    places: _Places, order: ExtensionOrder, milestone: Milestone, standees: Mapping[str, Standee], today: date
) -> Iterator[Fault]:
    opened = {
        (row.product_id, row.rule): row.opened_on for row in deadlines.open_of_plan(places.tx, places.plan.id)
    }
    counts = places.calendar.counts_from_states
    reached = changing.reached_in_plan(places.tx, places.plan.id) if counts else {}
    happened = occurrences.happened_in(places.tx, places.plan.id)
    for code in order.codes:
        standee = standees.get(code)
        if standee is None:
            yield fault(
                code,
                f"không có hồ sơ trong kế hoạch {order.plan}",
                f"has no dossier in the plan {order.plan}",
            )
            continue
        standing = standing_of(
            replace(standee.position, reached=reached.get(standee.id, {})),
            places.calendar.regulation,
            today,
            opened={rule: day for (product, rule), day in opened.items() if product == standee.id},
            extended=places.extended.get(standee.id, {}),
            happened=happened.get(standee.id, {}),
        )
        due = places.calendar.due_ahead(milestone, standing)
        if due is None:
            yield fault(
                code,
                f"không còn hạn nào ở mốc {milestone.id} ({standee.state.label})",
                f"has no due day of {milestone.id} ahead ({standee.state.value})",
            )
        elif order.due_on <= due:
            yield fault(
                code,
                f"hạn mới {order.due_on:%d/%m/%Y} không sau hạn hiện nay {due:%d/%m/%Y}",
                f"the new day {order.due_on} is not after the one that holds, {due}",
            )


def plan_extensions(tx: Connection, slug: str) -> list[tuple[ExtensionRecord, tuple[str, ...]]]:
    """Return every extension under a plan with the codes of its products, revoked ones too, oldest first.

    Raises:
        NotFound: no plan of this id is loaded.
    """
    plan = find_plan(tx, slug)
    return [(record, extensions.codes_of(tx, record.id)) for record in extensions.of_plan(tx, plan.id)]
