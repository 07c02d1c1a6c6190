"""Queries on loaded plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, bindparam, func, insert, literal, or_, select, update

from ocop_workflow.calendar import DeadlineKind
from ocop_workflow.places.queries import above, reach
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all, read_one
from ocop_workflow.store.tables import deadlines, plan_versions, plans, units
from ocop_workflow.store.types import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection, Select


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A loaded plan, without its text."""

    id: int
    slug: str
    code: str
    title: str
    year: int
    unit_id: int
    unit_name: str
    unit_slug: str
    regulation: str
    sha256: str
    version: int


def _records() -> Select[Any]:
    return select(
        plans.c.id,
        plans.c.slug,
        plans.c.code,
        plans.c.title,
        plans.c.year,
        plans.c.unit_id,
        units.c.name.label("unit_name"),
        units.c.slug.label("unit_slug"),
        plans.c.regulation,
        plans.c.sha256,
        plans.c.version,
    ).join(units, units.c.id == plans.c.unit_id)


#: built once: each step of a product asks it
_BY_SLUG = _records().where(plans.c.slug == bindparam("of_slug"))


def plan_by_slug(tx: Connection, slug: str) -> PlanRecord | None:
    """Return the plan of this id, if it is loaded."""
    return read_one(PlanRecord, tx.execute(_BY_SLUG, {"of_slug": slug}))


def plans_by_id(tx: Connection, ids: Collection[int]) -> dict[int, PlanRecord]:
    """Return these plans by their number."""
    found = read_all(PlanRecord, tx.execute(_records().where(plans.c.id.in_(ids))))
    return {record.id: record for record in found}


def all_plans(tx: Connection) -> list[PlanRecord]:
    """Return every loaded plan, newest year first."""
    return read_all(PlanRecord, tx.execute(_records().order_by(plans.c.year.desc(), plans.c.slug)))


def plans_around(tx: Connection, roots: Collection[int]) -> list[PlanRecord]:
    """Return the loaded plans of the units under these roots and above them, newest year first."""
    theirs = or_(plans.c.unit_id.in_(reach(roots)), plans.c.unit_id.in_(above(roots)))
    return read_all(
        PlanRecord, tx.execute(_records().where(theirs).order_by(plans.c.year.desc(), plans.c.slug))
    )


def left_without_successor(tx: Connection, year: int) -> list[tuple[PlanRecord, int]]:
    """Return the plans of earlier years whose authority has none of this year or later.

    Each with the number of products that have a milestone of it ahead.
    """
    later = plans.alias("later")
    succeeded = select(later.c.id).where(later.c.unit_id == plans.c.unit_id, later.c.year >= year).exists()
    found = tx.execute(_records().where(plans.c.year < year, ~succeeded).order_by(plans.c.id))
    return [(record, _open_milestones(tx, record.id)) for record in read_all(PlanRecord, found)]


def _open_milestones(tx: Connection, plan_id: int) -> int:
    statement = select(func.count()).where(
        deadlines.c.plan_id == plan_id,
        deadlines.c.kind == DeadlineKind.MILESTONE,
        deadlines.c.closed_on.is_(None),
    )
    return int(tx.execute(statement).scalar_one())


def code_taken(tx: Connection, code: str) -> bool:
    """Tell whether another plan already uses this prefix for its products' codes."""
    return tx.scalar(select(plans.c.id).where(plans.c.code == code)) is not None


def is_in_force(tx: Connection, sha256: str) -> bool:
    """Tell whether a plan in force has this checksum."""
    return tx.scalar(select(plans.c.id).where(plans.c.sha256 == sha256)) is not None


def plan_text(tx: Connection, plan_id: int) -> str:
    """Return the plan's file as it was loaded."""
    return str(tx.execute(select(plans.c.text).where(plans.c.id == plan_id)).scalar_one())


