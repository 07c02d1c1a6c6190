"""Queries that find products: by state, place, plan, name and by what is due; counted, or in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, tuple_

from ocop_workflow.deadlines.queries import is_by_rule
from ocop_workflow.places.queries import reach
from ocop_workflow.products.queries import PARTS, ProductRecord, product_records
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import certificates, deadlines, producers, products
from ocop_workflow.store.tables.dossiers import dossiers
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from ocop_workflow.states import State


class Due(StrEnum):
    """When a product has something due first, seen from a local day."""

    LATE = "late"
    WEEK = "week"
    LATER = "later"

    def days(self, today: date) -> tuple[date | None, date]:
        """Return the days between which that is, both included; none: from the beginning."""
        if self is Due.LATER:
            return today + timedelta(days=_SOON + 1), today + timedelta(days=_AHEAD)
        return None, today - timedelta(days=1) if self is Due.LATE else today + timedelta(days=_SOON)


#: days that are soon, and days that one looks ahead
_SOON, _AHEAD = 7, 60


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products are asked for; none: all.

    Attributes:
        roots: units that the product has to lie under: those that the officer reaches.
        unit_id: a unit that it has to lie under: the one that was asked for.
        late_on: with an open deadline that was due before this day.
        due_from, due_to: whose first open deadline is due in these days, both included.
        rule: with an open deadline of this milestone.
        words: what its name, code, producer or a certificate's number has to hold, as it was typed.
        updated_since: the instant at or after which its row last changed.
    """

    states: tuple[State, ...] = ()
    roots: frozenset[int] | None = None
    unit_id: int | None = None
    words: str = ""
    plan_id: int | None = None
    late_on: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    updated_since: datetime | None = None
    codes: tuple[str, ...] = ()
    rule: str | None = None
    after_code: str = ""
    limit: int | None = None


#: the day on which a product has something due first; none: nothing is asked of it
_FIRST_DUE = (
    select(func.min(deadlines.c.due_on))
    .where(deadlines.c.product_id == products.c.id, deadlines.c.closed_on.is_(None))
    .scalar_subquery()
)


class ListOrder(StrEnum):
    """In which order products are listed; `due`: what is due first; what has nothing due is left out."""

    CODE = "code"
    NAME = "name"
    DUE = "due"


_KEYS: dict[ListOrder, ColumnElement[Any]] = {
    ListOrder.CODE: products.c.code,
    ListOrder.NAME: products.c.sort_key,
    ListOrder.DUE: _FIRST_DUE,
}


def find_products(
    tx: Connection, wanted: ProductFilter, order: ListOrder = ListOrder.CODE
) -> list[ProductRecord]:
    """Return the products that match, in an order, behind the one of `after_code`."""
    statement, key = _matching(product_records(), wanted), _KEYS[order]
    if order is ListOrder.DUE:
        statement = statement.where(key.is_not(None))
    if wanted.after_code:
        statement = statement.where(_behind(tx, wanted.after_code, order))
    statement = statement.order_by(*dict.fromkeys((key, products.c.code)))
    if wanted.limit is not None:
        statement = statement.limit(wanted.limit)
    return read_all(ProductRecord, tx.execute(statement), parts=PARTS)


def _behind(tx: Connection, code: str, order: ListOrder) -> ColumnElement[bool]:
    """Match what stands behind a product as it stands now; one that is gone counts by its code."""
    if order is not ListOrder.CODE:
        reached = tx.scalar(select(_KEYS[order]).select_from(products).where(products.c.code == code))
        if reached is not None:
            return tuple_(_KEYS[order], products.c.code) > (reached, code)
    return products.c.code > code


def count_products(tx: Connection, wanted: ProductFilter) -> int:
    """Count the products that match."""
    statement = _matching(select(func.count()).select_from(products), wanted)
    return int(tx.scalar(statement) or 0)


def is_named(words: str) -> ColumnElement[bool]:
    """Match products whose name or code holds these words; marks and case do not count."""
    return or_(
        products.c.search_key.contains(search_key(words), autoescape=True),
        products.c.code.icontains(words.strip(), autoescape=True),
        products.c.id.in_(
            select(dossiers.c.product_id).where(
                dossiers.c.official_code.icontains(words.strip(), autoescape=True)
            )
        ),
    )


def is_known_by(words: str) -> ColumnElement[bool]:
    """Match products whose producer's name, or a certificate's number, holds these words."""
    by_producer = select(producers.c.id).where(
        producers.c.search_key.contains(search_key(words), autoescape=True)
    )
    by_number = select(certificates.c.product_id).where(
        certificates.c.number.icontains(words.strip(), autoescape=True),
        certificates.c.product_id.is_not(None),
    )
    return or_(products.c.producer_id.in_(by_producer), products.c.id.in_(by_number))


def _matching(statement: Select[Any], wanted: ProductFilter) -> Select[Any]:
    statement = _due_between(statement, wanted.due_from, wanted.due_to)
    for column, words in ((products.c.code, wanted.codes), (products.c.state, wanted.states)):
        if words:
            statement = statement.where(column.in_(words))
    if wanted.roots is not None:
        statement = statement.where(products.c.unit_id.in_(reach(wanted.roots)))
    if wanted.unit_id is not None:
        statement = statement.where(products.c.unit_id.in_(reach({wanted.unit_id})))
    if wanted.words:
        statement = statement.where(or_(is_named(wanted.words), is_known_by(wanted.words)))
    if wanted.plan_id is not None:
        statement = statement.where(products.c.plan_id == wanted.plan_id)
    if wanted.updated_since is not None:  # found by its index first, whatever order the list has
        newer = select(products.c.id).where(products.c.updated_at >= wanted.updated_since)
        statement = statement.where(products.c.id.in_(newer))
    if wanted.late_on is not None or wanted.rule is not None:
        statement = statement.where(products.c.id.in_(_asked(wanted.late_on, wanted.rule)))
    return statement


def _asked(late_on: date | None, rule: str | None) -> Select[Any]:
    """Select the products of which something is asked: late on a day, or a milestone, or both at once."""
    found = select(deadlines.c.product_id).where(
        deadlines.c.closed_on.is_(None), deadlines.c.product_id.is_not(None)
    )
    if rule is not None:
        found = found.where(is_by_rule(rule))
    return found if late_on is None else found.where(deadlines.c.due_on < late_on)


def _due_between(statement: Select[Any], first: date | None, last: date | None) -> Select[Any]:
    if first is not None:
        statement = statement.where(first <= _FIRST_DUE)
    return statement if last is None else statement.where(last >= _FIRST_DUE)
