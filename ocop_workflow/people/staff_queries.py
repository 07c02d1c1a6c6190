"""Queries on officers as somebody sees them who manages some units: only these units' roles are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from ocop_workflow.people.officer_queries import (
    GRANTS,
    OFFICERS,
    TOKENS,
    OfficerRecord,
    TokenRecord,
    grants_by_officer,
)
from ocop_workflow.places.queries import reach
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables.access import grants, officers, tokens

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Connection, Select

    from ocop_workflow.access import Grant
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
    statement = OFFICERS.where(officers.c.login > after).order_by(officers.c.login).limit(limit)
    if roots is not None:
        statement = statement.where(
            exists().where(grants.c.officer_id == officers.c.id, grants.c.revoked_at.is_(None), *_near(roots))
        )
    if login is not None:
        statement = statement.where(officers.c.login == login)
    if locked:
        statement = statement.with_for_update(of=officers)
    found = read_all(OfficerRecord, tx.execute(statement))
    theirs = GRANTS.where(grants.c.officer_id.in_([officer.id for officer in found]), *_near(roots))
    held = grants_by_officer(tx, theirs)
    return [(officer, held.get(officer.id, ())) for officer in found]


def managed_from(roots: Collection[int]) -> Select[Any]:
    """Select the numbers of the officers who have roles, all of them in these units or under them."""
    holds = select(grants.c.officer_id).where(grants.c.revoked_at.is_(None))
    beyond = holds.where(grants.c.unit_id.not_in(reach(roots)))
    return holds.where(grants.c.officer_id.not_in(beyond))


def _near(roots: Roots) -> list[ColumnElement[bool]]:
    return [] if roots is None else [grants.c.unit_id.in_(reach(roots))]


def tokens_of(tx: Connection, officer_id: int, limit: int, before: int | None = None) -> list[TokenRecord]:
    """Return an officer's tokens, newest first; `before`: only those with a lower number."""
    statement = TOKENS.where(tokens.c.officer_id == officer_id).order_by(tokens.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(tokens.c.id < before)
    return read_all(TokenRecord, tx.execute(statement))
