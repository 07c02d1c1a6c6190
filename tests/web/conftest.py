"""The service over HTTP: the seed's products, its officers with real tokens, a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from tests.web.cast import Cast, application_on, hire, routes_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.store import Database
    from tests.contents import Memory
    from tests.fakes import FixedClock


@pytest.fixture
def cast(seeded: Database, clock: FixedClock, memory: Memory) -> Cast:
    """Everybody who has a role in the seed's town, each with a token."""
    tokens = memory.lead(seeded, ("cast", clock.instant), lambda: hire(seeded, clock).tokens)
    return Cast(seeded, clock, dict(tokens))


@pytest.fixture
def client(seeded: Database, clock: FixedClock, cast: Cast) -> Iterator[TestClient]:  # noqa: ARG001 - hired first
    """The API, in this process."""
    with TestClient(routes_on(application_on(seeded, clock))) as client:
        yield client
