"""What a calendar feed shows: the deadlines of a unit and of what lies under it, one by one or counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select

from ocop_workflow.calendar.subjects import REACHED_EARLIER
from ocop_workflow.deadlines.queries import whose_unit
from ocop_workflow.places.queries import reach
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import deadlines, flags, plans, producers, products, units

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Select

    from ocop_workflow.calendar import DeadlineKind


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One deadline with the names that an entry of a calendar shows; not each is a product's.

    Attributes:
        plan_version: which version of the plan gives the words; it only grows.
        version: the product's version, which only grows; without a product 0.
        edits: how often the product's data were corrected since its last event.
    """

    id: int
    kind: DeadlineKind
    rule: str
    due_on: date
    opened_on: date
    closed_on: date | None
    closed_because: str | None
    acknowledged_on: date | None
    plan_id: int | None
    plan_sha256: str
    plan_version: int
    version: int
    edits: int
    product_code: str | None
    product_name: str | None
    producer: str | None
    unit_name: str


@dataclass(frozen=True, slots=True)
class FeedGroup:
    """The deadlines of one milestone, or other rule, of one plan and day, counted.

    Attributes:
        plan_version: see `FeedRow`.
        opened_on, acknowledged_on, closed_on: the last days on which one of them was.
        products: how many are a product's; of an activity 0.
        open, met, called_off: how many are still open, were closed by what was asked for, or otherwise.
        versions: the sum of their products' versions.
        befallen: how many are late, were acknowledged, were closed, added up.
    """

    plan_id: int | None
    plan_sha256: str
    plan_version: int
    kind: DeadlineKind
    rule: str
    due_on: date
    opened_on: date
    acknowledged_on: date | None
    closed_on: date | None
    products: int
    open: int
    met: int
    called_off: int
    versions: int
    befallen: int


@dataclass(frozen=True, slots=True)
class Period:
    """The local day on which a feed is read, since when what is closed is shown, until when what is due."""

    today: date
    since: date
    until: date


def _within(statement: Select[Any], unit_id: int) -> Select[Any]:
    return (
        statement.select_from(deadlines)
        .outerjoin(plans, plans.c.id == deadlines.c.plan_id)
        .outerjoin(flags, flags.c.deadline_id == deadlines.c.id)
        .outerjoin(products, products.c.id == deadlines.c.product_id)
        .where(whose_unit().in_(reach([unit_id])))
    )


def _shown(since: date) -> ColumnElement[bool]:
    return or_(deadlines.c.closed_on.is_(None), deadlines.c.closed_on >= since)


def count_rows(tx: Connection, unit_id: int, closed_since: date) -> int:
    """Count what `feed_rows` returns."""
    statement = _within(select(func.count()), unit_id).where(_shown(closed_since))
    return int(tx.execute(statement).scalar_one())


def feed_groups(tx: Connection, unit_id: int, period: Period, met: Collection[str]) -> list[FeedGroup]:
    """Return the deadlines under a unit by plan, rule and day, where any is open or was closed lately.

    Whatever belongs to such a day is counted, however long ago it was closed, and each product once.

    Args:
        tx: a transaction.
        unit_id: the unit.
        period: which days.
        met: why a deadline that was met was closed.
    """
    is_open, was_met = deadlines.c.closed_on.is_(None), deadlines.c.closed_because.in_(met)
    late = and_(
        deadlines.c.due_on < func.coalesce(deadlines.c.closed_on, period.today),
        func.coalesce(deadlines.c.closed_because, "") != REACHED_EARLIER,
    )
    befallen = _number(late) + _number(flags.c.acknowledged_on.is_not(None)) + _number(~is_open)
    key = (
        plans.c.id.label("plan_id"),
        func.coalesce(plans.c.sha256, products.c.regulation).label("plan_sha256"),
        func.coalesce(plans.c.version, 1).label("plan_version"),
        deadlines.c.kind,
        deadlines.c.rule,
        deadlines.c.due_on,
    )
    statement = (
        _within(
            select(
                *key,
                func.max(deadlines.c.opened_on).label("opened_on"),
                func.max(flags.c.acknowledged_on).label("acknowledged_on"),
                func.max(deadlines.c.closed_on).label("closed_on"),
                func.count(products.c.id).label("products"),
                func.sum(_number(is_open)).label("open"),
                func.sum(_number(and_(~is_open, was_met))).label("met"),
                func.sum(_number(and_(~is_open, ~was_met))).label("called_off"),
                func.sum(func.coalesce(products.c.version, 0)).label("versions"),
                func.sum(befallen).label("befallen"),
            ),
            unit_id,
        )
        .where(deadlines.c.due_on <= period.until, ~_opened_anew())
        .group_by(*key)
        .having(func.sum(_number(_shown(period.since))) > 0)
    )
    return read_all(FeedGroup, tx.execute(statement))


def _opened_anew() -> ColumnElement[bool]:
    """Match a deadline that stands again for the same day, as after a step that was undone."""
    anew = deadlines.alias("anew")
    same = (anew.c[name] == deadlines.c[name] for name in ("product_id", "kind", "rule", "due_on"))
    of_plan = anew.c.plan_id.is_not_distinct_from(deadlines.c.plan_id)  # or both outside every plan
    return select(anew.c.id).where(*same, of_plan, anew.c.id > deadlines.c.id).exists()


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def feed_rows(tx: Connection, unit_id: int, closed_since: date) -> list[FeedRow]:
    """Return the deadlines under a unit that are open, or were closed on or after a local day."""
    columns = (
        deadlines.c.id,
        deadlines.c.kind,
        deadlines.c.rule,
        deadlines.c.due_on,
        deadlines.c.opened_on,
        deadlines.c.closed_on,
        deadlines.c.closed_because,
        flags.c.acknowledged_on,
        plans.c.id.label("plan_id"),
        func.coalesce(plans.c.sha256, products.c.regulation).label("plan_sha256"),
        func.coalesce(plans.c.version, 1).label("plan_version"),
        func.coalesce(products.c.version, 0).label("version"),
        func.coalesce(products.c.edits, 0).label("edits"),
        products.c.code.label("product_code"),
        products.c.name.label("product_name"),
        producers.c.name.label("producer"),
        units.c.name.label("unit_name"),
    )
    statement = (
        _within(select(*columns), unit_id)
        .outerjoin(producers, producers.c.id == products.c.producer_id)
        .join(units, units.c.id == whose_unit())
        .where(_shown(closed_since))
        .order_by(deadlines.c.id)
    )
    return read_all(FeedRow, tx.execute(statement))
