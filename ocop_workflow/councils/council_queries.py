"""Queries on councils and who sits in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from ocop_workflow.places.queries import lineage, reach
from ocop_workflow.regulations.councils.words import Sitting
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import units
from ocop_workflow.store.tables.access import grants, officers
from ocop_workflow.store.tables.councils import council_members, councils, sessions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import Connection, Select

    from ocop_workflow.regulations import Level
    from ocop_workflow.regulations.councils.words import CouncilDuty


@dataclass(frozen=True, slots=True)
class CouncilRecord:
    """A council as it is stored; its level is that of its unit."""

    id: int
    unit_id: int
    unit: str
    unit_slug: str
    level: Level
    name: str
    decision_number: str
    decided_on: date
    rules: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """Somebody who sits in a council, from a local day on; `until`: the first on which it is over."""

    id: int
    officer_id: int
    login: str
    name: str
    duty: CouncilDuty
    position: str
    since: date
    until: date | None

    def sits_on(self, day: date) -> bool:
        """Tell whether somebody sits in the council on a local day."""
        return self.since <= day and (self.until is None or day < self.until)


def _councils() -> Select[Any]:
    return (
        select(
            councils.c.id,
            councils.c.unit_id,
            units.c.name.label("unit"),
            units.c.slug.label("unit_slug"),
            units.c.level,
            councils.c.name,
            councils.c.decision_number,
            councils.c.decided_on,
            councils.c.rules,
        )
        .join(units, units.c.id == councils.c.unit_id)
        .order_by(councils.c.decided_on.desc(), councils.c.id.desc())
    )


def council_by_id(tx: Connection, council_id: int) -> CouncilRecord | None:
    """Return a council; none: there is no such."""
    return read_one(CouncilRecord, tx.execute(_councils().where(councils.c.id == council_id)))


def councils_within(tx: Connection, roots: Collection[int] | None) -> list[CouncilRecord]:
    """Return the councils of the units below these, youngest first; none given: all."""
    statement = _councils()
    if roots is not None:
        statement = statement.where(councils.c.unit_id.in_(reach(roots)))
    return read_all(CouncilRecord, tx.execute(statement))


def insert_council(tx: Connection, values: dict[str, Any]) -> int:
    """Store a council; returns its number."""
    number: int = tx.execute(insert(councils).values(values).returning(councils.c.id)).scalar_one()
    return number


def write_rules(tx: Connection, council_id: int, rules: dict[str, Any]) -> None:
    """Give a council other rules; sessions that were opened keep theirs."""
    tx.execute(update(councils).where(councils.c.id == council_id).values(rules=rules))


def hold_council(tx: Connection, council_id: int) -> None:
    """Let nobody else change who sits in a council, or open a session of it, until the transaction ends."""
    tx.execute(select(councils.c.id).where(councils.c.id == council_id).with_for_update())


def last_opened(tx: Connection, council_id: int) -> tuple[str, date] | None:
    """Return name and day of the last session of a council that was opened; none: none was."""
    statement = (
        select(sessions.c.name, sessions.c.held_on)
        .where(sessions.c.council_id == council_id, sessions.c.stage != Sitting.DRAFT)
        .order_by(sessions.c.held_on.desc(), sessions.c.id.desc())
        .limit(1)
    )
    row = tx.execute(statement).one_or_none()
    return (row.name, row.held_on) if row else None


def members_of(tx: Connection, council_id: int) -> list[MemberRecord]:
    """Return everybody who sits or sat in a council, in the order in which they were seated.

    Two of one name are told apart by their logins: who has signed, and who is waited for, is told by names.
    """
    statement = (
        select(
            council_members.c.id,
            council_members.c.officer_id,
            officers.c.login,
            officers.c.name,
            council_members.c.duty,
            council_members.c.position,
            council_members.c.since,
            council_members.c.until,
        )
        .join(officers, officers.c.id == council_members.c.officer_id)
        .where(council_members.c.council_id == council_id)
        .order_by(council_members.c.id)
    )
    found = read_all(MemberRecord, tx.execute(statement))
    bearers = Counter(name for name, _ in {(item.name, item.officer_id) for item in found})
    return [
        replace(item, name=f"{item.name} ({item.login})") if bearers[item.name] > 1 else item
        for item in found
    ]


def insert_member(tx: Connection, values: dict[str, Any]) -> int:
    """Seat somebody; returns the number of the seat."""
    number: int = tx.execute(
        insert(council_members).values(values).returning(council_members.c.id)
    ).scalar_one()
    return number


def end_member(tx: Connection, member_id: int, until: date) -> None:
    """Let somebody sit in a council no more from a local day on."""
    tx.execute(update(council_members).where(council_members.c.id == member_id).values(until=until))


def who_may_sit(tx: Connection, unit_id: int) -> list[tuple[str, str]]:
    """Return login and name of the active officers with a role on a unit or above it."""
    statement = (
        select(officers.c.login, officers.c.name)
        .join(grants, grants.c.officer_id == officers.c.id)
        .where(
            grants.c.revoked_at.is_(None),
            officers.c.disabled_at.is_(None),
            grants.c.unit_id.in_(lineage(tx, unit_id)),
        )
        .distinct()
        .order_by(officers.c.login)
    )
    return [(row.login, row.name) for row in tx.execute(statement)]
