"""A late product moves on: read, checked, decided, and all its rows written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks import floors, sweep
from benchmarks.data import NOW, SPIKE, checksum
from benchmarks.measuring import Row, Stopwatch, in_child, medians
from ocop_workflow.notifications import Sender
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.store import Database
from tests.factories import GOOD_DATA, LAN

if TYPE_CHECKING:
    from benchmarks.stores import Store

TIMES = 200


def _codes(database: Database) -> list[str]:
    late = (
        "SELECT p.code FROM deadlines d JOIN products p ON p.id = d.product_id"
        f" JOIN flags f ON f.deadline_id = d.id WHERE d.closed_on IS NULL ORDER BY d.id LIMIT {TIMES + 1}"
    )
    with database.read() as tx:
        return [row[0] for row in tx.exec_driver_sql(late)]


def ours(watch: Stopwatch, url: str) -> None:
    """Let an officer move products on through the service."""
    database, sender = Database(url), Sender("ocop@duc-pho.example", "")
    first, *codes = _codes(database)
    sweep.read_plans(database)

    def move(code: str) -> None:
        order = Order(code, "commune_evaluate", LAN, GOOD_DATA["commune_evaluate"])
        with database.write() as tx:
            advance(tx, order, sender=sender, today=SPIKE, now=NOW)

    move(first)
    with watch:
        for code in codes:
            move(code)
    database.close()


def floor(watch: Stopwatch, url: str) -> None:
    """Send the same statements through the raw driver."""
    database = Database(url)
    first, *codes = _codes(database)
    database.close()
    raw, data = floors.Raw(url), json.dumps(GOOD_DATA["commune_evaluate"])
    floors.advance(raw, first, data)
    with watch:
        for code in codes:
            floors.advance(raw, code, data)
    raw.close()


def _sum(url: str) -> str:
    database = Database(url)
    try:
        return checksum(database)
    finally:
        database.close()


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure one step of a product with an overdue flag and two unsaid reminders."""
    with store.fresh() as url:
        in_child(sweep.ours, url)
        mine, best = medians(rounds, lambda: in_child(ours, url), lambda: in_child(floor, url))
    sums = set()
    for work in (ours, floor):
        with store.fresh() as url:
            in_child(sweep.ours, url)
            in_child(work, url)
            sums.add(_sum(url))
    if len(sums) != 1:
        raise AssertionError("advancing by hand and through the service leave different rows")
    return [Row("a product moved on", store.kind, store.size, mine.seconds / TIMES, best.seconds / TIMES)]
