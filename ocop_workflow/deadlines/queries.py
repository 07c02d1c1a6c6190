"""Queries on the deadlines of one product, commune or activity, and their flags."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from ocop_workflow.calendar import Subject
from ocop_workflow.calendar.laws import legislated
from ocop_workflow.calendar.subjects import DONE, UNDONE
from ocop_workflow.store.dialect import AT_ONCE, insert_all, insert_new
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import deadlines, flags, plans, products

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select

    from ocop_workflow.calendar import Deadline, DeadlineKind


@dataclass(frozen=True, slots=True)
class DeadlineRecord:
    """A deadline as it is stored, with its flag.

    `unit_id`: the commune without a product whose it is; neither that nor a product: an activity of the plan.
    """

    id: int
    subject: Subject
    subject_id: int
    product_id: int | None
    unit_id: int | None
    plan_id: int | None
    plan_slug: str
    plan_sha256: str
    kind: DeadlineKind
    rule: str
    due_on: date
    opened_on: date
    closed_on: date | None
    closed_because: str | None
    next_action_on: date | None
    raised_on: date | None
    acknowledged_on: date | None
    cleared_on: date | None

    def as_of(self, on: date) -> DeadlineRecord:
        """Return it without what had not happened to it yet on a local day."""

        def known(day: date | None) -> date | None:
            return day if day is not None and day <= on else None

        return replace(
            self,
            closed_on=known(self.closed_on),
            closed_because=self.closed_because if known(self.closed_on) else None,
            raised_on=known(self.raised_on),
            acknowledged_on=known(self.acknowledged_on),
            cleared_on=known(self.cleared_on),
        )


def _watched_by() -> ScalarSelect[str]:
    """Select the regulation of a product outside every plan: it stands in the place of a plan's checksum."""
    return (
        select(products.c.regulation)
        .where(products.c.id == deadlines.c.product_id)
        .correlate(deadlines)
        .scalar_subquery()
    )


def _records() -> Select[Any]:
    return (
        select(
            deadlines.c.id,
            deadlines.c.subject,
            deadlines.c.subject_id,
            deadlines.c.product_id,
            deadlines.c.unit_id,
            deadlines.c.plan_id,
            func.coalesce(plans.c.slug, "").label("plan_slug"),
            func.coalesce(plans.c.sha256, _watched_by()).label("plan_sha256"),
            deadlines.c.kind,
            deadlines.c.rule,
            deadlines.c.due_on,
            deadlines.c.opened_on,
            deadlines.c.closed_on,
            deadlines.c.closed_because,
            deadlines.c.next_action_on,
            flags.c.raised_on,
            flags.c.acknowledged_on,
            flags.c.cleared_on,
        )
        .outerjoin(plans, plans.c.id == deadlines.c.plan_id)
        .outerjoin(flags, flags.c.deadline_id == deadlines.c.id)
    )


# what a product's step needs
_OPEN_OF_PRODUCT = Prepared(
    _records()
    .where(deadlines.c.product_id == bindparam("of_product"), deadlines.c.closed_on.is_(None))
    .order_by(deadlines.c.due_on, deadlines.c.id)
)
_OF_PRODUCTS = _records().where(deadlines.c.product_id.in_(bindparam("of_products", expanding=True)))
# what a page of products needs
_OPEN_OF_PRODUCTS = Prepared(
    _OF_PRODUCTS.where(deadlines.c.closed_on.is_(None)).order_by(deadlines.c.due_on, deadlines.c.id),
    "of_products",
)
_OPEN = Prepared(insert(deadlines))
_CLOSE = Prepared(
    update(deadlines)
    .where(deadlines.c.id == bindparam("of_deadline"))
    .values(closed_on=bindparam("on"), closed_because=bindparam("because"), next_action_on=None)
)
_CLEAR = Prepared(
    update(flags)
    .where(flags.c.deadline_id == bindparam("of_deadline"), flags.c.cleared_on.is_(None))
    .values(cleared_on=bindparam("on"))
)


