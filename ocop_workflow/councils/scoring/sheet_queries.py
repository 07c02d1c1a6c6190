"""Queries on score sheets. While a product is being scored, a sheet is read by its author's number alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, select, update

from ocop_workflow.regulations.councils.words import (
    READABLE,
    CouncilDuty,
    Scoring,
    SessionMode,
    SheetStage,
    Sitting,
    sheet_named,
)
from ocop_workflow.store.dialect import insert_in, insert_new
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables import products
from ocop_workflow.store.tables.access import officers
from ocop_workflow.store.tables.councils import (
    attendance,
    conflicts,
    council_members,
    councils,
    entries,
    opinions,
    scored,
    sessions,
    sheets,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from ocop_workflow.regulations.councils.words import SignedBy


@dataclass(frozen=True, slots=True)
class SeatRecord:
    """An officer at a product of a session: everything that saving a choice depends on.

    `is_present`: none where nothing is noted. `sheet_id`: none where nothing is filled in yet.
    """

    scored_id: int
    unit_id: int
    code: str
    regulation: str
    product_set: int | None
    stage: Scoring
    round: int
    due_on: date
    session: Sitting
    mode: SessionMode
    rules: dict[str, Any] | None
    member_id: int
    duty: CouncilDuty
    is_present: bool | None
    conflict: str | None
    sheet_id: int | None
    sheet_stage: SheetStage | None

    @property
    def sheet(self) -> str:
        """By which sheet the product is scored, as `result_of` takes it."""
        return sheet_named(self.product_set, self.regulation)


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """One entry of a sheet; `version`: how often it was chosen."""

    place: str
    value: Any
    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A sheet without what it says."""

    id: int
    scored_id: int
    member_id: int
    round: int
    stage: SheetStage
    opened_at: datetime
    saved_at: datetime
    signed_at: datetime | None
    signed_by: SignedBy | None
    sha256: str | None


#: asked for with each choice
_SEAT = Prepared(
    select(
        scored.c.id.label("scored_id"),
        councils.c.unit_id,
        products.c.code,
        scored.c.regulation,
        scored.c.product_set,
        scored.c.stage,
        scored.c.round,
        scored.c.due_on,
        sessions.c.stage.label("session"),
        sessions.c.mode,
        sessions.c.rules,
        council_members.c.id.label("member_id"),
        council_members.c.duty,
        attendance.c.is_present,
        conflicts.c.reason.label("conflict"),
        sheets.c.id.label("sheet_id"),
        sheets.c.stage.label("sheet_stage"),
    )
    .join(products, products.c.id == scored.c.product_id)
    .join(sessions, sessions.c.id == scored.c.session_id)
    .join(councils, councils.c.id == sessions.c.council_id)
    .join(
        council_members,
        and_(
            council_members.c.council_id == sessions.c.council_id,
            council_members.c.officer_id == bindparam("of_officer"),
            council_members.c.since <= sessions.c.held_on,
            or_(council_members.c.until.is_(None), council_members.c.until > sessions.c.held_on),
        ),
    )
    .outerjoin(
        attendance,
        and_(attendance.c.session_id == sessions.c.id, attendance.c.member_id == council_members.c.id),
    )
    .outerjoin(
        conflicts,
        and_(conflicts.c.scored_id == scored.c.id, conflicts.c.member_id == council_members.c.id),
    )
    .outerjoin(
        sheets,
        and_(
            sheets.c.scored_id == scored.c.id,
            sheets.c.member_id == council_members.c.id,
            sheets.c.round == scored.c.round,
        ),
    )
    .where(
        scored.c.session_id == bindparam("of_session"),
        products.c.code == bindparam("of_code"),
    )
    .order_by(scored.c.id.desc(), council_members.c.id)
    .limit(1)
)
_FIRST = Prepared(insert(entries))


@cache
def _keep(dialect: str) -> Prepared:
    """Return what keeps an entry, chosen for the first time or once more."""
    first = insert_in(dialect, entries)
    again = {name: first.excluded[name] for name in ("value", "saved_at")}
    of = [entries.c.sheet_id, entries.c.place]
    return Prepared(
        first.on_conflict_do_update(index_elements=of, set_={**again, "version": entries.c.version + 1})
    )


