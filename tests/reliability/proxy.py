"""A cable between the service and PostgreSQL that can be cut at a commit.

Either the server's answer is lost (it has committed, and the service never hears of it) or the question
is (the service asked, and the server never heard of it): the service cannot tell the two apart.
"""

from __future__ import annotations

import select
import socket
import threading
from contextlib import closing, contextmanager, suppress
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMIT = b"COMMIT\0"  # as a simple query ends
_SIZE = 1 << 16


class Lost(Enum):
    """What does not come through."""

    QUESTION = "question"
    ANSWER = "answer"


class Cable:
    """Passes everything on, counts the commits, and breaks at one of them."""

    def __init__(self, server: tuple[str, int]) -> None:
        """Listen on this machine for connections to `server`."""
        self._server = server
        self._door = socket.create_server(("127.0.0.1", 0))
        self._break: tuple[int, Lost] | None = None
        self.commits = 0
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._door.getsockname()[1])

    def breaks_at(self, commit: int, lost: Lost) -> None:
        """Break once, at the commit of this number from now on: 1 is the next."""
        self.commits, self._break = 0, (commit, lost)

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):  # the door was closed
            while True:
                service, _ = self._door.accept()
                threading.Thread(target=self._pass_on, args=[service], daemon=True).start()

    def _pass_on(self, service: socket.socket) -> None:
        with suppress(OSError), closing(service), socket.create_connection(self._server) as server:
            while True:
                for end in select.select([service, server], [], [])[0]:
                    words = end.recv(_SIZE)
                    if not words:
                        return
                    if end is server:
                        service.sendall(words)
                    elif self._breaks(words):
                        self._lose(server, words)
                        return
                    else:
                        server.sendall(words)

    def _breaks(self, words: bytes) -> bool:
        if not words.endswith(_COMMIT):
            return False
        self.commits += 1
        return self._break is not None and self._break[0] == self.commits

    def _lose(self, server: socket.socket, words: bytes) -> None:
        assert self._break is not None
        if self._break[1] is Lost.ANSWER:
            server.sendall(words)
            server.recv(_SIZE)  # it has committed
        self._break = None


@contextmanager
def cable(host: str | None, port: int | None) -> Iterator[Cable]:
    """Lay a cable to a PostgreSQL server."""
    with closing(Cable((host or "127.0.0.1", port or 5432))) as laid:
        yield laid
