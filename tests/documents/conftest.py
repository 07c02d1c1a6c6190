"""Fixtures: the demonstration's session of a made-up province, open, closed, decided; the town's of 2024."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.documents.stage import DAY, Evening, live, score_the_rest, settle

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock


@pytest.fixture
def evening(database: Database, clock: FixedClock, memory: Memory) -> Evening:
    """The session as the demonstration leaves it: one product waits for a sheet, two are closed."""
    clock.move_to(DAY)
    passwords = memory.lead(database, "documents open", lambda: live(database, clock))
    return Evening(database, clock, passwords)


@pytest.fixture
def closed(evening: Evening, memory: Memory) -> Evening:
    """Every product has its result, the session is closed."""
    memory.lead(evening.database, "documents closed", lambda: score_the_rest(evening))
    return evening


@pytest.fixture
def decided(closed: Evening, memory: Memory) -> Evening:
    """The decision of 25/11/2026 is recorded, on 27/11."""
    closed.clock.move_to(date(2026, 11, 27))
    memory.lead(closed.database, "documents decided", lambda: settle(closed))
    return closed
