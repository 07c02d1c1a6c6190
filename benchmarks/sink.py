"""A mail relay that takes everything and forgets it: as quick as a relay can be, in a process of its own."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection as Pipe

_SPAWN = get_context("spawn")
_ANSWERS = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


@contextmanager
def sink() -> Iterator[int]:
    """Run the relay on loopback and give its port."""
    ours, theirs = _SPAWN.Pipe()
    relay = _SPAWN.Process(target=_serve, args=(theirs,))
    relay.start()
    try:
        yield ours.recv()
    finally:
        relay.terminate()
        relay.join()


def _serve(pipe: Pipe) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        pipe.send(server.getsockname()[1])
        while True:
            line, _ = server.accept()
            with line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _take_all(line)


def _take_all(line: socket.socket) -> None:
    line.sendall(b"220 sink\r\n")
    with line.makefile("rb") as heard:
        for command in heard:
            word = command[:4].upper()
            line.sendall(_ANSWERS.get(word, b"250 ok\r\n"))
            if word == b"DATA":
                while heard.readline() != b".\r\n":
                    pass
                line.sendall(b"250 taken\r\n")
            elif word == b"QUIT":
                return
