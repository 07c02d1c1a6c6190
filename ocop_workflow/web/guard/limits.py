"""How much one officer, and one token, may ask of this process; and how much of what is refused is recorded.

A measure fills again as time goes by (a token bucket): short bursts pass, a flood does not. It lives in the
memory of the process (docs/decisions/0033).
"""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import TooManyRequests

if TYPE_CHECKING:
    from collections.abc import Callable

#: names that are remembered at once; beyond that those that have asked least of late are forgotten first
_MOST: Final = 10_000


class Rate:
    """So many at once for each name, and then one in so many seconds; 0: without end."""

    def __init__(
        self, at_once: int, tick: Callable[[], float] = time.monotonic, every: float | None = None
    ) -> None:
        """Give the measure, what tells seconds, and the seconds for one; none: it fills in a minute."""
        self._at_once = at_once
        self._tick = tick
        self._every = every or 60 / max(at_once, 1)
        self._left: dict[object, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, name: object) -> int:
        """Take one. Returns 0 if there was one left, else the seconds until there is."""
        if not self._at_once:
            return 0
        now = self._tick()
        with self._lock:
            left, at = self._left.get(name, (float(self._at_once), now))
            left = min(left + (now - at) / self._every, float(self._at_once))
            is_one = left >= 1
            self._left[name] = (left - is_one, now)
            if len(self._left) > _MOST:
                self._forget(now)
        return 0 if is_one else max(1, math.ceil((1 - left) * self._every))

    def _forget(self, now: float) -> None:
        """Forget whose measure is full again; failing that, those that have not asked for longest."""
        filling = self._every * self._at_once
        kept = {name: (left, at) for name, (left, at) in self._left.items() if now - at < filling}
        if len(kept) > _MOST:
            newest = sorted(kept.items(), key=lambda item: item[1][1])[_MOST // 2 :]
            kept = dict(newest)
        self._left = kept


class RateLimits:
    """The measures of a process: by token before anything is looked up, by officer once it is known."""

    def __init__(self, by_token: int, by_officer: int, tick: Callable[[], float] = time.monotonic) -> None:
        """Give how many requests a minute each may make; 0: without end."""
        self._by_token = Rate(by_token, tick)
        self._by_officer = Rate(by_officer, tick)

    def count_token(self, digest: bytes) -> None:
        """Count a request of a token.

        Raises:
            TooManyRequests: it has asked too much of late.
        """
        _refuse(self._by_token.take(digest))

    def count_officer(self, login: str) -> None:
        """Count a request of an officer, whatever token it came with.

        Raises:
            TooManyRequests: likewise.
        """
        _refuse(self._by_officer.take(login))


def _refuse(wait: int) -> None:
    if wait:
        raise TooManyRequests(
            f"Gửi quá nhiều yêu cầu; hãy thử lại sau {wait} giây.",
            f"Too many requests; try again in {wait} seconds.",
            wait,
        )
