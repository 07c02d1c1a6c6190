"""A real `ocop serve` in a process of its own, on a free loopback port."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ocop_workflow.store import Database


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answered:
    """What the service answered, and after how many seconds."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever was answered
        return json.loads(self.body)


@dataclass(frozen=True)
class Service:
    """The process, where it listens, and the file that its log goes into."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answered:
        """Ask once, on a connection of its own; a header's name is written with `_` for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        begun = time.monotonic()
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            response = connection.getresponse()
            words = response.read()
            low = {name.lower(): value for name, value in response.headers.items()}
            return Answered(response.status, low, words, time.monotonic() - begun)
        finally:
            connection.close()

    def lines(self) -> list[dict[str, Any]]:
        """Return the log so far; every line has to be JSON."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Tell it to stop. Returns its exit code and the seconds that it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(timeout=30), time.monotonic() - begun


@contextmanager
def serving(database: Database, folder: Path, *words: str, **environment: str) -> Iterator[Service]:
    """Run `ocop serve` on a database until the test is over. Its clock begins on 23/4/2024 at seven."""
    port, log = free_port(), folder / "serve.log"
    variables = {
        **os.environ,  # noqa: TID251 - the child works where this process works
        "OCOP_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "OCOP_NOW": "2024-04-23T07:00:00+07:00",
        "OCOP_SEND_JOURNAL": str(folder / "sent.jsonl"),
        **environment,
    }
    command = [sys.executable, "-m", "ocop_workflow", "serve", "--port", str(port), *words]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=variables, stderr=out, stdout=subprocess.DEVNULL, cwd=folder)
    service = Service(process, port, log)
    try:
        _wait_until_it_answers(service)
        yield service
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=30)


def _wait_until_it_answers(service: Service) -> None:
    for _ in range(300):
        with suppress(OSError):
            service.ask("/healthz")
            return
        if service.process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"ocop serve does not answer: {service.log.read_text()}")
