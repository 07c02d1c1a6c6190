"""Running things in processes of their own, turn by turn, and taking medians."""

from __future__ import annotations

import multiprocessing
import re
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection as Pipe
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Seconds; MiB above the idle process.

    `rounds` and `commit` are known once it is kept: of how many runs it is the median, and of which service.
    """

    case: str
    database: str
    size: int
    ours: float
    floor: float | None
    memory: float | None = None
    note: str = ""
    rounds: int = 0
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took: seconds, and MiB above what the process held before."""

    seconds: float
    memory: float


class Stopwatch:
    """Times what stands inside `with`, and sees how far the process grows meanwhile."""

    seconds = memory = 0.0

    def __enter__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # forget the peak so far
        self._before = _resident("VmRSS")
        self._start = time.perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self._start
        self.memory = _resident("VmHWM") - self._before


def _resident(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else 0.0


def in_child(work: Callable[..., Any], *given: object) -> Run:
    """Run `work(watch, *given)` in a fresh process; whatever it does inside the watch counts."""
    ours, theirs = _SPAWN.Pipe()
    child = _SPAWN.Process(target=_child, args=(theirs, work, given))
    child.start()
    theirs.close()
    try:
        run: Run = ours.recv()
    finally:
        child.join()
    return run


_SPAWN = multiprocessing.get_context("spawn")


def _child(pipe: Pipe, work: Callable[..., Any], given: tuple[object, ...]) -> None:
    watch = Stopwatch()
    work(watch, *given)
    pipe.send(Run(watch.seconds, watch.memory))


def medians(rounds: int, *contenders: Callable[[], Run]) -> list[Run]:
    """Let the contenders take turns, A B A B …; return the median of each."""
    runs = [[contender() for contender in contenders] for _ in range(rounds)]
    return [
        Run(median(run.seconds for run in one), max(run.memory for run in one))
        for one in zip(*runs, strict=True)
    ]
