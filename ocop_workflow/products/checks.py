"""What is checked before anything is done to a product.

That the officer sees it, that it is still the one that was seen, and that the days of an event and of its
papers hold against what is on record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.access import Permission, Place, may
from ocop_workflow.errors import InvalidInput, NotFound, Stale, fault
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.places import queries as units
from ocop_workflow.plans import queries as plans
from ocop_workflow.plans.loaded import calendar_of
from ocop_workflow.products import queries as products
from ocop_workflow.regulations import Level
from ocop_workflow.states import NO_PAPERS, about, date_faults, needs_papers, papers_of
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar
    from ocop_workflow.errors import Fault
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states import Event, Facts
    from ocop_workflow.store import Connection


def place_of(tx: Connection, actor: Actor, record: ProductRecord) -> Place:
    """Return where a product lies, if the actor may see it at all.

    Raises:
        NotFound: it lies outside the actor's units, of which nobody learns more than that.
    """
    if actor.is_operator:
        return NOWHERE
    lineage = units.lineage(tx, record.unit_id)
    authority = _authority_lineage(tx, record.authority_id, lineage)
    place = Place(frozenset(lineage), frozenset(authority), outside_of(officers.staffed_levels(tx, lineage)))
    if may(actor, Permission.READ, place) is None:
        raise _no_product(record.code)
    return place


def outside_of(staffed: Collection[Level]) -> frozenset[Level]:
    """Return the levels above the commune that have nobody here who could act in their name."""
    return frozenset(Level) - {Level.COMMUNE, *staffed}


#: a place that nobody asks about: the host's operator sees everything
NOWHERE = Place(frozenset())


def _authority_lineage(tx: Connection, authority_id: int, lineage: tuple[int, ...]) -> tuple[int, ...]:
    if authority_id in lineage:  # as it nearly always is: no second look into the database
        return lineage[lineage.index(authority_id) :]
    return units.lineage(tx, authority_id)


def canonical(code: str) -> str:
    """Return a product's code as it is stored: plans give them in capitals."""
    return clean(code).upper()


def find_product(tx: Connection, code: str) -> ProductRecord:
    """Return a product by its code, however somebody has typed it.

    Raises:
        NotFound: none has this code.
    """
    record = products.product_by_code(tx, canonical(code))
    if record is None:
        raise _no_product(code)
    return record


def _no_product(code: str) -> NotFound:
    return NotFound(
        f"Không có sản phẩm nào mang mã {code}; xem danh sách bằng `ocop products`.",
        f"No product has the code {code}; list them with `ocop products`.",
    )


def regulation_behind(tx: Connection, record: ProductRecord, today: date) -> Regulation:
    """Return the regulation by which a product's dossier is rated on a local day; see `Position.rated_by`."""
    return record.rated_by(calendar_of(tx, record.plan_id, record.plan_sha256).regulation, today)


def refuse_unseen(record: ProductRecord, version: int | None, tags: frozenset[str] | None) -> None:
    """Go on only with a product that is the one that the officer has seen; see `Order`.

    Raises:
        Stale: it has changed since.
    """
    if version not in (None, record.version) or (tags is not None and record.tag not in tags):
        raise stale(record)


def stale(record: ProductRecord) -> Stale:
    """Say that a product has changed since it was looked at."""
    return Stale(
        f"Sản phẩm {record.code} đã thay đổi (phiên bản {record.version}); hãy xem lại rồi làm lại.",
        f"The product {record.code} has changed (version {record.version}); look again and repeat.",
    )


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
    last = max(filter(None, (record.entered_on, record.concluded_on, record.not_renewing_on)), default=None)
    if last is not None:
        if day >= last:
            return None
        return fault(
            "on",
            f"{day:%d/%m/%Y} đứng trước thao tác liền trước ({last:%d/%m/%Y})",
            f"{day} lies before the last event ({last})",
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
    found = date_faults(about(event, facts), papers, today)
    if found:
        raise DatesDisagree(
            f"{record.code}: các ngày ghi cho «{event.label}» không khớp nhau.",
            f"{record.code}: the days given for {event.value} do not agree.",
            found,
        )
