"""A client that keeps sixteen connections busy, in a process of its own; cheap enough to be no bottleneck."""

from __future__ import annotations

import selectors
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.measuring import Stopwatch

CONNECTIONS = 16


def request(method: str, path: str, token: str, body: bytes = b"", **headers: str) -> bytes:
    """Return a request as it goes over the line; a header's name is written with `_` for `-`."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def drive(watch: Stopwatch, port: int, requests: list[bytes]) -> None:
    """Send every request once, sixteen at a time.

    Raises:
        RuntimeError: one was not answered by a success.
    """
    left = iter(requests)
    _keep_busy(watch, port, [left] * CONNECTIONS)


def drive_apart(watch: Stopwatch, port: int, requests: list[list[bytes]]) -> None:
    """Send each list over a connection of its own, all at once, one request after the other.

    Raises:
        RuntimeError: one was not answered by a success.
    """
    _keep_busy(watch, port, [iter(some) for some in requests])


def _keep_busy(watch: Stopwatch, port: int, left: list[Iterator[bytes]]) -> None:
    selector = selectors.DefaultSelector()
    lines = [_Line(socket.create_connection(("127.0.0.1", port)), some) for some in left]
    for line in lines:
        selector.register(line.socket, selectors.EVENT_READ, line)
    with watch:
        waiting = sum(line.send() for line in lines)
        while waiting:
            for key, _ in selector.select():
                if key.data.hear() and not key.data.send():
                    waiting -= 1
    for line in lines:
        line.socket.close()
    selector.close()


class _Line:
    """One connection that is kept open."""

    def __init__(self, line: socket.socket, left: Iterator[bytes]) -> None:
        self.socket, self._left, self._heard = line, left, b""
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> bool:
        """Send the next request. False: there is none."""
        following = next(self._left, None)
        if following is not None:
            self.socket.sendall(following)
        return following is not None

    def hear(self) -> bool:
        """Take what has come. True: the answer is complete."""
        part = self.socket.recv(1 << 18)
        self._heard += part
        head, _, body = self._heard.partition(b"\r\n\r\n")
        if not part or (body and not head.startswith(b"HTTP/1.1 2")):
            raise RuntimeError(self._heard[:2000].decode())
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if not length or len(body) < int(length):
            return False
        self._heard = b""
        return True