def open_of_product(tx: Connection, product_id: int) -> list[DeadlineRecord]:
    """Return a product's open deadlines, earliest first."""
    return _OPEN_OF_PRODUCT.records(DeadlineRecord, tx, of_product=product_id)


def open_of_products(tx: Connection, product_ids: Collection[int]) -> list[DeadlineRecord]:
    """Return the open deadlines of several products, however many, earliest first."""
    if len(product_ids) <= AT_ONCE:
        return _OPEN_OF_PRODUCTS.records(DeadlineRecord, tx, of_products=product_ids)
    return _of_products(tx, _OF_PRODUCTS.where(deadlines.c.closed_on.is_(None)), product_ids)


def begun_of_products(tx: Connection, product_ids: Collection[int], on: date) -> list[DeadlineRecord]:
    """Return the deadlines of products that had been opened by a local day, earliest first.

    Those that a step opened which was undone since are left out: they ought never to have been.
    """
    stands = func.coalesce(deadlines.c.closed_because, "") != UNDONE
    return _of_products(tx, _OF_PRODUCTS.where(deadlines.c.opened_on <= on, stands), product_ids)


def _of_products(
    tx: Connection, statement: Select[Any], product_ids: Collection[int]
) -> list[DeadlineRecord]:
    ids = sorted(product_ids)
    found = [
        one
        for start in range(0, len(ids), AT_ONCE)
        for one in read_all(
            DeadlineRecord, tx.execute(statement, {"of_products": ids[start : start + AT_ONCE]})
        )
    ]
    return sorted(found, key=lambda one: (one.due_on, one.id))


def open_of_plan(tx: Connection, plan_id: int) -> list[DeadlineRecord]:
    """Return a plan's open deadlines, those of its activities and communes too, earliest first."""
    return _many(tx, _records().where(deadlines.c.plan_id == plan_id, deadlines.c.closed_on.is_(None)))


def open_of_communes(tx: Connection, plan_id: int) -> list[DeadlineRecord]:
    """Return a plan's open deadlines of communes that have no product in it, earliest first."""
    mine = (deadlines.c.plan_id == plan_id, deadlines.c.unit_id.is_not(None))
    return _many(tx, _records().where(*mine, deadlines.c.closed_on.is_(None)))


def open_of_unit(tx: Connection, unit_id: int) -> list[DeadlineRecord]:
    """Return the open deadlines of a commune itself, over all plans, earliest first."""
    return _many(tx, _records().where(deadlines.c.unit_id == unit_id, deadlines.c.closed_on.is_(None)))


def all_of_product(tx: Connection, product_id: int) -> list[DeadlineRecord]:
    """Return every deadline that a product has or had, oldest first."""
    return _many(tx, _records().where(deadlines.c.product_id == product_id), by_id=True)


def activities_of_plan(tx: Connection, plan_id: int) -> list[DeadlineRecord]:
    """Return the deadlines of a plan's activities."""
    return _many(tx, _records().where(deadlines.c.plan_id == plan_id, is_activity()))


def activities_named(tx: Connection, rule: str) -> list[DeadlineRecord]:
    """Return the deadlines of the activities of this id, over all plans: those open, and those done.

    Of an activity that comes each month, every month's.
    """
    each_month = deadlines.c.rule.startswith(f"{rule}@", autoescape=True)
    open_or_done = or_(deadlines.c.closed_because.is_(None), deadlines.c.closed_because.in_(DONE))
    return _many(
        tx,
        _records().where(or_(deadlines.c.rule == rule, each_month), is_activity(), open_or_done),
    )


def is_by_rule(rule: str) -> ColumnElement[bool]:
    """Match the deadlines by a rule of this id, of whatever law."""
    return or_(deadlines.c.rule == rule, deadlines.c.rule.startswith(legislated(rule, ""), autoescape=True))


def is_activity() -> ColumnElement[bool]:
    """Match the deadlines of plans' activities: no product's and no commune's."""
    return deadlines.c.product_id.is_(None) & deadlines.c.unit_id.is_(None)


