"""A child process that opens what is not trusted: whatever a damaged or hostile file does, it does there."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

_HOME: Final = Path(__file__).parents[2]  # where the package lies, so that the child finds the same one


class SilentChildError(Exception):
    """The child gave no answer: it took too long, needed too much, or fell."""


def ask_child(module: str, data: bytes, seconds: float) -> Any:  # noqa: ANN401 - any JSON
    """Return the JSON that a module of ours answers on standard output to what comes in on standard input.

    Args:
        module: what the child runs; it bounds itself by `limit_process`.
        data: what goes in.
        seconds: how long it may take by the clock on the wall.

    Raises:
        SilentChildError: it does not answer.
    """
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module; the file goes in by the pipe
            [sys.executable, "-m", module],
            cwd=_HOME,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
        return json.loads(child.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise SilentChildError from None


def limit_process(memory: int, cpu_seconds: int) -> None:
    """Bound this process: octets of address space, and time of the processor.

    On Windows the time by the parent's clock stands alone.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - does not exist on Windows

        for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu_seconds)):
            with contextlib.suppress(ValueError, OSError):  # a stricter limit already stands
                resource.setrlimit(limit, (value, value))


__all__ = ["SilentChildError", "ask_child", "limit_process"]
