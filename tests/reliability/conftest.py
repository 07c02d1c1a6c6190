"""A day on which everything happens at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock


@pytest.fixture(autouse=True)
def _not_measured(no_cover: None) -> None:
    """Thousands of faults cover nothing that the tests of each part do not."""


@pytest.fixture
def busy(seeded: Database, clock: FixedClock) -> Database:
    """The morning of 2/5/2024: 14 flags to raise, 8 letters to write, 7 unsent ones to supersede."""
    sweep(seeded, clock, SENDER)
    clock.move_to(date(2024, 5, 2))
    return seeded


@pytest.fixture
def url(database: Database) -> str:
    """The address of the database, for other processes."""
    return database.engine.url.render_as_string(hide_password=False)
