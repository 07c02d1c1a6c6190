"""Queries on the papers of dossiers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, insert, select, update

from ocop_workflow.dossiers.queries import is_current, rated_by
from ocop_workflow.places.queries import reach
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import plans, products, units
from ocop_workflow.store.tables.dossiers import dossiers
from ocop_workflow.store.tables.papers import papers

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A paper as it is stored; `expires_on`: the last local day on which it is good."""

    id: int
    kind: str
    name: str | None
    number: str | None
    issuer: str | None
    issued_on: date | None
    expires_on: date | None
    shelf: str | None
    criteria: list[str]
    reused_from: int | None
    recorded_by: str
    recorded_at: datetime


#: the kind of a paper that the regulation names nowhere
OTHER = "other"

_STANDS = papers.c.withdrawn_at.is_(None)


def papers_of(tx: Connection, product_id: int, dossier: int) -> list[PaperRecord]:
    """Return the papers of a dossier that were not withdrawn, oldest first."""
    columns = [papers.c[name] for name in PaperRecord.__slots__]
    statement = (
        select(*columns)
        .where(papers.c.product_id == product_id, papers.c.dossier == dossier, _STANDS)
        .order_by(papers.c.id)
    )
    return read_all(PaperRecord, tx.execute(statement))


@dataclass(frozen=True, slots=True)
class EarlierPaperRecord(PaperRecord):
    """A paper of an earlier dossier of the same product; `regulation`: by which that one was rated."""

    dossier: int
    regulation: str


def papers_before(tx: Connection, product_id: int, dossier: int) -> list[EarlierPaperRecord]:
    """Return the papers of the dossiers before this one that it has not taken over, the latest dossier first.

    One that was taken over on the way is told where it was last: what a later dossier left behind is behind.
    """
    later = papers.alias()
    taken = exists().where(
        later.c.reused_from == papers.c.id, later.c.withdrawn_at.is_(None), later.c.dossier <= dossier
    )
    columns = [papers.c[name] for name in PaperRecord.__slots__]
    statement = (
        select(*columns, papers.c.dossier, rated_by().label("regulation"))
        .join(products, products.c.id == papers.c.product_id)
        .join(
            dossiers,
            and_(dossiers.c.product_id == papers.c.product_id, dossiers.c.number == papers.c.dossier),
        )
        .outerjoin(plans, plans.c.id == dossiers.c.plan_id)
        .where(papers.c.product_id == product_id, papers.c.dossier < dossier, _STANDS, ~taken)
        .order_by(papers.c.dossier.desc(), papers.c.id)
    )
    return read_all(EarlierPaperRecord, tx.execute(statement))


def has_papers(tx: Connection, product_id: int, dossier: int) -> bool:
    """Tell whether a dossier holds any paper."""
    of = (papers.c.product_id == product_id, papers.c.dossier == dossier, _STANDS)
    return bool(tx.scalar(select(exists().where(*of))))


@dataclass(frozen=True, slots=True)
class EndingPaperRecord:
    """A paper of a current dossier that runs out, with its product."""

    code: str
    product: str
    unit: str
    regulation: str
    kind: str
    name: str | None
    number: str | None
    expires_on: date


def papers_ending(
    tx: Connection, roots: Collection[int] | None, until: date, limit: int | None = None
) -> list[EndingPaperRecord]:
    """Return the papers of current dossiers whose last day is no later than `until`, earliest first.

    Args:
        tx: the transaction.
        roots: units under which their products lie; none: anywhere.
        until: a local day.
        limit: how many at most; none: all.
    """
    statement = (
        select(
            products.c.code,
            products.c.name.label("product"),
            units.c.name.label("unit"),
            rated_by().label("regulation"),
            papers.c.kind,
            papers.c.name,
            papers.c.number,
            papers.c.expires_on,
        )
        .join(products, products.c.id == papers.c.product_id)
        .join(units, units.c.id == products.c.unit_id)
        .outerjoin(plans, plans.c.id == products.c.plan_id)
        .outerjoin(dossiers, is_current())
        .where(*_ending(roots, until))
        .order_by(papers.c.expires_on, papers.c.id)
        .limit(limit)
    )
    return read_all(EndingPaperRecord, tx.execute(statement))


def count_papers_ending(tx: Connection, roots: Collection[int] | None, until: date) -> int:
    """Return how many papers `papers_ending` would give."""
    statement = (
        select(func.count())
        .select_from(papers)
        .join(products, products.c.id == papers.c.product_id)
        .where(*_ending(roots, until))
    )
    return tx.scalar(statement) or 0


def _ending(roots: Collection[int] | None, until: date) -> list[ColumnElement[bool]]:
    found = [_STANDS, papers.c.expires_on <= until, papers.c.dossier == products.c.dossier_no]
    return found if roots is None else [*found, products.c.unit_id.in_(reach(roots))]


def insert_paper(tx: Connection, values: dict[str, Any]) -> int:
    """Store a paper; returns its number."""
    number: int = tx.execute(insert(papers).values(values).returning(papers.c.id)).scalar_one()
    return number


def withdraw_paper(tx: Connection, number: int, by: str, because: str, now: datetime) -> None:
    """Note that a paper is no part of its dossier any more."""
    gone = {"withdrawn_at": now, "withdrawn_by": by, "withdrawn_because": because}
    tx.execute(update(papers).where(papers.c.id == number).values(gone))
