"""Read models: what lists and pages show of products, deadlines and plans. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ocop_workflow.access import Permission, Place
from ocop_workflow.calendar import stage_label, stages
from ocop_workflow.errors import Text, WrongUse
from ocop_workflow.services.bodies import Bodies
from ocop_workflow.services.officers import HOST
from ocop_workflow.services.outlook import look_out
from ocop_workflow.services.plans import calendar_of
from ocop_workflow.services.products import NOWHERE, facts_of, find_product, place_of
from ocop_workflow.services.refusals import missing_json, needs_json
from ocop_workflow.states import State
from ocop_workflow.storage import deadlines, plans, products, units
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.calendar import Calendar, DeadlineKind
    from ocop_workflow.services.outlook import Outlook
    from ocop_workflow.storage import Connection
    from ocop_workflow.storage.deadlines import DeadlineRecord
    from ocop_workflow.storage.products import HistoryEntry, ProductRecord


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """An open deadline as it stands on a day."""

    milestone: str
    name: str
    due_on: date
    days_left: int
    stage: str | None
    overdue: bool
    acknowledged: bool

    def as_json(self) -> dict[str, object]:
        """Return it under the keys that others may lean on."""
        return {
            "milestone": self.milestone,
            "due_on": self.due_on.isoformat(),
            "days_left": self.days_left,
            "stage": self.stage,
            "overdue": self.overdue,
        }


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product as it stands on a day, with what may be done to it."""

    record: ProductRecord
    deadlines: tuple[DeadlineView, ...]
    outlook: Outlook

    @property
    def state(self) -> State:
        """Its state."""
        return self.record.state

    @property
    def overdue(self) -> bool:
        """Whether any of its deadlines has passed. Derived: right even with the scheduler switched off."""
        return any(deadline.overdue for deadline in self.deadlines)

    def as_json(self) -> dict[str, object]:
        """Return it under the keys that others may lean on."""
        record = self.record
        return {
            "code": record.code,
            "name": record.name,
            "unit": record.unit_name,
            "producer": record.producer,
            "plan": record.plan_slug,
            "state": record.state.value,
            "state_label": record.state.label,
            "version": record.version,
            "overdue": self.overdue,
            "deadlines": [deadline.as_json() for deadline in self.deadlines],
            "allowed": [event.value for event in self.outlook.allowed],
            "needs": needs_json(self.outlook.needs),
            "missing": {event.value: missing_json(items) for event, items in self.outlook.missing.items()},
        }


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One product with everything that is known of it."""

    view: ProductView
    history: tuple[HistoryEntry, ...]
    questions: tuple[Text, ...]


#: words that select several states at once
_STATE_SETS = {"escalated": (State.ESCALATED_TO_PROVINCE, State.ESCALATED_TO_CENTRAL)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products a list shows, by the names that people give; a page of them if there is a limit."""

    state: str | None = None
    unit: str | None = None
    plan: str | None = None
    overdue: bool = False
    words: str = ""
    after_code: str = ""
    limit: int | None = None


EVERYTHING = Wanted()


def list_products(
    tx: Connection, today: date, wanted: Wanted = EVERYTHING, actor: Actor = HOST
) -> list[ProductView]:
    """Return the products that match and that the actor may see, in the order of their codes.

    Raises:
        WrongUse: no state, unit or plan has that name.
    """
    records = find_records(tx, wanted, late_on=today if wanted.overdue else None, actor=actor)
    rows: dict[int, list[DeadlineRecord]] = {}
    for row in deadlines.open_of_products(tx, [record.id for record in records]):
        rows.setdefault(row.product_id or 0, []).append(row)
    places, bodies = _places(tx, records, actor), Bodies(tx, records)
    return [
        _view(tx, record, rows.get(record.id, []), today, (actor, place), bodies)
        for record, place in zip(records, places, strict=True)
    ]


def find_records(
    tx: Connection, wanted: Wanted, *, late_on: date | None = None, actor: Actor = HOST
) -> list[ProductRecord]:
    """Return what is stored of the products that match and that the actor may see.

    Raises:
        WrongUse: no state, unit or plan has that name.
    """
    return products.find_products(
        tx,
        products.Filter(
            states=states_named(wanted.state) if wanted.state else (),
            roots=actor.units_with(Permission.READ),
            unit_id=_unit_id(tx, wanted.unit) if wanted.unit else None,
            plan_id=_plan_id(tx, wanted.plan) if wanted.plan else None,
            late_on=late_on,
            words=search_key(wanted.words),
            after_code=wanted.after_code,
            limit=wanted.limit,
        ),
    )


