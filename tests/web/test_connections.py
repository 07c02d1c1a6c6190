"""Connections that ask nothing or slowly: cut by time and by count, in our own server."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import uvicorn

from ocop_workflow.web.guard.connections import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Receive, Scope, Send

WHOLE = b"GET / HTTP/1.1\r\nHost: x.example\r\n\r\n"
HALF = b"GET / HTTP/1.1\r\nHost: x.exam"


class Hasty(Connection):
    """As the service's, but with little patience and little room."""

    patience = 0.6
    most = 20


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer after longer than one waits for a head."""
    assert scope["type"] == "http"
    assert await receive()
    await asyncio.sleep(0.9 if scope["path"] == "/slow" else 0)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def port() -> Iterator[int]:
    """Run a server with such connections."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(
                answer, http=Hasty, ws="none", lifespan="off", log_config=None, timeout_keep_alive=5
            )
        )
        thread = Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield int(door.getsockname()[1])
        server.should_exit = True
        thread.join()


@contextmanager
def connected(port: int, sent: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(sent)
        yield line


def is_answered(line: socket.socket) -> bool:
    found = b""
    while not found.endswith(b"ok") and (part := line.recv(1000)):
        found += part
    return found.endswith(b"ok")


def read_until_cut(line: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionResetError):
        while part := line.recv(1000):
            found += part
    return found


@pytest.mark.parametrize("sent", [b"", HALF], ids=["nothing", "half a head"])
def test_whoever_asks_nothing_is_cut(port: int, sent: bytes) -> None:
    begun = time.monotonic()
    with connected(port, sent) as line:
        assert read_until_cut(line) == b""
    assert 0.4 < time.monotonic() - begun < 5


def test_a_head_that_drips_is_cut_all_the_same(port: int) -> None:
    begun = time.monotonic()
    with connected(port, HALF) as line, suppress(BrokenPipeError, ConnectionResetError):
        for _ in range(50):
            line.sendall(b"x")
            time.sleep(0.1)
    assert time.monotonic() - begun < 4


def test_a_second_head_that_is_begun_and_not_ended_is_cut(port: int) -> None:
    with connected(port, WHOLE) as line:
        assert is_answered(line)
        line.sendall(HALF)
        begun = time.monotonic()
        assert read_until_cut(line) == b""
        assert time.monotonic() - begun < 4


def test_an_answer_may_take_longer_than_a_head(port: int) -> None:
    with connected(port, WHOLE.replace(b"/ ", b"/slow ", 1)) as line:
        assert is_answered(line)


def test_two_hundred_halves_leave_room_for_a_whole(port: int) -> None:
    halves = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(200)]
    try:
        for half in halves:
            with suppress(BrokenPipeError, ConnectionResetError):
                half.sendall(HALF)
        for _ in range(50):
            with suppress(OSError), connected(port, WHOLE) as line:
                if is_answered(line):
                    return
            time.sleep(0.1)
        raise AssertionError("nobody else is answered")
    finally:
        for half in halves:
            half.close()
