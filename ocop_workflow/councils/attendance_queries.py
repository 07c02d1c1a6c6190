"""Queries on who is there in a session, who may not score what, and who has answered in writing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from ocop_workflow.regulations.councils.words import SheetStage
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables.councils import (
    attendance,
    conflicts,
    opinions,
    scored,
    sessions,
    sheets,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class AttendanceRecord:
    """Whether a member is there, and why not."""

    member_id: int
    is_present: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class ConflictRecord:
    """Why a member may not score a product."""

    scored_id: int
    member_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class OpinionRecord:
    """What a member says in writing of the agency's sheet."""

    scored_id: int
    member_id: int
    agrees: bool
    reason: str | None


def attendance_of(tx: Connection, session_id: int) -> dict[int, AttendanceRecord]:
    """Return who is there and who is not, by member; of whom nothing is noted, nothing."""
    statement = select(attendance.c.member_id, attendance.c.is_present, attendance.c.reason).where(
        attendance.c.session_id == session_id
    )
    return {item.member_id: item for item in read_all(AttendanceRecord, tx.execute(statement))}


def write_attendance(tx: Connection, session_id: int, member_id: int, values: dict[str, Any]) -> None:
    """Note whether a member is there."""
    of = (attendance.c.session_id == session_id, attendance.c.member_id == member_id)
    if not tx.execute(update(attendance).where(*of).values(values)).rowcount:
        tx.execute(insert(attendance).values(session_id=session_id, member_id=member_id, **values))


def has_signed(tx: Connection, session_id: int, member_id: int) -> bool:
    """Tell whether a member has signed a sheet in a session."""
    statement = (
        select(sheets.c.id)
        .join(scored, scored.c.id == sheets.c.scored_id)
        .where(
            scored.c.session_id == session_id,
            sheets.c.member_id == member_id,
            sheets.c.stage != SheetStage.OPEN,
        )
        .limit(1)
    )
    return tx.execute(statement).first() is not None


def conflicts_in(tx: Connection, session_id: int) -> list[ConflictRecord]:
    """Return who may not score what in a session."""
    statement = (
        select(conflicts.c.scored_id, conflicts.c.member_id, conflicts.c.reason)
        .join(scored, scored.c.id == conflicts.c.scored_id)
        .where(scored.c.session_id == session_id)
        .order_by(conflicts.c.scored_id, conflicts.c.member_id)
    )
    return read_all(ConflictRecord, tx.execute(statement))


def insert_conflict(tx: Connection, values: dict[str, Any]) -> None:
    """Note that a member may not score a product."""
    tx.execute(insert(conflicts).values(values))


def carry_conflicts(tx: Connection, scored_id: int, product_id: int, dossier: int, council_id: int) -> None:
    """Note of a product on a list who has declared before not to score this dossier in this council."""
    kept = [column for column in conflicts.c if column is not conflicts.c.scored_id]
    statement = (
        select(*kept)
        .join(scored, scored.c.id == conflicts.c.scored_id)
        .join(sessions, sessions.c.id == scored.c.session_id)
        .where(
            scored.c.product_id == product_id,
            scored.c.dossier == dossier,
            sessions.c.council_id == council_id,
        )
        .order_by(conflicts.c.declared_at)
    )
    found = {row.member_id: dict(row._mapping) for row in tx.execute(statement)}  # noqa: SLF001 - a row's columns
    for values in found.values():
        tx.execute(insert(conflicts).values(scored_id=scored_id, **values))


def opinions_in(tx: Connection, session_id: int) -> list[OpinionRecord]:
    """Return what the members have answered in writing."""
    statement = (
        select(opinions.c.scored_id, opinions.c.member_id, opinions.c.agrees, opinions.c.reason)
        .join(scored, scored.c.id == opinions.c.scored_id)
        .where(scored.c.session_id == session_id)
        .order_by(opinions.c.scored_id, opinions.c.member_id)
    )
    return read_all(OpinionRecord, tx.execute(statement))


def write_opinion(tx: Connection, scored_id: int, member_id: int, values: dict[str, Any]) -> None:
    """Note what a member answers; a later answer takes the place of an earlier one."""
    of = (opinions.c.scored_id == scored_id, opinions.c.member_id == member_id)
    if not tx.execute(update(opinions).where(*of).values(values)).rowcount:
        tx.execute(insert(opinions).values(scored_id=scored_id, member_id=member_id, **values))


def forget_opinions(tx: Connection, session_id: int) -> None:
    """Forget what was answered in writing: the council meets instead."""
    of = select(scored.c.id).where(scored.c.session_id == session_id)
    tx.execute(delete(opinions).where(opinions.c.scored_id.in_(of)))
