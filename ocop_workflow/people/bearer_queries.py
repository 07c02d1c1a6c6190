"""Whoever shows a secret at the door, found by its checksum, with what its officer may do: one question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import bindparam

from ocop_workflow.access import Grant
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import reader
from ocop_workflow.store.tables import units
from ocop_workflow.store.tables.access import grants, officers

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select

R = TypeVar("R")


class Bearers(Generic[R]):
    """How what officers bear of one kind is found; every request asks it, so it is compiled once."""

    def __init__(self, record: type[R], borne: Select[Any], sha256: ColumnElement[str]) -> None:
        """Find records among those that are borne, joined with their officers, by this column."""
        self._asked = Prepared(
            borne.outerjoin(grants, (grants.c.officer_id == officers.c.id) & grants.c.revoked_at.is_(None))
            .outerjoin(units, units.c.id == grants.c.unit_id)
            .add_columns(
                grants.c.role.label("grant_role"),
                grants.c.unit_id.label("grant_unit_id"),
                units.c.slug.label("grant_unit"),
                units.c.level.label("grant_level"),
            )
            .where(sha256 == bindparam("of_hash"))
            .order_by(grants.c.id)
        )
        columns = self._asked.columns
        held = [name for name in columns if name.startswith("grant_")]
        self._record_of = reader(record, columns, apart=held)
        self._grant_of = reader(Grant, columns, under="grant_")
        self._role = columns.index("grant_role")

    def find(self, tx: Connection, checksum: str) -> tuple[R, tuple[Grant, ...]] | None:
        """Return what bears this checksum with its officer's current roles, oldest first; none: nothing."""
        rows = self._asked.rows(tx, of_hash=checksum)
        if not rows:
            return None
        grants_held = tuple(self._grant_of(row) for row in rows if row[self._role] is not None)
        return self._record_of(rows[0]), grants_held
