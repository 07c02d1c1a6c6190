"""Reading a table of any size, some rows in memory at once; and keeping much of what was read."""

from __future__ import annotations

import gc
from contextlib import contextmanager
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


@contextmanager
def all_kept() -> Iterator[None]:
    """Keep Python from looking for rubbish while much is read that stays: plans, rows of a list.

    It would walk through all of it again and again, which takes up to half as long as reading it.
    """
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()
