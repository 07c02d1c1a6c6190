"""The days of an event and of its papers, held against what is on record of a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.plans import queries as plans
from ocop_workflow.products import queries as products
from ocop_workflow.states import NO_PAPERS, date_faults, needs_papers, papers_of

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.calendar import Calendar
    from ocop_workflow.errors import Fault
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.states import Event, Facts
    from ocop_workflow.store import Connection


class DatesDisagree(InvalidInput):
    """Days that were given contradict one another, or what is on record; `faults` names both days."""


def checked_day(
    tx: Connection, on: date | None, record: ProductRecord, calendar: Calendar, today: date
) -> date:
    """Return the local day of an event: `on`, or today.

    Raises:
        InvalidInput: it is still to come.
        DatesDisagree: it lies before the product's last event, or before its plan began.
    """
    day = on or today
    if day > today:
        raise InvalidInput(
            "Ngày thực hiện có lỗi.",
            "The day of the event is at fault.",
            [fault("on", f"{day:%d/%m/%Y} còn ở tương lai", f"{day} is in the future")],
        )
    found = _too_early(tx, day, record, calendar)
    if found is not None:
        raise DatesDisagree("Ngày thực hiện có lỗi.", "The day of the event is at fault.", [found])
    return day


def _too_early(tx: Connection, day: date, record: ProductRecord, calendar: Calendar) -> Fault | None:
    """An event is not before the last one; the first one not before its plan began."""
    if record.entered_on is not None:
        if day >= record.entered_on:
            return None
        return fault(
            "on",
            f"{day:%d/%m/%Y} đứng trước thao tác liền trước ({record.entered_on:%d/%m/%Y})",
            f"{day} lies before the last event ({record.entered_on})",
        )
    first = calendar.plan.first_day
    if record.plan_id is None or day >= first or day >= plans.first_loaded_on(tx, record.plan_id):
        return None
    return fault(
        "on",
        f"{day:%d/%m/%Y} đứng trước ngày kế hoạch {calendar.plan.id} bắt đầu ({first:%d/%m/%Y})",
        f"{day} lies before the plan {calendar.plan.id} begins ({first})",
    )


def refuse_contradictions(
    tx: Connection, record: ProductRecord, event: Event, facts: Facts, today: date
) -> None:
    """Go on only if the days given with an event agree with one another and with what is on record.

    Raises:
        DatesDisagree: they do not.
    """
    papers = NO_PAPERS
    if needs_papers(facts):
        walked = products.standing_steps(products.history(tx, record.id))
        papers = papers_of((entry.event, entry.data) for entry in walked)
    found = date_faults(facts, papers, today)
    if found:
        raise DatesDisagree(
            f"{record.code}: các ngày ghi cho «{event.label}» không khớp nhau.",
            f"{record.code}: the days given for {event.value} do not agree.",
            found,
        )