#: nothing is written into a sheet that was signed meanwhile, or whose round is not scored any more
_TOUCH = Prepared(
    update(sheets)
    .where(
        sheets.c.id == bindparam("of_sheet"),
        sheets.c.stage == SheetStage.OPEN,
        select(scored.c.id)
        .where(
            scored.c.id == sheets.c.scored_id,
            scored.c.stage == Scoring.SCORING,
            scored.c.round == sheets.c.round,
        )
        .exists(),
    )
    .values(saved_at=bindparam("now", type_=sheets.c.saved_at.type))
)
_ENTRIES = Prepared(
    select(entries.c.place, entries.c.value, entries.c.version, entries.c.saved_at)
    .where(entries.c.sheet_id == bindparam("of_sheet"))
    .order_by(entries.c.place)
)
#: asked for after each choice, without when it was made
_SAID = Prepared(select(entries.c.place, entries.c.value).where(entries.c.sheet_id == bindparam("of_sheet")))


def seat_at(tx: Connection, session_id: int, code: str, officer_id: int) -> SeatRecord | None:
    """Return an officer's seat at a product of a session; none: no such product, or no seat."""
    found = _SEAT.records(SeatRecord, tx, of_session=session_id, of_code=code, of_officer=officer_id)
    return found[0] if found else None


def open_sheet(tx: Connection, scored_id: int, member_id: int, number: int, now: datetime) -> int:
    """Open a sheet of a round for a member, if it is not there yet; returns its number."""
    of = {"scored_id": scored_id, "member_id": member_id, "round": number}
    values = {**of, "stage": SheetStage.OPEN, "opened_at": now, "saved_at": now}
    tx.execute(insert_new(tx, sheets).values(values))
    found: int = tx.execute(
        select(sheets.c.id).where(*(sheets.c[name] == value for name, value in of.items()))
    ).scalar_one()
    return found


def touch_sheet(tx: Connection, sheet_id: int, now: datetime) -> bool:
    """Take hold of a sheet that may still be written into; tells whether it may."""
    return bool(_TOUCH.count(tx, of_sheet=sheet_id, now=now))


def keep_entry(tx: Connection, sheet_id: int, place: str, value: object, now: datetime) -> None:
    """Keep one entry of a sheet, which is held."""
    keep = _keep(tx.dialect.name)
    keep.count(tx, sheet_id=sheet_id, place=place, value=value, version=1, saved_at=now)


@dataclass(frozen=True, slots=True)
class MySessionRecord:
    """An open session in which an officer sits; `left`: products that wait for the officer's sheet."""

    id: int
    name: str
    held_on: date
    left: int


def my_open_sessions(tx: Connection, officer_id: int) -> list[MySessionRecord]:
    """Return the open sessions in which an officer sits and does not only keep the records, oldest first."""
    mine = and_(
        council_members.c.council_id == sessions.c.council_id,
        council_members.c.officer_id == officer_id,
        council_members.c.since <= sessions.c.held_on,
        or_(council_members.c.until.is_(None), council_members.c.until > sessions.c.held_on),
        council_members.c.duty != CouncilDuty.SECRETARY,
    )
    signed = exists().where(
        sheets.c.scored_id == scored.c.id,
        sheets.c.member_id == council_members.c.id,
        sheets.c.round == scored.c.round,
        sheets.c.stage == SheetStage.SIGNED,
    )
    barred = exists().where(
        conflicts.c.scored_id == scored.c.id, conflicts.c.member_id == council_members.c.id
    )
    answered = exists().where(
        opinions.c.scored_id == scored.c.id, opinions.c.member_id == council_members.c.id
    )
    waits = and_(
        scored.c.session_id == sessions.c.id,
        scored.c.stage == Scoring.SCORING,
        ~signed,
        ~barred,
        ~answered,
    )
    statement = (
        select(sessions.c.id, sessions.c.name, sessions.c.held_on, func.count(scored.c.id).label("left"))
        .join(council_members, mine)
        .outerjoin(scored, waits)
        .where(sessions.c.stage == Sitting.OPEN)
        .group_by(sessions.c.id, sessions.c.name, sessions.c.held_on)
        .order_by(sessions.c.held_on, sessions.c.id)
    )
    return read_all(MySessionRecord, tx.execute(statement))


def entries_of(tx: Connection, sheet_id: int) -> list[EntryRecord]:
    """Return the entries of a sheet; whoever asks has found out that it may be read."""
    return _ENTRIES.records(EntryRecord, tx, of_sheet=sheet_id)


