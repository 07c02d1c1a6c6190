"""Queries on visits to certified products, on what they found and what is still to be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, or_, select, update

from ocop_workflow.places.queries import reach
from ocop_workflow.store import dialect
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import certificates, products, units
from ocop_workflow.store.tables.occurrences import visit_findings, visits

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from ocop_workflow.calendar.inspections import FindingResult


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """A visit as it is stored; `acting`: the unit in whose name it was recorded."""

    id: int
    code: str
    product: str
    unit_id: int
    unit: str
    certificate: int
    certificate_number: str
    visited_on: date
    visitors: str
    place: str | None
    conclusion: str
    acting: str | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """One thing that a visit has found, and what has to be done about it; see the table."""

    id: int
    visit_id: int
    criterion: str | None
    what: str | None
    result: FindingResult
    follow_up: str | None
    due_on: date | None
    done_on: date | None
    done_note: str | None
    done_by: str | None


@dataclass(frozen=True, slots=True)
class FollowUpRecord(FindingRecord):
    """A finding with what has to be done, and of which product it is."""

    code: str
    product: str
    unit_id: int
    unit: str
    visited_on: date


_STANDS = visits.c.withdrawn_at.is_(None)
_acting = units.alias("acting_unit")
_FINDING = [visit_findings.c[name] for name in FindingRecord.__slots__]


def _visits() -> Select[Any]:
    return (
        select(
            visits.c.id,
            products.c.code,
            products.c.name.label("product"),
            products.c.unit_id,
            units.c.name.label("unit"),
            visits.c.certificate_id.label("certificate"),
            certificates.c.number.label("certificate_number"),
            visits.c.visited_on,
            visits.c.visitors,
            visits.c.place,
            visits.c.conclusion,
            _acting.c.name.label("acting"),
            visits.c.recorded_at,
            visits.c.recorded_by,
        )
        .join(products, products.c.id == visits.c.product_id)
        .join(units, units.c.id == products.c.unit_id)
        .join(certificates, certificates.c.id == visits.c.certificate_id)
        .outerjoin(_acting, _acting.c.id == visits.c.unit_id)
        .where(_STANDS)
    )


def visits_of(tx: Connection, product_id: int) -> list[VisitRecord]:
    """Return the visits to a product that were not withdrawn, the latest first."""
    theirs = _visits().where(visits.c.product_id == product_id)
    return read_all(VisitRecord, tx.execute(theirs.order_by(visits.c.visited_on.desc(), visits.c.id.desc())))


def visit_by_id(tx: Connection, number: int, *, hold: bool = False) -> VisitRecord | None:
    """Return the visit of this number, held by whoever will change it; none: none stands."""
    found = _visits().where(visits.c.id == number)
    return read_one(VisitRecord, tx.execute(found.with_for_update(of=visits) if hold else found))


def findings_of(tx: Connection, visit_ids: Collection[int]) -> list[FindingRecord]:
    """Return what these visits found, in the order in which it was written down."""
    of = select(*_FINDING).where(visit_findings.c.visit_id.in_(visit_ids)).order_by(visit_findings.c.id)
    return read_all(FindingRecord, tx.execute(of))


def _follow_ups() -> Select[Any]:
    return (
        select(
            *_FINDING,
            products.c.code,
            products.c.name.label("product"),
            products.c.unit_id,
            units.c.name.label("unit"),
            visits.c.visited_on,
        )
        .join(visits, visits.c.id == visit_findings.c.visit_id)
        .join(products, products.c.id == visits.c.product_id)
        .join(units, units.c.id == products.c.unit_id)
        .where(_STANDS, visit_findings.c.due_on.is_not(None))
    )


def follow_up_by_id(tx: Connection, number: int) -> FollowUpRecord | None:
    """Return the follow-up of the finding of this number, done or not, for whoever will change it."""
    found = _follow_ups().where(visit_findings.c.id == number).with_for_update(of=visit_findings)
    return read_one(FollowUpRecord, tx.execute(found))


@dataclass(frozen=True, slots=True)
class SoughtFollowUps:
    """Which open follow-ups are asked for; none: all.

    Attributes:
        roots: units that their products have to lie under: those that the officer reaches.
        unit_id: the unit that was asked for, likewise.
        after: due day and number of the one behind which the list begins.
    """

    roots: Collection[int] | None = None
    unit_id: int | None = None
    after: tuple[date, int] | None = None
    limit: int | None = None


def open_follow_ups(tx: Connection, sought: SoughtFollowUps) -> list[FollowUpRecord]:
    """Return what is still to be done, first what was or is due first."""
    statement = _follow_ups().where(visit_findings.c.done_on.is_(None), *_under(sought))
    if sought.after is not None:
        day, number = sought.after
        same = and_(visit_findings.c.due_on == day, visit_findings.c.id > number)
        statement = statement.where(or_(visit_findings.c.due_on > day, same))
    statement = statement.order_by(visit_findings.c.due_on, visit_findings.c.id).limit(sought.limit)
    return read_all(FollowUpRecord, tx.execute(statement))


def count_follow_ups(tx: Connection, sought: SoughtFollowUps) -> int:
    """Return how many `open_follow_ups` would give on all pages together."""
    found = _follow_ups().where(visit_findings.c.done_on.is_(None), *_under(sought))
    return tx.scalar(select(func.count()).select_from(found.subquery())) or 0


def _under(sought: SoughtFollowUps) -> list[ColumnElement[bool]]:
    under = [sought.roots, None if sought.unit_id is None else {sought.unit_id}]
    return [products.c.unit_id.in_(reach(roots)) for roots in under if roots is not None]


def last_visits(tx: Connection, roots: Collection[int] | None, on: date) -> dict[int, date]:
    """Return the day of the last visit by a local day, by the number of the certificate that was held then.

    Args:
        tx: the transaction.
        roots: units under which the products lie; none: anywhere.
        on: the local day of asking.
    """
    statement = select(visits.c.certificate_id, func.max(visits.c.visited_on)).where(
        _STANDS, visits.c.visited_on <= on
    )
    if roots is not None:
        theirs = select(products.c.id).where(products.c.unit_id.in_(reach(roots)))
        statement = statement.where(visits.c.product_id.in_(theirs))
    found = tx.execute(statement.group_by(visits.c.certificate_id))
    return {certificate: day for certificate, day in found}  # noqa: C416 - rows are no pairs to `dict`


def insert_visit(tx: Connection, values: dict[str, Any]) -> int:
    """Store a visit; returns its number."""
    number: int = tx.execute(insert(visits).values(values).returning(visits.c.id)).scalar_one()
    return number


def insert_findings(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Store what a visit has found."""
    dialect.insert_all(tx, insert(visit_findings), list(rows))


def withdraw_visit(tx: Connection, number: int, by: str, because: str, now: datetime) -> None:
    """Note that a visit was recorded by mistake."""
    gone = {"withdrawn_at": now, "withdrawn_by": by, "withdrawn_because": because}
    tx.execute(update(visits).where(visits.c.id == number).values(gone))


def note_done(tx: Connection, number: int, values: dict[str, Any]) -> None:
    """Write when a follow-up was done and by whom, or that it was not."""
    tx.execute(update(visit_findings).where(visit_findings.c.id == number).values(values))
