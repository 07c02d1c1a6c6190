"""Fixtures: the town's session of 20/11/2024, prepared; and opened with everybody there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.councils.stage import DAY, Stage, prepare

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock

ONE, TWO = "DP24-002", "DP24-005"


@pytest.fixture
def prepared(seeded: Database, clock: FixedClock, memory: Memory) -> Stage:
    """Two products are on the list, the dossiers were sent two days before, the day has come."""

    def deed() -> tuple[int, int]:
        stage = prepare(seeded, clock, ONE, TWO)
        return stage.council, stage.number

    council, number = memory.lead(seeded, ("council prepared", clock.instant), deed)
    clock.move_to(DAY)
    return Stage(seeded, clock, council, number)


@pytest.fixture
def stage(prepared: Stage, memory: Memory) -> Stage:
    """The same, opened, with everybody there."""

    def deed() -> None:
        prepared.call_over()
        prepared.open()

    memory.lead(prepared.database, ("council opened", prepared.clock.instant), deed)
    return prepared
