"""What happens to a product for itself: an event of its plan, of which each product has a day of its own.

A business plan that is approved is one: from that day the plan counts. It moves no product; the deadlines
that count from it are aligned, as after a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.calendar.subjects import RECOUNTED, UNDONE
from ocop_workflow.deadlines import occurrence_queries as occurrences
from ocop_workflow.deadlines.alignment import Holder, align_deadlines
from ocop_workflow.deadlines.views import OpenedDeadlineView
from ocop_workflow.errors import Conflict, InvalidInput, NotFound, fault
from ocop_workflow.people.officers import permitted
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of, hold_calendar
from ocop_workflow.products import queries as products
from ocop_workflow.products.advance import standing_now
from ocop_workflow.products.checks import find_product, place_of, refuse_unseen
from ocop_workflow.products.step_views import OccurredView
from ocop_workflow.products.undoing import checked_reason
from ocop_workflow.products.views import OwnEventView
from ocop_workflow.vietnamese import clean
from ocop_workflow.views import etag

if TYPE_CHECKING:
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.calendar import Calendar
    from ocop_workflow.deadlines.occurrence_queries import OccurrenceRecord
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Happening:
    """Which event of a product is spoken of, and by whom; `tags`: what was seen, as in `products.Order`."""

    code: str
    event: str
    actor: Actor
    tags: frozenset[str] | None = None


def own_events(tx: Connection, record: ProductRecord) -> tuple[OwnEventView, ...]:
    """Return the events that the plan lets each product have for itself, with this product's days."""
    plan = calendar_of(tx, record.plan_id, record.plan_sha256).plan
    if not plan.own_events:
        return ()
    last = {told.event: told for told in occurrences.of_product(tx, record.id, record.plan_id)}
    return tuple(_own(event.id, event.name, last.get(event.id)) for event in plan.own_events)


def _own(event: str, name: str, told: OccurrenceRecord | None) -> OwnEventView:
    if told is None:
        return OwnEventView(event, name, None, None, None)
    if told.undone_on is not None:
        return OwnEventView(event, name, None, told.undone_by, told.undone_because)
    return OwnEventView(event, name, told.happened_on, told.recorded_by, None)


def record_occurrence(
    tx: Connection, given: Happening, on: date | None, *, today: date, now: datetime
) -> OccurredView:
    """Record that an event of its own has happened to a product; its deadlines count from it at once.

    Args:
        tx: a writing transaction.
        given: the product, the event and the officer.
        on: the local day on which it happened; none: today.
        today: the local day, from which deadlines that count from it are open.
        now: this instant.

    Raises:
        NotFound: the officer sees no such product, or its plan has no such event for each product.
        NotPermitted: the product is in other hands.
        Conflict: it has been recorded already.
        InvalidInput: the day is still to come, or lies before the plan.
        Stale: the product, or its plan, was changed by somebody else meanwhile.
    """
    record, calendar, warrant = _held(tx, given)
    name = _name_of(calendar, record, given.event)
    before = _standing(tx, record, given.event)
    if before is not None:
        raise Conflict(
            f"{record.code}: «{name}» đã ghi ngày {before.happened_on:%d/%m/%Y}; ghi sai thì hoàn tác trước.",
            f"{record.code}: {given.event} is recorded for {before.happened_on}; undo it first if wrong.",
        )
    day = on or today
    _refuse_impossible(tx, record, calendar, day, today)
    number = occurrences.insert_occurrence(
        tx,
        {
            "product_id": record.id,
            "plan_id": record.plan_id,
            "event": given.event,
            "happened_on": day,
            "recorded_on": today,
            "recorded_at": now,
            "recorded_by": clean(given.actor.login)[:100],
        },
    )
    recorded = _aligned(
        tx,
        (record, calendar),
        OwnEventView(given.event, name, day, clean(given.actor.login), None),
        RECOUNTED,
        (today, now),
    )
    after = {"product": record.code, "event": given.event, "on": day.isoformat()}
    deed = Deed("occurrence.record", f"occurrence:{number}", None, after)
    audit.record(tx, given.actor, deed, now, warrant)
    return recorded


