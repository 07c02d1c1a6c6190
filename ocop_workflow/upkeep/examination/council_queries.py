"""Queries on sessions and score sheets for whoever examines the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, select

from ocop_workflow.regulations.councils.words import Scoring, SheetStage
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import products, transitions
from ocop_workflow.store.tables.access import officers
from ocop_workflow.store.tables.councils import council_members, entries, scored, sessions, sheets
from ocop_workflow.store.tables.documents import documents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Connection

    from ocop_workflow.regulations.councils.documents import FiledDocument


@dataclass(frozen=True, slots=True)
class SignedFact:
    """A sheet that was signed: what its checksum holds fast, and the checksum."""

    id: int
    session: int
    product: str
    regulation: str
    product_set: int | None
    member: str
    round: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class ConfirmedFact:
    """A result that was confirmed, and the step that it is: none where there is no such step that stands."""

    session: int
    product: str
    transition_id: int | None
    data: dict[str, Any] | None


def signed_sheets(tx: Connection) -> Iterator[tuple[SignedFact, dict[str, Any]]]:
    """Yield every signed sheet with what it says."""
    statement = (
        select(
            sheets.c.id,
            scored.c.session_id.label("session"),
            products.c.code.label("product"),
            scored.c.regulation,
            scored.c.product_set,
            officers.c.login.label("member"),
            sheets.c.round,
            sheets.c.sha256,
        )
        .join(scored, scored.c.id == sheets.c.scored_id)
        .join(products, products.c.id == scored.c.product_id)
        .join(council_members, council_members.c.id == sheets.c.member_id)
        .join(officers, officers.c.id == council_members.c.officer_id)
        .where(sheets.c.stage != SheetStage.OPEN)
        .order_by(sheets.c.id)
    )
    said = select(entries.c.place, entries.c.value)
    for fact in read_all(SignedFact, tx.execute(statement)):
        rows = tx.execute(said.where(entries.c.sheet_id == fact.id))
        yield fact, {row.place: row.value for row in rows}


def confirmed_results(tx: Connection) -> list[ConfirmedFact]:
    """Return every confirmed result with the data of the step that it is."""
    undone = transitions.alias()
    stands = ~exists().where(
        and_(undone.c.product_id == transitions.c.product_id, undone.c.undoes == transitions.c.seq)
    )
    statement = (
        select(
            scored.c.session_id.label("session"),
            products.c.code.label("product"),
            scored.c.transition_id,
            transitions.c.data,
        )
        .join(products, products.c.id == scored.c.product_id)
        .outerjoin(
            transitions,
            and_(
                transitions.c.id == scored.c.transition_id,
                transitions.c.product_id == scored.c.product_id,
                stands,
            ),
        )
        .where(scored.c.stage == Scoring.CONFIRMED)
        .order_by(scored.c.id)
    )
    return read_all(ConfirmedFact, tx.execute(statement))


@dataclass(frozen=True, slots=True)
class IssuedFact:
    """A document that was issued.

    `decided_on`: the day of the decision that its session has on record.
    """

    id: int
    session_id: int | None
    transition_id: int | None
    unit_id: int | None
    since: date | None
    until: date | None
    kind: FiledDocument
    number: str
    serial: int
    year: int
    issued_on: date
    decided_on: date | None


def issued_documents(tx: Connection) -> list[IssuedFact]:
    """Return every document that was issued."""
    own = [documents.c[name] for name in IssuedFact.__slots__ if name in documents.c]
    statement = (
        select(*own, sessions.c.decided_on)
        .select_from(documents)
        .outerjoin(sessions, sessions.c.id == documents.c.session_id)
        .order_by(documents.c.id)
    )
    return read_all(IssuedFact, tx.execute(statement))
