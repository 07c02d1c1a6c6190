"""Products on a day that is over: what was true then, as known today. A step undone since never was.

Nor was a deadline that a corrected list took back; that the product was in the list still holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar.deadlines import CORRECTED
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.views import deadline_view
from ocop_workflow.errors import NotFound
from ocop_workflow.overview.products import EVERYTHING, entry_json, find_records, states_named
from ocop_workflow.plans.loaded import calendar_of
from ocop_workflow.products import queries as products
from ocop_workflow.products.advance import find_product
from ocop_workflow.products.queries import standing_steps
from ocop_workflow.states import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.deadlines.views import DeadlineView
    from ocop_workflow.errors import Text
    from ocop_workflow.overview.products import WantedProducts
    from ocop_workflow.products.queries import HistoryEntry, ProductRecord
    from ocop_workflow.states import State
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class PastView:
    """A product as it stood at the end of a local day.

    Attributes:
        record: the product's names, as they are today.
        day: the local day.
        state: the state then.
        deadlines: those open then.
        history: the steps that had happened by then and stand today.
        groups: the names of the regulation's product groups, by their ids.
    """

    record: ProductRecord
    day: date
    state: State
    deadlines: tuple[DeadlineView, ...]
    history: tuple[HistoryEntry, ...]
    groups: Mapping[str, str]

    @property
    def star(self) -> int | None:
        """The star of the certificate that it holds today, if that had been decided by then."""
        certificate = self.record.certificate
        return certificate.star if certificate and certificate.decided_on <= self.day else None

    @property
    def certificate_mark(self) -> str:
        """What has to be said of that certificate today, in Vietnamese; empty: nothing."""
        return self.record.standing.mark if self.star and self.record.standing else ""

    def told(self, given: Mapping[str, Any]) -> list[tuple[Text, Text]]:
        """Say in words what was given with a step: what it is, and its value."""
        return list(told(given, self.groups))

    def history_json(self) -> list[dict[str, object]]:
        """Return each step that had happened, and in words what was given with it."""
        return [entry_json(entry, self.groups) for entry in self.history]

    @property
    def overdue(self) -> bool:
        """Whether any of its deadlines had passed."""
        return any(deadline.overdue for deadline in self.deadlines)

    def as_json(self) -> dict[str, object]:
        """Return it under the keys of a product of today; what could be done next is not among them."""
        return {
            "code": self.record.code,
            "name": self.record.name,
            "unit": self.record.unit_name,
            "producer": self.record.producer,
            "plan": self.record.plan_slug,
            "on": self.day,
            "state": self.state.value,
            "state_label": self.state.label,
            "overdue": self.overdue,
            "deadlines": [deadline.as_json() for deadline in self.deadlines],
        }


def product_on(tx: Connection, code: str, day: date) -> PastView:
    """Return one product as it stood at the end of a local day.

    Raises:
        NotFound: no product has this code, or it was not known here on that day.
    """
    record = find_product(tx, code)
    views = _views(tx, [record], day)
    if not views:
        raise NotFound(
            f"Ngày {day:%d/%m/%Y} chưa có sản phẩm {record.code} trong hệ thống.",
            f"The product {record.code} was not known here on {day}.",
        )
    return views[0]


def products_on(tx: Connection, day: date, wanted: WantedProducts = EVERYTHING) -> list[PastView]:
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


def _views(tx: Connection, records: Sequence[ProductRecord], day: date) -> list[PastView]:
    ids = [record.id for record in records]
    steps = products.histories(tx, ids)
    rows: dict[int, list[DeadlineRecord]] = {}
    for row in deadlines.begun_of_products(tx, ids, day):
        of_product = rows.setdefault(row.product_id or 0, [])
        if row.closed_because != CORRECTED:
            of_product.append(row.as_of(day))
    return [
        _view(tx, record, day, standing_steps(steps.get(record.id, ())), rows.get(record.id, []))
        for record in records
        if record.id in rows or any(step.on <= day for step in steps.get(record.id, ()))
    ]


def _view(
    tx: Connection, record: ProductRecord, day: date, steps: list[HistoryEntry], rows: list[DeadlineRecord]
) -> PastView:
    calendar = calendar_of(tx, record.plan_id, record.plan_sha256)
    taken = [step for step in steps if step.on <= day]
    later = steps[len(taken) :]
    return PastView(
        record,
        day,
        taken[-1].target if taken else later[0].source if later else record.state,
        tuple(deadline_view(calendar, row, day) for row in rows if row.closed_on is None),
        tuple(taken),
        calendar.regulation.group_names,
    )
