"""Queries on loaded plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from ocop_workflow.states import State
from ocop_workflow.storage.tables import plans, products, units

if TYPE_CHECKING:
    from collections.abc import Collection

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
    regulation: str
    sha256: str


def _records() -> Select[Any]:
    return select(
        plans.c.id,
        plans.c.slug,
        plans.c.code,
        plans.c.title,
        plans.c.year,
        plans.c.unit_id,
        units.c.name,
        plans.c.regulation,
        plans.c.sha256,
    ).join(units, units.c.id == plans.c.unit_id)


#: built once: each step of a product asks it
_BY_SLUG = _records().where(plans.c.slug == bindparam("of_slug"))


def plan_by_slug(tx: Connection, slug: str) -> PlanRecord | None:
    """Return the plan of this id, if it is loaded."""
    row = tx.execute(_BY_SLUG, {"of_slug": slug}).one_or_none()
    return PlanRecord(*row) if row else None


def plans_by_id(tx: Connection, ids: Collection[int]) -> dict[int, PlanRecord]:
    """Return these plans by their number."""
    return {row[0]: PlanRecord(*row) for row in tx.execute(_records().where(plans.c.id.in_(ids)))}


def all_plans(tx: Connection) -> list[PlanRecord]:
    """Return every loaded plan, newest year first."""
    return [PlanRecord(*row) for row in tx.execute(_records().order_by(plans.c.year.desc(), plans.c.slug))]


def code_taken(tx: Connection, code: str) -> bool:
    """Tell whether another plan already uses this prefix for its products' codes."""
    return tx.scalar(select(plans.c.id).where(plans.c.code == code)) is not None


def plan_text(tx: Connection, plan_id: int) -> str:
    """Return the plan's file as it was loaded."""
    return str(tx.execute(select(plans.c.text).where(plans.c.id == plan_id)).scalar_one())


def insert_plan(tx: Connection, values: dict[str, Any]) -> int:
    """Store a plan; returns its number."""
    return int(tx.execute(insert(plans).values(**values).returning(plans.c.id)).scalar_one())


def replace_checksum(tx: Connection, plan_id: int, sha256: str) -> None:
    """Let another calendar stand behind a plan; only a simulation's copy does that."""
    tx.execute(update(plans).where(plans.c.id == plan_id).values(sha256=sha256))


def products_by_state(tx: Connection, plan_id: int) -> dict[State, int]:
    """Count the plan's products in each state."""
    rows = tx.execute(
        select(products.c.state, func.count()).where(products.c.plan_id == plan_id).group_by(products.c.state)
    )
    return {State(state): int(count) for state, count in rows}


def loaders(tx: Connection) -> set[str]:
    """Return who has loaded plans."""
    return set(tx.scalars(select(plans.c.loaded_by).distinct()))