def _places(tx: Connection, records: list[ProductRecord], actor: Actor) -> list[Place]:
    if actor.is_operator:
        return [NOWHERE] * len(records)
    lines = units.lineages(tx, {unit for record in records for unit in (record.unit_id, record.authority_id)})
    return [Place(frozenset(lines[r.unit_id]), frozenset(lines[r.authority_id])) for r in records]


def states_named(name: str) -> tuple[State, ...]:
    """Return the states that a word selects: one, or several at once (`escalated`).

    Raises:
        WrongUse: it selects none.
    """
    if name in _STATE_SETS:
        return _STATE_SETS[name]
    try:
        return (State(name),)
    except ValueError:
        known = ", ".join([*(state.value for state in State), *_STATE_SETS])
        raise WrongUse(
            f"Không có trạng thái {name}; có: {known}.", f"No state is called {name}; there are: {known}."
        ) from None


def _unit_id(tx: Connection, slug: str) -> int:
    unit = units.unit_by_slug(tx, slug)
    if unit is None:
        raise WrongUse(
            f"Không có địa phương {slug}; xem danh sách bằng `ocop units list`.",
            f"No unit is called {slug}; list them with `ocop units list`.",
        )
    return unit.id


def _plan_id(tx: Connection, slug: str) -> int:
    record = plans.plan_by_slug(tx, slug)
    if record is None:
        raise WrongUse(
            f"Chưa nạp kế hoạch {slug}; xem `ocop plan list`.",
            f"No plan {slug} is loaded; see `ocop plan list`.",
        )
    return record.id


def product_view(tx: Connection, code: str, today: date, actor: Actor = HOST) -> ProductView:
    """Return one product as it stands on a local day.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    record = find_product(tx, code)
    place = place_of(tx, actor, record)
    return _view(
        tx, record, deadlines.open_of_product(tx, record.id), today, (actor, place), Bodies(tx, [record])
    )


def product_page(tx: Connection, code: str, today: date, actor: Actor = HOST) -> ProductPage:
    """Return one product with its history and its open questions.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    view = product_view(tx, code, today, actor)
    asked = products.open_questions(tx, view.record.id)
    return ProductPage(
        view, tuple(products.history(tx, view.record.id)), tuple(Text(vi, en) for vi, en in asked)
    )


def all_deadlines(tx: Connection, code: str, actor: Actor = HOST) -> list[DeadlineRecord]:
    """Return every deadline that a product has or had, oldest first.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return deadlines.all_of_product(tx, record.id)


def _view(
    tx: Connection,
    record: ProductRecord,
    rows: list[DeadlineRecord],
    today: date,
    seen_by: tuple[Actor, Place],
    bodies: Bodies,
) -> ProductView:
    calendar = calendar_of(tx, record.plan_id, record.plan_sha256)
    return ProductView(
        record=record,
        deadlines=tuple(deadline_view(calendar, row, today) for row in rows),
        outlook=look_out(record, facts_of(record, calendar.regulation, today), seen_by, bodies),
    )


def deadline_view(calendar: Calendar, row: DeadlineRecord, today: date) -> DeadlineView:
    """Return an open deadline as it stands on a day."""
    name, stage = _as_it_stands(_Same(calendar), row.kind, row.rule, row.due_on, row.opened_on, today)
    return DeadlineView(
        milestone=row.rule,
        name=name,
        due_on=row.due_on,
        days_left=(row.due_on - today).days,
        stage=stage,
        overdue=row.due_on < today,
        acknowledged=row.acknowledged_on is not None and row.cleared_on is None,
    )


def current_stage(calendar: Calendar, row: DeadlineRecord, today: date) -> str | None:
    """Return the last stage whose day has come while the deadline was open; none before the first."""
    return _as_it_stands(_Same(calendar), row.kind, row.rule, row.due_on, row.opened_on, today)[1]


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A calendar, compared by which it is: its content is long and never changes."""

    calendar: Calendar

    def __hash__(self) -> int:
        return id(self.calendar)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.calendar is other.calendar


@lru_cache(maxsize=10_000)
def _as_it_stands(
    by: _Same, kind: DeadlineKind, rule: str, due_on: date, opened_on: date, today: date
) -> tuple[str, str | None]:
    """Return the name and the stage of all deadlines of a rule that were opened and are due on one day."""
    current, calendar = None, by.calendar
    for stage in stages(calendar.watch(kind, rule, due_on), calendar.workdays):
        if stage.day > today:
            break
        if stage.day >= opened_on:
            current = stage
    return calendar.wording(kind, rule).name, stage_label(current.offset) if current else None
