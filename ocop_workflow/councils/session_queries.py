"""Queries on sessions of councils: who is there, what is scored, who may not score what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, select, update

from ocop_workflow.dossiers.queries import rated_by
from ocop_workflow.regulations.councils.words import Scoring, Sitting, sheet_named
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import plans, producers, products, units
from ocop_workflow.store.tables.councils import (
    councils,
    scored,
    sessions,
)
from ocop_workflow.store.tables.dossiers import dossiers

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import Connection, Select

    from ocop_workflow.regulations.councils.words import SessionMode
    from ocop_workflow.states import Dossier, State

#: where a product stands that no result has left yet
THERE = (Scoring.WAITING, Scoring.SCORING, Scoring.CLOSED)


@dataclass(frozen=True, slots=True)
class SittingRecord:
    """A session as it is stored; `held_on` and `sent_on` are local days."""

    id: int
    council_id: int
    unit_id: int
    council: str
    name: str
    mode: SessionMode
    stage: Sitting
    held_on: date
    place: str | None
    sent_on: date | None
    rules: dict[str, Any] | None
    drafted_by: str
    opened_at: datetime | None
    closed_at: datetime | None
    decision_number: str | None
    decided_on: date | None
    signer: str | None
    published_on: date | None


@dataclass(frozen=True, slots=True)
class ScoredRecord:
    """A product in a session; `round`: 1, or 2 after a discussion."""

    id: int
    session_id: int
    product_id: int
    code: str
    product: str
    unit: str
    producer: str | None
    dossier: int
    regulation: str
    product_set: int | None
    due_on: date
    stage: Scoring
    round: int
    again_because: str | None
    chair_note: str | None
    noted_by: str | None
    advice: str | None
    out_because: str | None
    closed_at: datetime | None
    transition_id: int | None

    @property
    def sheet(self) -> str:
        """By which sheet it is scored, as `result_of` takes it."""
        return sheet_named(self.product_set, self.regulation)


@dataclass(frozen=True, slots=True)
class CandidateRecord:
    """A product that may come before a council: what it takes to let it in."""

    product_id: int
    code: str
    name: str
    unit_id: int
    state: State
    dossier: int
    kind: Dossier
    regulation: str
    product_set: int | None


def _sessions() -> Select[Any]:
    own = [sessions.c[name] for name in SittingRecord.__slots__ if name in sessions.c]
    return (
        select(*own, councils.c.unit_id, councils.c.name.label("council"))
        .join(councils, councils.c.id == sessions.c.council_id)
        .order_by(sessions.c.held_on.desc(), sessions.c.id.desc())
    )


def session_by_id(tx: Connection, session_id: int) -> SittingRecord | None:
    """Return a session; none: there is no such."""
    return read_one(SittingRecord, tx.execute(_sessions().where(sessions.c.id == session_id)))


def sessions_of(tx: Connection, council_ids: Collection[int]) -> list[SittingRecord]:
    """Return the sessions of councils, youngest first."""
    statement = _sessions().where(sessions.c.council_id.in_(council_ids))
    return read_all(SittingRecord, tx.execute(statement))


def hold_session(tx: Connection, session_id: int) -> None:
    """Let nobody else change a session until the transaction ends."""
    tx.execute(select(sessions.c.id).where(sessions.c.id == session_id).with_for_update())


def insert_session(tx: Connection, values: dict[str, Any]) -> int:
    """Store a session; returns its number."""
    number: int = tx.execute(insert(sessions).values(values).returning(sessions.c.id)).scalar_one()
    return number


def write_session(tx: Connection, session_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
    """Give a session other values."""
    tx.execute(update(sessions).where(sessions.c.id == session_id).values(values))


def _scored() -> Select[Any]:
    own = [scored.c[name] for name in ScoredRecord.__slots__ if name in scored.c]
    return (
        select(
            *own,
            products.c.code,
            products.c.name.label("product"),
            units.c.name.label("unit"),
            producers.c.name.label("producer"),
        )
        .join(products, products.c.id == scored.c.product_id)
        .join(units, units.c.id == products.c.unit_id)
        .outerjoin(producers, producers.c.id == products.c.producer_id)
    )


def products_of(tx: Connection, session_id: int) -> list[ScoredRecord]:
    """Return the products of a session in the order in which they were put on its list."""
    statement = _scored().where(scored.c.session_id == session_id).order_by(scored.c.id)
    return read_all(ScoredRecord, tx.execute(statement))


def product_in(tx: Connection, session_id: int, code: str) -> ScoredRecord | None:
    """Return a product of a session, as it was put on its list last; none: it is not on it."""
    statement = (
        _scored()
        .where(scored.c.session_id == session_id, products.c.code == code)
        .order_by(scored.c.id.desc())
        .limit(1)
    )
    return read_one(ScoredRecord, tx.execute(statement))


def hold_scored(tx: Connection, scored_id: int, *, alone: bool) -> Scoring:
    """Return how far a product has come, and let it go no further until the transaction ends.

    `alone`: nobody else may hold it so, either: whoever moves it on waits for those who sign.
    """
    statement = select(scored.c.stage).where(scored.c.id == scored_id).with_for_update(read=not alone)
    stage: Scoring = tx.execute(statement).scalar_one()
    return stage


def insert_scored(tx: Connection, values: dict[str, Any]) -> int:
    """Put a product on a session's list; returns the number of its row."""
    number: int = tx.execute(insert(scored).values(values).returning(scored.c.id)).scalar_one()
    return number


