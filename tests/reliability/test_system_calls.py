"""One system call of a day's work fails, or is the last: nothing is lost, and nobody says all went well."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.reliability.system_calls import FAULTS, Point, points_of, spread, why_not

if TYPE_CHECKING:
    from ocop_workflow.store import Database

#: each kind of fault at each kind of call has its turn
POINTS = {"sqlite": 36, "postgresql": 20}

WRONG = (
    "tracebacks",
    "false successes",
    "lost",
    "copies_beyond_attempts",
    "differing_copies",
    "unbalanced",
    "not done",
    "findings",
)


def test_the_books_balance_whatever_system_call_fails(database: Database) -> None:
    if (reason := why_not()) is not None:
        pytest.skip(reason)
    seed, kind = secrets.randbelow(10**6), database.engine.dialect.name
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.reliability.system_calls", "--url", url]
    command += ["--points", str(POINTS[kind]), "--seed", str(seed)]

    done = subprocess.run(command, check=False, capture_output=True, text=True)

    assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    result = json.loads(done.stdout)
    assert (result["points"], result["faults"].keys()) == (POINTS[kind], FAULTS.keys()), result
    assert result["missed"] < POINTS[kind] / 4, result
    assert result["wrong"] == dict.fromkeys(WRONG, 0), result


def test_each_kind_of_fault_at_each_kind_of_call_has_its_turn_early() -> None:
    seed = secrets.randbelow(10**6)
    every = points_of(Counter({"write": 9, "fsync": 2, "recvfrom": 1}), "sqlite")
    kinds = {(point.fault, point.call) for point in every}

    order = spread(every, Random(seed))

    assert sorted(map(str, order)) == sorted(map(str, every)), seed
    assert {(point.fault, point.call) for point in order[: len(kinds)]} == kinds, seed
    assert len(kinds) == 4 + 3 + 2  # KILL, ENOSPC, FULL, EIO to write; but FULL to fsync; KILL, ECONNRESET


def test_a_disk_that_is_full_stays_so() -> None:
    assert [Point(fault, "write", 3).injection for fault in ("KILL", "EIO", "FULL")] == [
        "inject=write:signal=KILL:when=3",
        "inject=write:error=EIO:when=3",
        "inject=write:error=ENOSPC:when=3+",
    ]
