"""The proxy's file that ships, run by a real nginx: only ports, paths and patience are this test's."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from tests.notifications.test_smtp_tls import certificate
from tests.web.running import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parents[1] / "docs" / "nginx" / "ocop.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")  # noqa: TID251 - where tools lie

#: started by root, its workers would be nobody, who may not write into a test's folder
AS_ROOT = "user root; " if os.name == "posix" and os.geteuid() == 0 else ""

pytestmark = [pytest.mark.ordeal, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]


class Behind(BaseHTTPRequestHandler):
    """Stands for `ocop serve`: says what reached it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        words = f"{self.path} {self.headers['X-Forwarded-For']} {self.headers['X-Forwarded-Proto']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, Path]]:
    """Run nginx before a stand-in; gives its ports for http and https, and its log."""
    folder = tmp_path_factory.mktemp("nginx")
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Behind)
    Thread(target=behind.serve_forever, daemon=True).start()
    certificate(folder, "DNS:ocop.example")
    plain, safe = free_port(), free_port()
    text = FILE.read_text("utf-8")
    for ours, theirs in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{safe} ssl;"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{behind.server_port};"),
        ("/etc/ssl/certs/ocop.pem", str(folder / "cert.pem")),
        ("/etc/ssl/private/ocop.key", str(folder / "key.pem")),
        ("/var/log/nginx/ocop.log", str(folder / "access.log")),
        # a test waits no longer than it has to
        ("client_header_timeout 10s;", "client_header_timeout 1s;"),
        ("client_body_timeout 10s;", "client_body_timeout 8s;"),
    ):
        assert ours in text, ours
        text = text.replace(ours, theirs)
    (folder / "ocop.conf").write_text(text, "utf-8")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{AS_ROOT}daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
        f" http {{ {places} include {folder}/ocop.conf; }}",
        "utf-8",
    )
    assert NGINX is not None
    command = [NGINX, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", safe), timeout=1):
            break
        time.sleep(0.1)
    yield plain, safe, folder / "access.log"
    process.terminate()
    process.wait(timeout=30)
    behind.shutdown()
    behind.server_close()


def tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def ask(
    port: int,
    method: str = "GET",
    path: str = "/api/v1/units",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, Any, bytes]:
    line = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=tls())
    try:
        line.request(method, path, body, headers or {})
        found = line.getresponse()
        return found.status, found.headers, found.read()
    finally:
        line.close()


Proxy = tuple[int, int, Path]


def test_plain_http_is_sent_on_to_https(proxy: Proxy) -> None:
    line = http.client.HTTPConnection("127.0.0.1", proxy[0], timeout=10)
    line.request("GET", "/x", headers={"Host": "ocop.example"})
    found = line.getresponse()
    assert (found.status, found.headers["Location"]) == (301, "https://ocop.example/x")
    line.close()


def test_who_asks_is_handed_on_and_cannot_be_made_up(proxy: Proxy) -> None:
    status, headers, body = ask(proxy[1], headers={"X-Forwarded-For": "203.0.113.9"})
    assert (status, body) == (200, b"/api/v1/units 127.0.0.1 https")
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Server"] == "nginx"


def test_figures_stay_inside(proxy: Proxy) -> None:
    assert ask(proxy[1], path="/metrics")[0] == 404


def test_a_body_of_one_mebibyte_passes_and_a_larger_one_does_not(proxy: Proxy) -> None:
    assert ask(proxy[1], "POST", body=b"x" * 1024 * 1024)[0] == 200
    assert ask(proxy[1], "POST", body=b"x" * (1024 * 1024 + 1))[0] == 413


def test_half_a_head_is_cut(proxy: Proxy) -> None:
    begun = time.monotonic()
    bare = socket.create_connection(("127.0.0.1", proxy[1]), timeout=20)
    with tls().wrap_socket(bare) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x")
        with suppress(OSError):
            assert line.recv(1000) == b""
    assert time.monotonic() - begun < 10


def test_one_address_gets_so_many_connections_and_requests(proxy: Proxy) -> None:
    statuses = [ask(proxy[1])[0] for _ in range(40)]
    assert statuses == [200] * 40
    lines = []
    try:
        for _ in range(60):
            bare = socket.create_connection(("127.0.0.1", proxy[1]), timeout=10)
            line = tls().wrap_socket(bare)
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
            lines.append(line)
        assert any(b" 429 " in line.recv(100) for line in lines)
    finally:
        for line in lines:
            line.close()


def test_the_log_holds_no_token(proxy: Proxy) -> None:
    assert ask(proxy[1], path="/api/v1/calendar.ics?token=ocop_secret")[0] == 200
    time.sleep(0.2)
    log = proxy[2].read_text("utf-8")
    assert "/api/v1/calendar.ics" in log
    assert "ocop_secret" not in log
