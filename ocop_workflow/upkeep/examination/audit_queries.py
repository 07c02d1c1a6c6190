"""Queries on the audit: in which order things were recorded, and what is dated otherwise than there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, cast, func, literal, or_, select

from ocop_workflow.store.tables import extensions, products, transitions
from ocop_workflow.store.tables.access import audit
from ocop_workflow.store.tables.occurrences import occurrences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Column, Connection, Row


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
    "law.certificates",
)


def entries_in_order(tx: Connection) -> dict[tuple[str, str], list[EntryFact]]:
    """Return what the audit has of changed dates and of products that came in, by action and subject."""
    last_step = func.max(audit.c.transition_id).over(order_by=audit.c.seq, rows=(None, 0)).label("last_step")
    told = select(audit.c.seq, audit.c.at, audit.c.action, audit.c.subject, last_step).subquery()
    found: dict[tuple[str, str], list[EntryFact]] = {}
    for row in tx.execute(select(told).where(told.c.action.in_(_ORDERED)).order_by(told.c.seq)):
        found.setdefault((row.action, row.subject), []).append(EntryFact(row.seq, row.at, row.last_step or 0))
    return found


def steps_dated_otherwise(tx: Connection) -> Iterable[Row[Any]]:
    """Return the steps that bear another instant than their entry in the audit."""
    statement = (
        select(products.c.code, transitions.c.seq)
        .join(products, products.c.id == transitions.c.product_id)
        .join(audit, audit.c.transition_id == transitions.c.id)
        .where(audit.c.at != transitions.c.at)
        .order_by(products.c.code, transitions.c.seq)
    )
    return tx.execute(statement)


def steps_set_back(tx: Connection) -> Iterable[Row[Any]]:
    """Return the steps dated before the step that they follow, and whether the audit has that instant."""
    before = transitions.alias("before")
    statement = (
        select(products.c.code, transitions.c.seq, audit.c.seq.is_not(None).label("audited"))
        .join(products, products.c.id == transitions.c.product_id)
        .join(
            before,
            and_(
                before.c.product_id == transitions.c.product_id,
                before.c.seq == transitions.c.seq - 1,
            ),
        )
        .outerjoin(audit, and_(audit.c.transition_id == transitions.c.id, audit.c.at == transitions.c.at))
        .where(transitions.c.at < before.c.at)
        .order_by(products.c.code, transitions.c.seq)
    )
    return tx.execute(statement)


def extensions_dated_otherwise(tx: Connection) -> list[int]:
    """Return the extensions that bear other instants than their entries in the audit."""
    instants = {"grant": extensions.c.granted_at, "revoke": extensions.c.revoked_at}
    return _dated_otherwise(tx, "extension", extensions.c.id, instants)


def occurrences_dated_otherwise(tx: Connection) -> list[int]:
    """Return what happened to products that bears other instants than its entries in the audit."""
    instants = {"record": occurrences.c.recorded_at, "undo": occurrences.c.undone_at}
    return _dated_otherwise(tx, "occurrence", occurrences.c.id, instants)


def _dated_otherwise(
    tx: Connection, noun: str, number: Column[Any], instants: Mapping[str, Column[Any]]
) -> list[int]:
    """Return the rows that bear another instant than their entry in the audit; by deed the column."""
    differs = [
        and_(audit.c.action == f"{noun}.{deed}", audit.c.at != column) for deed, column in instants.items()
    ]
    statement = (
        select(number)
        .join(audit, audit.c.subject == literal(f"{noun}:") + cast(number, String))
        .where(or_(*differs))
        .order_by(number)
    )
    return list(tx.scalars(statement))
