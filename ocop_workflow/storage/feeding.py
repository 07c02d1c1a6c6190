"""What a calendar feed shows: the deadlines of a unit and of what lies under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, or_, select

from ocop_workflow.storage.tables import deadlines, flags, plans, producers, products, units
from ocop_workflow.storage.units import reach

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from ocop_workflow.calendar import DeadlineKind


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One deadline with the names that an entry of a calendar shows; of an activity, no product.

    Attributes:
        plan_version: which version of the plan gives the words; it only grows.
        version: the product's version, which only grows; of an activity 0.
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
    plan_id: int
    plan_sha256: str
    plan_version: int
    version: int
    edits: int
    product_code: str | None
    product_name: str | None
    producer: str | None
    unit_name: str


def feed_rows(tx: Connection, unit_id: int, closed_since: date) -> list[FeedRow]:
    """Return the deadlines under a unit that are open, or were closed on or after a local day."""
    place = case((products.c.id.is_(None), plans.c.unit_id), else_=products.c.unit_id)
    statement = (
        select(
            deadlines.c.id,
            deadlines.c.kind,
            deadlines.c.rule,
            deadlines.c.due_on,
            deadlines.c.opened_on,
            deadlines.c.closed_on,
            deadlines.c.closed_because,
            flags.c.acknowledged_on,
            plans.c.id,
            plans.c.sha256,
            plans.c.version,
            func.coalesce(products.c.version, 0),
            func.coalesce(products.c.edits, 0),
            products.c.code,
            products.c.name,
            producers.c.name,
            units.c.name,
        )
        .join(plans, plans.c.id == deadlines.c.plan_id)
        .outerjoin(flags, flags.c.deadline_id == deadlines.c.id)
        .outerjoin(products, products.c.id == deadlines.c.product_id)
        .outerjoin(producers, producers.c.id == products.c.producer_id)
        .join(units, units.c.id == place)
        .where(
            place.in_(reach([unit_id])),
            or_(deadlines.c.closed_on.is_(None), deadlines.c.closed_on >= closed_since),
        )
        .order_by(deadlines.c.id)
    )
    return [FeedRow(*tuple(row)) for row in tx.execute(statement)]
