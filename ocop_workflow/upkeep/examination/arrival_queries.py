"""Queries of the proof on the order in which things were recorded: as the audit has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ocop_workflow.store.tables.access import audit
from ocop_workflow.store.tables.imports import imports

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class EntryFact:
    """An entry of the audit that tells how dates changed or a product came in.

    `last_step`: the number of the last step of any product that the audit has before it; none: 0.
    """

    seq: int
    at: datetime
    last_step: int


#: the actions of which the proof has to know what came first
_ORDERED = (
    "plan.change",
    "extension.grant",
    "extension.revoke",
    "occurrence.record",
    "occurrence.undo",
    "activity.undo",
    "plan.import",
    "product.create",
)


def entries_in_order(tx: Connection) -> dict[tuple[str, str], list[EntryFact]]:
    """Return what the audit has of changed dates and of products that came in, by action and subject."""
    last_step = func.max(audit.c.transition_id).over(order_by=audit.c.seq, rows=(None, 0)).label("last_step")
    told = select(audit.c.seq, audit.c.at, audit.c.action, audit.c.subject, last_step).subquery()
    found: dict[tuple[str, str], list[EntryFact]] = {}
    for row in tx.execute(select(told).where(told.c.action.in_(_ORDERED)).order_by(told.c.seq)):
        found.setdefault((row.action, row.subject), []).append(EntryFact(row.seq, row.at, row.last_step or 0))
    return found


def imports_by_plan(tx: Connection) -> dict[int, list[int]]:
    """Return the numbers of each plan's imports, oldest first."""
    found: dict[int, list[int]] = {}
    for number, plan_id in tx.execute(select(imports.c.id, imports.c.plan_id).order_by(imports.c.id)):
        found.setdefault(plan_id, []).append(number)
    return found
