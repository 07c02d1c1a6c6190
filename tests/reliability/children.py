"""Processes of their own for a few milliseconds each.

They are forked from a server that has imported everything already, never from the test process, which may
have threads.
"""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.context import ForkServerProcess

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["pytest", "tests.reliability.deeds", "tests.reliability.warm"])

#: seconds after which a child counts as stuck: where others come first it may wait for minutes
PATIENCE = 600


def start(work: Callable[..., None], *given: object) -> ForkServerProcess:
    """Let a child do some work; what it raises goes to the standard error."""
    child = _SERVER.Process(target=work, args=given, daemon=True)
    child.start()
    return child


def end_of(child: ForkServerProcess) -> int | None:
    """Wait for a child. Returns its exit code: 0 if all is well, less if a signal killed it."""
    child.join(PATIENCE)
    return child.exitcode


def all_at_once(work: Callable[..., None], given: Sequence[tuple[object, ...]]) -> list[int | None]:
    """Let a child do the work for each of the given, which follows on a barrier. Returns their exit codes."""
    barrier = _SERVER.Barrier(len(given))  # has to live until the last child has found it
    children = [start(work, barrier, *one) for one in given]
    return [end_of(child) for child in children]
