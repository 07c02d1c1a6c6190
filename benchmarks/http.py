"""Requests a second: one product, a page of fifty, an event; one worker, sixteen connections."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from benchmarks import sweep
from benchmarks.data import NOW
from benchmarks.load import drive, request
from benchmarks.measuring import Row, Run, in_child, medians
from ocop_workflow.access import Role, Scope, operator
from ocop_workflow.people.officers import add_officer
from ocop_workflow.people.tokens import TokenOrder, create_token
from ocop_workflow.store import Database
from tests.factories import GOOD_DATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.stores import Store

ONE, PAGES, EVENTS = 2000, 200, 100
OURS = ("-m", "ocop_workflow", "serve", "--no-scheduler", "--port")
_BODY = json.dumps({"event": "commune_evaluate", "data": GOOD_DATA["commune_evaluate"]}).encode()
#: of the officer's own province, late, and never touched by another round
_LATE = """
SELECT p.code FROM products p JOIN units c ON c.id = p.unit_id JOIN units d ON d.id = c.parent_id
JOIN deadlines x ON x.product_id = p.id JOIN flags f ON f.deadline_id = x.id
WHERE d.parent_id = 1 AND x.closed_on IS NULL AND p.version = 3 ORDER BY p.id"""


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure the three, beside bare Starlette, both on one database."""
    with store.fresh() as url:
        in_child(sweep.ours, url)
        token, codes = _prepare(url)
        with server(url, *OURS) as ours, server(url, "-m", "benchmarks.bare", url) as bare:
            _warm_and_compare(ours, bare, token, codes)
            one = [request("GET", f"/api/v1/products/{code}", token) for code in codes]
            page = request("GET", "/api/v1/products?limit=50", token)
            events, size = iter([_event(code, token) for code in codes]), len(codes) // (2 * rounds)
            cases: list[tuple[str, int, Callable[[int], list[bytes]]]] = [
                ("GET one product", ONE, lambda count: _repeat(one, count)),
                ("GET a page of 50", PAGES, lambda count: [page] * count),
                ("POST an event", min(EVENTS, size), lambda count: list(islice(events, count))),
            ]
            rows = []
            for name, count, some in cases:
                mine, best = medians(
                    rounds, partial(_drive, ours, some, count), partial(_drive, bare, some, count)
                )
                note = f"{count / mine.seconds:,.0f} and {count / best.seconds:,.0f} a second"
                each = mine.seconds / count, best.seconds / count
                rows.append(Row(name, store.kind, store.size, *each, note=note))
        _check(url, 2 * rounds * min(EVENTS, size))
    return rows


def _repeat(some: list[bytes], count: int) -> list[bytes]:
    return (some * (count // len(some) + 1))[:count]


def _event(code: str, token: str) -> bytes:
    return request("POST", f"/api/v1/products/{code}/events", token, _BODY, If_Match='"3"')


def _drive(port: int, some: Callable[[int], list[bytes]], count: int) -> Run:
    return in_child(drive, port, some(count))


def _prepare(url: str) -> tuple[str, list[str]]:
    """Give an officer of one province a token; return it and the codes of the late products there."""
    database, host = Database(url), operator("host")
    with database.write() as tx:
        add_officer(tx, host, "minh", "Minh", Role.COMMUNE_OFFICER, "province-0", now=NOW)
        token = create_token(tx, host, TokenOrder("minh", Scope.ACT, 300), now=NOW)
        codes = [row[0] for row in tx.exec_driver_sql(_LATE)]
    database.close()
    return token, codes


@contextmanager
def server(url: str, *command: str) -> Iterator[int]:
    """Run a server in a process of its own; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        **os.environ,  # noqa: TID251 - the child's settings
        "OCOP_DATABASE_URL": url,
        "OCOP_TOKEN_RATE": "0",
        "OCOP_OFFICER_RATE": "0",
        "OCOP_NOW": "2024-11-01T14:00:00+07:00",
    }
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, *command, str(port)], env=environment, stdout=quiet, stderr=quiet
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("a server does not answer")


def _get(port: int, path: str, token: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    found = json.loads(connection.getresponse().read())
    connection.close()
    return found


def _warm_and_compare(ours: int, bare: int, token: str, codes: list[str]) -> None:
    """Let both read what they will need; they have to give the same JSON."""
    in_child(drive, ours, [request("GET", f"/api/v1/products/{code}", token) for code in codes])
    for path in (f"/api/v1/products/{codes[0]}", "/api/v1/products?limit=50"):
        service, by_hand = _get(ours, path, token), _get(bare, path, token)
        if service != by_hand:
            raise AssertionError(f"{path}: by hand {by_hand}, by the service {service}")


def _check(url: str, moved: int) -> None:
    """Every event has to have left its rows, whoever wrote them."""
    database = Database(url)
    with database.read() as tx:
        for sql in (
            "SELECT count(*) FROM products WHERE version = 4 AND state = 'commune_evaluated'",
            "SELECT count(*) FROM transitions",
            "SELECT count(*) FROM audit WHERE action = 'product.commune_evaluate'",
        ):
            if tx.exec_driver_sql(sql).scalar() != moved:
                raise AssertionError(f"{sql} is not {moved}")
    database.close()