def undo_occurrence(
    tx: Connection, given: Happening, reason: str, *, today: date, now: datetime
) -> OccurredView:
    """Take back that an event has happened to a product: what counted from it is closed again.

    Args:
        tx: a writing transaction.
        given: the product, the event and the officer.
        reason: why.
        today: the local day on which what counted from it closes.
        now: this instant.

    Raises:
        NotFound: the officer sees no such product, or nothing of the kind is recorded.
        NotPermitted: the product is in other hands.
        InvalidInput: no reason is given, or one that is too long.
        Stale: the product, or its plan, was changed by somebody else meanwhile.
    """
    reason = checked_reason(reason)
    record, calendar, warrant = _held(tx, given)
    before = _standing(tx, record, given.event)
    if before is None:
        raise NotFound(
            f"{record.code} chưa ghi sự kiện {given.event}, nên không có gì để hoàn tác.",
            f"{record.code} has no event {given.event} on record: there is nothing to undo.",
        )
    known = {event.id: event.name for event in calendar.plan.events}
    occurrences.take_back(tx, before.id, today, now, clean(given.actor.login)[:100], reason)
    event = OwnEventView(
        given.event, known.get(given.event, given.event), None, clean(given.actor.login), reason
    )
    undone = _aligned(tx, (record, calendar), event, UNDONE, (today, now))
    stood = {"product": record.code, "event": given.event, "on": before.happened_on.isoformat()}
    deed = Deed("occurrence.undo", f"occurrence:{before.id}", stood, {"reason": reason})
    audit.record(tx, given.actor, deed, now, warrant)
    return undone


def _held(tx: Connection, given: Happening) -> tuple[ProductRecord, Calendar, Warrant]:
    record = find_product(tx, given.code)
    place_of(tx, given.actor, record)
    warrant = permitted(tx, given.actor, Permission.EDIT_PRODUCTS, record.unit_id)
    refuse_unseen(record, None, given.tags)
    return record, hold_calendar(tx, record.plan_id, record.plan_sha256), warrant


def _name_of(calendar: Calendar, record: ProductRecord, event: str) -> str:
    known = {item.id: item.name for item in calendar.plan.own_events}
    if event not in known:
        there_are = ", ".join(known) or "—"
        raise NotFound(
            f"Kế hoạch {record.plan_slug} không có sự kiện riêng của sản phẩm tên {event}; có: {there_are}.",
            f"The plan {record.plan_slug} has no event {event} of a product's own; there are: {there_are}.",
        )
    return known[event]


def _standing(tx: Connection, record: ProductRecord, event: str) -> OccurrenceRecord | None:
    told = occurrences.of_product(tx, record.id, record.plan_id)
    return next((item for item in told if item.event == event and item.undone_on is None), None)


def _refuse_impossible(
    tx: Connection, record: ProductRecord, calendar: Calendar, day: date, today: date
) -> None:
    first = calendar.plan.first_day
    if record.plan_id is not None:
        first = min(first, plans.first_loaded_on(tx, record.plan_id))
    if day > today:
        found = fault("on", f"{day:%d/%m/%Y} còn ở tương lai", f"{day} is in the future")
    elif day < first:
        found = fault(
            "on",
            f"{day:%d/%m/%Y} đứng trước ngày kế hoạch {record.plan_slug} bắt đầu ({first:%d/%m/%Y})",
            f"{day} lies before the plan {record.plan_slug} begins ({first})",
        )
    else:
        return
    raise InvalidInput("Ngày của sự kiện có lỗi.", "The day of the event is at fault.", [found])


def _aligned(
    tx: Connection,
    of: tuple[ProductRecord, Calendar],
    event: OwnEventView,
    because: str,
    when: tuple[date, datetime],
) -> OccurredView:
    record, calendar = of
    today, now = when
    standing = standing_now(tx, record.id, calendar, record.position, today)
    holder = Holder(record.id, record.unit_id, record.plan_id, record.authority_id)
    open_now = align_deadlines(tx, holder, calendar, standing, because)
    tag = products.edit(tx, record, {}, now)
    deadlines = tuple(map(OpenedDeadlineView.of, open_now))
    return OccurredView.alike(event, code=record.code, deadlines=deadlines, etag=etag(tag))
