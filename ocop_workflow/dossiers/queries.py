"""Queries on dossiers: opening one, writing what happens to it, those of a product.

Which one is current says the product, by its number; an earlier one keeps what it had come to.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from ocop_workflow.states import Dossier, Score
from ocop_workflow.store.dialect import insert_all
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.tables import plans, products
from ocop_workflow.store.tables.dossiers import dossiers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from ocop_workflow.regulations import Level


@dataclass(frozen=True, slots=True)
class DossierRecord:
    """A dossier as it is stored: `number` counts those of its product from 1.

    `product_set`: the set of products (Phụ lục I) whose sheet it is scored by; none: not chosen yet.
    `regulation`: in force on the day on which it was received; none: not received yet.
    """

    number: int
    kind: Dossier
    plan_slug: str
    received_on: date | None
    regulation: str | None
    official_code: str | None
    product_set: int | None
    score: Score | None


def score_from(level: Level | None, mean: str | None, gates_met: int | None) -> Score | None:
    """Read a score from its three columns, which are all empty or none."""
    if level is None or mean is None or gates_met is None:
        return None
    return Score(level, Fraction(mean), gates_met)


def is_current() -> ColumnElement[bool]:
    """Match a product, which the statement reads, with its current dossier."""
    return and_(dossiers.c.product_id == products.c.id, dossiers.c.number == products.c.dossier_no)


def rated_by() -> ColumnElement[str]:
    """Select by which regulation a product's dossier is rated; the statement reads its plan and dossier."""
    return func.coalesce(dossiers.c.regulation, plans.c.regulation, products.c.regulation)


def dossiers_of(tx: Connection, product_id: int) -> list[DossierRecord]:
    """Return the dossiers of a product, oldest first."""
    return _OF_PRODUCT.records(DossierRecord, tx, {"score": score_from}, of_product=product_id)


#: asked for each page of a product
_OF_PRODUCT = Prepared(
    select(
        dossiers.c.number,
        dossiers.c.kind,
        plans.c.slug.label("plan_slug"),
        dossiers.c.received_on,
        dossiers.c.regulation,
        dossiers.c.official_code,
        dossiers.c.product_set,
        dossiers.c.score_level,
        dossiers.c.score_mean,
        dossiers.c.gates_met.label("score_gates_met"),
    )
    .join(plans, plans.c.id == dossiers.c.plan_id)
    .where(dossiers.c.product_id == bindparam("of_product"))
    .order_by(dossiers.c.number)
)
_OPEN = Prepared(insert(dossiers))
_UPDATE = Prepared(
    update(dossiers).where(
        dossiers.c.product_id == bindparam("of_product"), dossiers.c.number == bindparam("of_number")
    )
)


def open_first(
    tx: Connection, product_ids: Iterable[int], plan_id: int, official_code: str | None = None
) -> None:
    """Open the first dossiers of products that have just come into a plan."""
    rows = [
        {
            "product_id": product_id,
            "number": 1,
            "kind": Dossier.FIRST,
            "plan_id": plan_id,
            "official_code": official_code,
        }
        for product_id in product_ids
    ]
    insert_all(tx, insert(dossiers), rows)


def open_next(tx: Connection, product_id: int, number: int, values: Mapping[str, Any]) -> None:
    """Open the next dossier of a product, with all its values; set and official code stay what they were."""
    of = (dossiers.c.product_id == product_id, dossiers.c.number == number - 1)
    before = tx.execute(select(dossiers.c.product_set, dossiers.c.official_code).where(*of)).one_or_none()
    known = dict(before._mapping) if before else {}  # noqa: SLF001 - a row's own name for it
    _OPEN.count(tx, product_id=product_id, number=number, **{**known, **values})


def set_of(tx: Connection, product_id: int, number: int) -> int | None:
    """Return the set of products by whose sheet a dossier is scored; none: not chosen yet."""
    of = (dossiers.c.product_id == product_id, dossiers.c.number == number)
    return tx.scalar(select(dossiers.c.product_set).where(*of))


def official_codes_like(tx: Connection, beginning: str) -> list[str]:
    """Return the official codes of products that begin like this."""
    like = dossiers.c.official_code.startswith(f"{beginning}-", autoescape=True)
    return list(tx.scalars(select(dossiers.c.official_code).where(like).distinct()))


def product_of_code(tx: Connection, codes: Collection[str], but: int) -> str | None:
    """Return our code of the product that bears one of these official codes; `but`: the one not looked at."""
    statement = (
        select(products.c.code)
        .join(dossiers, dossiers.c.product_id == products.c.id)
        .where(dossiers.c.official_code.in_(codes), products.c.id != but)
        .order_by(products.c.id)
        .limit(1)
    )
    return tx.scalar(statement)


def write_to(tx: Connection, product_id: int, number: int, values: Mapping[str, Any]) -> None:
    """Give a dossier new values, if there are any."""
    if values:
        _UPDATE.count(tx, of_product=product_id, of_number=number, **values)


def take_back(tx: Connection, product_id: int, number: int) -> None:
    """Take out a product's last dossier, whose opening was undone: the history keeps that it was opened."""
    tx.execute(delete(dossiers).where(dossiers.c.product_id == product_id, dossiers.c.number == number))
