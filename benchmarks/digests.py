"""The letters of the spike day: each commune and each authority gets one digest."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from benchmarks import floors, sweep
from benchmarks.data import NOW, SPIKE
from benchmarks.measuring import Row, Run, Stopwatch, in_child, medians
from ocop_workflow.letters import queries as outbox
from ocop_workflow.letters.posting import SENDER_NAME
from ocop_workflow.notifications import Envelope, Sender, build_message, render_digest, rendering
from ocop_workflow.store import Database
from ocop_workflow.sweep import daily as service
from ocop_workflow.sweep import digests
from tests.fakes import FixedClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.stores import Store
    from ocop_workflow.notifications import Digest, Letter, Rendered
    from ocop_workflow.store import Connection

SENDER = Sender("ocop@duc-pho.example", "https://ocop.example")


def _write(connection: Connection) -> None:
    run = service._Sweep(SPIKE, pause=False, by=service.SCHEDULER)  # noqa: SLF001 - the letters of the sweep, the rest apart
    begin = connection.begin_nested if connection.in_transaction() else connection.begin
    service._write_all_digests(connection, begin, run, SENDER, FixedClock(NOW))  # noqa: SLF001 - likewise


def ours(watch: Stopwatch, url: str) -> None:
    """Write every digest of the day, in a process that has read the plans."""
    database = Database(url)
    sweep.read_plans(database)
    with watch, database.connect() as connection:
        _write(connection)
    database.close()


def floor(watch: Stopwatch, url: str) -> None:
    """Render the same letters, make the same bytes of them, store them by one bulk insert."""
    wanted = _what_is_written(url)
    raw = floors.Raw(url)
    with watch:
        raw.run(raw.begin)
        raw.run_many(_INSERT, _rows(wanted))
        raw.run("COMMIT")
    raw.close()


def _what_is_written(url: str) -> list[tuple[Digest, Letter]]:
    """Rehearse the service's own work, and remember what it writes from what."""
    views: list[Digest] = []
    written: list[Letter] = []
    store = outbox.write_letters

    def seen(digest: Digest) -> Rendered:
        views.append(digest)
        return render_digest(digest)

    def kept(_tx: Connection, batch: list[Letter], _at: object) -> int:
        written.extend(batch)
        return len(batch)

    vars(digests).update(render_digest=seen)  # in a process of its own
    vars(outbox).update(write_letters=kept)
    database = Database(url)
    try:
        with database.connect() as connection, connection.begin() as everything:
            _write(connection)
            everything.rollback()
    finally:
        database.close()
        vars(digests).update(render_digest=render_digest)
        vars(outbox).update(write_letters=store)
    return list(zip(views, written, strict=True))


_INSERT = """
INSERT INTO outbox (key, kind, desk_id, address, domain, subject, message_id, mime, sha256, state, next_at,
                    attempts, ambiguous, fence, created_at)
VALUES (?, 'digest', ?, ?, ?, ?, ?, ?, ?, 'pending', '2024-11-01 06:00:00', 0, 0, 0, '2024-11-01 06:00:00')"""


def _rows(wanted: list[tuple[Digest, Letter]]) -> Iterator[tuple[object, ...]]:
    environment = rendering._environment()  # noqa: SLF001 - the templates as they are compiled for the service
    text, page = (environment.get_template(f"digest.{kind}") for kind in ("txt", "html"))
    for digest, letter in wanted:
        envelope = Envelope(
            sender=SENDER.address,
            sender_name=SENDER_NAME,
            recipient=letter.address,
            recipient_name=digest.office,
            subject=digest.subject,
            text=text.render(letter=digest),
            html=page.render(letter=digest),
            message_id=letter.message_id,
            date=NOW.astimezone(SENDER.zone),
        )
        mime = build_message(envelope)
        domain, checksum = letter.address.rpartition("@")[2], hashlib.sha256(mime).hexdigest()
        yield (
            letter.key,
            letter.desk_id,
            letter.address,
            domain,
            digest.subject,
            letter.message_id,
            mime,
            checksum,
        )


_RESULT = "SELECT key, desk_id, address, domain, subject, message_id, sha256, state FROM outbox ORDER BY key"


def _sum(url: str) -> tuple[int, str]:
    database = Database(url)
    with database.read() as tx:
        rows = [tuple(map(str, row)) for row in tx.exec_driver_sql(_RESULT)]
    database.close()
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure rendering and storing the letters of the spike day."""
    sums: dict[object, tuple[int, str]] = {}

    def one(work: object) -> Run:
        with store.fresh() as url:
            in_child(sweep.ours, url)
            run = in_child(work, url)  # type: ignore[arg-type]  # one of the two above
            sums.setdefault(work, _sum(url))
            return run

    mine, best = medians(rounds, lambda: one(ours), lambda: one(floor))
    if len(set(sums.values())) != 1:
        raise AssertionError(f"not the same letters: {sums}")
    count = sums[ours][0]
    note = f"{count:,} letters"
    return [
        Row("digests rendered, stored", store.kind, store.size, mine.seconds, best.seconds, mine.memory, note)
    ]
