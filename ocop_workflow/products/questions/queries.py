"""Queries on what an import asks of products, and on the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from ocop_workflow.places.queries import reach
from ocop_workflow.store import dialect
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import plans, products, units
from ocop_workflow.store.tables.imports import questions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import Connection, Select


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """A question about a product; an answer without a word came from a step or a later list."""

    id: int
    code: str
    product: str
    unit_id: int
    unit: str
    plan: str
    vi: str
    en: str
    asked_on: date
    answered: bool
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None


def _records() -> Select[Any]:
    return (
        select(
            questions.c.id,
            products.c.code,
            products.c.name.label("product"),
            products.c.unit_id,
            units.c.name.label("unit"),
            plans.c.slug.label("plan"),
            questions.c.vi,
            questions.c.en,
            questions.c.asked_on,
            questions.c.answered,
            questions.c.answer,
            questions.c.answered_at,
            questions.c.answered_by,
        )
        .join(products, products.c.id == questions.c.product_id)
        .join(units, units.c.id == products.c.unit_id)
        .outerjoin(plans, plans.c.id == products.c.plan_id)
    )


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """Which questions are wanted; `roots` none: of every unit."""

    roots: Collection[int] | None = None
    plan_id: int | None = None
    code: str | None = None
    answered: bool = False
    after: int = 0
    limit: int | None = None


def find(tx: Connection, wanted: QuestionFilter) -> list[QuestionRecord]:
    """Return the questions that match, oldest first; answered ones only if these are wanted too."""
    statement = _records().where(questions.c.id > wanted.after).order_by(questions.c.id)
    if wanted.roots is not None:
        statement = statement.where(products.c.unit_id.in_(reach(wanted.roots)))
    if wanted.plan_id is not None:
        statement = statement.where(products.c.plan_id == wanted.plan_id)
    if wanted.code is not None:
        statement = statement.where(products.c.code == wanted.code)
    if not wanted.answered:
        statement = statement.where(questions.c.answered.is_(False))
    if wanted.limit is not None:
        statement = statement.limit(wanted.limit)
    return read_all(QuestionRecord, tx.execute(statement))


def by_id(tx: Connection, question_id: int) -> QuestionRecord | None:
    """Return the question of this number, for whoever will answer it."""
    found = tx.execute(_records().where(questions.c.id == question_id).with_for_update(of=questions))
    return read_one(QuestionRecord, found)


def insert_all(tx: Connection, rows: list[dict[str, Any]]) -> None:
    """Store questions about products, however many."""
    dialect.insert_all(tx, insert(questions), rows)


def answer(tx: Connection, question_id: int, word: str, by: str, at: datetime) -> None:
    """Keep an officer's answer."""
    values = {"answered": True, "answer": word, "answered_by": by, "answered_at": at}
    tx.execute(update(questions).where(questions.c.id == question_id).values(**values))


def settle(tx: Connection, product_id: int, but: Collection[str] = ()) -> list[int]:
    """Close the questions about a product by a step or a later list; returns the numbers of the open ones.

    `but`: what is still asked, as the questions say it in Vietnamese.
    """
    open_ones = (
        questions.c.product_id == product_id,
        questions.c.answered.is_(False),
        questions.c.vi.not_in(but),
    )
    statement = update(questions).where(*open_ones).values(answered=True)
    return sorted(tx.scalars(statement.returning(questions.c.id)))


def reopen(tx: Connection, question_ids: Collection[int]) -> None:
    """Ask questions again that a step had settled; what an officer has answered stays answered."""
    settled = (questions.c.id.in_(question_ids), questions.c.answer.is_(None))
    tx.execute(update(questions).where(*settled).values(answered=False))


def close(tx: Connection, question_ids: Collection[int]) -> None:
    """Let questions be settled again that a step had reopened."""
    tx.execute(update(questions).where(questions.c.id.in_(question_ids)).values(answered=True))
