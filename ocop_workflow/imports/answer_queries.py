"""Queries on answers that outlive the list they were given to: kept, found by unit, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import units
from ocop_workflow.store.tables.imports import register_answers as answers

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """An answer that still holds: what was asked, by whom it was answered, when, under which unit."""

    id: int
    unit_id: int | None
    unit: str | None
    key: str
    question: str
    answer: str
    at: datetime
    by: str


_HELD: Select[Any] = (
    select(
        answers.c.id,
        answers.c.unit_id,
        units.c.name.label("unit"),
        answers.c.key,
        answers.c.question,
        answers.c.answer,
        answers.c.at,
        answers.c.by,
    )
    .outerjoin(units, units.c.id == answers.c.unit_id)
    .where(answers.c.revoked_at.is_(None))
    .order_by(answers.c.id)
)


def answers_under(tx: Connection, unit_ids: Collection[int] | None) -> list[RememberedAnswer]:
    """Return the answers that hold for these units, oldest first; those of no unit hold for all.

    `unit_ids`: none: whichever unit they are of.
    """
    held = _HELD
    if unit_ids is not None:
        held = held.where(or_(answers.c.unit_id.is_(None), answers.c.unit_id.in_(sorted(unit_ids))))
    return read_all(RememberedAnswer, tx.execute(held))


def insert_answers(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep answers."""
    if rows:
        tx.execute(insert(answers), list(rows))


def revoke_answer(tx: Connection, number: int, by: str, at: datetime) -> None:
    """Let an answer hold no longer."""
    tx.execute(update(answers).where(answers.c.id == number).values(revoked_at=at, revoked_by=by))
