"""PostgreSQL is stopped as by a power cut while sweep and delivery run: they say so, and go on afterwards."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from tests import postgres
from tests.reliability.server_stops import stop_under_load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres import Cluster

STOPS = 5


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server that nobody else uses."""
    with postgres.private_cluster() as own:
        if own is None:
            pytest.skip("no local PostgreSQL binaries: a server of others must not be stopped")
        yield own


def test_nothing_is_lost_however_often_the_server_stops(cluster: Cluster, tmp_path: Path) -> None:
    outcome = stop_under_load(cluster, tmp_path, STOPS, secrets.randbelow(10**6))
    assert outcome.right, outcome
    assert outcome.faults == STOPS
    assert outcome.checked > 7
