"""Queries on what the documents of a session say beside the session itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from ocop_workflow.states import Ending
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import certificates, products, transitions, units
from ocop_workflow.store.tables.councils import scored, sessions
from ocop_workflow.store.tables.dossiers import dossiers

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from ocop_workflow.states import Dossier, Event


@dataclass(frozen=True, slots=True)
class ScoredDossier:
    """The dossier of a product in a session; `unit_slug`: the commune that it lies in today."""

    scored_id: int
    kind: Dossier
    unit_id: int
    unit_slug: str
    office: str
    official_code: str | None


@dataclass(frozen=True, slots=True)
class GrantedRecord:
    """A certificate that a decision gave to a product."""

    product_id: int
    star: int
    number: str
    decided_on: date
    valid_until: date
    token: str
    shown_since: datetime | None


@dataclass(frozen=True, slots=True)
class NamedThen:
    """The name of a product's commune as a step had it."""

    product_id: int
    unit: str


def dossiers_in(tx: Connection, session_id: int) -> dict[int, ScoredDossier]:
    """Return the dossiers of a session's products, by the row of its list."""
    statement = (
        select(
            scored.c.id.label("scored_id"),
            dossiers.c.kind,
            products.c.unit_id,
            units.c.slug.label("unit_slug"),
            units.c.office,
            dossiers.c.official_code,
        )
        .join(products, products.c.id == scored.c.product_id)
        .join(units, units.c.id == products.c.unit_id)
        .join(
            dossiers,
            and_(dossiers.c.product_id == scored.c.product_id, dossiers.c.number == scored.c.dossier),
        )
        .where(scored.c.session_id == session_id)
    )
    return {item.scored_id: item for item in read_all(ScoredDossier, tx.execute(statement))}


def communes_then(tx: Connection, session_id: int, day: date) -> dict[int, str]:
    """Return what the communes of a session's products were called on a local day, by product."""
    last = (
        select(transitions.c.product_id, func.max(transitions.c.seq).label("seq"))
        .join(scored, scored.c.product_id == transitions.c.product_id)
        .where(scored.c.session_id == session_id, transitions.c.on_day <= day)
        .group_by(transitions.c.product_id)
        .subquery()
    )
    statement = select(transitions.c.product_id, transitions.c.unit).join(
        last, and_(last.c.product_id == transitions.c.product_id, last.c.seq == transitions.c.seq)
    )
    return {item.product_id: item.unit for item in read_all(NamedThen, tx.execute(statement))}


@dataclass(frozen=True, slots=True)
class LaterStep:
    """A step of a product behind the one by which a session's result was confirmed."""

    product_id: int
    seq: int
    event: Event
    undoes: int | None


def steps_after(tx: Connection, session_id: int) -> dict[int, Event]:
    """Return what was done first with each product after its result was confirmed, and stands, by product."""
    confirmed = transitions.alias("confirmed")
    statement = (
        select(transitions.c.product_id, transitions.c.seq, transitions.c.event, transitions.c.undoes)
        .join(confirmed, confirmed.c.product_id == transitions.c.product_id)
        .join(scored, scored.c.transition_id == confirmed.c.id)
        .where(scored.c.session_id == session_id, transitions.c.seq > confirmed.c.seq)
        .order_by(transitions.c.product_id, transitions.c.seq)
    )
    later = read_all(LaterStep, tx.execute(statement))
    undone = {(item.product_id, item.undoes) for item in later}
    found: dict[int, Event] = {}
    for item in later:
        if item.undoes is None and (item.product_id, item.seq) not in undone:
            found.setdefault(item.product_id, item.event)
    return found


def granted_by(tx: Connection, session_id: int, number: str, decided_on: date) -> dict[int, GrantedRecord]:
    """Return the certificates that a decision gave to a session's products, by product; none undone."""
    statement = (
        select(
            certificates.c.product_id,
            certificates.c.star,
            certificates.c.number,
            certificates.c.decided_on,
            certificates.c.valid_until,
            certificates.c.token,
            certificates.c.shown_since,
        )
        .join(scored, scored.c.product_id == certificates.c.product_id)
        .where(
            scored.c.session_id == session_id,
            certificates.c.number == number,
            certificates.c.decided_on == decided_on,
            func.coalesce(certificates.c.ended_because, "") != Ending.UNDONE.value,
        )
    )
    return {item.product_id: item for item in read_all(GrantedRecord, tx.execute(statement))}


def granted_beside(tx: Connection, number: str, decided_on: date) -> list[int]:
    """Return the certificates that a decision has granted here, none undone, by their numbers."""
    statement = (
        select(certificates.c.id)
        .where(
            certificates.c.number == number,
            certificates.c.decided_on == decided_on,
            certificates.c.product_id.is_not(None),
            func.coalesce(certificates.c.ended_because, "") != Ending.UNDONE.value,
        )
        .order_by(certificates.c.id)
    )
    return list(tx.scalars(statement))


@dataclass(frozen=True, slots=True)
class HeldStar:
    """The star of a certificate of a product."""

    product_id: int
    star: int


def stars_before(
    tx: Connection, session_id: int, number: str = "", decided_on: date | None = None
) -> dict[int, int]:
    """Return the stars that a session's products held when it was held, by product.

    Args:
        tx: the transaction.
        session_id: the session.
        number: of its own decision, whose certificates are not meant; empty: there is none.
        decided_on: that decision's local day.
    """
    held_on = select(sessions.c.held_on).where(sessions.c.id == session_id).scalar_subquery()
    listed = select(scored.c.product_id).where(scored.c.session_id == session_id)
    own = and_(certificates.c.number == number, certificates.c.decided_on == decided_on)
    statement = (
        select(certificates.c.product_id, certificates.c.star)
        .where(
            certificates.c.product_id.in_(listed),
            certificates.c.decided_on <= held_on,
            func.coalesce(certificates.c.ended_because, "").not_in(
                (Ending.UNDONE.value, Ending.REFUSED.value)
            ),
        )
        .order_by(certificates.c.decided_on, certificates.c.id)
    )
    if decided_on is not None:
        statement = statement.where(~own)
    return {item.product_id: item.star for item in read_all(HeldStar, tx.execute(statement))}


def granted_since(tx: Connection, session_id: int, number: str, since: datetime) -> list[str]:
    """Return the codes of a session's products whose certificate by a decision was recorded since then."""
    statement = (
        select(products.c.code)
        .join(scored, scored.c.product_id == products.c.id)
        .join(certificates, certificates.c.product_id == products.c.id)
        .where(
            scored.c.session_id == session_id,
            certificates.c.number == number,
            certificates.c.settled_at > since,
            func.coalesce(certificates.c.ended_because, "") != Ending.UNDONE.value,
        )
        .order_by(products.c.code)
        .distinct()
    )
    return list(tx.scalars(statement))
