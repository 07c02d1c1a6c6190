"""`ocop serve` as a process: it answers, tells its log the truth but no secret, and ends cleanly."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Scope
from ocop_workflow.store import Database, schema
from tests import postgres
from tests.factories import rows
from tests.smtp_server import SmtpServer
from tests.web.running import free_port, serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes import FixedClock
    from tests.web.cast import Cast

ONE = "/api/v1/products/DP24-001"


def bearer(cast: Cast, login: str) -> str:
    return f"Bearer {cast.tokens[login]}"


@pytest.mark.ordeal
def test_it_answers_and_stops_when_it_is_told(seeded: Database, cast: Cast, tmp_path: Path) -> None:
    with serving(seeded, tmp_path, "--no-scheduler") as service:
        well = service.ask("/healthz")
        assert (well.status, well.json["status"], well.json["clock_simulated"]) == (200, "ok", True)
        found = service.ask(ONE, Authorization=bearer(cast, "minh"))
        assert (found.status, found.json["code"]) == (200, "DP24-001")
        assert "server" not in found.headers
        code, seconds = service.stop()
        assert code == 0
        assert seconds < 10
        assert service.lines()[-1]["event"] == "stopped"


@pytest.mark.ordeal
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_scheduler_inside_sweeps_sends_and_ends_with_it(
    seeded: Database, tmp_path: Path, number: signal.Signals
) -> None:
    with (
        SmtpServer() as relay,
        serving(seeded, tmp_path, OCOP_SMTP__PORT=str(relay.port), OCOP_SMTP__TLS="none") as service,
    ):
        for _ in range(300):
            if rows(seeded, "SELECT count(*) FROM outbox WHERE state = 'sent'") == [(7,)]:
                break
            time.sleep(0.1)
        code, seconds = service.stop(number)
        assert (code, seconds < 10) == (0, True)
        assert rows(seeded, "SELECT state, count(*) FROM outbox GROUP BY state") == [("sent", 7)]
        said = " ".join(str(line["event"]) for line in service.lines())
        assert "letters: 7 sent" in said
        assert "@" not in said


@pytest.mark.ordeal
def test_a_relay_that_says_nothing_does_not_keep_it_from_stopping(seeded: Database, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with serving(seeded, tmp_path, OCOP_SMTP__PORT=str(port), OCOP_SMTP__TLS="none") as service:
            silent.settimeout(30)
            line, _ = silent.accept()
            with line:
                code, seconds = service.stop()
            assert (code, seconds < 10) == (0, True)
    assert rows(seeded, "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')") == [(7,)]


@pytest.mark.ordeal
def test_a_request_at_hand_is_answered_before_it_stops(seeded: Database, cast: Cast, tmp_path: Path) -> None:
    if not seeded.is_sqlite:
        pytest.skip("a lock on a whole table is held up more simply on SQLite; stopping is the same")
    with serving(seeded, tmp_path, "--no-scheduler") as service:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
        connection.putrequest("GET", ONE)
        connection.putheader("Authorization", bearer(cast, "minh"))
        connection.putheader("Content-Length", "2")
        connection.endheaders()
        connection.send(b"{")
        time.sleep(0.3)
        ended: list[tuple[int, float]] = []
        stopping = threading.Thread(target=lambda: ended.append(service.stop()))
        stopping.start()
        time.sleep(0.5)
        connection.send(b"}")
        assert connection.getresponse().status == 200
        stopping.join()
        connection.close()
        assert ended[0][0] == 0
        assert ended[0][1] < 10


@pytest.mark.ordeal
def test_the_log_is_json_with_the_requests_number_and_without_secrets(
    seeded: Database, cast: Cast, tmp_path: Path
) -> None:
    feed = cast.token("lan", Scope.FEED, "pho-an")
    with serving(seeded, tmp_path, "--no-scheduler") as service:
        first = service.ask(ONE, Authorization=bearer(cast, "minh"), X_Request_ID="from-the-proxy-1")
        assert first.headers["x-request-id"] == "from-the-proxy-1"
        forged = service.ask("/api/v1/products/x%0A%7B", X_Request_ID="a b")
        assert len(forged.headers["x-request-id"]) == 16
        assert service.ask(f"/api/v1/calendar.ics?token={feed}").status == 200
        assert service.ask("/api/v1/calendar.ics?token=ocop_wrong").status == 401
        service.ask("/pho-an@duc-pho.example")
        service.stop()
        lines = {line["request_id"]: line for line in service.lines() if line["event"] == "request"}
        seen = lines["from-the-proxy-1"]
        assert (seen["path"], seen["status"], seen["client"]) == (ONE, 200, "127.0.0.1")
        assert seen["ms"] > 0
        words = service.log.read_text()
        for secret in (feed, *cast.tokens.values(), "token=", "ocop_wrong", "pho-an@"):
            assert secret not in words
        assert "p***@duc-pho.example" in words


@pytest.mark.ordeal
def test_who_stands_behind_a_proxy_is_believed_only_of_proxies_that_are_trusted(
    seeded: Database, tmp_path: Path
) -> None:
    for trusted, seen in (("", "127.0.0.1"), ("10.0.0.0/8", "127.0.0.1"), ("127.0.0.1", "203.0.113.7")):
        with serving(seeded, tmp_path, "--no-scheduler", OCOP_TRUSTED_PROXIES=trusted) as service:
            assert (
                service.ask(ONE, X_Forwarded_For="203.0.113.7", Authorization="Bearer nobody").status == 401
            )
        assert rows(seeded, "SELECT origin FROM audit ORDER BY seq DESC LIMIT 1") == [(seen,)]


@pytest.mark.ordeal
def test_a_port_that_is_taken_is_one_sentence(seeded: Database, tmp_path: Path) -> None:
    port = free_port()
    environment = {
        **os.environ,  # noqa: TID251 - as in `serving`
        "OCOP_DATABASE_URL": seeded.engine.url.render_as_string(hide_password=False),
    }
    words = [sys.executable, "-m", "ocop_workflow", "serve", "--port", str(port)]
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    assert f"127.0.0.1:{port} cannot be opened" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.ordeal
def test_it_does_not_begin_on_a_database_of_another_version(tmp_path: Path) -> None:
    (file := tmp_path / "empty.sqlite3").touch()
    environment = {**os.environ, "OCOP_DATABASE_URL": f"sqlite:///{file}"}  # noqa: TID251 - likewise
    words = [sys.executable, "-m", "ocop_workflow", "serve", "--port", "0"]
    done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    assert "run `ocop db upgrade`" in done.stderr.decode()


@pytest.mark.ordeal
def test_a_locked_database_is_a_503_within_five_seconds(seeded: Database, cast: Cast, tmp_path: Path) -> None:
    if not seeded.is_sqlite:
        pytest.skip("PostgreSQL has no lock on the whole database; the next test stops its server")
    with serving(seeded, tmp_path, "--no-scheduler") as service:
        other = sqlite3.connect(str(seeded.file), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        try:
            # on SQLite in WAL mode whoever only reads is not touched by another's lock
            minh = bearer(cast, "minh")
            seen = service.ask(ONE, Authorization=minh)
            assert seen.status == 200
            # whoever changes something is told so in time, and how soon to ask again
            body = b'{"event": "withdraw", "data": {"reason": "x"}}'
            gone = service.ask(
                f"{ONE}/events",
                "POST",
                body,
                Authorization=minh,
                Content_Type="application/json",
                If_Match='"0"',
            )
            assert (gone.status, gone.headers["retry-after"], gone.seconds < 5) == (503, "5", True)
            # a refusal has to be written down, which cannot be done now: it is answered all the same
            refused = service.ask(ONE, Authorization="Bearer nobody")
            assert refused.status == 401
            assert refused.seconds < 5
        finally:
            other.execute("ROLLBACK")
            other.close()
        assert service.ask("/healthz").status == 200


@pytest.mark.ordeal
def test_a_postgresql_that_is_gone_is_a_503_within_five_seconds_until_it_is_back(
    tmp_path: Path, clock: FixedClock
) -> None:
    with postgres.private_cluster() as cluster:
        if cluster is None:
            pytest.skip("no local PostgreSQL binaries to start a server of our own")
        database = Database(cluster.url)
        schema.upgrade(database)
        with serving(database, tmp_path, "--no-scheduler") as service:
            assert service.ask("/healthz").status == 200
            cluster.stop_at_once()
            try:
                for path in ("/healthz", ONE):
                    gone = service.ask(path, Authorization="Bearer nobody")
                    assert (gone.status, gone.seconds < 5) == (503, True)
                assert gone.headers["retry-after"] == "5"
                assert gone.json["type"] == "urn:ocop:problem:unavailable"
                assert b"ocop_database_up 0.0" in service.ask("/metrics").body
            finally:
                cluster.start()
            assert service.ask("/healthz").status == 200
        database.close()
    assert clock
