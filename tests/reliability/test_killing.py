"""`kill -9` at random instants of sweep and delivery: nothing is lost, copies are bounded and identical."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ocop_workflow.store import Database

#: with one and with two workers: three hundred on each database
KILLS = 150


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_is_lost_however_often_the_power_goes(database: Database, workers: int) -> None:
    seed = secrets.randbelow(10**6)
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.reliability.killing", url]
    command += ["--kills", str(KILLS), "--workers", str(workers), "--seed", str(seed)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    result = json.loads(done.stdout)
    assert result["kills"] >= KILLS
    assert result["letters"] > 7
    faults = ("lost", "copies_beyond_attempts", "differing_copies", "unbalanced")
    assert {name: result[name] for name in faults} == dict.fromkeys(faults, 0), result
