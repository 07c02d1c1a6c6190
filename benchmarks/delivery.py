"""Letters over one SMTP connection to a local sink: claimed, sent, settled, and written into the journal."""

from __future__ import annotations

import smtplib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import digests, floors, sweep
from benchmarks.data import NOW
from benchmarks.measuring import Row, Run, Stopwatch, in_child, medians
from benchmarks.sink import sink
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.letters.journal import Journal
from ocop_workflow.notifications import RetryPolicy
from ocop_workflow.notifications.smtp import SmtpMailer
from ocop_workflow.settings import Tls
from ocop_workflow.store import Database
from tests.fakes import FixedClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.stores import Store

TIMES = 1000
_KEEP = f"DELETE FROM outbox WHERE id NOT IN (SELECT id FROM outbox ORDER BY next_at, id LIMIT {TIMES})"
_STATES = "SELECT state, attempts, fence, ambiguous, count(*) FROM outbox GROUP BY 1, 2, 3, 4"


def ours(watch: Stopwatch, url: str, port: int) -> None:
    """Deliver what is waiting, as the service does."""
    database = Database(url)
    mailer = SmtpMailer("127.0.0.1", port, "", "", Tls.NONE)
    with tempfile.TemporaryDirectory() as folder, watch:
        journal = Journal(Path(folder) / "sent.jsonl")
        deliver_pending(database, mailer, RetryPolicy(), FixedClock(NOW), digests.SENDER, journal=journal)
        mailer.close()
    database.close()


def floor(watch: Stopwatch, url: str, port: int) -> None:
    """Claim by one statement, hand over by `smtplib`, settle by one statement."""
    raw = floors.Raw(url)
    with watch, smtplib.SMTP("127.0.0.1", port) as line:
        while claimed := floors.claim(raw):
            number, address, mime = claimed
            line.sendmail(digests.SENDER.address, [address], bytes(mime))
            floors.settle(raw, number)
    raw.close()


def _prepare(url: str) -> None:
    in_child(sweep.ours, url)
    in_child(digests.ours, url)
    database = Database(url)
    with database.write() as tx:
        tx.exec_driver_sql(_KEEP)
    database.close()


def _states(url: str) -> list[tuple[object, ...]]:
    database = Database(url)
    try:
        with database.read() as tx:
            return [tuple(row) for row in tx.exec_driver_sql(_STATES)]
    finally:
        database.close()


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure one letter of a thousand."""
    ends: dict[str, list[tuple[object, ...]]] = {}

    def contender(name: str, work: Callable[..., None], port: int, again: Callable[[], None]) -> Run:
        again()
        run = in_child(work, url, port)
        ends.setdefault(name, _states(url))
        return run

    with store.fresh() as url, sink() as port:
        _prepare(url)
        mine, best = medians(
            rounds,
            lambda: contender("ours", ours, port, lambda: _unsend(url)),
            lambda: contender("floor", floor, port, lambda: _unsend(url)),
        )
    if ends["ours"] != ends["floor"]:
        raise AssertionError(f"not the same at the end: {ends}")
    count = int(str(ends["ours"][0][-1]))
    return [Row("a letter sent", store.kind, store.size, mine.seconds / count, best.seconds / count)]


def _unsend(url: str) -> None:
    database = Database(url)
    with database.write() as tx:
        tx.exec_driver_sql(
            "UPDATE outbox SET state = 'pending', attempts = 0, fence = 0, ambiguous = 0, lease_until = NULL,"
            " sent_at = NULL, relay_reply = NULL"
        )
    database.close()