def said_on(tx: Connection, sheet_id: int) -> dict[str, Any]:
    """Return what a sheet says by place; likewise."""
    return dict(_SAID.rows(tx, of_sheet=sheet_id))


_SHEET = [sheets.c[name] for name in SheetRecord.__slots__]


def sheets_in(tx: Connection, session_id: int) -> list[SheetRecord]:
    """Return all sheets of a session without what they say: who has opened one, who has signed."""
    statement = (
        select(*_SHEET)
        .join(scored, scored.c.id == sheets.c.scored_id)
        .where(scored.c.session_id == session_id)
        .order_by(sheets.c.scored_id, sheets.c.member_id, sheets.c.round)
    )
    return read_all(SheetRecord, tx.execute(statement))


def readable_entries(tx: Connection, session_id: int) -> dict[int, dict[str, Any]]:
    """Return what the signed sheets say of those products of a session that are closed, by sheet.

    Sheets of an earlier round have been read already; in writing the members answer to the agency's sheet.
    """
    statement = (
        select(entries.c.sheet_id, entries.c.place, entries.c.value)
        .join(sheets, sheets.c.id == entries.c.sheet_id)
        .join(scored, scored.c.id == sheets.c.scored_id)
        .join(sessions, sessions.c.id == scored.c.session_id)
        .where(
            scored.c.session_id == session_id,
            or_(
                scored.c.stage.in_(READABLE),
                sheets.c.round < scored.c.round,
                sessions.c.mode == SessionMode.WRITTEN,
            ),
            sheets.c.stage.in_((SheetStage.SIGNED, SheetStage.SUPERSEDED)),
        )
        .order_by(entries.c.sheet_id, entries.c.place)
    )
    found: dict[int, dict[str, Any]] = {}
    for row in tx.execute(statement):
        found.setdefault(row.sheet_id, {})[row.place] = row.value
    return found


def hold_sheet(tx: Connection, sheet_id: int) -> None:
    """Let nobody write into a sheet until the transaction ends."""
    tx.execute(select(sheets.c.id).where(sheets.c.id == sheet_id).with_for_update())


def signatures_of(tx: Connection, scored_id: int, number: int) -> list[tuple[str, str]]:
    """Return who has signed a sheet of a round of a product, and its checksum, by login."""
    statement = (
        select(officers.c.login, sheets.c.sha256)
        .join(council_members, council_members.c.id == sheets.c.member_id)
        .join(officers, officers.c.id == council_members.c.officer_id)
        .where(
            sheets.c.scored_id == scored_id,
            sheets.c.round == number,
            sheets.c.stage == SheetStage.SIGNED,
        )
        .order_by(officers.c.login)
    )
    return [(row.login, row.sha256) for row in tx.execute(statement)]


def sign_sheet(tx: Connection, sheet_id: int, values: dict[str, Any]) -> bool:
    """Sign a sheet that is being filled in; tells whether it was."""
    return bool(
        tx.execute(
            update(sheets)
            .where(sheets.c.id == sheet_id, sheets.c.stage == SheetStage.OPEN)
            .values(stage=SheetStage.SIGNED, **values)
        ).rowcount
    )


def copy_into(tx: Connection, sheet_id: int, other_id: int, now: datetime) -> None:
    """Let a new sheet begin with what another one says."""
    put_in_place(tx, sheet_id, said_on(tx, other_id), now)


def supersede(tx: Connection, scored_id: int, member_id: int, before: int) -> None:
    """Note that a member's sheets of earlier rounds have been replaced."""
    tx.execute(
        update(sheets)
        .where(
            sheets.c.scored_id == scored_id,
            sheets.c.member_id == member_id,
            sheets.c.round < before,
            sheets.c.stage == SheetStage.SIGNED,
        )
        .values(stage=SheetStage.SUPERSEDED)
    )


def put_in_place(tx: Connection, sheet_id: int, said: dict[str, Any], now: datetime) -> None:
    """Let a sheet say what was signed on paper; what was only begun in it goes."""
    tx.execute(delete(entries).where(entries.c.sheet_id == sheet_id))
    for place, value in said.items():
        _FIRST.count(tx, sheet_id=sheet_id, place=place, value=value, version=1, saved_at=now)
