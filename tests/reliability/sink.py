"""A mail relay in a process of its own that writes down each letter before it says 250.

`python -m tests.reliability.sink FILE` prints its port, then serves on this machine until its standard
input ends. Each letter is one line of JSON: recipient, Message-ID, checksum of the bytes, its plain words.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socketserver
import subprocess
import sys
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.MULTILINE | re.IGNORECASE)


class _Dialogue(socketserver.StreamRequestHandler):
    """One connection, as far as a sender of letters needs it."""

    def handle(self) -> None:
        self._say("220 sink")
        recipient = ""
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            if word == b"DATA":
                self._say("354 go on")
                self._keep(recipient, self._letter())
            if word == b"QUIT":
                self._say("221 bye")
                return
            self._say("250 ok")

    def _letter(self) -> bytes:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def _keep(self, recipient: str, letter: bytes) -> None:
        found = _MESSAGE_ID.search(letter)
        entry = {
            "to": recipient,
            "id": found.group(1).decode() if found else "",
            "sha256": hashlib.sha256(letter).hexdigest(),
            "words": _words(letter),
        }
        server = self.server
        assert isinstance(server, _Sink)
        with server.lock:
            os.write(server.file, (json.dumps(entry) + "\n").encode())

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")


def _words(letter: bytes) -> str:
    """Return what a desk reads; of what is no whole letter, nothing."""
    part = message_from_bytes(letter, policy=policy.default).get_body(("plain",))
    return part.get_content() if part is not None else ""


class _Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, path: Path) -> None:
        self.lock = threading.Lock()
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        super().__init__(("127.0.0.1", 0), _Dialogue)

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that was killed leaves a broken line behind: that is what this relay is for."""


def letters_in(path: Path) -> list[dict[str, str]]:
    """Return what a sink has written down."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@contextmanager
def sink(path: Path) -> Iterator[int]:
    """Run a sink in a process of its own; gives its port."""
    command = [sys.executable, "-m", "tests.reliability.sink", str(path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()


def main() -> None:
    server = _Sink(Path(sys.argv[1]))
    print(server.server_address[1], flush=True)  # noqa: T201 - how the parent learns the port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
