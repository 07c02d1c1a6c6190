"""Queries on desks: to whom letters speak. Each unit has one, an officer with an address of their own too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from ocop_workflow.access import DeskKind
from ocop_workflow.store.tables import desks

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select


def desk_of(unit: ColumnElement[Any] | int) -> ScalarSelect[int]:
    """Select the number of a unit's desk: one look at an index."""
    return select(desks.c.id).where(desks.c.unit_id == unit).correlate_except(desks).scalar_subquery()


def desks_of(unit_ids: Collection[int] | Select[Any]) -> Select[Any]:
    """Select the numbers of these units' desks."""
    return select(desks.c.id).where(desks.c.unit_id.in_(unit_ids))


def numbers_of_desks(tx: Connection, unit_ids: Collection[int]) -> dict[int, int]:
    """Return the number of each of these units' desks."""
    found = tx.execute(select(desks.c.unit_id, desks.c.id).where(desks.c.unit_id.in_(unit_ids)))
    return {row.unit_id: row.id for row in found}


def desk_of_officer(tx: Connection, officer_id: int) -> int:
    """Return the number of an officer's desk, set up if there is none yet."""
    number: int | None = tx.scalar(select(desks.c.id).where(desks.c.officer_id == officer_id))
    if number is None:
        made = insert(desks).values(kind=DeskKind.OFFICER, officer_id=officer_id)
        number = tx.execute(made.returning(desks.c.id)).scalar_one()
    return number


def set_up_desk(tx: Connection, unit_id: int) -> None:
    """Give a unit its desk."""
    tx.execute(insert(desks).values(kind=DeskKind.UNIT, unit_id=unit_id))
