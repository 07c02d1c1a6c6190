"""Queries on the official codes of units, each of which is one unit's for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select

from ocop_workflow.store.tables import unit_codes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from ocop_workflow.regulations.units import UnitCode


def units_of_codes(tx: Connection, on: date) -> dict[str, int]:
    """Return which unit bears each code on a local day."""
    rows = tx.execute(select(unit_codes.c.code, unit_codes.c.unit_id).where(_holds(on)))
    return {row.code: row.unit_id for row in rows}


def codes_on(tx: Connection, unit_ids: Collection[int], on: date) -> dict[int, str]:
    """Return the code that each of these units bears on a local day, as far as one is known."""
    borne = select(unit_codes.c.unit_id, unit_codes.c.code).where(
        unit_codes.c.unit_id.in_(unit_ids), _holds(on)
    )
    return {row.unit_id: row.code for row in tx.execute(borne.order_by(unit_codes.c.id))}


def codes_of(tx: Connection, unit_ids: Collection[int]) -> dict[int, list[UnitCode]]:
    """Return the codes of these units, the earliest first."""
    from ocop_workflow.regulations.units import UnitCode  # noqa: PLC0415 - pydantic is not needed by a sweep

    rows = tx.execute(
        select(unit_codes)
        .where(unit_codes.c.unit_id.in_(unit_ids))
        .order_by(unit_codes.c.valid_to, unit_codes.c.id)
    )
    found: dict[int, list[UnitCode]] = {}
    for row in rows:
        code = UnitCode(code=row.code, since=row.valid_from, until=row.valid_to)
        found.setdefault(row.unit_id, []).append(code)
    return found


def save_codes(tx: Connection, unit_id: int, codes: Sequence[UnitCode]) -> bool:
    """Let a unit bear these codes beside those that it has. True if one of them is new to it.

    A code that another unit bears at the same time stays that one's: a day has one answer.
    """
    new = False
    for code in codes:
        borne = tx.execute(
            select(unit_codes.c.unit_id).where(
                unit_codes.c.code == code.code, *_overlaps(code.since, code.until)
            )
        ).first()
        if borne is None:
            values = {"code": code.code, "valid_from": code.since, "valid_to": code.until}
            tx.execute(insert(unit_codes).values(unit_id=unit_id, **values))
            new = True
    return new


def _holds(on: date) -> ColumnElement[bool]:
    first, end = unit_codes.c.valid_from, unit_codes.c.valid_to
    return or_(first.is_(None), first <= on) & or_(end.is_(None), end > on)


def _overlaps(since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    first, end = unit_codes.c.valid_from, unit_codes.c.valid_to
    found: list[ColumnElement[bool]] = []
    if until is not None:
        found.append(or_(first.is_(None), first < until))
    if since is not None:
        found.append(or_(end.is_(None), end > since))
    return found