def write_scored(tx: Connection, scored_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
    """Give a product in a session other values."""
    tx.execute(update(scored).where(scored.c.id == scored_id).values(values))


def begin_scoring(tx: Connection, session_id: int) -> None:
    """Let every product that waits in a session be scored."""
    tx.execute(
        update(scored)
        .where(scored.c.session_id == session_id, scored.c.stage == Scoring.WAITING)
        .values(stage=Scoring.SCORING)
    )


def sits_now(tx: Connection, product_id: int) -> tuple[int, int] | None:
    """Return the row and the session in which a product sits, if in any."""
    statement = select(scored.c.id, scored.c.session_id).where(
        scored.c.product_id == product_id, scored.c.stage.in_(THERE)
    )
    row = tx.execute(statement).one_or_none()
    return (row.id, row.session_id) if row else None


def confirmed_by(tx: Connection, transition_id: int) -> tuple[int, Sitting] | None:
    """Return the row of a session whose result a step is, and how far the session has come; none: no such.

    The session is held: it is neither closed nor opened meanwhile.
    """
    found = tx.execute(
        select(scored.c.id, scored.c.session_id).where(scored.c.transition_id == transition_id)
    ).one_or_none()
    if found is None:
        return None
    hold_session(tx, found.session_id)
    stage: Sitting = tx.execute(
        select(sessions.c.stage).where(sessions.c.id == found.session_id)
    ).scalar_one()
    return found.id, stage


def confirmed_of(tx: Connection, product_id: int, dossier: int) -> tuple[int, str] | None:
    """Return the session that gave a dossier its confirmed result, and the product's code; none: no such."""
    statement = (
        select(scored.c.session_id, products.c.code)
        .join(products, products.c.id == scored.c.product_id)
        .where(
            scored.c.product_id == product_id,
            scored.c.dossier == dossier,
            scored.c.stage == Scoring.CONFIRMED,
        )
        .order_by(scored.c.id.desc())
        .limit(1)
    )
    row = tx.execute(statement).one_or_none()
    return (row.session_id, row.code) if row else None


def reopen(tx: Connection, scored_id: int) -> None:
    """Open the session of a product again: its result waits for a confirmation."""
    of = select(scored.c.session_id).where(scored.c.id == scored_id).scalar_subquery()
    tx.execute(update(sessions).where(sessions.c.id == of).values(stage=Sitting.OPEN, closed_at=None))


def hold_products(tx: Connection, codes: Collection[str]) -> None:
    """Let no step and no other list take these products until the transaction ends."""
    tx.execute(
        select(products.c.id).where(products.c.code.in_(codes)).order_by(products.c.id).with_for_update()
    )


def candidates(tx: Connection, codes: Collection[str]) -> list[CandidateRecord]:
    """Return what it takes to put products on a session's list, by their codes."""
    statement = (
        select(
            products.c.id.label("product_id"),
            products.c.code,
            products.c.name,
            products.c.unit_id,
            products.c.state,
            products.c.dossier_no.label("dossier"),
            dossiers.c.kind,
            rated_by().label("regulation"),
            dossiers.c.product_set,
        )
        .join(
            dossiers,
            and_(dossiers.c.product_id == products.c.id, dossiers.c.number == products.c.dossier_no),
        )
        .outerjoin(plans, plans.c.id == products.c.plan_id)
        .where(products.c.code.in_(codes))
        .order_by(products.c.code)
    )
    return read_all(CandidateRecord, tx.execute(statement))
