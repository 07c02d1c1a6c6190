"""Queries on the sweeps that ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables.sweeps import sweeps

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class SweepFact:
    """A sweep as it was recorded; without `finished_at` it did not come to its end.

    `taken_back`: its day had not come, and what had not left the house was taken back.
    """

    id: int
    day: date
    started_at: datetime
    finished_at: datetime | None
    faults: list[str]
    taken_back: bool

    @property
    def stands(self) -> bool:
        """Whether it came to its end and was not taken back."""
        return self.finished_at is not None and not self.taken_back


def all_sweeps(tx: Connection) -> list[SweepFact]:
    """Return every sweep in the order in which they began."""
    statement = select(
        sweeps.c.id,
        sweeps.c.day,
        sweeps.c.started_at,
        sweeps.c.finished_at,
        sweeps.c.faults,
        sweeps.c.taken_back_at.is_not(None).label("taken_back"),
    )
    return read_all(SweepFact, tx.execute(statement.order_by(sweeps.c.id)))
