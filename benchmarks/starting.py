"""How long a whole process takes, from its start to its end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.data import QUIET
from benchmarks.measuring import Row, Run, medians

if TYPE_CHECKING:
    from benchmarks.stores import Store

_OURS = [sys.executable, "-m", "ocop_workflow"]
#: what `--help` cannot do without, and what a sweep with nothing due needs beside it
_HELP = "import typer"
_SWEEP = """
import sys, typer, pydantic_settings
from sqlalchemy import create_engine, text
with create_engine(sys.argv[1]).begin() as tx:
    tx.execute(text("SELECT min(next_action_on) FROM deadlines WHERE next_action_on IS NOT NULL")).scalar()
    tx.execute(text("INSERT INTO sweeps (day, started_at, finished_at, reminders, withheld, superseded,"
        " flags_raised, letters, faults) VALUES ('2024-10-20', '2024-11-01 06:00', '2024-11-01 06:00',"
        " 0, 0, 0, 0, 0, '[]')"))
"""


def _run(url: str, *command: str) -> Run:
    environment = {**os.environ, "OCOP_DATABASE_URL": url}  # noqa: TID251 - the child's settings
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return Run(time.perf_counter() - start, 0)


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure `ocop --help` and `ocop sweep` with nothing due."""
    rows = []
    with store.fresh() as url:
        if store.kind == "sqlite":
            mine, best = medians(
                2 * rounds + 1,
                lambda: _run(url, *_OURS, "--help"),
                lambda: _run(url, sys.executable, "-c", _HELP),
            )
            rows.append(Row("ocop --help, whole process", "-", 1, mine.seconds, best.seconds))
        mine, best = medians(
            2 * rounds + 1,
            lambda: _run(url, *_OURS, "sweep", "--on", QUIET.isoformat()),
            lambda: _run(url, sys.executable, "-c", _SWEEP, url),
        )
    rows.append(Row("ocop sweep, nothing due, process", store.kind, store.size, mine.seconds, best.seconds))
    return rows
