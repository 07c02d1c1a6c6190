"""Connections that ask nothing: cut after a while, and never more at once than the process can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

#: seconds for the head of a request to arrive, from its first octet or the connection's first moment on
PATIENCE: Final = 10.0

#: connections at once; a process has 1,024 files by default, and the database needs some
MOST: Final = 500


class Connection(H11Protocol):
    """One connection: whoever sends the head of a request slowly, or none, makes room for others.

    uvicorn itself cuts one that rests after an answer; it waits without end for a head that was begun.
    """

    patience = PATIENCE
    most = MOST
    _cut: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a connection, if there is room for it."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
        else:
            self._wait_for_a_head()

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait_for_a_head()
        else:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Put a connection away."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait_for_a_head(self) -> None:
        if self._cut is None:
            self._cut = self.loop.call_later(self.patience, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
            self._cut = None
