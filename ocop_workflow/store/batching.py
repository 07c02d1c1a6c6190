"""Reading a table of any size, some rows in memory at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Connection, Row, Select

#: rows held in memory at once
BATCH = 1000


def batches(
    tx: Connection, statement: Select[Any], key: Column[int], size: int | None = None
) -> Iterator[list[Row[Any]]]:
    """Yield the rows of a statement in the order of `key` (labelled `id`), so many at once."""
    last, at_once = 0, size or BATCH
    while rows := list(tx.execute(statement.where(key > last).order_by(key).limit(at_once))):
        yield rows
        if len(rows) < at_once:
            return
        last = rows[-1].id


def one_by_one(
    tx: Connection, statement: Select[Any], key: Column[int], size: int | None = None
) -> Iterator[Row[Any]]:
    """Yield the rows of a statement in the order of a key, some in memory at once."""
    for rows in batches(tx, statement, key, size):
        yield from rows
