"""What a product brings in by year: kept beside its dossiers, for it outlives each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.dossiers import revenue_queries as revenues
from ocop_workflow.dossiers.form_views import RevenuesView, RevenueView
from ocop_workflow.errors import InvalidInput, NotFound, fault
from ocop_workflow.people.officers import permitted
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.products.undoing import checked_reason
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.errors import Fault
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection

#: no product of a commune brings in more đồng than this
MOST = 10**15
#: a product may be older than the programme
_FIRST_YEAR = 2000
_LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class YearRevenue:
    """What a product brought in in a year, in đồng.

    Attributes:
        year: the year.
        revenue: what was sold.
        profit: what was left; below zero: a loss; none: not said.
        source: what says so.
    """

    year: int
    revenue: int
    profit: int | None = None
    source: str | None = None


def list_revenues(tx: Connection, code: str, actor: Actor) -> RevenuesView:
    """Return what a product brought in, the latest year first.

    Raises:
        NotFound: the actor sees no product of this code.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return revenues_beside(tx, record)


def revenues_beside(tx: Connection, record: ProductRecord) -> RevenuesView:
    """Return the same of a product that has been read, and that whoever asks may see."""
    return RevenuesView(record.code, tuple(map(RevenueView.of, revenues.revenues_of(tx, record.id))))


def save_revenue(
    tx: Connection, code: str, given: YearRevenue, *, actor: Actor, today: date, now: datetime
) -> RevenuesView:
    """Keep what a product brought in in a year, instead of what was kept of that year.

    Args:
        tx: a writing transaction.
        code: the product.
        given: the year and its figures.
        actor: the officer.
        today: the local day: no later year is told.
        now: this instant.

    Raises:
        NotFound: the actor sees no product of this code.
        NotPermitted: the product is in other hands.
        InvalidInput: a figure cannot be; all faults at once.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    faults = list(_faults(given, today))
    if faults:
        raise InvalidInput("Doanh thu có lỗi.", "The revenue is at fault.", faults)
    before = {item.year: item for item in revenues.revenues_of(tx, record.id)}.get(given.year)
    source = clean(given.source or "")[:_LONGEST_SOURCE] or None
    by = clean(actor.login)[:100]
    kept = revenues.RevenueRecord(given.year, given.revenue, given.profit, source, now, by)
    revenues.write_revenue(tx, record.id, kept, is_new=before is None)
    deed = Deed("revenue.save", f"product:{record.code}", _told(before) if before else None, _told(kept))
    audit.record(tx, actor, deed, now, warrant)
    return revenues_beside(tx, record)


def remove_revenue(
    tx: Connection, code: str, year: int, reason: str, *, actor: Actor, now: datetime
) -> RevenuesView:
    """Take out what was kept of a year: it was recorded wrongly.

    Raises:
        NotFound: the actor sees no product of this code, or nothing is kept of that year.
        NotPermitted: the product is in other hands.
        InvalidInput: no reason is given, or one that is too long.
    """
    reason = checked_reason(reason)
    record = find_product(tx, code)
    place_of(tx, actor, record)
    warrant = permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)
    before = {item.year: item for item in revenues.revenues_of(tx, record.id)}.get(year)
    if before is None:
        raise NotFound(
            f"{record.code} chưa ghi doanh thu năm {year}.", f"No revenue of {year} is kept of {record.code}."
        )
    revenues.delete_revenue(tx, record.id, year)
    deed = Deed("revenue.remove", f"product:{record.code}", _told(before), {"year": year, "reason": reason})
    audit.record(tx, actor, deed, now, warrant)
    return revenues_beside(tx, record)


def _told(record: revenues.RevenueRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in ("year", "revenue", "profit", "source")}


def _faults(given: YearRevenue, today: date) -> Iterator[Fault]:
    if not _FIRST_YEAR <= given.year <= today.year:
        yield fault(
            "year",
            f"phải từ {_FIRST_YEAR} đến {today.year}",
            f"must be from {_FIRST_YEAR} to {today.year}",
        )
    if not 0 <= given.revenue <= MOST:
        yield fault("revenue", "phải từ 0 đến 10^15 đồng", "must be from 0 to 10^15 đồng")
    if given.profit is not None and not -MOST <= given.profit <= given.revenue:
        yield fault("profit", "không thể hơn doanh thu", "cannot be more than the revenue")
