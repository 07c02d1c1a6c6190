"""Queries on plans that are kept beside their files, read already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select

from ocop_workflow.calendar.reading.compiled import FORMAT
from ocop_workflow.store.dialect import insert_all, insert_in
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.tables import compiled_plans, plans

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

#: what is kept of a plan holds for its file alone, and for the format that this version reads
HOLDS = and_(
    compiled_plans.c.plan_id == plans.c.id,
    compiled_plans.c.sha256 == plans.c.sha256,
    compiled_plans.c.format == FORMAT,
)

#: a process that has just started asks it for each plan
_CONTENT = Prepared(
    select(compiled_plans.c.content).where(
        compiled_plans.c.plan_id == bindparam("of_plan"),
        compiled_plans.c.sha256 == bindparam("of_file"),
        compiled_plans.c.format == FORMAT,
    )
)


def content(tx: Connection, plan_id: int, sha256: str) -> str | None:
    """Return what is kept of a plan with this very file; none: nothing that this version reads."""
    found = _CONTENT.rows(tx, of_plan=plan_id, of_file=sha256)
    return str(found[0][0]) if found else None


def not_kept(tx: Connection, plan_ids: Collection[int]) -> dict[int, str]:
    """Return those of these plans of which nothing is kept that holds, with the checksums of their files."""
    lacking = select(plans.c.id, plans.c.sha256).outerjoin(compiled_plans, HOLDS)
    found = tx.execute(lacking.where(compiled_plans.c.plan_id.is_(None)).order_by(plans.c.id))
    return {plan_id: sha256 for plan_id, sha256 in found if plan_id in plan_ids}


def keep(tx: Connection, contents: Mapping[int, tuple[str, str]]) -> None:
    """Keep of plans, by their numbers, the checksum of the file and what it was read as.

    A plan that is gone meanwhile is passed over; of two that keep the same at once the later one stays.
    """
    there = select(plans.c.id).where(plans.c.id.in_(contents)).with_for_update(read=True)
    rows = [
        {
            "plan_id": plan_id,
            "sha256": contents[plan_id][0],
            "format": FORMAT,
            "content": contents[plan_id][1],
        }
        for plan_id in tx.scalars(there)
    ]
    statement = insert_in(tx.dialect.name, compiled_plans)
    given = {name: statement.excluded[name] for name in ("sha256", "format", "content")}
    insert_all(tx, statement.on_conflict_do_update(index_elements=["plan_id"], set_=given), rows)