def whose_unit() -> ColumnElement[int]:
    """Whose a deadline is: its product's unit, the commune itself, or its plan's authority.

    Its statement joins the plan, and the product where there is one.
    """
    return func.coalesce(products.c.unit_id, deadlines.c.unit_id, plans.c.unit_id)


def _many(tx: Connection, statement: Select[Any], *, by_id: bool = False) -> list[DeadlineRecord]:
    order = (deadlines.c.id,) if by_id else (deadlines.c.due_on, deadlines.c.id)
    return read_all(DeadlineRecord, tx.execute(statement.order_by(*order)))


def opening(
    deadline: Deadline,
    plan_id: int | None,
    opened_on: date,
    *,
    product_id: int | None = None,
    unit_id: int | None = None,
    certificate_id: int | None = None,
) -> dict[str, Any]:
    """Return the row of a deadline that is to be opened.

    Args:
        deadline: the rule and its due day.
        plan_id: the plan's number; none: its product stands outside every plan.
        opened_on: the local day.
        product_id: whose it is; none: a commune's or, without that, an activity's.
        unit_id: the commune without a product.
        certificate_id: the product's certificate, if it is about that.
    """
    told = (
        (Subject.CERTIFICATE, certificate_id),
        (Subject.PRODUCT, product_id),
        (Subject.UNIT, unit_id),
        (Subject.ACTIVITY, plan_id),
    )
    subject, number = next((kind, number) for kind, number in told if number is not None)
    return {
        "subject": subject,
        "subject_id": number,
        "product_id": product_id,
        "unit_id": unit_id,
        "plan_id": plan_id,
        "kind": deadline.kind,
        "rule": deadline.rule,
        "due_on": deadline.due_on,
        "opened_on": opened_on,
    }


def open_deadlines(tx: Connection, rows: list[dict[str, Any]]) -> None:
    """Open deadlines; the next sweep looks at them first."""
    for row in rows:
        _OPEN.count(tx, **row, next_action_on=row["opened_on"])


def open_many(tx: Connection, rows: list[dict[str, Any]]) -> None:
    """Open deadlines of many products at once; the next sweep looks at them first."""
    insert_all(tx, insert(deadlines), [{**row, "next_action_on": row["opened_on"]} for row in rows])


def give_to_unit(tx: Connection, unit_id: int, heir_id: int) -> None:
    """Make the open deadlines of a commune itself those of its heir."""
    mine = (deadlines.c.unit_id == unit_id, deadlines.c.closed_on.is_(None))
    tx.execute(update(deadlines).where(*mine).values(unit_id=heir_id, subject_id=heir_id))


def close_deadline(tx: Connection, deadline_id: int, on: date, because: str) -> None:
    """Close a deadline. Its due date, and with it its lateness, stays on record."""
    _CLOSE.count(tx, of_deadline=deadline_id, on=on, because=because)


def call_undone(tx: Connection, deadline_id: int) -> None:
    """Record of a closed deadline that what had closed it was undone."""
    tx.execute(update(deadlines).where(deadlines.c.id == deadline_id).values(closed_because=UNDONE))


def raise_flags(tx: Connection, days: Mapping[int, date]) -> None:
    """Raise the overdue flags of deadlines, each on its day, where they are not up."""
    rows = [{"deadline_id": deadline, "raised_on": day} for deadline, day in days.items()]
    insert_all(tx, insert_new(tx, flags), rows)


def clear_flag(tx: Connection, deadline_id: int, on: date) -> None:
    """Clear the overdue flag of a deadline."""
    _CLEAR.count(tx, of_deadline=deadline_id, on=on)


def acknowledge_flag(tx: Connection, deadline_id: int, on: date, by: str) -> bool:
    """Record that somebody has taken note of a flag that is up. False if none is."""
    done = tx.execute(
        update(flags)
        .where(flags.c.deadline_id == deadline_id, flags.c.cleared_on.is_(None))
        .values(acknowledged_on=on, acknowledged_by=by)
    )
    return done.rowcount == 1