def insert_plan(tx: Connection, values: dict[str, Any]) -> int:
    """Store a plan; returns its number."""
    return int(tx.execute(insert(plans).values(**values).returning(plans.c.id)).scalar_one())


def is_held(tx: Connection, plan_id: int, sha256: str) -> bool:
    """Tell whether a plan still has this checksum; if so, nobody changes it before this transaction ends.

    SQLite has only one writer, and a reader sees one snapshot anyway.
    """
    if tx.dialect.name == "sqlite" or tx.get_execution_options().get("postgresql_readonly"):
        return True
    return _HELD.rows(tx, of_plan=plan_id) == [(sha256,)]


def are_held(tx: Connection, sums: Mapping[int, str]) -> bool:
    """Tell the same of many plans, given by their numbers, in one question."""
    if not sums or tx.dialect.name == "sqlite" or tx.get_execution_options().get("postgresql_readonly"):
        return True
    held = select(plans.c.id, plans.c.sha256).where(plans.c.id.in_(sums)).order_by(plans.c.id)
    found = {row.id: row.sha256 for row in tx.execute(held.with_for_update(read=True))}
    return found == dict(sums)


#: each step of a product asks it
_HELD = Prepared(select(plans.c.sha256).where(plans.c.id == bindparam("of_plan")).with_for_update(read=True))


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version of a plan that a change has replaced."""

    plan_id: int
    version: int
    sha256: str
    text: str
    loaded_at: datetime
    loaded_by: str
    replaced_on: date
    replaced_at: datetime
    replaced_by: str


def earlier_versions(tx: Connection, plan_id: int | None = None) -> list[VersionRecord]:
    """Return the versions that changes of a plan (none: of all plans) have replaced, oldest first."""
    statement = select(plan_versions).order_by(plan_versions.c.plan_id, plan_versions.c.version)
    if plan_id is not None:
        statement = statement.where(plan_versions.c.plan_id == plan_id)
    return read_all(VersionRecord, tx.execute(statement))


def loaded(tx: Connection, plan_id: int) -> tuple[datetime, str]:
    """Return when and by whom the version of a plan that is in force was loaded."""
    at, by = tx.execute(select(plans.c.loaded_at, plans.c.loaded_by).where(plans.c.id == plan_id)).one()
    return at, by


def first_loaded_on(tx: Connection, plan_id: int) -> date:
    """Return the day on which a plan's first version was loaded, by UTC: at most one before the local day."""
    instants = [kept.loaded_at for kept in earlier_versions(tx, plan_id)]
    return min([*instants, loaded(tx, plan_id)[0]]).date()


def replace_version(tx: Connection, record: PlanRecord, values: dict[str, Any], on: date) -> None:
    """Let a new version of a plan take the place of the one in force, which is kept.

    Args:
        tx: a writing transaction.
        record: the plan as it stands.
        values: the new version's title, sha256, text, loaded_at and loaded_by.
        on: the local day from which it holds.
    """
    kept = select(
        plans.c.id,
        plans.c.version,
        plans.c.sha256,
        plans.c.text,
        plans.c.loaded_at,
        plans.c.loaded_by,
        literal(on, Date()),
        literal(values["loaded_at"], UtcDateTime()),
        literal(values["loaded_by"]),
    ).where(plans.c.id == record.id)
    columns = [column.name for column in plan_versions.columns]
    tx.execute(insert(plan_versions).from_select(columns, kept))
    tx.execute(update(plans).where(plans.c.id == record.id).values(**values, version=record.version + 1))


def replace_checksum(tx: Connection, plan_id: int, sha256: str) -> None:
    """Let another calendar stand behind a plan; only a simulation's copy does that."""
    tx.execute(update(plans).where(plans.c.id == plan_id).values(sha256=sha256))


def hold_serial(tx: Connection, plan_id: int) -> None:
    """Let nobody else give a product of this plan its code before this transaction ends."""
    tx.execute(select(plans.c.id).where(plans.c.id == plan_id).with_for_update())
