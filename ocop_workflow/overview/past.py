"""Products on a day that is over: what was true then, as known today. A step undone since never was.

Nor was a deadline that a corrected list took back; that the product was in the list still holds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ocop_workflow.calendar.subjects import CORRECTED
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.views import ProductDeadlineView
from ocop_workflow.errors import NotFound
from ocop_workflow.overview.products import EVERYTHING, find_records, states_named
from ocop_workflow.plans.loaded import calendar_of
from ocop_workflow.products import queries as products
from ocop_workflow.products.checks import find_product
from ocop_workflow.products.queries import standing_steps
from ocop_workflow.products.views import HistoryEntryView, PastProductView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.overview.products import WantedProducts
    from ocop_workflow.products.queries import HistoryEntry, ProductRecord
    from ocop_workflow.store import Connection


def product_on(tx: Connection, code: str, day: date) -> PastProductView:
    """Return one product as it stood at the end of a local day, with its history till then.

    Raises:
        NotFound: no product has this code, or it was not known here on that day.
    """
    record = find_product(tx, code)
    views = _views(tx, [record], day, with_history=True)
    if not views:
        raise NotFound(
            f"Ngày {day:%d/%m/%Y} chưa có sản phẩm {record.code} trong hệ thống.",
            f"The product {record.code} was not known here on {day}.",
        )
    return views[0]


def products_on(tx: Connection, day: date, wanted: WantedProducts = EVERYTHING) -> list[PastProductView]:
    """Return the products that matched at the end of a local day, in the order of their codes.

    Raises:
        WrongUse: no state, unit or plan has that name.
    """
    states = states_named(wanted.state) if wanted.state else ()
    found = find_records(tx, replace(wanted, state=None, overdue=False))
    return [
        view
        for view in _views(tx, found, day)
        if (not states or view.state in states) and (view.overdue or not wanted.overdue)
    ]


def _views(
    tx: Connection, records: Sequence[ProductRecord], day: date, *, with_history: bool = False
) -> list[PastProductView]:
    ids = [record.id for record in records]
    steps = products.histories(tx, ids)
    rows: dict[int, list[DeadlineRecord]] = {}
    for row in deadlines.begun_of_products(tx, ids, day):
        of_product = rows.setdefault(row.product_id or 0, [])
        if row.closed_because != CORRECTED:
            of_product.append(row.as_of(day))
    return [
        _view(
            tx,
            record,
            day,
            standing_steps(steps.get(record.id, ())),
            rows.get(record.id, []),
            with_history=with_history,
        )
        for record in records
        if record.id in rows or any(step.on <= day for step in steps.get(record.id, ()))
    ]


def _view(
    tx: Connection,
    record: ProductRecord,
    day: date,
    steps: list[HistoryEntry],
    rows: list[DeadlineRecord],
    *,
    with_history: bool,
) -> PastProductView:
    calendar = calendar_of(tx, record.plan_id, record.plan_sha256)
    taken = [step for step in steps if step.on <= day]
    later = steps[len(taken) :]
    state = taken[-1].target if taken else later[0].source if later else record.state
    deadlines_then = tuple(
        ProductDeadlineView.of(calendar, row, day) for row in rows if row.closed_on is None
    )
    groups = record.rated_by(calendar.regulation, day).group_names
    history = tuple(HistoryEntryView.of(step, groups) for step in taken) if with_history else None
    held = record.certificate if record.certificate and record.certificate.decided_on <= day else None
    return PastProductView(
        code=record.code,
        name=record.name,
        unit=record.unit_name,
        producer=record.producer,
        plan=record.plan_slug,
        on=day,
        state=state,
        state_label=state.label,
        overdue=any(deadline.overdue for deadline in deadlines_then),
        deadlines=deadlines_then,
        history=history,
        star=held.star if held else None,
        certificate_mark=record.standing.mark if held and record.standing else "",
    )
