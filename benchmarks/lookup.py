"""Looking a certificate up: as many at once as a fair has visitors, beside a bare route."""

from __future__ import annotations

import http.client
import json
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from benchmarks.http import OURS, server
from benchmarks.load import drive, request
from benchmarks.measuring import Row, in_child, medians
from ocop_workflow.store import Database

if TYPE_CHECKING:
    from benchmarks.measuring import Run
    from benchmarks.stores import Store

#: look-ups of a run, over how many certificates
LOOKS, SEVERAL = 2_000, 100


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure a look-up among as many certificates as there are products."""
    with store.fresh() as url:
        _certify(url)
        with server(url, *OURS) as ours, server(url, "-m", "benchmarks.bare_lookup", url) as bare:
            for number in range(1, 4):
                mine, best = _get(ours, number), _get(bare, number)
                if mine != best:
                    raise AssertionError(f"not the same: {mine} {best}")
            mine_run, best_run = medians(rounds, partial(_look, ours), partial(_look, bare))
    each = mine_run.seconds / LOOKS, best_run.seconds / LOOKS
    note = f"{LOOKS / mine_run.seconds:,.0f} and {LOOKS / best_run.seconds:,.0f} a second"
    return [Row("a look-up", store.kind, store.size, *each, note=note)]


def _certify(url: str) -> None:
    """Give each product a certificate that holds."""
    database = Database(url)
    with database.write() as tx:
        tx.execute(
            text(
                "INSERT INTO certificates (product_id, star, number, decided_on, valid_until, signer, "
                "standing, product, commune, province, issuer, evidence, token, shown_since) "
                "SELECT p.id, 3, '1/QĐ-UBND', :decided, :until, '', 'confirmed', p.name, u.name, 'Tỉnh', "
                "'UBND tỉnh', 'A', 'token-' || p.id, p.updated_at FROM products p "
                "JOIN units u ON u.id = p.unit_id"
            ),
            {"decided": date(2024, 1, 2), "until": date(2027, 1, 2)},
        )
        tx.execute(
            text("UPDATE certificates SET shown_since = '2024-01-02 00:00:00' WHERE shown_since IS NULL")
        )
    database.close()


def _look(port: int) -> Run:
    asked = [request("GET", f"/c/token-{number % SEVERAL + 1}.json", "") for number in range(LOOKS)]
    return in_child(drive, port, asked)


def _get(port: int, number: int) -> Any:
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("GET", f"/c/token-{number}.json")
    answer = line.getresponse()
    found = json.loads(answer.read())
    line.close()
    return found
