"""Queries on officers as somebody sees them who manages some units: only these units' roles are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from ocop_workflow.access import Grant
from ocop_workflow.people.officer_queries import OFFICERS, TOKENS, OfficerRecord, TokenRecord
from ocop_workflow.places.queries import reach
from ocop_workflow.store.tables import units
from ocop_workflow.store.tables.access import grants, officers, tokens

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from ocop_workflow.places.queries import Roots


def staff(
    tx: Connection,
    roots: Roots,
    limit: int,
    *,
    after: str = "",
    login: str | None = None,
    locked: bool = False,
) -> list[tuple[OfficerRecord, tuple[Grant, ...]]]:
    """Return officers who have a role in reach, in the order of their logins, with these roles.

    Args:
        tx: a transaction.
        roots: the units in whose reach a role has to be; none: everybody, those without a role too.
        limit: at most so many.
        after: the login behind which to begin.
        login: only this one.
        locked: nobody else changes them before this (writing) transaction ends.
    """
    here = _current(roots)
    statement = OFFICERS.where(officers.c.login > after).order_by(officers.c.login).limit(limit)
    if roots is not None:
        statement = statement.where(exists().where(grants.c.officer_id == officers.c.id, *here))
    if login is not None:
        statement = statement.where(officers.c.login == login)
    if locked:
        statement = statement.with_for_update(of=officers)
    found = [OfficerRecord(*row) for row in tx.execute(statement)]
    held: dict[int, list[Grant]] = {officer.id: [] for officer in found}
    roles = (
        select(grants.c.officer_id, grants.c.role, grants.c.unit_id, units.c.slug, units.c.level)
        .join(units, units.c.id == grants.c.unit_id)
        .where(grants.c.officer_id.in_(held), *here)
        .order_by(grants.c.id)
    )
    for officer_id, *grant in tx.execute(roles):
        held[officer_id].append(Grant(*grant))
    return [(officer, tuple(held[officer.id])) for officer in found]


def _current(roots: Roots) -> list[ColumnElement[bool]]:
    near = [] if roots is None else [grants.c.unit_id.in_(reach(roots))]
    return [grants.c.revoked_at.is_(None), *near]


def tokens_of(tx: Connection, officer_id: int, limit: int, before: int | None = None) -> list[TokenRecord]:
    """Return an officer's tokens, newest first; `before`: only those with a lower number."""
    statement = TOKENS.where(tokens.c.officer_id == officer_id).order_by(tokens.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(tokens.c.id < before)
    return [TokenRecord(*tuple(row)) for row in tx.execute(statement)]
