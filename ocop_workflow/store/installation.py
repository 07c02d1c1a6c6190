"""What this installation is called in the world: a name of its own that no setting changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ocop_workflow.store.dialect import insert_new
from ocop_workflow.store.tables.installation import installation

if TYPE_CHECKING:
    from sqlalchemy import Connection


def keep_uid(tx: Connection, uid: str) -> None:
    """Name the installation, if it has no name yet."""
    tx.execute(insert_new(tx, installation).values(id=1, uid=uid))


def uid_of(tx: Connection) -> str:
    """Return the installation's name; it has one since its first feed's token was made."""
    return str(tx.execute(select(installation.c.uid)).scalar_one())
